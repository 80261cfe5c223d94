"""A server fast enough not to be what is measured; in a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = b'{"id":1,"name":"Ada Lovelace","email":"ada@example.com","roles":["admin","author"]}'
_PIECE = bytes(1 << 20)


class _Answers(asyncio.Protocol):
    """Answers `/user`, `/download/<megabytes>` and uploads in chunks."""

    def __init__(self) -> None:
        self._head = b""
        self._takes_upload = False
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._can_write = asyncio.Event()
        self._can_write.set()

    def data_received(self, data: bytes) -> None:
        if self._takes_upload:
            self._upload(data)
            return
        self._head += data
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return
        head, rest = self._head[:end].lower(), self._head[end + 4 :]
        self._head = b""
        if head.startswith(b"put"):
            self._takes_upload = True
            self._upload(rest)
        elif head.startswith(b"get /download/"):
            megabytes = int(head[len(b"get /download/") :].partition(b" ")[0])
            self._task = asyncio.ensure_future(self._download(megabytes))
        else:
            self._respond(USER)

    def _upload(self, data: bytes) -> None:
        # In chunks, of which the last one is empty.
        self._tail = (self._tail + data)[-5:]
        if self._tail == b"0\r\n\r\n":
            self._takes_upload, self._tail = False, b""
            self._respond(b'{"id":2}')

    def _respond(self, body: bytes) -> None:
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer: bench\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )

    async def _download(self, megabytes: int) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (megabytes << 20)
        self._transport.write(head)
        for _ in range(megabytes):
            await self._can_write.wait()
            self._transport.write(_PIECE)

    def pause_writing(self) -> None:
        self._can_write.clear()

    def resume_writing(self) -> None:
        self._can_write.set()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Answers, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def serving() -> Iterator[str]:
    """Run the server; gives its URL."""
    command = [sys.executable, "-m", "tests.benchmarks._server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(_serve())
