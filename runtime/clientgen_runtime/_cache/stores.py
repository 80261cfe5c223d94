"""Where a cache keeps answers: in memory, in a file, in Redis."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from contextlib import closing, contextmanager
from importlib import import_module
from inspect import iscoroutinefunction
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from typing_extensions import override

from .._errors import ConfigurationError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Generator
    from os import PathLike


class CacheStore(Protocol):
    """Keeps bytes under keys, for `HTTPCache`.

    Keys are hashes, and labels are URLs without secrets. Whatever a store raises is taken for an
    answer that is not there.

    Attributes:
        blocks: Whether it waits for disk or network, so that `AsyncClient` must not call it in the
            event loop.

    Example:
        >>> store: CacheStore = MemoryCacheStore(max_bytes=1_000_000)
        >>> store.blocks
        False
    """

    blocks: bool

    def load(self, key: str) -> bytes | None:
        """What is kept under a key, `None` when there is nothing.

        Args:
            key: The key.

        Example:
            >>> MemoryCacheStore().load("k-1") is None
            True
        """
        ...

    def save(self, key: str, value: bytes, label: str, seconds: float) -> None:
        """Keep something in the place of what was under the key.

        Args:
            key: The key.
            value: What to keep.
            label: The URL that it is about.
            seconds: For how long, unless room is needed earlier.

        Example:
            >>> store = MemoryCacheStore()
            >>> store.save("k-1", b"v-1", "https://api.example.com/pets", 60)
            >>> store.load("k-1")
            b'v-1'
        """
        ...

    def remove(self, key: str) -> None:
        """Forget what is kept under a key, if anything.

        Args:
            key: The key.

        Example:
            >>> MemoryCacheStore().remove("k-1")
        """
        ...

    def remove_where(self, matches: Callable[[str], bool]) -> int:
        """Forget all that is about certain URLs; how much that was.

        Args:
            matches: Whether a label is that of such a URL.

        Example:
            >>> MemoryCacheStore().remove_where(lambda label: label.endswith("/pets"))
            0
        """
        ...


class MemoryCacheStore(CacheStore):
    """Keeps answers in the process; what was not used for longest goes first.

    Args:
        max_bytes: How much of bodies and headers there is room for.

    Example:
        >>> caching = client.with_options(cache=HTTPCache(MemoryCacheStore(max_bytes=10_000_000)))
        >>> caching.get("/pets").status_code
        200
    """

    blocks: bool = False

    def __init__(self, max_bytes: int = 64_000_000) -> None:
        self._max_bytes = max_bytes
        self._size = 0
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[bytes, str, float]] = OrderedDict()

    @override
    def load(self, key: str) -> bytes | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            if found[2] < time.monotonic():
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return found[0]

    @override
    def save(self, key: str, value: bytes, label: str, seconds: float) -> None:
        with self._lock:
            self._drop(key)
            if len(value) > self._max_bytes:
                return
            self._kept[key] = (value, label, time.monotonic() + seconds)
            self._size += len(value)
            while self._size > self._max_bytes:
                self._drop(next(iter(self._kept)))

    @override
    def remove(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    @override
    def remove_where(self, matches: Callable[[str], bool]) -> int:
        with self._lock:
            keys = [key for key, (_, label, _) in self._kept.items() if matches(label)]
            for key in keys:
                self._drop(key)
            return len(keys)

    def _drop(self, key: str) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._size -= len(dropped[0])


# How stale the time of the last use may be, in seconds, before it is written anew.
_TOUCHED = 60
# The part of a full file that is given up, so that not every answer has to make room.
_MAKE_ROOM = 10


class DiskCacheStore(CacheStore):
    """Keeps answers in an SQLite file that its owner alone can read.

    Threads and processes may share the file. It is opened for each use, so there is nothing to
    close.

    Args:
        path: The file; its folder has to be there.
        max_bytes: How large it may grow; what was not used for longest goes first.

    Example:
        >>> caching = client.with_options(cache=HTTPCache(DiskCacheStore("cache.db")))
        >>> caching.get("/pets").status_code
        200
    """

    blocks: bool = True

    def __init__(self, path: str | PathLike[str], max_bytes: int = 1_000_000_000) -> None:
        self._path = os.fspath(path)
        self._lock = Lock()
        self._max_bytes = max_bytes

    @override
    def load(self, key: str) -> bytes | None:
        now = time.time()
        with closing(self._open()) as file:
            found = file.execute(
                "SELECT value, used FROM kept WHERE key = ? AND ends > ?", (key, now)
            ).fetchone()
            if found is None:
                return None
            value, used = found
            if now - used > _TOUCHED:
                file.execute("UPDATE kept SET used = ? WHERE key = ?", (now, key))
            return bytes(value)

    @override
    def save(self, key: str, value: bytes, label: str, seconds: float) -> None:
        now = time.time()
        row = (key, label, value, now + seconds, now)
        with self._writing() as file:
            self._make_room(file, len(value), now)
            file.execute(
                "REPLACE INTO kept (key, label, value, ends, used) VALUES (?,?,?,?,?)", row
            )

    @override
    def remove(self, key: str) -> None:
        with self._writing() as file:
            file.execute("DELETE FROM kept WHERE key = ?", (key,))

    @override
    def remove_where(self, matches: Callable[[str], bool]) -> int:
        with self._writing() as file:
            found = file.execute("SELECT key, label FROM kept").fetchall()
            keys = [(key,) for key, label in found if matches(label)]
            file.executemany("DELETE FROM kept WHERE key = ?", keys)
            return len(keys)

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection, None, None]:
        # SQLite makes those that write at once try again, which takes longer than to queue here.
        # It does so still for other processes, and where a fork has left this lock locked.
        is_ours = self._lock.acquire(timeout=1)
        try:
            with closing(self._open()) as file:
                yield file
        finally:
            if is_ours:
                self._lock.release()

    def _open(self) -> sqlite3.Connection:
        import sqlite3

        # Made here, since SQLite would let others read it.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        file = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        try:
            # What a crash loses is asked for again.
            file.execute("PRAGMA synchronous = OFF")
            # So that nothing stays behind that was to be forgotten.
            file.execute("PRAGMA secure_delete = ON")
            file.execute(
                "CREATE TABLE IF NOT EXISTS kept"
                " (key TEXT PRIMARY KEY, label TEXT, value BLOB, ends REAL, used REAL)"
            )
        except BaseException:
            file.close()
            raise
        return file

    def _make_room(self, file: sqlite3.Connection, size: int, now: float) -> None:
        if self._size(file) + size <= self._max_bytes:
            return
        file.execute("DELETE FROM kept WHERE ends < ?", (now,))
        while self._size(file) + size > self._max_bytes:
            (count,) = file.execute("SELECT count(*) FROM kept").fetchone()
            if count == 0:
                return
            file.execute(
                "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT ?)",
                (1 + count // _MAKE_ROOM,),
            )

    @staticmethod
    def _size(file: sqlite3.Connection) -> int:
        (pages,) = file.execute("PRAGMA page_count").fetchone()
        (free,) = file.execute("PRAGMA freelist_count").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
        used: int = (pages - free) * size
        return used


class RedisCacheStore(CacheStore):
    """Keeps answers in Redis, for processes on any number of machines.

    How much it keeps, and what goes first, is told to the server: `maxmemory-policy`. To forget by
    pattern it looks through all keys of the server, so that is nothing for each request.

    Args:
        client: A `redis.Redis` that gives bytes, or the URL of a server, such as
            `redis://localhost:6379/0`; it is then given up on after a second. `AsyncClient` uses
            the same, in threads.
        prefix: What the keys begin with.

    Raises:
        ConfigurationError: The package of Redis is not there, or the client is one of asyncio, or
            one that decodes.

    Example:
        >>> store = RedisCacheStore("redis://localhost:6379/0", prefix="pets:")
        >>> store.blocks
        True
    """

    blocks: bool = True

    def __init__(self, client: object, prefix: str = "clientgen:cache:") -> None:
        self._client: Any = _redis(client) if isinstance(client, str) else client
        pool = getattr(client, "connection_pool", None)
        decodes = getattr(pool, "connection_kwargs", {}).get("decode_responses", False)
        if decodes or iscoroutinefunction(getattr(client, "execute_command", None)):
            raise ConfigurationError(
                "RedisCacheStore takes a redis.Redis without decode_responses, which AsyncClient "
                "uses in threads, not one of redis.asyncio"
            )
        self._prefix = prefix

    @override
    def load(self, key: str) -> bytes | None:
        value = self._client.hget(self._prefix + key, "value")
        return None if value is None else bytes(value)

    @override
    def save(self, key: str, value: bytes, label: str, seconds: float) -> None:
        with self._client.pipeline(transaction=True) as pipeline:
            pipeline.hset(self._prefix + key, mapping={"value": value, "label": label})
            pipeline.expire(self._prefix + key, max(1, int(seconds)))
            pipeline.execute()

    @override
    def remove(self, key: str) -> None:
        self._client.delete(self._prefix + key)

    @override
    def remove_where(self, matches: Callable[[str], bool]) -> int:
        found = 0
        for key in self._client.scan_iter(match=f"{_escaped(self._prefix)}*", count=1000):
            label = self._client.hget(key, "label")
            if label is not None and matches(label.decode() if isinstance(label, bytes) else label):
                found += int(self._client.delete(key))
        return found


def _redis(url: str) -> object:
    try:
        redis: Any = import_module("redis")
    except ImportError:
        raise ConfigurationError(
            "RedisCacheStore needs the extra: clientgen-runtime[redis]"
        ) from None
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


def _escaped(prefix: str) -> str:
    return "".join(f"\\{c}" if c in "*?[]\\^" else c for c in prefix)
