"""Documents that are broken in a few places, as people and programs break them.

python -m tests.support.mutations 2000
"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from clientgen import write
from tests.generator.cli.command import run
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCUMENTS = ("dirty.yaml", "json_schema_2020.yaml", "legacy_swagger.json", "modern_3_2.yaml")
OTHER_VALUES: tuple[Any, ...] = (
    *(None, True, 7, -1.5, "", "text", [], {}, [None], {"": None}, ["a", ["a"]], "\ud7ff\x00"),
    *({"$ref": "#"}, {"type": "object", "properties": 3}, 10**40, "2024-13-45", {"a": {"b": {}}}),
)
OTHER_REFERENCES = (
    *(
        "#/nowhere",
        "#",
        "",
        "nowhere.yaml#/a",
        "#/paths",
        "#/components/schemas/~2",
        "%zz",
        "#/info",
    ),
    *(
        "http://127.0.0.1:9/x",
        "//",
        "#/0/0",
        "#anchor",
        "\\\\host\\x",
        "#/openapi",
        "file:///dev/null",
    ),
)


class Found(NamedTuple):
    """What a run on a broken document came to."""

    code: int
    diagnostics: int


def is_key_removed(document: Any, chance: random.Random) -> None:
    """Take an entry away."""
    holder, key = chance.choice([*_places(document)])
    del holder[key]


def is_value_of_another_type(document: Any, chance: random.Random) -> None:
    """Put a value there that no author means."""
    holder, key = chance.choice([*_places(document)])
    holder[key] = copy.deepcopy(chance.choice(OTHER_VALUES))


def is_reference_wrong(document: Any, chance: random.Random) -> None:
    """Lead a reference elsewhere, or put one where none belongs."""
    places = [*_places(document)]
    references = [(holder, key) for holder, key in places if key == "$ref"]
    if references and chance.random() < 0.5:
        holder, key = chance.choice(references)
        holder[key] = chance.choice(OTHER_REFERENCES)
    else:
        holder, key = chance.choice(places)
        holder[key] = {"$ref": chance.choice(OTHER_REFERENCES)}


def is_cut(text: str, chance: random.Random) -> str:
    """End in the middle."""
    return text[: chance.randrange(len(text))]


CHANGES: tuple[Callable[[Any, random.Random], None], ...] = (
    is_key_removed,
    is_value_of_another_type,
    is_reference_wrong,
)
KINDS = ("removed", "type", "reference", "cut")


def mutated(name: str, kind: str, number: int) -> str:
    """One broken document; the same for the same arguments, on every machine."""
    text = (SAMPLES / name).read_text("utf-8")
    chance = random.Random(f"{name} {kind} {number}")
    if kind == "cut":
        return is_cut(text, chance)
    document = yaml.safe_load(text)
    for _ in range(1 + number % 3):
        CHANGES[KINDS.index(kind)](document, chance)
    return json.dumps(document, default=str)


def judged(text: str, folder: Path, *, wholly: bool = True) -> Found:
    """Generate from a broken document, or only validate it, which takes a third of the time.

    Raises:
        AssertionError: The command fails in another way than by telling what is wrong.
    """
    path = folder / "api.yaml"
    path.write_text(text, "utf-8")
    generate = ("generate", "-o", folder / "out", "--dry-run")
    told = run(*(generate if wholly else ("validate",)), path, "--format", "json")
    assert told.code in ({0, 3} if wholly else {0, 1, 3}), told
    assert "Traceback" not in told.err, told
    return Found(told.code, len(json.loads(told.out)["diagnostics"]))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def main() -> None:
    """Judge as many as are asked for, and print how they came out."""
    total = int(sys.argv[1])
    write._ruff = lambda *_: None
    found: list[Found] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(total):
            name = DOCUMENTS[number % len(DOCUMENTS)]
            kind = KINDS[number // len(DOCUMENTS) % len(KINDS)]
            try:
                found.append(judged(mutated(name, kind, number), Path(folder)))
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                print(f"{name} {kind} {number}: {type(error).__name__}: {str(error)[:300]}")
    told = sum(each.diagnostics > 0 for each in found)
    refused = sum(each.code == 3 for each in found)
    print(f"{len(found)} of {total} fine: {told} with diagnostics, {refused} refused")


if __name__ == "__main__":
    main()
