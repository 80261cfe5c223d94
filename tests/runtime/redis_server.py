"""A Redis server of the tests' own, on loopback, which may be killed and started again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


class RedisServer:
    """A server that keeps nothing on disk.

    Attributes:
        url: Where clients find it.
    """

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ("--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--daemonize")
        self._process = subprocess.Popen(
            ["redis-server", *options, "no", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        pytest.fail("redis-server does not answer")

    def kill(self) -> None:
        """End it without notice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def run_redis() -> Iterator[RedisServer]:
    """A server for the tests of a module, which are skipped where there is none."""
    pytest.importorskip("redis", reason="the extra clientgen-runtime[redis] is not installed")
    if shutil.which("redis-server") is None:
        pytest.skip("there is no redis-server on this machine")
    server = RedisServer()
    server.start()
    yield server
    server.kill()
