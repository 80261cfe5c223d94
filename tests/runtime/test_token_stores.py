"""Where tokens are kept: who may read them, and what happens when many write."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import (
    ClientError,
    ConfigurationError,
    FileTokenStore,
    KeyringTokenStore,
    MemoryTokenStore,
    OAuth2Auth,
    Tokens,
    TokenStore,
)
from tests.runtime.driving import Server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runtime.driving import Connect

ADA = Tokens("a-1", "r-1", 2e9)
posix = pytest.mark.skipif(
    os.name != "posix", reason="files of a profile are the user's on Windows"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "acme" / "tokens.json"


@pytest.fixture(params=["memory", "file", "keyring"])
def store(request: pytest.FixtureRequest, path: Path) -> TokenStore:
    match request.param:
        case "memory":
            return MemoryTokenStore()
        case "file":
            return FileTokenStore(path)
        case _:
            request.getfixturevalue("keyring")
            return KeyringTokenStore("acme")


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A keyring in memory, which can fail."""
    pytest.importorskip("keyring")
    import keyring
    from keyring.backend import KeyringBackend
    from keyring.errors import PasswordDeleteError

    class Backend(KeyringBackend):
        priority = 1
        kept: dict[tuple[str, str], str] = {}  # noqa: RUF012
        failure: Exception | None = None

        def get_password(self, service: str, name: str) -> str | None:
            if self.failure is not None:
                raise self.failure
            return self.kept.get((service, name))

        def set_password(self, service: str, name: str, password: str) -> None:
            if self.failure is not None:
                raise self.failure
            self.kept[service, name] = password

        def delete_password(self, service: str, name: str) -> None:
            if self.kept.pop((service, name), None) is None:
                raise PasswordDeleteError

    before = keyring.get_keyring()
    backend = Backend()  # type: ignore[no-untyped-call]
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_tokens_are_kept_by_name_and_forgotten(store: TokenStore) -> None:
    store.save("ada", ADA)
    store.save("bob", Tokens("b-1"))
    store.save("bob", None)
    store.save("eve", None)

    assert store.load("ada") == ADA
    assert store.load("bob") is None
    assert store.load("eve") is None


def test_one_at_a_time_renews_tokens(store: TokenStore) -> None:
    first, second = store.lock(), store.lock()

    assert first.acquire(False)
    assert not second.acquire(False)
    first.release()
    assert second.acquire(False)
    second.release()


def test_nothing_shows_tokens(store: TokenStore) -> None:
    store.save("ada", ADA)

    assert "a-1" not in repr(store) + repr(ADA) + str(ADA)


@posix
def test_a_file_is_its_owners_alone_at_every_moment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    fsync = os.fsync

    def watched(fd: int) -> None:
        seen.append(os.fstat(fd).st_mode)
        fsync(fd)

    monkeypatch.setattr(os, "fsync", watched)
    before = os.umask(0)
    try:
        FileTokenStore(path).save("ada", ADA)
    finally:
        os.umask(before)

    assert [stat.S_IMODE(mode) for mode in (*seen, path.stat().st_mode)] == [0o600, 0o600]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_can_open_is_refused(path: Path, mode: int) -> None:
    store = FileTokenStore(path)
    store.save("ada", ADA)
    path.chmod(mode)

    with pytest.raises(ConfigurationError, match="chmod 600"):
        store.load("ada")
    with pytest.raises(ConfigurationError, match="chmod 600"):
        store.save("ada", ADA)


@posix
def test_a_file_of_somebody_else_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileTokenStore(path)
    store.save("ada", ADA)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    with pytest.raises(ConfigurationError, match="belongs to another user"):
        store.load("ada")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1, "tokens": 7}', '{"tokens": {"ada": {}}}', "[" * 100_000]
)
def test_a_damaged_file_asks_for_a_new_login(path: Path, text: str) -> None:
    store = FileTokenStore(path)
    store.save("ada", ADA)
    path.write_text(text)

    assert store.load("ada") is None
    store.save("ada", ADA)
    assert store.load("ada") == ADA


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileTokenStore(path)
    store.save("ada", ADA)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        store.save("ada", Tokens("a-2"))

    assert store.load("ada") == ADA
    assert [file.name for file in path.parent.iterdir()] == ["tokens.json"]


