"""An SDK as Python: what the templates write down, and nothing that they must work out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from clientgen.diagnostics import Where
    from clientgen.load import Json

# --- Types ---------------------------------------------------------------------------------

NAME_OR_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\s\[\](){}|,.:='"]+""")
"""A quoted text, or a name: all between what else annotations are made of. `\\w` knows no marks."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A type as Python writes it, with the names that it uses.

    Attributes:
        members: Members of the union that it is, such as `list[Pet]`; a single one for others.
        models: Names of models in it; they stand bare.
        names: Other names in it that need an import.
    """

    members: tuple[str, ...]
    models: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The type as text."""
        return " | ".join(self.members)

    def renamed(self, names: Mapping[str, str]) -> str:
        """The type as text, names in it replaced; what stands in quotes is left alone."""
        return renamed(self.text, names)


def renamed(code: str, names: Mapping[str, str]) -> str:
    """Code with names in it replaced; what stands in quotes is left alone."""
    return NAME_OR_QUOTED.sub(lambda found: names.get(found[0], found[0]), code)


def names_in(code: str) -> list[str]:
    """The names in code; what stands in quotes is left out."""
    return [found for found in NAME_OR_QUOTED.findall(code) if found[0] not in "'\""]


def named(name: str) -> Annotation:
    """A type that has to be imported."""
    return Annotation((name,), names=frozenset({name}))


def union(annotations: Iterable[Annotation]) -> Annotation:
    """`A | B`: each member once, None last; `Any` swallows the others."""
    given = list(annotations)
    members = dict.fromkeys(member for a in given for member in a.members)
    if "Any" in members:
        return named("Any")
    null = ("None",) if members.pop("None", "") is None else ()
    return Annotation(
        (*members, *null),
        frozenset().union(*(a.models for a in given)),
        frozenset().union(*(a.names for a in given)),
    )


def generic(pattern: str, *inner: Annotation) -> Annotation:
    """`pattern` with the inner types put into it."""
    return Annotation(
        (pattern.format(", ".join(a.text for a in inner)),),
        frozenset().union(*(a.models for a in inner)),
        frozenset().union(*(a.names for a in inner)),
    )


# --- Methods -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method that comes from a parameter or from a field of the body.

    Attributes:
        name: Python name.
        wire_name: Name on the wire.
        place: `path`, `query`, `header`, `cookie` or `querystring`; `body` for its fields.
        annotation: Its type, `Omit` left out.
        required: Whether a call must give it.
        lines: Its name and description, as lines for the docstring.
        brief: The same in one line.
        fixed: What is sent when none is given: its only value, or the default of a required one.
        by_client: Whether the client knows a value for calls that give none.
    """

    name: str
    wire_name: str
    place: str
    annotation: Annotation
    required: bool
    lines: tuple[str, ...]
    brief: str
    where: Where
    deprecated: bool = False
    fixed: str | int | float | bool | None = None
    by_client: bool = False

    @property
    def is_optional(self) -> bool:
        """Whether a call may leave it out, as it may fields of bodies that are given whole."""
        return not self.required or self.by_client or self.place == "body"


Form: TypeAlias = "str | dict[str, Form]"
"""What values are written as: their type in models, or those of an object's members."""


@dataclass(frozen=True, slots=True)
class Style:
    """A parameter style that is not the default of its place; `parts` are those of a form."""

    wire_name: str
    style: str
    explode: bool
    allow_reserved: bool
    content: str
    format: Form | None
    optional: bool
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Payload:
    """A media type and the type of what is in it; None where the document has no schema.

    Attributes:
        annotation: As callers see it.
        value: As the runtime reads and writes it.
        has_fields: Whether it is sent from arguments of a method, too.
        is_stream: Whether it is a sequence of items, whose type is given.
        events: Payloads of server-sent events, by the names of the events.
        ends: Data of events that end a stream.
    """

    media_type: str
    annotation: Annotation | None
    value: Annotation | None
    has_fields: bool = False
    is_stream: bool = False
    events: Mapping[str, Annotation] = field(default_factory=dict)
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """How a field of a form is written, where its value alone does not tell."""

    wire_name: str
    content: str = ""
    style: str = ""
    explode: bool = True
    allow_reserved: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Body:
    """What a method takes as its body.

    Attributes:
        style: `fields` when properties are arguments, else `body`.
        annotation: Type of the `body=` argument.
        payloads: The media types, the default first.
        choices: Type of the `content_type=` argument, where there is a choice.
        encoding: How fields of forms are written, by media type.
        typed: Whether mappings in it must be written by its type.
        has_read_only: Whether models in it have properties that are left out.
    """

    style: Literal["fields", "body"]
    required: bool
    annotation: Annotation
    payloads: tuple[Payload, ...]
    choices: Annotation | None
    lines: tuple[str, ...]
    encoding: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    typed: bool = False
    has_read_only: bool = False

    @property
    def must_be_given(self) -> bool:
        """Whether a call needs `body=`, since there are no fields that could stand for it."""
        return self.required and self.style == "body"


