"""What reading 2.0 and 3.x has in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ._node import scalar_text
from .spec import Choice, Payload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clientgen.diagnostics import Diagnostics
    from clientgen.load import Json

    from ._node import Node
    from ._refs import Refs
    from ._schemas import Schemas
    from .spec import Parameter, Place, Requirement

MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+(\s*;.*)?", re.ASCII | re.DOTALL)
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What methods and header fields are called (RFC 9110, section 5.6.2)."""

STATUS = re.compile(r"[1-5](\d\d|XX)|default", re.ASCII)

CALLED = (
    "x-speakeasy-name-override",
    "x-fern-parameter-name",
    "x-stainless-param",
    "x-ms-client-name",
)
"""Extensions that say what a parameter is called in code."""

CALLED_PROPERTIES = ("x-speakeasy-name-override", "x-fern-property-name", "x-ms-client-name")
CALLED_SCHEMAS = ("x-speakeasy-name-override", "x-fern-type-name", "x-ms-client-name")
"""The same of properties, and of schemas that the document names."""

LEFT_OUT = ("x-speakeasy-ignore", "x-fern-ignore")
"""Extensions that say that generators leave something out."""

SKIP = "x-stainless-skip"
"""The same of Stainless, which may name the languages that it is for."""

KNOWN_SCHEMES = {"basic", "bearer", "digest"}
"""HTTP authentication schemes that credentials are put together for."""

IGNORED_HEADERS = {"accept", "content-type", "authorization"}
"""Header parameters that the specification says to ignore (OpenAPI 3, "Parameter Object")."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One document being read, and what reading it takes."""

    root: Node
    refs: Refs
    schemas: Schemas
    diagnostics: Diagnostics

    def follow(self, node: Node) -> Node:
        """The node behind references."""
        return self.refs.follow(node)

    def security(self, node: Node) -> tuple[Requirement, ...] | None:
        """Alternatives of schemes that a document or operation accepts; None when it is silent."""
        given = node.get("security")
        if given is None or not isinstance(given.value, list):
            return None
        return tuple(tuple(map(_scheme_name, item.mapping)) for item in given.items())

    def scopes(self, node: Node) -> dict[str, tuple[str, ...]]:
        """What each scheme must allow here: the scopes where it is named first."""
        given = node.get("security")
        found: dict[str, tuple[str, ...]] = {}
        for item in given.items() if given else ():
            for name, scopes in item.mapping.items():
                if isinstance(scopes, list):
                    found.setdefault(_scheme_name(name), tuple(map(scalar_text, scopes)))
        return found

    def warn_of_unknown_scheme(self, kind: str, node: Node) -> None:
        """Tell that a security scheme is of a type that no version knows."""
        self.diagnostics.warning(
            "CG230",
            f"security scheme type {kind!r} is unknown; the scheme is left out, "
            "give its header with `headers=`",
            node.where,
        )

    def can_be_sent(self, name: str, place: Place, node: Node) -> bool:
        """Whether a parameter can have its name, which headers cannot have any of."""
        if place != "header" or TOKEN.fullmatch(name):
            return True
        self.diagnostics.warning(
            "CG220",
            f"{name[:40]!r} cannot be the name of a header; the parameter is left out",
            node.where,
        )
        return False

    def status(self, written: str, node: Node) -> str:
        """A status as `200`, `2XX` or `default`."""
        status = written.strip()
        status = status.upper() if status.lower() != "default" else "default"
        if not STATUS.fullmatch(status):
            self.diagnostics.warning(
                "CG223",
                f"{written[:40]!r} is no status code; the response is read as `default`",
                node.where,
            )
            return "default"
        return status


def _scheme_name(written: str) -> str:
    """The name of a security scheme; OpenAPI 3.2 also lets requirements have its URI."""
    return written.removeprefix("#/components/securitySchemes/")


def auth_scheme(name: str) -> str:
    """The name of an HTTP authentication scheme: well-known ones compare without case.

    Others are sent as the document writes them, since some servers insist on it.
    """
    return name.lower() if name.lower() in KNOWN_SCHEMES else name


def server_url(written: str, node: Node) -> str:
    """A server's URL; a relative one is below the document, if that came from the network."""
    uri = node.document.uri
    if "://" in written or written.startswith("{") or not uri.startswith(("http://", "https://")):
        return written
    return urljoin(uri, written)


def called(node: Node, keys: tuple[str, ...] = CALLED, part: str = "property_name") -> str:
    """What an extension asks to call something in code; empty when none does.

    Args:
        node: A parameter, property or schema.
        keys: The extensions that are about such ones.
        part: What Stainless calls the name, of which it has one for each language.
    """
    stated = next((name for key in keys if (name := node.text(key))), "")
    naming = node.get("x-stainless-naming")
    own = naming.get("python") if naming else None
    return stated or (own.text(part) if own else "")


def is_left_out(node: Node) -> bool:
    """Whether an extension says that generators leave this out."""
    skipped = node.mapping.get(SKIP)
    is_skipped = skipped is True or (isinstance(skipped, list) and "python" in skipped)
    return is_skipped or any(node.flag(key) for key in LEFT_OUT)


def name_of(node: Node, place: Place | None) -> str:
    """What a parameter or a key is called; no header's name has spaces around it."""
    name = node.text("name")
    return name.strip() if place == "header" else name


def is_required(node: Node, place: Place) -> bool:
    """Whether a parameter must be given: one in the path unless the document denies it.

    By the specification path parameters are always required. Who writes otherwise means that the
    path may end before it.
    """
    stated = node.mapping.get("required")
    return stated is not False if place == "path" else node.flag("required")


def main_status(statuses: Sequence[str]) -> str:
    """The status of the answer that a call is for: the first success, else `default`."""
    return next((status for status in statuses if status[:1] == "2"), "default")


def answer_origin(operation: int, status: str, main: str) -> Payload:
    """What the schema of an answer is called: that of the main one needs no status."""
    if status == main:
        return Payload(operation, "response")
    if status[:1] in {"2", "3"}:
        return Payload(operation, "response", status)
    return Payload(operation, "error", "" if status.lower() == "default" else status)


def as_object(value: Json) -> Mapping[str, Json]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def looks_like_media_type(text: str) -> bool:
    """Whether a text has the form `type/subtype` (RFC 9110, section 8.3.1)."""
    return MEDIA_TYPE.fullmatch(text.strip()) is not None


def is_ignored(parameter: Parameter) -> bool:
    """Whether a header parameter is one that the specification says to ignore."""
    return parameter.place == "header" and parameter.wire_name.lower() in IGNORED_HEADERS


def fixed_value(parameter: Parameter) -> str:
    """The one value that a parameter can have, or its default; empty when there is none.

    A default for `Authorization` is an example of a credential, not a value to send, and the
    media type of the body says what the `Content-Type` is.
    """
    if parameter.wire_name.lower() == "content-type":
        return ""
    if isinstance(parameter.shape, Choice) and len(parameter.shape.values) == 1:
        return scalar_text(parameter.shape.values[0])
    is_credential = parameter.wire_name.lower() == "authorization"
    return "" if is_credential else scalar_text(parameter.default)