def test_a_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        FileTokenStore(path).load("ada")


def test_the_lock_of_a_program_that_dies_is_free(path: Path) -> None:
    code = (
        "import sys, time; from clientgen_runtime import FileTokenStore;"
        "lock = FileTokenStore(sys.argv[1]).lock();"
        "print(lock.acquire(False), flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"True\n"
        mine = FileTokenStore(path).lock()

        assert not mine.acquire(False)
        other.kill()
        other.wait()
        assert mine.acquire(False)
        mine.release()


@posix
def test_a_child_that_was_forked_meanwhile_does_not_keep_the_lock(path: Path) -> None:
    lock: Any = FileTokenStore(path).lock()
    lock.acquire(False)
    of_the_child = os.dup(lock._file.fileno())

    lock.release()

    again = FileTokenStore(path).lock()
    assert again.acquire(False)
    again.release()
    os.close(of_the_child)


# --- With a client -------------------------------------------------------------------------


def token_server() -> Server:
    import httpx

    return Server(httpx.Response(200, json={"access_token": "a-2", "refresh_token": "r-2"}))


def oauth(store: TokenStore) -> OAuth2Auth:
    return OAuth2Auth("https://login.example/token", "acme", refresh_token="r-1", store=store)


def test_tokens_that_cannot_be_kept_serve_all_the_same(
    connect: Connect, path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object, *__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileTokenStore, "save", fail)
    server = token_server()
    auth = oauth(FileTokenStore(path))
    client = connect(server, auth=auth)

    assert client.get("/x").request.headers["Authorization"] == "Bearer a-2"
    assert "tokens are not kept" in caplog.text
    auth._token = None
    client.get("/x")
    # The refresh token that came is known, though it is nowhere kept.
    assert b"refresh_token=r-2" in server.requests[-2].content


def test_a_keyring_that_is_locked_is_told(connect: Connect, keyring: Any) -> None:
    from keyring.errors import KeyringLocked

    keyring.failure = KeyringLocked("a-1 is in there")

    with pytest.raises(ConfigurationError, match="cannot be read: KeyringLocked") as caught:
        connect(token_server(), auth=oauth(KeyringTokenStore("acme"))).get("/x")
    assert "a-1" not in str(caught.value)


def test_a_store_of_ones_own_is_any_object_with_the_methods(connect: Connect) -> None:
    class Database:
        def __init__(self) -> None:
            self.rows = {"https://login.example/token acme": json.dumps(["a-1", None, None])}
            self.memory = MemoryTokenStore()

        def load(self, name: str) -> Tokens | None:
            return Tokens(*json.loads(self.rows[name]))

        def save(self, name: str, tokens: Tokens | None) -> None:
            raise AssertionError

        def lock(self) -> Any:
            return self.memory.lock()

    client = connect(token_server(), auth=oauth(Database()))

    assert client.get("/x").request.headers["Authorization"] == "Bearer a-1"


def test_a_store_that_fails_is_an_error_of_ours(connect: Connect) -> None:
    class Broken(MemoryTokenStore):
        def load(self, name: str) -> Tokens | None:
            raise KeyError("r-1 of the database")

    with pytest.raises(ClientError, match="no token could be fetched: KeyError") as caught:
        connect(token_server(), auth=oauth(Broken())).get("/x")
    assert "database" not in str(caught.value)


def test_tokens_are_not_fetched_without_a_client() -> None:
    with pytest.raises(ConfigurationError, match="through a client"):
        oauth(MemoryTokenStore()).renew(None)


@pytest.mark.parametrize("name", ["login", "logout"])
def test_a_client_of_the_other_kind_is_told(connect: Connect, name: str) -> None:
    wrong = getattr(oauth(MemoryTokenStore()), name if connect.is_async else f"{name}_async")
    client = connect()._target

    with pytest.raises(ConfigurationError, match="take a Client"):
        wrong(client) if connect.is_async else asyncio.run(wrong(client))
