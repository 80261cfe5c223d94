"""A server that keeps every request as it came, byte for byte, and answers what it is told."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from typing_extensions import Self


@dataclass(frozen=True)
class Sent:
    """A request as it arrived.

    Attributes:
        method: HTTP method.
        target: Path and query, still escaped.
        fields: Header fields in their order, names as they were sent.
        body: The body, taken out of its chunks.
    """

    method: str
    target: str
    fields: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str | None:
        """What follows the question mark, `None` without one."""
        _, mark, query = self.target.partition("?")
        return query if mark else None

    def header(self, name: str) -> str | None:
        """The value of a field, repeated ones joined as RFC 9110 section 5.2 says."""
        found = [value for key, value in self.fields if key.lower() == name.lower()]
        return ", ".join(found) if found else None


@dataclass(frozen=True)
class Answer:
    """What is answered."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Recorder:
    """Listens on loopback while it is entered.

    Attributes:
        requests: What has arrived.
        answers: What is answered next: the first is used up unless it is the last, or a function
            that makes an answer of a request.
    """

    answers: list[Answer] | Callable[[Sent], Answer] = field(default_factory=lambda: [Answer()])
    requests: list[Sent] = field(default_factory=list)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        serve = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        serve.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def last(self) -> Sent:
        """The newest request."""
        return self.requests[-1]

    def next_answer(self, sent: Sent) -> Answer:
        """What to answer to this request."""
        if callable(self.answers):
            return self.answers(sent)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    owner: Recorder
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        body = b"".join(_body(self.headers, self.rfile))
        # Not `self.path`, in which two slashes at the start are one.
        _, target, _ = self.requestline.split(" ")
        sent = Sent(self.command, target, tuple(self.headers.items()), body)
        self.owner.requests.append(sent)
        answer = self.owner.next_answer(sent)
        self.send_response_only(answer.status)
        if answer.content_type is not None and answer.status not in (204, 304):
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # every method, those of OpenAPI 3.2 included
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _body(headers: Any, file: Any) -> Iterable[bytes]:
    assert isinstance(file, BufferedReader)
    if headers.get("Transfer-Encoding", "").lower() != "chunked":
        yield file.read(int(headers.get("Content-Length") or 0))
        return
    while size := int(file.readline().partition(b";")[0], 16):
        yield file.read(size)
        file.readline()
    while file.readline().strip():
        pass
