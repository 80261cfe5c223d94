"""datamodel-code-generator behind one adapter: objects in, the text of pydantic classes out.

Each object is handed over alone, with its fields' final names and numbers in place of the models
that it refers to. So classes do not depend on each other, one that cannot be written costs no
other, and objects that are alike but for names, of which large documents are full, are written
once. The generator's own map of classes says what came of each.
"""

from __future__ import annotations

import ast
import json
import tempfile
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientgen.build.ir import names_in, renamed

from ._schema import MODELS, RUNTIME, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.build.ir import Annotation
    from clientgen.diagnostics import Diagnostics, Where
    from clientgen.load import Json

BUILTIN = frozenset(["bool", "bytes", "dict", "float", "int", "list", "str", "tuple", "None"])


@dataclass(frozen=True, slots=True)
class FieldSource:
    """A field to be written.

    Attributes:
        from_server: Whether it must be there in what comes, and must not in what is sent.
    """

    name: str
    wire_name: str
    schema: Schema
    required: bool
    text: str
    from_server: bool = False


@dataclass(frozen=True, slots=True)
class RecordSource:
    """A class to be written.

    Attributes:
        bases: What stands in parentheses after its name.
        extra: The type of what it holds beside its fields, None for any.
    """

    bases: str
    fields: tuple[FieldSource, ...]
    text: str
    where: Where
    extra: Annotation | None = None


@dataclass(frozen=True, slots=True)
class ClassSource:
    """A class as written, and the names in its annotations."""

    text: str
    names: frozenset[str]


def write_classes(
    records: Mapping[str, RecordSource], diagnostics: Diagnostics
) -> dict[str, ClassSource]:
    """Write classes; those that cannot be written are left out with a diagnostic."""
    patterns: dict[str, _Pattern] = {}
    uses: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, record in records.items():
        fields, models = _numbered(record.fields)
        key = repr((fields, record.text))
        uses[name] = key, models
        patterns.setdefault(key, _Pattern(name, fields, record.text, record.where))
    bodies = _bodies(patterns, diagnostics)
    return {
        name: _class_source(name, records[name], bodies[key], models)
        for name, (key, models) in uses.items()
        if key in bodies
    }


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a class is made of, its own name and those of other models apart."""

    first_use: str
    fields: tuple[FieldSource, ...]
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class _Body:
    """A class body as written: statements, and the names in its annotations."""

    statements: tuple[tuple[str, bool], ...]
    names: frozenset[str]


def _numbered(fields: tuple[FieldSource, ...]) -> tuple[tuple[FieldSource, ...], tuple[str, ...]]:
    """Fields that refer to models by number, and the models."""
    models: dict[str, str] = {}

    def number(value: Json) -> Json:
        if isinstance(value, list):
            return [number(item) for item in value]
        if not isinstance(value, dict):
            return value
        path = value.get("customTypePath")
        if isinstance(path, str) and path.startswith(f"{MODELS}."):
            stand_in = models.setdefault(path.removeprefix(f"{MODELS}."), f"Model{len(models)}_")
            return {"customTypePath": f"{MODELS}.{stand_in}"}
        return {key: number(inner) for key, inner in value.items()}

    found = []
    for field in fields:
        schema = number(field.schema)
        assert isinstance(schema, dict)
        found.append(replace(field, schema=schema))
    return tuple(found), tuple(models)


def _class_source(
    name: str, record: RecordSource, body: _Body, models: tuple[str, ...]
) -> ClassSource:
    names = {f"Model{number}_": model for number, model in enumerate(models)}
    statements = [renamed(code, names) if is_code else code for code, is_code in body.statements]
    used = {used for name in body.names for used in names_in(names.get(name, name))}
    if record.extra is not None:
        # Type checkers would take it for an argument.
        extra = f"        __pydantic_extra__: dict[str, {record.extra.text}]\n"
        statements.insert(1 if record.text else 0, "    if not TYPE_CHECKING:\n" + extra)
        used |= {"TYPE_CHECKING", *names_in(record.extra.text)}
    text = "".join(statements) or "    pass\n"
    return ClassSource(f"class {name}({record.bases}):\n{text}", frozenset(used))


PART = 200
"""Classes handed over at once: many together cost more each, few the start of a run."""


def _bodies(patterns: Mapping[str, _Pattern], diagnostics: Diagnostics) -> dict[str, _Body]:
    keys = list(patterns)
    found: dict[str, _Body] = {}
    for start in range(0, len(keys), PART):
        part = {key: patterns[key] for key in keys[start : start + PART]}
        found.update(_written_or_split(part, diagnostics))
    return found


def _written_or_split(patterns: dict[str, _Pattern], diagnostics: Diagnostics) -> dict[str, _Body]:
    """Write classes; when that fails, halve until the one that fails stands alone."""
    try:
        return _written(patterns)
    except Exception as error:  # noqa: BLE001 - the generator raises many kinds
        if len(patterns) == 1:
            (pattern,) = patterns.values()
            message = (
                f"no class can be made of {pattern.first_use} ({type(error).__name__}: {error})"
            )
            diagnostics.warning("CG250", f"{message}; it is read as any value", pattern.where)
            return {}
    keys = list(patterns)
    middle = len(keys) // 2
    found: dict[str, _Body] = {}
    for half in (keys[:middle], keys[middle:]):
        found.update(_written_or_split({key: patterns[key] for key in half}, diagnostics))
    return found


def _written(patterns: Mapping[str, _Pattern]) -> dict[str, _Body]:
    # Neutral names: a class must not be called like something that another one refers to.
    keys = {f"Class{number}": key for number, key in enumerate(patterns)}
    with tempfile.TemporaryDirectory() as folder:
        metadata = Path(folder) / "models.json"
        text = _generate({name: patterns[key] for name, key in keys.items()}, metadata)
        known = _known_classes(json.loads(metadata.read_text("utf-8")), keys)
    lines = [line + "\n" for line in text.split("\n")]  # as `ast` counts them
    written = {
        known[node.name]: _body(node, lines, patterns[known[node.name]])
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and node.name in known
    }
    if len(written) < len(patterns):
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


def _body(node: ast.ClassDef, lines: list[str], pattern: _Pattern) -> _Body:
    """Cut a class's body out of the module, without settings that its base has."""
    kept = [statement for statement in node.body if not _is_config(statement)]
    annotated = [s for s in kept if isinstance(s, ast.AnnAssign)]
    fields = [s.target.id for s in annotated if isinstance(s.target, ast.Name)]
    if fields != _plain_names(pattern):
        raise LookupError(f"fields {fields} came out")
    final = dict(zip(fields, (field.name for field in pattern.fields), strict=True))
    names = {
        inner.id
        for statement in annotated
        for inner in ast.walk(statement)
        if isinstance(inner, ast.Name)
    }
    late = {field.name for field in pattern.fields if field.from_server}
    names |= {"FROM_SERVER"} if late else set()
    statements = []
    for statement in kept:
        code = "".join(lines[statement.lineno - 1 : statement.end_lineno])
        is_code = isinstance(statement, ast.AnnAssign)
        if is_code:
            name, colon, rest = code.partition(":")
            code = f"    {final[name.strip()]}{colon}{rest}"
            if final[name.strip()] in late:
                code = f"{code.rstrip()} = FROM_SERVER\n"
        statements.append((code, is_code))
    return _Body(tuple(statements), frozenset(names - {*fields, *BUILTIN}))


