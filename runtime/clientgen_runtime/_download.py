"""Downloads to a file that is whole or not there, and that can be resumed."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ._errors import ConfigurationError, TruncatedResponseError
from ._response import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from ._response import Response

_RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")


class Download:
    """One download: what to ask for, and where the bytes go.

    Bytes go to `<name>.part` beside the target, which takes the target's name when all are there.
    `<name>.part.tag` keeps the validator that tells whether the server's file is still the same.

    Args:
        path: The target.
        progress: Told how many bytes there are and, if known, how many there will be.
        resume: Whether to go on from an earlier download that was cut.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[int, int | None], object] | None,
        *,
        resume: bool,
    ) -> None:
        self.path = Path(path)
        self._part = self.path.with_name(f"{self.path.name}.part")
        self._tag = self.path.with_name(f"{self.path.name}.part.tag")
        self._progress = progress
        self._resume = resume
        self._file: BinaryIO | None = None
        self._done = 0
        self._total: int | None = None

    def options(self, given: Mapping[str, Any], headers: str = "headers") -> Any:
        """The options of the request: ranges count bytes, so these must not be compressed.

        Args:
            given: Options of the caller's.
            headers: The option that header fields are given in.
        """
        fields = {**given.get(headers, {}), "Accept-Encoding": "identity"}
        if self._resume and self._part.exists() and self._tag.exists():
            self._done = self._part.stat().st_size
            fields["Range"] = f"bytes={self._done}-"
            # RFC 9110 section 13.1.5: the whole file comes when it is no longer the same.
            fields["If-Range"] = self._tag.read_text()
        return {**given, headers: fields, "raise_for_status": {416: False}}

    def begin(self, response: Response) -> bool:
        """Open the file for this answer; whether its body is to be read."""
        if response.status_code == 416:
            stated = response.headers.get("content-range", "")
            if stated == f"bytes */{self._done}":
                self._total = self._done
                return False
            self.discard()
            raise TruncatedResponseError(
                f"{describe(response.request)}: the file has changed; start anew", response=response
            )
        continued = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if response.status_code == 206 and continued and int(continued[1]) == self._done:
            mode = "ab"
        else:
            mode, self._done = "wb", 0
        length = response.headers.get("content-length", "")
        is_plain = response.headers.get("content-encoding", "identity") == "identity"
        self._total = self._done + int(length) if is_plain and length.isdecimal() else None
        self._file = self._open(mode)
        self._keep_tag(response)
        return True

    def _open(self, mode: str) -> BinaryIO:
        try:
            return self._part.open("ab" if mode == "ab" else "wb")
        except OSError as error:
            raise ConfigurationError(
                f"cannot write {self._part.name!r}: {error.strerror}"
            ) from error

    def _keep_tag(self, response: Response) -> None:
        etag = response.headers.get("etag", "")
        # Only strong validators promise the same bytes (RFC 9110 section 8.8.1).
        if etag and not etag.startswith("W/"):
            self._tag.write_text(etag)
        else:
            self._tag.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Keep a piece.

        Raises:
            ConfigurationError: The disk does not take it.
        """
        assert self._file is not None
        try:
            self._file.write(chunk)
        except OSError as error:
            raise ConfigurationError(
                f"cannot write {self._part.name!r}: {error.strerror}"
            ) from error
        self._done += len(chunk)
        if self._progress is not None:
            self._progress(self._done, self._total)

    def finish(self) -> Path:
        """Give the complete file its name."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self._part.replace(self.path)
        self._tag.unlink(missing_ok=True)
        return self.path

    def abandon(self) -> None:
        """Leave what is there for a later call, or nothing when that is not wanted."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        if not self._resume:
            self.discard()

    def discard(self) -> None:
        """Remove what has arrived."""
        self._part.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)


def save(job: Download, opened: AbstractContextManager[Response]) -> Path:
    """Write the body of a response that is opened for it."""
    try:
        with opened as response:
            if job.begin(response):
                for chunk in response.iter_bytes():
                    job.write(chunk)
    except BaseException:
        job.abandon()
        raise
    return job.finish()


async def asave(job: Download, opened: AbstractAsyncContextManager[Response]) -> Path:
    """Do as `save`, with a response of an `AsyncClient`."""
    try:
        async with opened as response:
            if job.begin(response):
                async for chunk in response.aiter_bytes():
                    job.write(chunk)
    except BaseException:
        job.abandon()
        raise
    return job.finish()
