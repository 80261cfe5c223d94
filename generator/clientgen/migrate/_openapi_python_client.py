"""The `config.yaml` of openapi-python-client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.build._identifiers import snake_case

from ._made import call_name, mapping, text

if TYPE_CHECKING:
    from ._made import Made

MARKS = frozenset(
    {
        "class_overrides",
        "content_type_overrides",
        "docstrings_on_attributes",
        "field_prefix",
        "generate_all_tags",
        "http_timeout",
        "literal_enums",
        "package_name_override",
        "package_version_override",
        "post_hooks",
        "project_name_override",
        "use_path_prefixes_for_title_model_names",
    }
)
RENAMED = {
    "project_name_override": "project_name",
    "package_name_override": "package",
    "package_version_override": "package_version",
}
TOLD = {
    "content_type_overrides": "all media types are read and written as they are; to change one, "
    "let an overlay do so",
    "docstrings_on_attributes": "descriptions always stand below the attributes of models",
    "field_prefix": "only names that cannot be Python's are changed; name such fields under "
    "[models.NAME] fields",
    "generate_all_tags": "an operation has one place, under its first tag",
    "http_timeout": "a document is waited for 30 seconds",
    "literal_enums": "enums are always literals, and take values that a newer server sends",
    "post_hooks": "the output is formatted already; run other commands after clientgen",
    "use_path_prefixes_for_title_model_names": "models without a name of their own are named by "
    "the calls that use them; rename them under [models.POINTER]",
}


def migrate(made: Made) -> None:
    """Take over what there is, with the names of functions and packages."""
    for key, value in made.given.items():
        if key in RENAMED:
            if written := text(value):
                made.settings[RENAMED[key]] = written
        elif key == "class_overrides":
            _classes(made)
        elif key in TOLD:
            made.note(TOLD[key], key)
        else:
            made.note("there is no such setting in openapi-python-client", key)
    _names_of_the_project(made)
    for operation in made.api.operations if made.api else ():
        made.call(operation.key, call_name(operation.tag, operation.operation_id or operation.key))


def _classes(made: Made) -> None:
    for schema, override in mapping(made.given["class_overrides"]).items():
        names = mapping(override)
        name = text(names.get("class_name"))
        if name:
            made.model(schema, name, "class_overrides", schema)
        if "module_name" in names:
            advice = f"models are imported from the package: from PACKAGE.models import {name}"
            made.note(advice, "class_overrides", schema, "module_name")


def _names_of_the_project(made: Made) -> None:
    """What it calls projects and packages that are not named."""
    settings = made.settings
    if made.api is not None:
        words = snake_case(made.api.title).replace("_", "-")
        settings.setdefault("project_name", f"{words}-client")
    if "project_name" in settings:
        settings.setdefault("package", text(settings["project_name"]).replace("-", "_"))