@dataclass(frozen=True, slots=True)
class Overload:
    """A way to call a method, as type checkers see it.

    Attributes:
        body: Type of `body=`, None when the method takes none.
        content_type: Media types that it is for, None when there is no choice.
        accept: Media types of answers that it is for, None when there is no choice.
        has_fields: Whether the fields of the body are arguments.
        is_picked: Whether the call must say `content_type=`.
        is_asked: Whether the call must say `accept=`.
        wrapper: What `returns` stands in, such as `Stream`.
        switch: Type of `stream=`, None when there is no choice.
        is_switched: Whether the call must say `stream=`.
        is_either: Whether it is a coroutine or a stream that comes back.
    """

    body: Annotation | None
    content_type: Annotation | None
    accept: Annotation | None
    returns: Annotation
    has_fields: bool
    is_picked: bool = False
    is_asked: bool = False
    needs_body: bool = False
    wrapper: str = ""
    switch: Annotation | None = None
    is_switched: bool = False
    is_either: bool = False

    def result(self, renames: Mapping[str, str], prefix: str) -> str:
        """What comes back, as text; `prefix` is `Async` for an async client."""
        text = self.returns.renamed(renames)
        wrapper = WRAPPERS.get(prefix + self.wrapper, prefix + self.wrapper)
        return f"{wrapper}[{text}]" if self.wrapper else text

    def waits(self, prefix: str) -> bool:
        """Whether the method is a coroutine function; streams are awaited when they are used."""
        return bool(prefix) and not self.wrapper and not self.is_either


WRAPPERS = {"AsyncPage": "AsyncPaginator"}
"""What an async client has in place of some wrappers."""


@dataclass(frozen=True, slots=True)
class Pages:
    """How a list goes on after its first page.

    Attributes:
        arguments: Those of the runtime's `Pages`, by name, those that say something.
        returns: Types of an item and of the body; the item's alone when the body is the list.
        body: Type of the body.
        next: Where the next position is, in words.
        reason: Why it is taken to be so.
        confidence: How sure that is, from 0 to 1.
    """

    arguments: Mapping[str, str | int]
    returns: Annotation
    body: Annotation
    next: str
    reason: str
    confidence: float

    def wrapped(self, way: Overload) -> Overload:
        """A way to call a method, with pages in place of their bodies."""
        if way.returns.text != self.body.text:
            return way
        return replace(way, returns=self.returns, wrapper="Page")


@dataclass(frozen=True, slots=True)
class Retry:
    """When a call is tried again.

    Attributes:
        arguments: Those of the runtime's `RetryConfig`, those that say something; none for never.
    """

    arguments: Mapping[str, Json | tuple[int | str, ...]]


@dataclass(frozen=True, slots=True)
class Key:
    """The header in which a call has a key that tells which requests are one.

    Attributes:
        argument: As the document declares it; None when it does not.
    """

    header: str
    always: bool
    argument: Argument | None

    @property
    def is_usual(self) -> bool:
        """Whether the runtime needs not be told."""
        return self.header.lower() == "idempotency-key" and not self.always


@dataclass(frozen=True, slots=True)
class Stream:
    """How an answer is read item by item.

    Attributes:
        item: What an item is, and what the whole answer is where the last item has it.
        switch: The argument that asks for it; None when there is no other answer.
    """

    kind: Literal["sse", "jsonl"]
    item: Annotation
    switch: Argument | None


