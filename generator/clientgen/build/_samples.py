"""Calls that show what an SDK is like, with arguments that they can be made with."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.load import Json

    from .ir import Argument, Examples, Method, Sdk

MOST = 3
MOST_ARGUMENTS = 2
"""Calls in a README, and arguments that they need at the most."""

LONGEST = 88
"""Characters of a call in a docstring."""

Value: TypeAlias = "str | int | float | bool"

TYPES: Mapping[str, type[Value]] = {"bool": bool, "int": int, "float": float, "str": str}
PLAIN = re.compile(r"[A-Za-z0-9][\w.:@-]{0,39}", re.ASCII)
"""Texts of documents that are shown as they are."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A call that can be made as it is shown.

    Attributes:
        method: What is called.
        arguments: Names and values; the names of positional ones are empty.
    """

    method: Method
    arguments: tuple[tuple[str, Value], ...]

    @property
    def text(self) -> str:
        """The call as Python."""
        return self._text(self.method.call)

    @property
    def raw_text(self) -> str:
        """The same with the whole response."""
        owner, _, name = self.method.call.rpartition(".")
        return self._text(".".join(filter(None, [owner, "with_raw_response", name])))

    @property
    def streamed_text(self) -> str:
        """The same with an answer that is read item by item."""
        switch = self.method.switch
        return self._text(self.method.call, *([(switch.name, True)] if switch else ()))

    def _text(self, call: str, *more: tuple[str, Value]) -> str:
        given = (f"{name}={_literal(value)}" for name, value in (*self.arguments, *more))
        return f"client.{call}({', '.join(each.removeprefix('=') for each in given)})"

    @property
    def streams(self) -> bool:
        """Whether its answer can be read item by item."""
        return self.method.stream is not None

    @property
    def returns(self) -> bool:
        """Whether something comes back."""
        return self.method.returns.text != "None"


@dataclass(frozen=True, slots=True)
class Samples:
    """What a README shows.

    Attributes:
        credentials: Constructor arguments that these calls need, with values for them.
        has_server: Whether clients know where the API is.
        calls: A few calls that answer at once.
        listed: One that returns pages, if there is one.
        streamed: One that streams, if there is one.
    """

    credentials: tuple[tuple[str, str], ...]
    has_server: bool
    calls: tuple[Sample, ...]
    listed: Sample | None
    streamed: Sample | None


def _literal(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) and PLAIN.fullmatch(value) else repr(value)


def one_line_samples(sdk: Sdk) -> dict[int, str]:
    """Calls for docstrings that are short, by the index of the operation."""
    found = ((s.method.index, s.text) for s in _samples(sdk))
    return {index: text for index, text in found if len(text) <= LONGEST}


def samples(sdk: Sdk) -> Samples:
    """The first calls of an SDK that a reader can take in at a glance."""
    found = sorted((s for s in _samples(sdk) if not s.method.deprecated), key=_is_long)
    whole = [s for s in found if s.method.pages is None and (not s.streams or s.method.switch)]
    calls = [s for s in whole if not _is_long(s)][:MOST] or whole[:1]
    listed = next((s for s in found if s.method.pages is not None), None)
    streamed = next((s for s in found if s.streams), None)
    names = _credentials(sdk, [s.method for s in (*calls, listed, streamed) if s is not None])
    return Samples(
        credentials=tuple((name, _placeholder(name)) for name in names),
        has_server=bool(sdk.servers) and "://" in sdk.servers[0].url,
        calls=tuple(calls),
        listed=listed,
        streamed=streamed,
    )


def _is_long(sample: Sample) -> bool:
    return len(sample.arguments) > MOST_ARGUMENTS


def _credentials(sdk: Sdk, methods: Iterable[Method]) -> list[str]:
    """What calls need: of alternatives the shortest one, and all there is where nothing is told."""
    arguments = _arguments_of_schemes(sdk)
    needed: set[str] = set()
    for method in methods:
        ways = sdk.security if method.security is None else method.security
        names = [[n for scheme in way for n in arguments.get(scheme, ())] for way in ways]
        needed.update(*sorted(filter(None, names), key=len)[:1])
    known = [name for names in arguments.values() for name in names]
    return [name for name in known if name in needed] or known


def _arguments_of_schemes(sdk: Sdk) -> dict[str, tuple[str, ...]]:
    """What each scheme needs: of OAuth a token, which stands for what tokens are fetched with."""
    kinds = {scheme.name: scheme.kind for scheme in sdk.schemes}
    return {
        scheme: names[:1] if kinds.get(scheme) == "OAuth2" else names
        for scheme, names in sdk.credential_names.items()
    }


def _samples(sdk: Sdk) -> Iterator[Sample]:
    for _, method in sdk.called:
        if method.body is not None and method.body.must_be_given:
            continue
        arguments = list(_arguments(method, sdk.examples.get(method.index)))
        if len(arguments) == len(method.needed):
            yield Sample(method, tuple(arguments))


def _arguments(method: Method, examples: Examples | None) -> Iterator[tuple[str, Value]]:
    """What a call needs, as far as it can be written down without imports."""
    shown: dict[str, Json] = dict(examples.arguments) if examples else {}
    body = shown.get("body")
    fields = body if isinstance(body, dict) else {}
    for argument in method.needed:
        is_field = argument.place == "body"
        example = fields.get(argument.wire_name) if is_field else shown.get(argument.name)
        value = _value(argument, example)
        if value is not None:
            yield ("" if argument.place == "path" else argument.name), value


def _value(argument: Argument, example: Json) -> Value | None:
    """The document's example, else a value of the type; None where neither is simple."""
    members = argument.annotation.members
    if isinstance(example, (str, int, float)) and _is_plain(example, members):
        return example
    return next((value for value in _values(argument, members) if value is not None), None)


def _is_plain(example: Value, members: Iterable[str]) -> bool:
    kinds = {TYPES.get(member) for member in members}
    return type(example) in kinds and (
        not isinstance(example, str) or PLAIN.fullmatch(example) is not None
    )


def _values(argument: Argument, members: Iterable[str]) -> Iterator[Value | None]:
    for member in members:
        match member:
            case "str":
                yield _placeholder(argument.name)
            case "int" | "float" | "bool":
                yield TYPES[member](1)
            case _ if member.startswith("Literal["):
                first, *_ = ast.literal_eval(member.removeprefix("Literal"))
                yield first
            case _:
                yield None


def _placeholder(name: str) -> str:
    """A text that tells what is to stand in its place."""
    return ("my-" + re.sub(r"[^a-z0-9]+", "-", name.lower())).strip("-")
