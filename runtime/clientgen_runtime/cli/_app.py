"""Commands that are made when they are asked for, of what `cli.json` and docstrings say."""

from __future__ import annotations

import inspect
import sys
from contextlib import suppress
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from .._errors import ClientError
from ._docs import docs
from ._output import copy, show, show_error
from ._values import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .._client import Client
    from ._data import Argument, Command, Place, Program

FAILED = 1
"""Exit code of a call that failed."""

# Help is asked of the classes of an SDK, which are reached from a client.
NOWHERE = "http://localhost"


def command_line(client: type[Client], program: Program, arguments: Sequence[str] | None) -> int:
    """Run a command line; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            # What an API says may have letters that the terminal does not.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        _root(client, program)(arguments, prog_name=program.name)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    return 0


def kebab(name: str) -> str:
    """A Python name as it stands on a command line."""
    return name.strip("_").replace("_", "-") or name


# --- Groups ----------------------------------------------------------------------------------


class Group(TyperGroup):
    """A resource; its commands are made when they are asked for."""

    client: type[Client]
    program: Program
    place: Place

    @cached_property
    def resource(self) -> Any:
        """The resource itself, for what is said of its members; no call is made on it."""
        return _resource(self.client(base_url=NOWHERE), self.place)

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of what is in it."""
        return [kebab(name) for name in self.program.below(self.place)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A call, or a resource below this one."""
        for name in self.program.below(self.place):
            if kebab(name) == cmd_name:
                return self._made((*self.place, name))
        return None

    def _made(self, place: Place) -> Any:
        told = docs(inspect.getattr_static(self.resource, place[-1], None))
        command = self.program.commands.get(place)
        if command is None:
            group = Group(name=kebab(place[-1]), help=told.text, rich_markup_mode=None)
            return self._filled(group, place)
        caller = Caller(self.client, place, command)
        return _command(caller, told.text, told.arguments)

    def _filled(self, group: Group, place: Place) -> Group:
        group.client, group.program, group.place = self.client, self.program, place
        return group


def _resource(client: Client, place: Place) -> Any:
    return reduce(getattr, place, client)


def _root(client: type[Client], program: Program) -> Group:
    app = typer.Typer(cls=Group, rich_markup_mode=None, pretty_exceptions_enable=False)
    options = [*_root_options(client, program)]

    def callback(context: typer.Context, **given: Any) -> None:
        context.obj = _client_options(program, given)

    app.callback(help=docs(client).text)(_with_parameters(callback, options))
    group = typer.main.get_command(app)
    assert isinstance(group, Group)
    group.client, group.program, group.place = client, program, ()
    return group


def _root_options(client: type[Client], program: Program) -> Iterator[inspect.Parameter]:
    told = docs(client.__init__).arguments
    for name, variable in program.credentials.items():
        text = told.get(name, "A credential.").partition("; `")[0].rstrip(".") + "."
        option = typer.Option(f"--{kebab(name)}", envvar=variable, help=text, metavar="SECRET")
        yield _parameter(f"credential_{name}", str | None, option)
    url = typer.Option(
        "--base-url", envvar=program.base_url or None, help="Where the API is.", metavar="URL"
    )
    yield _parameter("base_url", str | None, url)
    timeout = typer.Option("--timeout", help="Seconds that a call may take.", metavar="SECONDS")
    yield _parameter("timeout", float | None, timeout)
    headers = typer.Option("--header", help="A further header. Repeatable.", metavar="NAME:VALUE")
    yield _parameter("headers", list[str] | None, headers)


def _client_options(program: Program, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a client is made with."""
    credentials = {name: given[f"credential_{name}"] for name in program.credentials}
    options = {**credentials, "base_url": given["base_url"], "timeout": given["timeout"]}
    if given["headers"]:
        options["headers"] = dict(map(_header, given["headers"]))
    return {name: value for name, value in options.items() if value is not None}


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise typer.BadParameter("write it like 'Name: value'", param_hint="--header")
    return name.strip(), value.strip()


# --- Commands --------------------------------------------------------------------------------


class Caller:
    """Makes a call of what was given for it, and prints its result."""

    def __init__(self, client: type[Client], place: Place, command: Command) -> None:
        self.client = client
        self.place = place
        self.command = command

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return kebab(self.place[-1])

    def __call__(self, context: typer.Context, **given: Any) -> None:
        """Make the call, with values by the names that parameters have here."""
        values = dict(_values(self.command, given))
        try:
            with self.client(**context.obj) as client:
                resource = _resource(client, self.place[:-1])
                if given["cli_raw"]:
                    self._copy(resource, values)
                else:
                    result = getattr(resource, self.place[-1])(**values)
                    is_all, limit = given.get("cli_all", False), given.get("cli_limit")
                    show(result, is_all=is_all, limit=limit)
        except ClientError as error:
            show_error(error)
            raise typer.Exit(FAILED) from error

    def _copy(self, resource: Any, values: dict[str, object]) -> None:
        call = getattr(resource.with_streaming_response, self.place[-1])
        with call(**values) as response:
            copy(response.iter_bytes())


def _values(command: Command, given: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for number, argument in enumerate(command.arguments):
        value = given[f"value_{number}"]
        if value is None or value == []:
            continue
        if isinstance(value, bool):
            yield argument.name, value
            continue
        try:
            if argument.many:
                yield argument.name, [read(text, argument) for text in value]
            else:
                yield argument.name, read(value, argument)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=_shown(argument)) from error


def _command(caller: Caller, help_text: str, told: Mapping[str, str]) -> Any:
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    taken = {_option(argument) for argument in caller.command.arguments}
    parameters = [
        _argument(number, argument, told.get(argument.name, ""), taken)
        for number, argument in enumerate(caller.command.arguments)
    ]
    parameters += _our_options(caller.command, taken)
    app.command(name=caller.name, help=help_text)(_with_parameters(caller, parameters))
    return typer.main.get_command(app)


def _option(argument: Argument) -> str:
    return f"--{kebab(argument.name)}"


def _shown(argument: Argument) -> str:
    return argument.name.upper() if argument.positional else _option(argument)


def _argument(number: int, argument: Argument, told: str, taken: set[str]) -> inspect.Parameter:
    name, choices = f"value_{number}", list(map(str, argument.choices))
    metavar = f"[{'|'.join(choices)}]" if choices else argument.kind.upper()

    def complete(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    if argument.positional:
        text = f"{told} {metavar}".strip()
        place = typer.Argument(metavar=argument.name.upper(), help=text, autocompletion=complete)
        return _parameter(name, str, place, required=argument.required)
    option = _option(argument)
    if argument.kind == "boolean" and not argument.many and not argument.nullable:
        no = option.replace("--", "--no-", 1)
        flag = typer.Option(option if no in taken else f"{option}/{no}", help=told)
        return _parameter(name, bool, flag, required=argument.required)
    given = typer.Option(option, metavar=metavar, help=told, autocompletion=complete)
    annotation = list[str] if argument.many else str
    return _parameter(name, annotation, given, required=argument.required)


def _our_options(command: Command, taken: set[str]) -> Iterator[inspect.Parameter]:
    """Options that every command has, under names that its own options leave."""
    raw = typer.Option(*_free(taken, "--raw", "--raw-body"), help="Print the body as it came.")
    yield _parameter("cli_raw", bool, raw, default=False)
    if command.pages:
        pages = _free(taken, "--all", "--all-pages")
        all_pages = typer.Option(*pages, help="Print the items of all pages.")
        yield _parameter("cli_all", bool, all_pages, default=False)
        names, text = _free(taken, "--limit", "--max-items"), "Print so many items at most."
        most = typer.Option(*names, min=0, metavar="INTEGER", help=text)
        yield _parameter("cli_limit", int, most, required=False)


def _free(taken: set[str], *names: str) -> list[str]:
    """The names that no argument of the call has; the last ones hardly any has."""
    return [name for name in names if name not in taken] or [f"--cli{names[0][1:]}"]


# --- Parameters of functions, which Typer makes options of -----------------------------------


def _parameter(
    name: str, kind: Any, info: Any, *, required: bool = False, default: object = None
) -> inspect.Parameter:
    annotation = kind if required or default is not None else kind | None
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[annotation, info],
        default=inspect.Parameter.empty if required else default,
    )


def _with_parameters(
    called: Callable[..., None], parameters: Sequence[inspect.Parameter]
) -> Callable[..., None]:
    """A function with these parameters, and a context before them."""

    def function(context: typer.Context, **given: Any) -> None:
        called(context, **given)

    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    every = [context, *parameters]
    function.__dict__["__signature__"] = inspect.Signature(every)
    function.__annotations__ = {each.name: each.annotation for each in every}
    return function
