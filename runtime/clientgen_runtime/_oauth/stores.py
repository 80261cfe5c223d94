"""Where tokens are kept while a program does not run, and by whom they may be read."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, runtime_checkable

from .._errors import ClientError, ConfigurationError
from .._narrow import is_dict, is_mapping

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True, repr=False)
class Tokens:
    """What a login gives; no `repr` shows it.

    Attributes:
        access_token: What calls carry.
        refresh_token: What fetches the next access token, if there is one.
        expires_at: When the access token ends, in seconds since 1970; `None` when nobody said.

    Example:
        >>> Tokens("a-1", refresh_token="r-1")
        <Tokens>
    """

    access_token: str
    refresh_token: str | None = None
    expires_at: float | None = None

    @property
    def lifetime(self) -> float | None:
        """Seconds that the access token is still good, `None` when nobody said.

        Example:
            >>> Tokens("a-1", expires_at=0).lifetime < 0
            True
        """
        return None if self.expires_at is None else self.expires_at - time.time()

    def __repr__(self) -> str:
        return "<Tokens>"


@runtime_checkable
class StoreLock(Protocol):
    """What one holds who renews tokens; a `threading.Lock` is one."""

    def acquire(self, blocking: bool = ..., /) -> bool: ...

    def release(self) -> None: ...


@runtime_checkable
class TokenStore(Protocol):
    """Keeps tokens under names. A store of one's own is any object with these methods.

    Example:
        >>> store: TokenStore = MemoryTokenStore()
        >>> store.load("anyone") is None
        True
    """

    def load(self, name: str) -> Tokens | None:
        """What is kept under a name, `None` when nothing is.

        Args:
            name: Says which authorization server, client, user and scopes.

        Example:
            >>> store = MemoryTokenStore()
            >>> store.save("ada", Tokens("a-1"))
            >>> store.load("ada").access_token
            'a-1'
        """
        ...

    def save(self, name: str, tokens: Tokens | None) -> None:
        """Keep tokens in place of what is there.

        Args:
            name: Says which authorization server, client, user and scopes.
            tokens: The tokens; `None` forgets them.

        Example:
            >>> store = MemoryTokenStore()
            >>> store.save("ada", Tokens("a-1"))
            >>> store.save("ada", None)
            >>> store.load("ada") is None
            True
        """
        ...

    def lock(self) -> StoreLock:
        """What is held while tokens are renewed, by one holder at a time.

        Returns:
            An object with `acquire(False)` and `release()`, such as a `threading.Lock`.

        Example:
            >>> store = MemoryTokenStore()
            >>> store.lock().acquire(False)
            True
        """
        ...


class MemoryTokenStore(TokenStore):
    """Keeps tokens as long as the program runs; clients of one program may share it.

    Example:
        >>> store = MemoryTokenStore()
        >>> store.save("ada", Tokens("a-1"))
        >>> store
        <MemoryTokenStore>
    """

    def __init__(self) -> None:
        self._kept: dict[str, Tokens] = {}
        self._lock = threading.Lock()

    def load(self, name: str) -> Tokens | None:
        return self._kept.get(name)

    def save(self, name: str, tokens: Tokens | None) -> None:
        if tokens is None:
            self._kept.pop(name, None)
        else:
            self._kept[name] = tokens

    def lock(self) -> StoreLock:
        return self._lock

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class FileTokenStore(TokenStore):
    """Keeps tokens in a file that its owner alone can read.

    The file appears complete or not at all. Programs may share it: one at a time renews tokens,
    and the others find what it saved. A file that others may read is refused.

    Args:
        path: The file; `~` is the home folder. Folders that are missing are made.

    Raises:
        ConfigurationError: By its methods: others may read the file, or we may not.

    Example:
        >>> store = FileTokenStore("tokens.json")
        >>> store.save("ada", Tokens("a-1"))
        >>> store.load("ada").access_token
        'a-1'
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path).expanduser()

    def load(self, name: str) -> Tokens | None:
        return tokens_of(self._entries().get(name))

    def save(self, name: str, tokens: Tokens | None) -> None:
        entries = self._entries()
        if tokens is None and name not in entries:
            return
        entries.pop(name, None)
        if tokens is not None:
            entries[name] = asdict(tokens)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(self._path, json.dumps({"version": 1, "tokens": entries}, indent=2))

    def lock(self) -> StoreLock:
        return FileLock(self._path.with_name(self._path.name + ".lock"))

    def _entries(self) -> dict[str, object]:
        try:
            text = self._read()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ConfigurationError(
                f"the token file {self._path} cannot be read: {error.strerror}"
            ) from error
        try:
            kept: object = json.loads(text)
        except (ValueError, RecursionError):
            kept = None
        entries = kept.get("tokens") if is_mapping(kept) else None
        if is_dict(entries):
            return entries
        # A new login mends it, which an error would not.
        _warn("the token file %s is not one of ours or is damaged; it is written anew", self._path)
        return {}

    def _read(self) -> str:
        with self._path.open(encoding="utf-8", errors="replace") as file:
            # Of the open file, since its name may mean another one in a moment.
            _check_owner(self._path, os.fstat(file.fileno()))
            return file.read()

    def __repr__(self) -> str:
        return f"<FileTokenStore {self._path}>"


