"""Progress of uploads and downloads as a bar on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._errors import ConfigurationError

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self


class ProgressBar:
    """A bar on standard error, for `download(progress=…)` and `upload_progress=…`.

    Needs the extra `clientgen-runtime[progress]`.

    Args:
        description: What stands before the bar.

    Raises:
        ConfigurationError: The extra is not installed.

    Example:
        >>> with ProgressBar("rex.png") as bar:
        ...     client.download("/pets/7/photo", "rex.png", progress=bar).name
        'rex.png'
    """

    def __init__(self, description: str = "") -> None:
        try:
            from rich import console, progress
        except ImportError as error:
            raise ConfigurationError(
                "ProgressBar needs the extra clientgen-runtime[progress]"
            ) from error
        self._bar = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TransferSpeedColumn(),
            progress.TimeRemainingColumn(),
            console=console.Console(stderr=True),
        )
        # Descriptions come from file names and the like: brackets in them are no markup.
        self._task = self._bar.add_task(description.replace("[", r"\["), total=None)

    def __call__(self, done: int, total: int | None) -> None:
        """Show that `done` of `total` bytes are there; `total` may be unknown."""
        self._bar.update(self._task, completed=done, total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()
