"""datamodel-code-generator behind one adapter: objects in, the text of pydantic classes out.

Each object is handed over under its final class name, with its fields' final names, and refers to
others by name only; so classes do not depend on each other, and one that cannot be written costs
no other. The generator's own map of classes and fields says what came of each.
"""

from __future__ import annotations

import ast
import json
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clientgen.diagnostics import Diagnostics, Where
from clientgen.load import Json

from ._schema import MODELS, RUNTIME, Schema

BUILTIN = frozenset("bool bytes dict float int list str tuple None".split())


@dataclass(frozen=True, slots=True)
class FieldSource:
    """A field to be written."""

    name: str
    wire_name: str
    schema: Schema
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class RecordSource:
    """A class to be written."""

    base: str
    fields: tuple[FieldSource, ...]
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class ClassSource:
    """A class as written: its text, and the names in its annotations."""

    text: str
    names: frozenset[str]


def write_classes(
    records: Mapping[str, RecordSource], diagnostics: Diagnostics
) -> dict[str, ClassSource]:
    """Write classes; those that cannot be written are left out with a diagnostic."""
    written: dict[str, ClassSource] = {}
    for part in _in_parts(records):
        written.update(_written_or_split(part, diagnostics))
    return written


PART = 400
"""Classes handed over at once: more cost memory, fewer cost time."""


def _in_parts(records: Mapping[str, RecordSource]) -> Iterator[dict[str, RecordSource]]:
    names = list(records)
    for start in range(0, len(names), PART):
        yield {name: records[name] for name in names[start : start + PART]}


def _written_or_split(
    records: dict[str, RecordSource], diagnostics: Diagnostics
) -> dict[str, ClassSource]:
    """Write classes; when that fails, halve until the one that fails stands alone."""
    try:
        return _written(records)
    except Exception as error:  # noqa: BLE001 - the generator raises many kinds
        if len(records) == 1:
            ((name, record),) = records.items()
            message = f"no class can be made of {name} ({type(error).__name__}: {error})"
            diagnostics.warning("CG250", f"{message}; it is read as any value", record.where)
            return {}
    names = list(records)
    middle = len(names) // 2
    found: dict[str, ClassSource] = {}
    for half in (names[:middle], names[middle:]):
        found.update(_written_or_split({name: records[name] for name in half}, diagnostics))
    return found


def _written(records: Mapping[str, RecordSource]) -> dict[str, ClassSource]:
    # Neutral keys: a class must not be called like something that another one refers to.
    keys = {f"Class{number}": name for number, name in enumerate(records)}
    with tempfile.TemporaryDirectory() as folder:
        metadata = Path(folder) / "models.json"
        text = _generate({key: records[name] for key, name in keys.items()}, metadata)
        known = _known_classes(json.loads(metadata.read_text("utf-8")), keys)
    lines = text.splitlines(keepends=True)
    written = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef) and node.name in known:
            name = known[node.name]
            written[name] = _class_source(node, lines, name, records[name])
    for name in records:
        if name not in written:
            raise LookupError("it was left out")
    return written


def _known_classes(metadata: dict[str, Any], keys: Mapping[str, str]) -> dict[str, str]:
    """Names of the classes that were written, to the names they are to have."""
    found = {}
    for model in metadata["models"]:
        key = model["source_ref"].removeprefix("#/$defs/")
        if key in keys:
            found[model["class_name"]] = keys[key]
    return found


def _class_source(
    node: ast.ClassDef, lines: list[str], name: str, record: RecordSource
) -> ClassSource:
    """Cut a class out of the module, under its name and without settings that its base has."""
    kept = [statement for statement in node.body if not _is_config(statement)]
    fields = [s.target.id for s in kept if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    if fields != [field.name for field in record.fields]:
        raise LookupError(f"fields {fields} came out")
    body = "".join("".join(lines[s.lineno - 1 : s.end_lineno]) for s in kept)
    used = {
        inner.id
        for statement in kept
        if isinstance(statement, ast.AnnAssign)
        for inner in ast.walk(statement)
        if isinstance(inner, ast.Name)
    }
    used -= {*fields, *BUILTIN}
    text = f"class {name}({record.base}):\n{body or '    pass' + chr(10)}"
    return ClassSource(text, frozenset(used))


def _is_config(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == "model_config"
    )


def _generate(records: Mapping[str, RecordSource], metadata: Path) -> str:
    # Imported here: it takes half a second, and `--help` should not.
    from datamodel_code_generator import (
        DataModelType,
        GenerateConfig,
        InputFileType,
        LiteralType,
        PythonVersion,
        generate,
    )
    from datamodel_code_generator.format import Formatter

    config = GenerateConfig(
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        base_class=f"{RUNTIME}.ApiModel",
        base_class_map={
            key: f"{MODELS}.{record.base}"
            for key, record in records.items()
            if record.base != "ApiModel"
        },
        target_python_version=PythonVersion.PY_310,
        formatters=[Formatter.BUILTIN],
        emit_model_metadata=metadata,
        enum_field_as_literal=LiteralType.All,
        use_annotated=True,
        use_union_operator=True,
        use_standard_collections=True,
        use_schema_description=True,
        use_field_description=True,
        use_attribute_docstrings=True,
        strict_nullable=True,
        keep_model_order=True,
        disable_timestamp=True,
        treat_dot_as_module=False,
        aliases={
            f"{key}.{field.wire_name}": field.name
            for key, record in records.items()
            for field in record.fields
            if field.name != field.wire_name
        },
    )
    document = {"$defs": {key: _definition(record) for key, record in records.items()}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = generate(document, config=config)
    if not isinstance(result, str):
        raise TypeError(f"expected one module, got {type(result).__name__}")
    return result


def _definition(record: RecordSource) -> dict[str, Json]:
    """A class as JSON Schema."""
    definition: dict[str, Json] = {
        "type": "object",
        "properties": {
            field.wire_name: {**field.schema, **({"description": field.text} if field.text else {})}
            for field in record.fields
        },
        "required": [field.wire_name for field in record.fields if field.required],
    }
    if record.text:
        definition["description"] = record.text
    return definition
