"""An OAuth 2.0 and OpenID provider on loopback, made of Authlib's server side, and an API."""

# Authlib has no types.
# mypy: allow-subclassing-any, disable-error-code="import-untyped, no-any-return"

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request, grants
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion, JWTBearerGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import (
    DeviceAuthorizationEndpoint,
    DeviceCodeGrant,
    DeviceCredentialDict,
)
from authlib.oauth2.rfc9207 import IssuerParameter
from joserfc.jwk import ECKey

METHODS = ["client_secret_basic", "client_secret_post", "none", "client_assertion_jwt"]
SECRET = "app-s3cret-c4n4ry"
USER = SimpleNamespace(name="ada")
KEY = ECKey.generate_key("P-256")
PRIVATE_KEY = KEY.as_pem(private=True).decode()


class Application:
    """A client of the provider, and how it may authenticate."""

    def __init__(self, client_id: str, secret: str | None, *methods: str) -> None:
        self.client_id = client_id
        self.secret = secret
        self.methods = methods
        self.loopback = "127.0.0.1"

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        return scope or ""

    def check_redirect_uri(self, uri: str) -> bool:
        # RFC 8252 section 7.3: any port of the loopback address.
        parts = urlsplit(uri)
        return (parts.scheme, parts.hostname, parts.path) == ("http", self.loopback, "/callback")

    def check_client_secret(self, secret: str) -> bool:
        return self.secret == secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in self.methods

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return True


class Issued:
    """A token that the provider has given out."""

    def __init__(self, client_id: str, token: dict[str, Any]) -> None:
        self.client_id = client_id
        self.access: str = token["access_token"]
        self.refresh: str | None = token.get("refresh_token")
        self.scope: str = token.get("scope", "")
        self.ends = time.monotonic() + token["expires_in"]
        self.is_revoked = False
        self.can_refresh = True

    def check_client(self, client: Application) -> bool:
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        return self.scope


