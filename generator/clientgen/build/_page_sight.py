"""What the rules that find lists of pages look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientgen.resolve.spec import ListOf, Ref

from ._page_fields import Field, Input, inputs, of_item, outputs, plain
from ._page_words import BESIDE, DONES, LISTS, MORES, NOISE, SIZES, bare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientgen.resolve.spec import Operation, Shape

    from ._page_fields import Schemas

NUMBERS = {"integer", "number"}
URL_FORMATS = {"uri", "url", "uri-reference", "iri"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What the rules look at.

    Attributes:
        given: What a request can be given.
        held: What the body of an answer holds.
        items: The list; its path is empty when the body is the list.
        headers: Headers of the answer.
        reads: Whether the method promises to change nothing.
        is_thing: Whether the path leads to one thing, which may have lists.
        is_named: Whether the list is called as lists are, or as the path is.
    """

    given: tuple[Input, ...]
    held: tuple[Field, ...]
    items: Field
    headers: tuple[str, ...]
    reads: bool
    is_thing: bool
    is_named: bool
    schemas: Schemas

    @property
    def item(self) -> Shape | None:
        """Type of the items, None when the document does not say."""
        return item_of(self.items)

    @property
    def of_item(self) -> dict[str, Field]:
        """Properties that every item has, by their bare names."""
        item = self.item
        return {field.bare: field for field in of_item(item, self.schemas)} if item else {}

    @property
    def is_one(self) -> bool:
        """Whether the answer is one thing, which happens to have a list."""
        may_be = self.is_thing or (bool(self.items.path) and not self.is_named)
        return may_be and any(field.path == ("id",) for field in self.held)

    def size(self, taker: Input) -> Input | None:
        """What takes the number of items on a page, beside what takes the position."""
        sizes = (i for i in self.given if i.bare in SIZES and i is not taker and is_number(i))
        return next(sizes, None)

    def takes(self, names: Iterable[str]) -> bool:
        """Whether something of these names can be given."""
        return any(taker.bare in names for taker in self.given)

    def path_of(self, names: Iterable[str], kinds: Iterable[str]) -> str:
        """Path of the first property of the answer with one of these names and kinds."""
        found = (field for field in self.held if field.bare in names and field.kind in kinds)
        return next((field.dotted for field in found), "")

    @property
    def more(self) -> str:
        """Path of the flag that tells whether there is more, as the runtime takes it."""
        done = self.path_of(DONES, {"boolean"})
        return self.path_of(MORES, {"boolean"}) or (done and f"!{done}")


def look(operation: Operation, schemas: Schemas) -> Sight | None:
    """What the rules need, None when the answer has no list."""
    shape = answer(operation)
    if shape is None:
        return None
    headers = tuple(dict.fromkeys(n for r in operation.responses for n in r.headers))
    body = plain(shape, schemas)
    held = () if isinstance(body, ListOf) else tuple(outputs(body, schemas))
    items = Field((), body) if isinstance(body, ListOf) else _list_in(held, operation, schemas)
    if items is None:
        return None
    given = tuple(inputs(operation, schemas))
    reads = operation.method != "POST"
    is_list = not items.path or items.bare in LISTS
    return Sight(
        given,
        held,
        items,
        headers,
        reads,
        is_thing=operation.path.endswith("}") and not is_list,
        is_named=is_list or _singular(items.bare) in _path_words(operation),
        schemas=schemas,
    )


def answer(operation: Operation) -> Shape | None:
    """What a successful answer holds, where it is read as a value."""
    good = [r for r in operation.responses if r.status[0] == "2"]
    good = good or [r for r in operation.responses if r.status == "default"]
    for response in good:
        for kind in ("json", "*/*", "xml"):
            for media in response.content:
                if kind in media.type.lower() and media.shape is not None:
                    return media.shape
    return None


def item_of(field: Field) -> Shape | None:
    """Type of the items of a list."""
    return field.shape.item if isinstance(field.shape, ListOf) else None


def _list_in(held: tuple[Field, ...], operation: Operation, schemas: Schemas) -> Field | None:
    """The list among what a body holds: by its name, by that of the path, or the only one."""
    words = _path_words(operation)
    lists = [field for field in held if field.kind == "list"]
    marked = [field for field in lists if field.purpose == "items"]
    lists = [field for field in lists if field.bare not in NOISE or _singular(field.bare) in words]
    outer = min((len(field.path) for field in lists), default=0)
    level = [field for field in lists if len(field.path) == outer]
    named = [field for field in level if field.bare in LISTS]
    of_path = [field for field in level if _singular(field.bare) in words]
    level = [field for field in level if field.bare not in BESIDE] or level
    of_objects = [field for field in level if _holds_objects(field, schemas)]
    return next(iter([*marked, *named, *of_path, *of_objects, *level]), None)


def _path_words(operation: Operation) -> set[str]:
    fixed = [part for part in re.split(r"[/:.]", operation.path) if part and "{" not in part]
    return {_singular(bare(part)) for part in fixed[-2:]}


def _singular(name: str) -> str:
    return re.sub(r"ies$", "y", name) if name.endswith("ies") else name.removesuffix("s")


def _holds_objects(field: Field, schemas: Schemas) -> bool:
    item = item_of(field)
    return item is not None and isinstance(plain(item, schemas), Ref)


def is_number(taker: Input) -> bool:
    """Whether an input can be a number; texts that Swagger authors left at `string` can, too."""
    is_text = taker.kind == "string" and taker.format in {"", "int32", "int64"}
    return is_text or taker.kind in {*NUMBERS, "any"}


# --- How findings are told ---------------------------------------------------------------------


def where(taker: Input) -> str:
    """An input, in words."""
    kinds = {"query": "parameter", "header": "header", "body": "field"}
    return f"{kinds[taker.place]} {taker.dotted!r}"


def beside(sight: Sight, taker: Input) -> str:
    """That there is a size beside what takes the position, in words."""
    size = sight.size(taker)
    return f", and {size.dotted!r} its size" if size else ""


def speaks_of(field: Field, *words: str) -> bool:
    """Whether a description has one of these words."""
    return re.search(rf"\b({'|'.join(words)})\b", field.text, re.IGNORECASE) is not None


def speaks_of_url(field: Field) -> bool:
    """Whether the document says that it holds a URL."""
    if field.kind not in {"string", "any"}:
        return False
    return field.format in URL_FORMATS or speaks_of(field, "url", "uri", "link", "href")


def speaks_of_time(field: Field) -> bool:
    """Whether the document says that it is a time."""
    return speaks_of(field, "time", "date", "datetime", "timestamp", "day", "epoch", "unix")
