"""The `config.yaml` of OpenAPI Generator for Python, and `openapitools.json`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.build._identifiers import pascal_case

from ._made import Made, call_name, mapping, pairs, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientgen.load import Json

    from ._made import Operation

WRAPPER = "generator-cli"
MARKS = frozenset(
    {
        WRAPPER,
        "additionalProperties",
        "generatorName",
        "globalProperties",
        "inlineSchemaNameMappings",
        "inputSpec",
        "modelNameMappings",
        "modelNamePrefix",
        "modelNameSuffix",
        "nameMappings",
        "openapiNormalizer",
        "operationIdNameMappings",
        "outputDir",
        "packageName",
        "packageVersion",
        "parameterNameMappings",
        "projectName",
    }
)
AFFIXES = ("modelNamePrefix", "modelNameSuffix")
RENAMED = {
    "outputDir": "output",
    "output": "output",
    "packageName": "package",
    "packageVersion": "package_version",
    "projectName": "project_name",
}
TOLD = {
    "apiNameSuffix": "there are no classes of this name: calls are reached from a client, as in "
    "client.pets.list()",
    "apiPackage": "resources are reached from a client; nothing has to be imported",
    "enumNameMappings": "enums are literals, and have no names of values",
    "enumUnknownDefaultCase": "values that a newer server sends are kept as they are",
    "files": "give templates with the names of ours, with templates = FOLDER, or write a plugin",
    "generateSourceCodeOnly": 'meta = "none" writes the package alone',
    "globalProperties": "everything is generated; include_path, include_tag and include_schema "
    "choose",
    "httpUserAgent": "give user_agent= to the client",
    "importMappings": "models are always generated; use your own with response_model=",
    "inlineSchemaNameMappings": "name such models under [models.POINTER]; clientgen inspect shows "
    "the pointers",
    "inlineSchemaOptions": "models without a name of their own are named by the calls that use "
    "them",
    "lazyImports": "models and resources are always loaded when they are used",
    "library": "one package has a sync and an async client",
    "mapNumberTo": 'numbers are floats; format: decimal, or formats = { … = "decimal" }, asks '
    "for exact ones",
    "modelPackage": "models are in PACKAGE.models",
    "packageUrl": "add it to the project after the first run; what you edit is kept",
    "recursionLimit": "models may stand within themselves",
    "schemaMappings": "models are always generated; use your own with response_model=",
    "templateDir": "its templates are for another engine; see templates = FOLDER",
    "typeMappings": "formats can be read as others with [formats]",
}
SILENT = {
    *("generatorName", "inputSpec", "generator", "version", "hideGenerationTimestamp"),
    *(
        "skipValidateSpec",
        "validateSpec",
        "verbose",
        "skipOverwrite",
        "disallowAdditionalPropertiesIfNotPresent",
    ),
    *("gitHost", "gitUserId", "gitRepoId", "releaseNote", "enablePostProcessFile", "glob"),
    *("sortParamsByRequiredFlag", "strictSpecBehavior", "removeOperationIdPrefix"),
}
"""What means nothing here, or is seen to by other means."""


def document_of(given: dict[str, Json]) -> str:
    """The document of a configuration; empty when it has several or none."""
    if WRAPPER not in given:
        return text(given.get("inputSpec"))
    documents = {_path(each.get("inputSpec")) for _, each in _generators(given)}
    return documents.pop() if len(documents) == 1 else ""


def migrate(made: Made) -> None:
    """Take over what there is, with the names of methods, models and packages."""
    if WRAPPER not in made.given:
        _one(made, made.given, ())
        return
    generators = _generators(made.given)
    for name, settings in mapping(mapping(made.given[WRAPPER]).get("generators")).items():
        if (name, settings) not in generators:
            language = text(mapping(settings).get("generatorName"))
            made.note(f"{language or 'this'} is not Python", WRAPPER, "generators", name)
    if len(generators) == 1:
        name, settings = generators[0]
        _one(made, settings, (WRAPPER, "generators", name))
        return
    common = made.settings.pop("spec", None)
    for name, settings in generators:
        one = replace(made, settings={}, calls={}, models={})
        if spec := _path(settings.get("inputSpec")) or common:
            one.settings["spec"] = spec
        _one(one, settings, (WRAPPER, "generators", name))
        made.table("sdk")[name] = one.settings
        made.overlay += one.overlay


def _generators(given: dict[str, Json]) -> list[tuple[str, dict[str, Json]]]:
    """The settings of each SDK for Python, by name."""
    found = mapping(mapping(given[WRAPPER]).get("generators"))
    return [
        (name, settings)
        for name, settings in ((name, mapping(each)) for name, each in found.items())
        if text(settings.get("generatorName")).startswith("python")
    ]


def _path(value: Json) -> str:
    """A text; one that starts from where the command is run, as the JSON may say, is relative."""
    return text(value).removeprefix("#{cwd}/")


def _one(made: Made, given: dict[str, Json], place: tuple[str, ...]) -> None:
    generator = text(given.get("generatorName"))
    if generator and not generator.startswith("python"):
        made.note(f"{generator} is not Python; its names are not those of users here", *place)
    made.settings["package"] = "openapi_client"
    _calls(made, given, place)
    _settings(made, given, place)
    _affixed(made, given, place)


def _calls(made: Made, given: dict[str, Json], place: tuple[str, ...]) -> None:
    ids = pairs(given["operationIdNameMappings"]) if "operationIdNameMappings" in given else {}
    for operation in made.api.operations if made.api else ():
        made.call(operation.key, call_name(operation.tag, _method(operation, ids)), *place)


def _settings(made: Made, given: dict[str, Json], place: tuple[str, ...]) -> None:
    for key, value in given.items():
        here = (*place, key)
        if key == "additionalProperties":
            _settings(made, dict(_properties(value)), here)
        elif key in RENAMED:
            if written := _path(value):
                made.settings[RENAMED[key]] = written
        elif key in READ:
            READ[key](made, value, here)
        elif key in TOLD:
            made.note(TOLD[key], *here)
        elif key not in SILENT and key not in AFFIXES:
            made.note("this has no counterpart that is known here", *here)


def _properties(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else dict(pairs(value))


# --- Names -----------------------------------------------------------------------------------


def _method(operation: Operation, ids: dict[str, str]) -> str:
    named = ids.get(operation.operation_id, operation.operation_id)
    if named:
        return named
    method, _, path = operation.key.partition(" ")
    return f"{path} {method}"


def _operation_ids(made: Made, value: Json, here: tuple[str, ...]) -> None:
    known = {each.operation_id for each in made.api.operations} if made.api else set()
    for operation_id in pairs(value):
        if made.api is None:
            made.note("give the document with --spec, to keep the names of calls", *here)
            return
        if operation_id not in known:
            made.note(f"the document has no operation {operation_id!r}", *here, operation_id)


def _model_names(made: Made, value: Json, here: tuple[str, ...]) -> None:
    for schema, name in pairs(value).items():
        made.model(schema, name, *here, schema)


def _affixed(made: Made, given: dict[str, Json], place: tuple[str, ...]) -> None:
    """`modelNamePrefix` and `modelNameSuffix`, which models have that are not named one by one."""
    prefix, suffix = (pascal_case(text(given.get(affix, ""))) for affix in AFFIXES)
    if not prefix and not suffix:
        return
    here = (*place, "modelNamePrefix" if prefix else "modelNameSuffix")
    if made.api is None:
        made.note("give the document with --spec, to name all models so", *here)
        return
    named = pairs(given["modelNameMappings"]) if "modelNameMappings" in given else {}
    for schema in made.api.schemas:
        if schema not in named:
            made.model(schema, f"{prefix}{pascal_case(schema)}{suffix}", *here)


def _field_names(made: Made, value: Json, here: tuple[str, ...]) -> None:
    for wire_name, name in pairs(value).items():
        found = (
            [s for s, names in made.api.schemas.items() if wire_name in names] if made.api else []
        )
        for schema in found:
            fields = made.table("models", schema).setdefault("fields", {})
            mapping(fields)[wire_name] = name
        if not found:
            made.note(_not_found(made, f"property {wire_name!r}"), *here, wire_name)


def _parameter_names(made: Made, value: Json, here: tuple[str, ...]) -> None:
    for wire_name, name in pairs(value).items():
        operations = made.api.operations if made.api else ()
        found = [each for each in operations if wire_name in each.parameters]
        for operation in found:
            if operation.parameters[wire_name] != name:
                given = made.table("operations", operation.key).setdefault("parameters", {})
                mapping(given)[wire_name] = name
        if not found:
            made.note(_not_found(made, f"parameter {wire_name!r}"), *here, wire_name)


def _not_found(made: Made, what: str) -> str:
    if made.api is None:
        return "give the document with --spec, to know where this is"
    return f"the document has no {what}"


# --- Choosing --------------------------------------------------------------------------------

FILTERS = {"operationId": "include_operation", "tag": "include_tag", "path": "include_path"}


def _normalizer(made: Made, value: Json, here: tuple[str, ...]) -> None:
    for rule, told in pairs(value).items():
        kind, _, values = told.partition(":")
        if rule == "FILTER" and kind in FILTERS:
            chosen = [each.strip() for each in values.split("|")]
            # What it calls a path is the beginning of one.
            globs = [f"{each.rstrip('/')}/**" if kind == "path" else each for each in chosen]
            made.settings[FILTERS[kind]] = [*globs]
        elif rule == "FILTER" and kind == "method":
            globs = [f"/**#{each.strip().upper()}" for each in values.split("|")]
            made.settings["include_path"] = [*globs]
        else:
            made.note("what is odd about a document is understood as it is", *here, rule)


READ: dict[str, Callable[[Made, Json, tuple[str, ...]], None]] = {
    "modelNameMappings": _model_names,
    "nameMappings": _field_names,
    "openapiNormalizer": _normalizer,
    "operationIdNameMappings": _operation_ids,
    "parameterNameMappings": _parameter_names,
}
