"""How the command ends, and how it tells what users did wrong: in one line, whoever finds it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperGroup

from clientgen.telling import Stderr, error_line, show

from ._scripts import print_for_scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

DONE, DIFFERENT, BAD_USAGE, BAD_DOCUMENT = 0, 1, 2, 3
"""Exit codes."""
INTERRUPTED, HUNG_UP, TERMINATED = 130, 141, 143
"""Exit codes of programs that Ctrl-C ended, whose reader went away, and that were told to end."""

# Typer's mistakes in the command line; the class has no public name of its own.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]


class Command(TyperGroup):
    """The command as a whole: tells every mistake in one line, whoever finds it."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command and leave with its exit code."""
        # Whoever runs this may have closed them.
        sys.stdout, sys.stderr = sys.stdout or StringIO(), sys.stderr or StringIO()
        # The names of a document may have letters that the terminal does not.
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except UsageError as error:
            code = _usage(error)
        except BrokenPipeError:
            code = _hang_up()
        except OSError as error:
            code = _refused(error)
        sys.exit(code or DONE)

    def invoke(self, context: Any) -> Any:
        """Run one of the commands."""
        try:
            return super().invoke(context)
        except (KeyboardInterrupt, typer.Abort):  # Typer's word for Ctrl-C at a question
            fail("interrupted; no output is half written, run it again at any time", INTERRUPTED)
        except BrokenPipeError as error:
            raise typer.Exit(_hang_up()) from error


class UnfinishedError(Exception):
    """A run that writes nothing finds an output that another one was writing."""


@contextmanager
def mistakes(output_format: str) -> Iterator[None]:
    """Turns a user's mistake into one line and an exit code."""
    from clientgen.config import ConfigError
    from clientgen.load import LoadError
    from clientgen.write import WriteError

    try:
        yield
    except LoadError as error:
        if output_format in ("json", "sarif"):
            print_for_scripts(output_format, diagnostics=[error.diagnostic])
        else:
            show(error.diagnostic)
        raise typer.Exit(BAD_DOCUMENT) from error
    except (ConfigError, WriteError) as error:
        fail(str(error), BAD_USAGE)
    except UnfinishedError as error:
        fail(str(error), DIFFERENT)


def _usage(error: Any) -> int:
    """Tell what is wrong with the command line."""
    command = error.ctx.command_path if error.ctx else "clientgen"
    message = error.format_message().replace("Value error, ", "").rstrip(".")
    Stderr().print(error_line(f"{message[:1].lower()}{message[1:]}; see {command} --help"))
    return BAD_USAGE


def fail(message: str, code: int) -> NoReturn:
    Stderr().print(error_line(message))
    raise typer.Exit(code)


def _refused(error: OSError) -> int:
    """Tell what the system refuses that no stage has told of, such as to print on a full disk."""
    what = f"cannot read or write {error.filename}" if error.filename else "cannot print"
    advice = "run it again when that is mended"
    Stderr().print(error_line(f"{what}: {error.strerror or error}; {advice}"))
    _forget_output()
    return BAD_USAGE


def _hang_up() -> int:
    """Leave quietly when nobody reads on."""
    _forget_output()
    return HUNG_UP


def _forget_output() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        # What they still hold would fail once more when Python closes them.
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