def _check_owner(path: Path, found: os.stat_result) -> None:
    if sys.platform == "win32":
        return  # files of a user's profile are the user's alone there
    if found.st_uid != os.geteuid():
        raise ConfigurationError(f"the token file {path} belongs to another user; remove it")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError(
            f"the token file {path} may be read or written by others: chmod 600 it, and log in "
            "anew if somebody may have done so"
        )


def _write(path: Path, text: str) -> None:
    """Write a file of which nobody sees a part, and which nobody else can open at any moment."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class FileLock:
    """A lock among processes; the system lets go of it when its process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def acquire(self, _blocking: bool = False, /) -> bool:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        except OSError as error:
            raise ConfigurationError(
                f"the token file needs {self._path} beside it: {error.strerror}"
            ) from error
        try:
            _lock_file(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            # Closing is not enough: a child that was forked meanwhile has the file open, too.
            _unlock_file(self._file)
            self._file.close()
            self._file = None


def _lock_file(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unlock_file(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_UN)


class KeyringTokenStore(TokenStore):
    """Keeps tokens in the keyring of the operating system; needs the extra `keyring`.

    Programs may share it: before tokens are renewed they are read again. There is no lock among
    programs, so two may renew at once; where refresh tokens serve once, share a file instead.

    Args:
        service: Under which name the keyring shows the tokens, such as that of the program.

    Raises:
        ConfigurationError: The extra is not installed; by its methods: there is no keyring that
            can be opened.

    Example:
        >>> KeyringTokenStore("acme-cli")
        <KeyringTokenStore acme-cli>
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._keyring = _keyring()
        self._lock = threading.Lock()

    def load(self, name: str) -> Tokens | None:
        try:
            text: object = self._keyring.get_password(self._service, name)
        except self._keyring.errors.KeyringError as error:
            raise ConfigurationError(f"the keyring cannot be read: {_kind(error)}") from error
        try:
            return tokens_of(json.loads(text)) if isinstance(text, str) else None
        except ValueError:
            return None

    def save(self, name: str, tokens: Tokens | None) -> None:
        errors = self._keyring.errors
        try:
            if tokens is not None:
                text = json.dumps(asdict(tokens))
                self._keyring.set_password(self._service, name, text)
                return
            with suppress(errors.PasswordDeleteError):  # there is none
                self._keyring.delete_password(self._service, name)
        except errors.KeyringError as error:
            raise ClientError(f"the keyring cannot be written: {_kind(error)}") from error

    def lock(self) -> StoreLock:
        return self._lock

    def __repr__(self) -> str:
        return f"<KeyringTokenStore {self._service}>"


def _keyring() -> ModuleType:
    try:
        import keyring
        import keyring.errors  # pyright: ignore[reportUnusedImport]  (as an attribute)
    except ImportError as error:
        raise ConfigurationError(
            "KeyringTokenStore needs the extra clientgen-runtime[keyring]"
        ) from error
    return keyring


def _kind(error: Exception) -> str:
    # Its text may be anything that a backend says.
    return type(error).__name__


def tokens_of(entry: object) -> Tokens | None:
    """The tokens that an entry of a store says, `None` when it says none."""
    match entry:
        case {
            "access_token": str(access),
            "refresh_token": str() | None as refresh,
            "expires_at": int() | float() | None as end,
        }:
            return Tokens(access, refresh, end)
        case _:
            return None


def _warn(message: str, *subjects: object) -> None:
    import logging

    logging.getLogger("clientgen_runtime").warning(message, *subjects)


__all__ = ["FileTokenStore", "KeyringTokenStore", "MemoryTokenStore", "TokenStore", "Tokens"]
