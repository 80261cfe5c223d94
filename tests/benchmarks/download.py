"""Saving a body as a file, beside raw bytes of httpx; and a gigabyte at constant memory.

python -m tests.benchmarks.download
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from clientgen_runtime import AsyncClient, Client
from tests.benchmarks._measure import Table, run
from tests.benchmarks._server import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

ROUNDS = 9
MEGABYTES = 128
GIGABYTE = 1024
MOST_MEMORY = 16  # megabytes that a gigabyte may need beyond what a small body does


def main() -> None:
    """Measure and compare with the bars."""
    table = Table()
    with serving() as url, tempfile.TemporaryDirectory() as folder:
        path = f"{url}/download/{MEGABYTES}"
        target = Path(folder) / "body"
        times = _sync_times(path, target)
        times |= asyncio.run(_async_times(path, target))
        for name in ("download", "iter_bytes", "async download", "async iter_bytes"):
            raw = "async httpx" if name.startswith("async") else "httpx"
            ratio = statistics.median(times[name]) / statistics.median(times[raw])
            table.row(f"{name}, of the time of raw {raw.removeprefix('async ')} bytes", ratio, 1.05)
        for kind in ("download", "upload", "async download", "async upload"):
            small, large = (_megabytes(kind, url, size, target) for size in (1, GIGABYTE))
            print(f"memory of the {kind} of 1 MB: {small:.0f} MB, of 1 GB: {large:.0f} MB")
            table.row(f"more memory for the {kind} of 1 GB", large - small, MOST_MEMORY, "MB")
    table.close()


def _sync_times(url: str, target: Path) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    with Client(url) as ours, httpx.Client() as theirs:

        def raw() -> None:
            with theirs.stream("GET", url) as response, target.open("wb") as file:
                for chunk in response.iter_raw():
                    file.write(chunk)

        def pieces() -> None:
            with ours.stream("GET", url) as response, target.open("wb") as file:
                for chunk in response.iter_bytes():
                    file.write(chunk)

        ways: dict[str, Callable[[], object]] = {
            "httpx": raw,
            "download": lambda: ours.download(url, target),
            "iter_bytes": pieces,
        }
        for _ in range(ROUNDS):
            for name, way in ways.items():
                start = time.perf_counter()
                way()
                _note(times, name, start, target)
    return times


async def _async_times(url: str, target: Path) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    async with AsyncClient(url) as ours, httpx.AsyncClient() as theirs:

        async def raw() -> None:
            async with theirs.stream("GET", url) as response:
                with target.open("wb") as file:
                    async for chunk in response.aiter_raw():
                        file.write(chunk)

        async def pieces() -> None:
            async with ours.stream("GET", url) as response:
                with target.open("wb") as file:
                    async for chunk in response.aiter_bytes():
                        file.write(chunk)

        ways: dict[str, Callable[[], Awaitable[object]]] = {
            "async httpx": raw,
            "async download": lambda: ours.download(url, target),
            "async iter_bytes": pieces,
        }
        for _ in range(ROUNDS):
            for name, way in ways.items():
                start = time.perf_counter()
                await way()
                _note(times, name, start, target)
    return times


def _note(times: dict[str, list[float]], name: str, start: float, target: Path) -> None:
    times.setdefault(name, []).append(time.perf_counter() - start)
    assert target.stat().st_size == MEGABYTES << 20
    target.unlink()


def _megabytes(kind: str, url: str, size: int, target: Path) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.download", kind, url, str(size)]
    megabytes = run([*command, str(target)]).megabytes
    target.unlink(missing_ok=True)
    return megabytes


def _transfer(kind: str, url: str, size: int, target: Path) -> None:
    """Move one body, in a process of its own."""
    if kind.startswith("async"):
        asyncio.run(_transfer_async(kind, url, size, target))
        return
    with Client(url, timeout=600) as client:
        if kind == "download":
            client.download(f"/download/{size}", target)
        else:
            client.put("/upload", content=_pieces(size))


async def _transfer_async(kind: str, url: str, size: int, target: Path) -> None:
    async with AsyncClient(url, timeout=600) as client:
        if kind == "async download":
            await client.download(f"/download/{size}", target)
        else:
            await client.put("/upload", content=_pieces(size))


def _pieces(size: int) -> Iterator[bytes]:
    piece = b"x" * (1 << 16)
    for _ in range(size << 4):
        yield piece


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _transfer(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