class Question(OAuth2Request):
    """A request as Authlib sees it."""

    def __init__(self, handler: Handler, form: dict[str, str]) -> None:
        asked = urlsplit(handler.path)
        # The library refuses what is not https; on loopback nobody listens.
        super().__init__(handler.command, f"https://provider{handler.path}", None, handler.headers)
        self._form = form
        self._args = {name: values[0] for name, values in parse_qs(asked.query).items()}
        self.payload = BasicOAuth2Payload({**self._args, **form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


class Answer(SimpleNamespace):
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def location(self) -> str | None:
        return self.headers.get("Location")

    @location.setter
    def location(self, value: str) -> None:
        self.headers["Location"] = value


class Provider(AuthorizationServer):
    """The server, what it has given out, what it was asked, and how it misbehaves.

    Attributes:
        lifetime: Of access tokens, in seconds.
        gate: While it is closed, the token endpoint does not answer.
        failures: Answers of the token endpoint that come before it works.
        asked: The forms that endpoints got, by path.
        user_says: What the user does with a code or at a login: `yes`, `no`, or `later`.
        pending: Answers to a device before the user acts.
        issuer_in_answers: What logins say of the issuer.
    """

    def __init__(self) -> None:
        super().__init__()
        known = [
            Application("public", None, "none"),
            Application("app", SECRET, "client_secret_basic"),
            Application("old-app", SECRET, "client_secret_post"),
            Application("robot", None, "client_assertion_jwt"),
        ]
        self.clients = {client.client_id: client for client in known}
        self.lifetime = 3600
        self.gate = threading.Event()
        self.gate.set()
        self.failures: list[tuple[int, Any]] = []
        self.asked: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.user_says = "yes"
        self.pending: list[str] = []
        self.issued: list[Issued] = []
        self.codes: dict[str, SimpleNamespace] = {}
        self.devices: dict[str, DeviceCredentialDict] = {}
        self.hidden: set[str] = set()
        self.calls = 0
        self.lock = threading.Lock()
        self.http = Server(("127.0.0.1", 0), Handler)
        self.http.provider = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.issuer_in_answers: str | None = self.url
        self.thread = threading.Thread(target=self.http.serve_forever, args=[0.01], daemon=True)
        self.thread.start()
        self._register()

    def _register(self) -> None:
        generator = BearerTokenGenerator(
            lambda **_: f"access-{self._number()}-c4n4ry",
            lambda **_: f"refresh-{self._number()}-c4n4ry",
            lambda *_: self.lifetime,
        )
        self.register_token_generator("default", generator)
        self.register_client_auth_method("client_assertion_jwt", SignedClient(self.url))
        for grant in (Credentials, Refresh, Device, Bearer):
            self.register_grant(grant)
        self.register_grant(Code, [CodeChallenge(required=True)])
        self.register_endpoint(DeviceEndpoint)
        self.register_endpoint(Revocation)
        self.register_extension(lambda _: StatedIssuer(self)(self))

    def _number(self) -> int:
        return len(self.issued) + 1

    def close(self) -> None:
        self.gate.set()
        self.http.shutdown()
        self.http.server_close()

    # --- What Authlib asks for -------------------------------------------------------------

    def query_client(self, client_id: str) -> Application | None:
        return self.clients.get(client_id)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        self.issued.append(Issued(request.client.client_id, token))

    def send_signal(self, name: str, *args: object, **more: object) -> None:
        pass

    def create_oauth2_request(self, request: Question) -> Question:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        return Answer(status=status, body=body, headers=dict(headers))

    # --- What is asked over HTTP -----------------------------------------------------------

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "device_authorization_endpoint": f"{self.url}/device",
            "revocation_endpoint": f"{self.url}/revoke",
            "authorization_response_iss_parameter_supported": True,
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        }

    def answer(self, handler: Handler, form: dict[str, str]) -> Answer:
        path = urlsplit(handler.path).path
        self.asked[path].append(form)
        if path in self.hidden:
            return Answer(status=404, body={}, headers={})
        request = Question(handler, form)
        match path:
            case "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server":
                return Answer(status=200, body=self.metadata(), headers={})
            case "/authorize":
                grant = self.get_consent_grant(request, USER)
                user = USER if self.user_says == "yes" else None
                return self.create_authorization_response(request, user, grant)
            case "/token":
                return self._token(request)
            case "/device" | "/revoke":
                name = "device_authorization" if path == "/device" else "revocation"
                return self.create_endpoint_response(name, request)
            case _:
                return self._api(handler)

    def _token(self, request: Question) -> Answer:
        self.gate.wait(10)
        if self.failures:
            status, body = self.failures.pop(0)
            return Answer(status=status, body=body, headers={})
        return self.create_token_response(request)

    def _api(self, handler: Handler) -> Answer:
        self.calls += 1
        token = (handler.headers.get("Authorization") or "").removeprefix("Bearer ")
        good = [t for t in self.issued if t.access == token and not t.is_revoked]
        if not good or good[0].ends < time.monotonic():
            return Answer(status=401, body={"error": "who are you?"}, headers={})
        return Answer(status=200, body={"token": token, "scope": good[0].scope}, headers={})

    # --- What tests do ---------------------------------------------------------------------

    def revoke_all(self, *, refresh: bool = False) -> None:
        for token in self.issued:
            token.is_revoked = True
            token.can_refresh = token.can_refresh and not refresh

    def grants(self) -> list[str]:
        """The kinds of the grants that were asked for, in order."""
        return [form.get("grant_type", "").rpartition(":")[2] for form in self.asked["/token"]]


class Server(ThreadingHTTPServer):
    request_queue_size = 64


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 5

    def do_GET(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length") or 0)
        fields = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        form = {name: values[0] for name, values in fields.items()}
        with provider.lock if self.path == "/device" else threading.Lock():
            answer = provider.answer(self, form)
        body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


# --- Grants and endpoints ------------------------------------------------------------------


class Credentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class Code(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def generate_authorization_code(self) -> str:
        return f"{super().generate_authorization_code()}-c4n4ry"

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        asked = request.payload.data
        self.server.codes[code] = SimpleNamespace(
            code=code,
            client_id=asked["client_id"],
            scope=asked.get("scope", ""),
            redirect_uri=asked["redirect_uri"],
            code_challenge=asked.get("code_challenge"),
            code_challenge_method=asked.get("code_challenge_method"),
            get_redirect_uri=lambda: asked["redirect_uri"],
            get_scope=lambda: asked.get("scope", ""),
        )

    def query_authorization_code(self, code: str, client: Application) -> object:
        found = self.server.codes.get(code)
        return found if found is not None and found.client_id == client.client_id else None

    def delete_authorization_code(self, code: SimpleNamespace) -> None:
        del self.server.codes[code.code]

    def authenticate_user(self, code: SimpleNamespace) -> object:
        return USER


class Refresh(grants.RefreshTokenGrant):
    """Each refresh token serves once."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh: str) -> Issued | None:
        found = [t for t in self.server.issued if t.refresh == refresh and t.can_refresh]
        return found[0] if found else None

    def authenticate_user(self, token: Issued) -> object:
        return USER

    def revoke_old_credential(self, token: Issued) -> None:
        token.can_refresh = False


class Device(DeviceCodeGrant):
    def query_device_credential(self, code: str) -> object:
        return self.server.devices.get(code)

    def query_user_grant(self, user_code: str) -> tuple[object, bool] | None:
        provider = self.server
        if provider.pending or provider.user_says == "later":
            return None
        return USER, provider.user_says == "yes"

    def should_slow_down(self, credential: object) -> bool:
        pending: list[str] = self.server.pending
        return bool(pending) and pending.pop(0) == "slow_down"


class DeviceEndpoint(DeviceAuthorizationEndpoint):
    def get_verification_uri(self) -> str:
        return f"{self.server.url}/activate"

    def generate_device_code(self) -> str:
        return f"{super().generate_device_code()}-c4n4ry"

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, Any]) -> None:
        end = time.time() + data["expires_in"]
        self.server.devices[data["device_code"]] = DeviceCredentialDict(
            client_id=client_id, scope=scope, expires_at=end, **data
        )


class Bearer(JWTBearerGrant):
    def resolve_issuer_client(self, issuer: str) -> object:
        return self.server.query_client(issuer)

    def resolve_client_public_key(self, client: Application) -> object:
        return KEY

    def authenticate_user(self, subject: str) -> object:
        return USER if subject == "ada" else None

    def get_audiences(self) -> list[str]:
        return [f"{self.server.url}/token"]

    def has_granted_permission(self, client: object, user: object) -> bool:
        return True


class SignedClient(JWTBearerClientAssertion):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.used: set[str] = set()

    def get_audiences(self) -> list[str]:
        return [f"{self.url}/{name}" for name in ("token", "device", "revoke")]

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        is_new = jti not in self.used
        self.used.add(jti)
        return is_new

    def resolve_client_public_key(self, client: Application) -> object:
        return KEY


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token: str, hint: str | None) -> Issued | None:
        found = [t for t in self.server.issued if token in (t.access, t.refresh)]
        return found[0] if found else None

    def revoke_token(self, token: Issued, request: OAuth2Request) -> None:
        token.is_revoked = True
        if request.form["token"] == token.refresh:
            token.can_refresh = False


class StatedIssuer(IssuerParameter):
    def __init__(self, server: Provider) -> None:
        self.provider = server

    def get_issuer(self) -> str | None:
        return self.provider.issuer_in_answers


# --- The user ------------------------------------------------------------------------------


def browse(url: str) -> None:
    """Open a page as a browser does, in its own time."""
    threading.Thread(target=open_page, args=[url], daemon=True).start()


def open_page(url: str) -> str:
    """The text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=5) as page:
            text: str = page.read().decode()
            return text
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()
