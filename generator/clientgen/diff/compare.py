"""What changed between two versions of an SDK for those who call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from .surface import model_with_names, opened, with_names

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from clientgen.diagnostics import Where

    from .surface import Argument, Call, Field, Model, Surface, Type

Kind: TypeAlias = Literal["removed", "renamed", "changed", "added", "deprecated"]
Bump: TypeAlias = Literal["major", "minor", "patch", "none"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that callers notice.

    Attributes:
        kind: What happened to the subject.
        breaking: Whether code that worked may fail, at run time or in a type checker.
        subject: What it happened to, as callers write it, such as `pets.list(limit=)`.
        message: What happened, as the end of a sentence that begins with the subject.
        where: The place in the new document, or in the old one for what is gone.
    """

    kind: Kind
    breaking: bool
    subject: str
    message: str
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, breaking ones first, otherwise in the order of the documents.

    Attributes:
        changes: What callers notice.
        bump: The part of the version that has to rise (Semantic Versioning 2.0.0, items 6 to 8);
            `patch` when the document changed and callers notice nothing.
    """

    changes: tuple[Change, ...]
    bump: Bump

    @property
    def breaking(self) -> int:
        """How many changes are breaking."""
        return sum(change.breaking for change in self.changes)


def compare(old: Surface, new: Surface) -> Comparison:
    """What changed from the old version to the new one."""
    names = dict(_renamed_models(old, new))
    before, after = opened(with_names(old, names)), opened(new)
    renamed = [
        Change("renamed", True, name, f"is {now} now", new.models[now].where)
        for name, now in names.items()
    ]
    found = dict.fromkeys(
        [*_package(old, new), *_calls(before, after), *renamed, *_models(before, after)]
    )
    changes = tuple(sorted(found, key=lambda change: not change.breaking))
    if any(change.breaking for change in changes):
        return Comparison(changes, "major")
    if changes:
        return Comparison(changes, "minor")
    return Comparison((), "none" if old.sha256 == new.sha256 else "patch")


def _package(old: Surface, new: Surface) -> Iterator[Change]:
    for what, before, after in (
        ("package", old.package, new.package),
        ("client", old.client, new.client),
    ):
        if before != after:
            yield Change("renamed", True, before, f"is the {what} {after} now")
    for name in sorted(old.credentials - new.credentials):
        yield Change("removed", True, f"{new.client}({name}=)", "is no argument any more")
    for name in sorted(new.credentials - old.credentials):
        yield Change("added", False, f"{new.client}({name}=)", "takes a credential")


# --- Calls ---------------------------------------------------------------------------------


def _calls(old: Surface, new: Surface) -> Iterator[Change]:
    by_path = {call.path: call for call in new.calls.values()}
    gone = {call.path for call in old.calls.values()}
    for key, before in old.calls.items():
        after = new.calls.get(key) or by_path.get(before.path)
        if after is None or (key not in new.calls and after.operation in old.calls):
            yield Change("removed", True, before.path, "is gone", before.where)
            continue
        if after.path != before.path:
            yield Change("renamed", True, before.path, f"is {after.path} now", after.where)
        if after.operation != before.operation:
            message = f"sends {after.operation} instead of {before.operation}"
            yield Change("changed", False, before.path, message, after.where)
        yield from _call(before, after)
    for key, call in new.calls.items():
        if key not in old.calls and call.path not in gone:
            yield Change("added", False, call.path, "is new", call.where)


def _call(old: Call, new: Call) -> Iterator[Change]:
    names = {(a.place, a.wire_name): a for a in new.arguments.values()}
    # What is given by position may be called anything.
    places = dict(zip(old.positional, new.positional, strict=False))
    known = set()
    for before in old.arguments.values():
        same = names.get((before.place, before.wire_name)) or new.arguments.get(before.name)
        after = same or new.arguments.get(places.get(before.name, ""))
        subject = f"{new.path}({before.name}=)"
        if after is None:
            yield Change("removed", True, subject, "is no argument any more", before.where)
            continue
        known.add(after.name)
        yield from _argument(subject, before, after)
    for argument in new.arguments.values():
        if argument.name not in known:
            needed = argument.required
            message = "is new and has to be given" if needed else "is new"
            subject = f"{new.path}({argument.name}=)"
            yield Change("added", needed, subject, message, argument.where)
    if len(old.positional) == len(new.positional) and old.positional != new.positional:
        message = f"takes {', '.join(new.positional)} in this order"
        if {*old.positional} == {*new.positional}:
            yield Change("changed", True, f"{new.path}()", message, new.where)
    yield from _received(f"{new.path}()", "returns", old.returns, new.returns, new.where)
    if new.deprecated and not old.deprecated:
        yield Change("deprecated", False, f"{new.path}()", "is deprecated", new.where)


def _argument(subject: str, old: Argument, new: Argument) -> Iterator[Change]:
    if old.name != new.name and old.place != "path":
        yield Change("renamed", True, subject, f"is called {new.name} now", new.where)
    if new.required and not old.required:
        yield Change("changed", True, subject, "has to be given", new.where)
    if old.required and not new.required:
        yield Change("changed", False, subject, "may be left out", new.where)
    yield from _given(subject, old.type, new.type, new.where)
    if new.deprecated and not old.deprecated:
        yield Change("deprecated", False, subject, "is deprecated", new.where)


# --- Models --------------------------------------------------------------------------------


def _models(old: Surface, new: Surface) -> Iterator[Change]:
    for name, before in old.models.items():
        after = new.models.get(name)
        if after is None:
            yield Change("removed", True, name, "is gone", before.where)
            continue
        is_given = name in old.given and name in new.given
        is_received = name in old.received
        yield from _model(name, before, after, is_given=is_given, is_received=is_received)
    for name, model in new.models.items():
        if name not in old.models:
            yield Change("added", False, name, "is new", model.where)


def _renamed_models(old: Surface, new: Surface) -> Iterator[tuple[str, str]]:
    """Models that went, and came back the same under another name."""
    came: dict[Hashable, list[str]] = {}
    for name, model in new.models.items():
        if name not in old.models:
            came.setdefault(_outline(name, model), []).append(name)
    for name, before in old.models.items():
        same = came.get(_outline(name, before), []) if name not in new.models else []
        if len(same) == 1 and (before.fields or before.type):
            yield name, same.pop()


def _outline(name: str, model: Model) -> Hashable:
    """What a model is, whatever it is called; a linear way to find the same among many."""
    told = model_with_names(model, {name: ""})
    if told.type is not None:
        return told.type.written
    fields = told.fields.items()
    return frozenset((key, field.required, field.type.written) for key, field in fields)


def _model(
    name: str, old: Model, new: Model, *, is_given: bool, is_received: bool
) -> Iterator[Change]:
    if (old.type is None) != (new.type is None):
        now = "a class" if new.type is None else new.type.text
        yield Change("changed", True, name, f"is {now} now", new.where)
        return
    if old.type is not None and new.type is not None:
        yield from _both(
            name, old.type, new.type, new.where, is_given=is_given, is_received=is_received
        )
        return
    yield from _fields(name, old.fields, new.fields, is_given=is_given, is_received=is_received)


def _fields(
    name: str,
    old: Mapping[str, Field],
    new: Mapping[str, Field],
    *,
    is_given: bool,
    is_received: bool,
) -> Iterator[Change]:
    for key, before in old.items():
        subject, after = f"{name}.{key}", new.get(key)
        if after is None:
            yield Change("removed", True, subject, "is gone", before.where)
            continue
        if after.required and not before.required:
            yield Change("changed", is_given, subject, "is required now", after.where)
        if before.required and not after.required:
            yield Change("changed", is_received, subject, "may be absent now", after.where)
        yield from _both(
            subject,
            before.type,
            after.type,
            after.where,
            is_given=is_given,
            is_received=is_received,
        )
    for key, field in new.items():
        if key not in old:
            needed = field.required and is_given
            message = "is new and required" if needed else "is new"
            yield Change("added", needed, f"{name}.{key}", message, field.where)


# --- Types ---------------------------------------------------------------------------------


def _both(
    subject: str, old: Type, new: Type, where: Where | None, *, is_given: bool, is_received: bool
) -> Iterator[Change]:
    """A type that callers hand in, get back, or both."""
    if old == new:
        return
    changes: list[Change] = []
    if is_given or not is_received:
        changes += _given(subject, old, new, where)
    if is_received:
        changes += _received(subject, "is", old, new, where)
    worst = sorted(changes, key=lambda change: not change.breaking)
    yield from worst[:1]


def _given(subject: str, old: Type, new: Type, where: Where | None) -> Iterator[Change]:
    """A type that callers hand in: it may take more, not less."""
    if old.written == new.written:  # what a name stands for is told of the name
        return
    if new.admits(old) and old.admits(new):
        return
    if new.admits(old):
        message = f"takes {new.text} instead of {old.text}"
        yield Change("changed", False, subject, message, where)
    else:
        yield Change("changed", True, subject, f"takes {new.text}, no longer {old.text}", where)


def _received(
    subject: str, verb: str, old: Type, new: Type, where: Where | None
) -> Iterator[Change]:
    """A type that comes back: it may be less, not more."""
    if old.written == new.written:
        return
    if new.admits(old) and old.admits(new):
        return
    message = f"{verb} {new.text} instead of {old.text}"
    yield Change("changed", not old.admits(new), subject, message, where)
