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

_RANGE = re.compile(r"bytes ([0-9]+)-[0-9]+/(?:([0-9]+)|\*)")


class Download:
    """One download: what to ask for, and where the bytes go.

    Bytes go to `<name>.part` beside the target, which takes the target's name when all are there.
    `<name>.part.tag` keeps the validator that tells whether the server's file is still the same.

    Args:
        path: The target.
        progress: Told how many bytes there are and, if known, how many there will be.
        resume: Whether to go on from an earlier download that was cut.

    Raises:
        ConfigurationError: The target is a folder.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        progress: Callable[[int, int | None], object] | None,
        *,
        resume: bool,
    ) -> None:
        self.path = Path(path)
        # `Path.is_dir` raises where a folder above may not be read.
        if os.path.isdir(self.path):  # noqa: PTH112
            raise ConfigurationError(f"{str(path)!r} is a folder; give the name of the file, too")
        self._part = self.path.with_name(f"{self.path.name}.part")
        self._tag = self.path.with_name(f"{self.path.name}.part.tag")
        self._progress = progress
        self._resume = resume
        self._file: BinaryIO | None = None
        self._done = 0
        self._total: int | None = None
        self._kept_tag: str | None = None
        # Bytes of the whole file, where only a part of it was asked for.
        self._whole: int | None = None

    def options(self, given: Mapping[str, Any], headers: str = "headers") -> Any:
        """The options of the request: ranges count bytes, so these must not be compressed.

        Args:
            given: Options of the caller's.
            headers: The option that header fields are given in.
        """
        fields = {**given.get(headers, {}), "Accept-Encoding": "identity"}
        # `Path.exists` raises where a folder may not be read, or a name is too long.
        if self._resume and all(map(os.path.exists, (self._part, self._tag))):
            self._done = self._part.stat().st_size
            fields["Range"] = f"bytes={self._done}-"
            # RFC 9110 section 13.1.5: the whole file comes when it is no longer the same.
            fields["If-Range"] = self._kept_tag = self._tag.read_text()
        return {**given, headers: fields, "raise_for_status": {416: self._kept_tag is None}}

    def begin(self, response: Response) -> bool:
        """Open the file for this answer; whether its body is to be read.

        Raises:
            ConfigurationError: The file cannot be written.
            TruncatedResponseError: The answer does not go on from what is there.
        """
        if response.status_code == 416:
            stated = response.headers.get("content-range", "")
            if stated == f"bytes */{self._done}":
                self._total = self._done
                return False
            raise self._changed(response)
        mode = "ab"
        if response.status_code != 206 or self._kept_tag is None:
            mode, self._done = "wb", 0
        elif not self._goes_on(response):
            raise self._changed(response)
        length = response.headers.get("content-length", "")
        is_plain = response.headers.get("content-encoding", "identity") == "identity"
        self._total = self._done + int(length) if is_plain and length.isdecimal() else None
        self._file = self._open(mode)
        self._keep_tag(response)
        return True

    def _goes_on(self, response: Response) -> bool:
        """Whether a part of the file is the one that was asked for (RFC 9110 section 15.3.7)."""
        part = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if part is None or int(part[1]) != self._done:
            return False
        self._whole = int(part[2]) if part[2] else None
        return response.headers.get("etag", self._kept_tag) == self._kept_tag

    def _changed(self, response: Response) -> TruncatedResponseError:
        self.discard()
        return TruncatedResponseError(
            f"{describe(response.request)}: the file has changed; start anew", response=response
        )

    def _open(self, mode: str) -> BinaryIO:
        try:
            return self._part.open("ab" if mode == "ab" else "wb")
        except OSError as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: OSError) -> ConfigurationError:
        return ConfigurationError(f"cannot write {self._part.name!r}: {error.strerror}")

    def _keep_tag(self, response: Response) -> None:
        etag = response.headers.get("etag", "")
        try:
            # Only strong validators promise the same bytes (RFC 9110 section 8.8.1).
            if etag and not etag.startswith("W/"):
                self._tag.write_text(etag)
            elif response.status_code != 206 or self._kept_tag is None:
                self._tag.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritten(error) from error

    def write(self, chunk: bytes) -> None:
        """Keep a piece.

        Raises:
            ConfigurationError: The disk does not take it.
        """
        assert self._file is not None
        try:
            self._file.write(chunk)
        except OSError as error:
            raise self._unwritten(error) from error
        self._done += len(chunk)
        if self._progress is not None:
            self._progress(self._done, self._total)

    def finish(self, response: Response) -> Path:
        """Give the complete file its name.

        Raises:
            ConfigurationError: The disk does not take it.
            TruncatedResponseError: There is more of the file than the server has sent.
        """
        if self._whole is not None and self._done != self._whole:
            raise TruncatedResponseError(
                f"{describe(response.request)}: {self._done} of {self._whole} bytes are there; "
                "go on with resume=True",
                response=response,
            )
        try:
            if self._file is not None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
            self._part.replace(self.path)
            self._tag.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritten(error) from error
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
        for path in (self._part, self._tag):
            # What cannot be written cannot be removed either, and only the first is told.
            with suppress(OSError):
                path.unlink()


def save(job: Download, opened: AbstractContextManager[Response]) -> Path:
    """Write the body of a response that is opened for it."""
    try:
        with opened as response:
            if job.begin(response):
                for chunk in response.iter_bytes():
                    job.write(chunk)
        return job.finish(response)
    except BaseException:
        job.abandon()
        raise


async def asave(job: Download, opened: AbstractAsyncContextManager[Response]) -> Path:
    """Do as `save`, with a response of an `AsyncClient`."""
    try:
        async with opened as response:
            if job.begin(response):
                async for chunk in response.aiter_bytes():
                    job.write(chunk)
        return job.finish(response)
    except BaseException:
        job.abandon()
        raise
