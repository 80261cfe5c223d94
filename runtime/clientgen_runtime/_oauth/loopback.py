"""The page of this machine to which a login sends the browser back (RFC 8252 section 7.3)."""

from __future__ import annotations

import hmac
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from .._errors import ConfigurationError

# A listener is asked again and again, so that who waits for it can stop at any time.
_POLL = 0.1
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Login</title>'
    "<p>{}</p><p>This window may be closed.</p></html>"
)


class Listener(ThreadingHTTPServer):
    """Waits for one answer: that which carries the state of this login.

    Args:
        host: How the address of the page names this machine.
        port: Where to listen; 0 for any free port.
        path: Path of the page.
        state: What the answer must carry (RFC 6749 section 10.12).

    Raises:
        ConfigurationError: The port is taken.
    """

    # Browsers open connections that they may never use, so each has a thread of its own,
    # and nobody waits for those at the end.
    daemon_threads = True
    block_on_close = False
    # Elsewhere this would let another program take the port over.
    allow_reuse_address = os.name == "posix"
    timeout = _POLL

    def __init__(self, host: str, port: int, path: str, state: str) -> None:
        self.path = f"/{path.removeprefix('/')}"
        self._state = state
        self._answer: dict[str, str] | None = None
        self._has_answer = threading.Event()
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise ConfigurationError(
                f"port {port} of 127.0.0.1 cannot be listened to: {error.strerror}"
            ) from error
        self.url = f"http://{host}:{self.server_address[1]}{self.path}"

    def poll(self) -> dict[str, str] | None:
        """The answer, `None` when it has not come within a moment."""
        self.handle_request()
        return self._answer if self._has_answer.wait(_POLL / 10) else None

    def take(self, query: str) -> bool:
        """Take what a browser brings; whether it is the answer to this login."""
        given = parse_qs(query, keep_blank_values=True)
        # RFC 6749 section 3.1: parameters are not repeated.
        found = {name: values[0] for name, values in given.items() if len(values) == 1}
        state = found.get("state", "")
        if self._has_answer.is_set() or not hmac.compare_digest(
            state.encode(), self._state.encode()
        ):
            return False
        self._answer = found
        return True

    def done(self) -> None:
        """Note that the browser has been told."""
        self._has_answer.set()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet: a browser that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server_version = "login"
    sys_version = ""
    timeout = 5

    def do_GET(self) -> None:
        assert isinstance(self.server, Listener)
        asked = urlsplit(self.path)
        if asked.path != self.server.path:
            self._say(404, "There is nothing here.")
        elif self.server.take(asked.query):
            try:
                self._say(200, "Back to the program: it goes on there.")
            finally:
                self.server.done()
        else:
            self._say(400, "This is not the answer to the login that is waited for.")

    def _say(self, status: int, text: str) -> None:
        body = _PAGE.format(text).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # The address of the page holds the code.
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the line would show the code."""