def _plain_names(pattern: _Pattern) -> list[str]:
    """Names of fields as they are handed over: in ASCII, since others would come out changed."""
    return [
        field.name if field.name.isascii() else f"field{number}_"
        for number, field in enumerate(pattern.fields)
    ]


def _is_config(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id == "model_config"
    )


def _generate(patterns: Mapping[str, _Pattern], metadata: Path) -> str:
    # Imported here: it takes half a second, and `--help` should not.
    from datamodel_code_generator import (
        GenerateConfig,
        InputFileType,
        LiteralType,
        PythonVersion,
        generate,
    )
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter

    config = GenerateConfig(
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        base_class=f"{RUNTIME}.ApiModel",
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
            f"{name}.{field.wire_name}": plain
            for name, pattern in patterns.items()
            for field, plain in zip(pattern.fields, _plain_names(pattern), strict=True)
            if plain != field.wire_name
        },
    )
    document = {"$defs": {name: _definition(pattern) for name, pattern in patterns.items()}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = generate(document, config=config)
    if not isinstance(result, str):
        raise TypeError(f"expected one module, got {type(result).__name__}")
    return result


def _definition(pattern: _Pattern) -> dict[str, Json]:
    """A class as JSON Schema."""
    definition: dict[str, Json] = {
        "type": "object",
        "properties": {
            field.wire_name: {**field.schema, **({"description": field.text} if field.text else {})}
            for field in pattern.fields
        },
        "required": [field.wire_name for field in pattern.fields if field.required],
    }
    if pattern.text:
        definition["description"] = pattern.text
    return definition