@dataclass(frozen=True, slots=True)
class Response:
    """What comes back under a status."""

    status: str
    payloads: tuple[Payload, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Raises:
    """An error that a method's docstring announces."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a resource, with the operation that it calls.

    Attributes:
        index: Place of the operation in the document.
        name: Python name.
        constant: Name of the `Operation` constant in its module.
        path_arguments: Positional arguments, in the order of the path.
        arguments: Keyword arguments, required ones first.
        returns: What a call returns.
        summary: First line of the docstring.
        lines: The rest of the description.
        written_path: The path as the document has it.
        call: Attribute path from a client, such as `pets.retrieve`.
        named_by: What decided on the name.
        accept: Type of the `accept=` argument, where there is a choice.
        overloads: The ways to call it, where they differ.
        stream: How its answer streams, if it can.
        response_headers: Headers of its answers that are not texts, by lower-case name; where they
            are no JSON, their media type is empty.
        pages: How the list goes on that it returns, if it does.
        retry: When it is tried again, if the document says.
        key: The header for idempotency keys, if the document has one.
        final_state: Where the result of what it starts is; None when it is not said to take long.
    """

    index: int
    name: str
    constant: str
    http_method: str
    path: str
    written_path: str
    operation_id: str
    path_arguments: tuple[Argument, ...]
    arguments: tuple[Argument, ...]
    body: Body | None
    responses: tuple[Response, ...]
    returns: Annotation
    styles: Mapping[str, tuple[Style, ...]]
    security: tuple[tuple[str, ...], ...] | None
    scopes: Mapping[str, tuple[str, ...]]
    servers: tuple[Server, ...]
    headers: Mapping[str, str]
    summary: str
    lines: tuple[str, ...]
    raises: tuple[Raises, ...]
    deprecated: bool
    call: str
    named_by: str
    reason: str
    where: Where
    accept: Annotation | None = None
    overloads: tuple[Overload, ...] = ()
    stream: Stream | None = None
    response_headers: Mapping[str, Payload] = field(default_factory=dict)
    pages: Pages | None = None
    retry: Retry | None = None
    key: Key | None = None
    final_state: str | None = None

    @property
    def signature(self) -> Overload:
        """What the method itself takes and returns."""
        way = Overload(
            self.body.annotation if self.body else None,
            self.body.choices if self.body else None,
            self.accept,
            named("Any") if self._is_either else self.returns,
            has_fields=True,
            needs_body=bool(self.body and self.body.must_be_given and not self.overloads),
            wrapper="Stream" if self.stream and not self._is_either else "",
            is_either=self._is_either,
        )
        return self.pages.wrapped(way) if self.pages and not self._is_either else way

    @property
    def answers(self) -> list[tuple[str, tuple[Payload, ...]]]:
        """What is in the answers: statuses, those of the same kind together, and payloads.

        A 304 need not be stated: it has no body, whatever the document says (RFC 9110 section
        15.4.5).
        """
        found: list[tuple[str, tuple[Payload, ...]]] = []
        for status, payloads in ((r.status, r.payloads) for r in self.responses):
            if status == "304" and len(self.responses) > 1:
                continue
            place = next((i for i, (_, known) in enumerate(found) if known == payloads), None)
            if place is None:
                found.append((status, payloads))
            else:
                found[place] = (f"{found[place][0]} {status}", payloads)
        return found

    @property
    def _is_either(self) -> bool:
        """Whether what comes back is awaited in some calls and not in others."""
        wrappers = {way.wrapper for way in self.overloads}
        can_switch = self.stream is not None and self.stream.switch is not None
        return can_switch or (self.pages is not None and len(wrappers) > 1)

    @property
    def returns_text(self) -> str:
        """What a call that asks for no stream returns, as text."""
        if self.switch is not None:
            return self.returns.text
        way = self.overloads[0] if self._is_either else self.signature
        return way.result({}, "")

    @property
    def received(self) -> Annotation:
        """What callers of the sync method receive when they ask for nothing special."""
        return generic("Page[{}]", self.pages.returns) if self.pages else self.returns

    @property
    def raw(self) -> str:
        """What makes of it a method that returns the response, for type checkers."""
        wrapper = self.signature.wrapper
        return "RawOverloads" if self.overloads else f"Raw{wrapper or 'Method'}"

    @property
    def switch(self) -> Argument | None:
        """The argument that asks for a stream."""
        return self.stream.switch if self.stream else None

    @property
    def entry(self) -> str:
        """The function of the runtime that makes the call."""
        if self.stream is None:
            return "_pages" if self.pages else "_call"
        return "_either" if self.stream.switch else "_stream"

    @property
    def documented(self) -> tuple[Argument, ...]:
        """Arguments that the document says something about."""
        return tuple(a for a in (*self.path_arguments, *self.arguments) if a.lines)

    @property
    def old(self) -> tuple[str, ...]:
        """Wire names of arguments that callers should no longer give."""
        return tuple(a.wire_name for a in self.arguments if a.deprecated and a.fixed is None)

    @property
    def needed(self) -> tuple[Argument, ...]:
        """Arguments that a call must have."""
        return tuple(a for a in (*self.path_arguments, *self.arguments) if a.required)

    @property
    def given(self) -> Iterator[tuple[str, tuple[Argument, ...]]]:
        """Arguments by the keyword that hands them to the runtime."""
        everything = (*self.path_arguments, *self.arguments)
        for keyword, places in PLACES.items():
            found = tuple(argument for argument in everything if argument.place in places)
            if found or (keyword == "fields" and self.body and self.body.style == "fields"):
                yield keyword, found


@dataclass(frozen=True, slots=True)
class Examples:
    """What the document shows of a call, as JSON has it.

    Attributes:
        arguments: Required arguments by name, and `body`.
        answers: Answers by status and media type.
    """

    arguments: Mapping[str, Json]
    answers: Mapping[str, Mapping[str, Json]]


PLACES = {
    "query": ("query", "querystring"),
    "headers": ("header",),
    "cookies": ("cookie",),
    "fields": ("body",),
}
"""Keywords of the runtime's call, and the places of the arguments that they take."""


# --- Resources -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Child:
    """A resource reached from another one or from the client."""

    attribute: str
    class_name: str
    module: str
    summary: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A class with methods; it is written in a module of its own.

    Attributes:
        path: Attribute names that lead to it from a client; empty for the client itself.
        models: Models that its annotations use, and what they are called in its module.
        inputs: What its methods take in place of models.
        renames: Names of types that would mean something else inside the class.
        names: Other names that its annotations use.
        value_names: Names that the types of its payloads use at run time.
    """

    path: tuple[str, ...]
    class_name: str
    module: str
    summary: str
    methods: tuple[Method, ...]
    children: tuple[Child, ...]
    models: Mapping[str, str]
    inputs: tuple[str, ...]
    renames: Mapping[str, str]
    names: frozenset[str]
    value_names: frozenset[str]

    @property
    def static_names(self) -> frozenset[str]:
        """Names that only type checkers need."""
        return self.names - self.value_names - {"Any", "Literal"}


# --- The API as a whole --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A variable of a server's URL."""

    name: str
    default: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """Where the API is found."""

    url: str
    name: str
    variables: tuple[ServerVariable, ...]


@dataclass(frozen=True, slots=True)
class Credential:
    """A constructor argument that holds a credential.

    Attributes:
        name: Python name, such as `api_key`.
        scheme: Name in the document of the scheme that it serves.
        env: Environment variable that is read when it is not given.
        text: Its description.
    """

    name: str
    scheme: str
    env: str
    text: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme: the runtime class that describes it and its arguments."""

    name: str
    kind: Literal["ApiKey", "HttpAuth", "OAuth2", "MutualTLS"]
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Project:
    """Names and texts of the package as a whole.

    Attributes:
        scripts: Functions that installed commands run, by the commands' names.
        extras: What optional features need, by the names of the features.
        sections: Further sections of the README, in Markdown, by their headings.
    """

    name: str
    package: str
    client: str
    async_client: str
    title: str
    version: str
    api_version: str
    summary: str
    lines: tuple[str, ...]
    env_prefix: str
    scripts: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)


# --- Models --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model's class or alias name and the module that it is written in."""

    name: str
    module: str


@dataclass(frozen=True, slots=True)
class RecordModel:
    """A pydantic class, already written.

    Attributes:
        xml: The code that tells how it stands in XML, empty when there is nothing to tell.
        read_only: Wire names of properties that are left out of requests.
    """

    name: str
    base: str | None
    text: str
    names: frozenset[str]
    xml: str = ""
    read_only: tuple[str, ...] = ()

    @property
    def used(self) -> frozenset[str]:
        """Names that its annotations use."""
        return self.names | {"ApiModel", "TaggedModel"} | ({"Xml"} if self.xml else set())

    @property
    def needed(self) -> frozenset[str]:
        """Models that must stand above it."""
        return self.eager

    @property
    def eager(self) -> frozenset[str]:
        """Models for which no stand-in will do."""
        return frozenset({self.base} if self.base else ())


@dataclass(frozen=True, slots=True)
class TaggedModel:
    """A choice among classes, as an alias that carries how to tell them apart."""

    name: str
    annotation: Annotation
    tag: str
    mapping: Mapping[str, str]
    lines: tuple[str, ...]
    default: str = ""
    adds: bool = False

    @property
    def used(self) -> frozenset[str]:
        """Names that its annotation uses."""
        return self.annotation.models | self.annotation.names | {"Annotated", "OneOf", "TypeAlias"}

    @property
    def needed(self) -> frozenset[str]:
        """Models that must stand above it."""
        return self.annotation.models

    @property
    def eager(self) -> frozenset[str]:
        """Models for which no stand-in will do."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class AliasModel:
    """A type that the document names and that is no class."""

    name: str
    annotation: Annotation
    lines: tuple[str, ...]

    @property
    def used(self) -> frozenset[str]:
        """Names that its annotation uses."""
        return self.annotation.models | self.annotation.names | {"TypeAlias"}

    @property
    def needed(self) -> frozenset[str]:
        """Models that must stand above it."""
        return self.annotation.models

    @property
    def eager(self) -> frozenset[str]:
        """Models for which no stand-in will do: the one that this is another name of."""
        is_another_name = {*self.annotation.members} == self.annotation.models
        return self.annotation.models if is_another_name else frozenset()


Model: TypeAlias = RecordModel | TaggedModel | AliasModel


@dataclass(frozen=True, slots=True)
class ModelModule:
    """A module of models that stand together in the document.

    Attributes:
        bases: Modules of models that classes here extend, by the models' names.
        lazy: Modules of models that annotations here refer to.
        later: Models of this module that others refer to above them.
        names: Other names that annotations use.
        circular: Types of this module that stand within themselves.
        overrides: Whether classes here narrow what their bases say.
    """

    name: str
    models: tuple[Model, ...]
    bases: Mapping[str, str]
    lazy: Mapping[str, str]
    later: tuple[str, ...]
    names: frozenset[str]
    circular: tuple[str, ...] = ()
    overrides: bool = False

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Models that annotations here refer to through stand-ins."""
        return (*self.lazy, *self.later)


@dataclass(frozen=True, slots=True)
class Input:
    """A type that is given in place of a model.

    Attributes:
        fields: Types of its keys, those that may be absent as `NotRequired`; empty for an alias.
        alias: What it is another name of, when it has no fields.
        is_class: Whether its keys can be written as attributes.
    """

    name: str
    fields: Mapping[str, str] = field(default_factory=dict)
    alias: str = ""
    is_class: bool = True


@dataclass(frozen=True, slots=True)
class Inputs:
    """The types that are given in place of models, and what they use.

    Attributes:
        models: Models that their annotations use, and what they are called in their module.
        names: Other names that need an import.
    """

    members: tuple[Input, ...]
    models: Mapping[str, str]
    names: frozenset[str]


SHOWN = 3
SHOWN_ARGUMENTS = 2
"""Calls in a README, and arguments that they have at the most."""


@dataclass(frozen=True, slots=True)
class Version:
    """Where calls take the version of the API that they mean.

    Attributes:
        name: Wire name of the parameter, or name of the variable of the server's URL.
        place: `query`, `header` or `server`.
        annotation: Type of the client's argument, `None` left out.
        default: What is sent when neither client nor call states one.
        required: Whether calls need it.
    """

    name: str
    place: str
    annotation: Annotation
    default: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sdk:
    """Everything that is written."""

    project: Project
    root: Resource
    resources: tuple[Resource, ...]
    servers: tuple[Server, ...]
    schemes: tuple[Scheme, ...]
    credentials: tuple[Credential, ...]
    event: Annotation | None
    inputs: Inputs
    version: Version | None = None
    has_xml: bool = False
    retry: Retry | None = None
    security: tuple[tuple[str, ...], ...] = field(default=())
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: Mapping[int, Examples] = field(default_factory=dict)

    @property
    def own_variables(self) -> tuple[str, ...]:
        """Server variables that only operations with servers of their own have."""
        servers = (s for r in (self.root, *self.resources) for m in r.methods for s in m.servers)
        found = dict.fromkeys(variable.name for s in servers for variable in s.variables)
        known = {variable.name for s in self.servers for variable in s.variables}
        return tuple(name for name in found if name not in known)

    @property
    def credential_names(self) -> dict[str, tuple[str, ...]]:
        """Constructor arguments by scheme: one, or user name and password."""
        found: dict[str, tuple[str, ...]] = {}
        for credential in self.credentials:
            found[credential.scheme] = (*found.get(credential.scheme, ()), credential.name)
        return found

    @property
    def called(self) -> Iterator[tuple[Resource, Method]]:
        """All methods, with the classes that have them."""
        for resource in (self.root, *self.resources):
            for method in resource.methods:
                yield resource, method

    @property
    def shown(self) -> tuple[Method, ...]:
        """A few calls that show what the SDK is like: the first ones with few arguments."""
        methods = [m for resource in (self.root, *self.resources) for m in resource.methods]
        simple = [m for m in methods if len(m.needed) <= SHOWN_ARGUMENTS and not m.deprecated]
        return tuple(simple[:SHOWN])
