"""The `stainless.yml` of Stainless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.build._identifiers import pascal_case, snake_case

from ._made import mapping, text

if TYPE_CHECKING:
    from clientgen.load import Json

    from ._made import Keys, Made

MARKS = frozenset(
    {
        "client_settings",
        "custom_casings",
        "environments",
        "organization",
        "pagination",
        "query_settings",
        "readme",
        "resources",
        "streaming",
        "targets",
        "unspecified_endpoints",
    }
)
TOLD = {
    "codeflow": "see the guide about CI",
    "edition": "versions of clientgen are told in its changelog",
    "multipart_settings": "bodies are written as the document's encoding says",
    "openapi": "give an overlay, with overlays = [FILE], to change the document",
    "query_settings": "parameters are written as their style in the document says; let an overlay "
    "state another one",
    "readme": "the README shows the first calls; what you write into it is kept",
    "security": "who may call what is read from the document",
    "security_schemes": "credentials are read from the document",
    "settings": "license and the like stand in the project; what you write there is kept",
    "streaming": "streams are found in the document",
}
AUTOMATIC = {"type", "endpoint", "skip_test_reason", "streaming", "description", "deprecated"}
"""What is said of a method that the document says too."""
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}


def migrate(made: Made) -> None:
    """Take over resources, methods, models and what the package is called."""
    given = made.given
    _project(made)
    _resources(made, mapping(given.get("resources")), (), ("resources",))
    for number, endpoint in enumerate(_list(given.get("unspecified_endpoints"))):
        _leave_out(made, text(endpoint), ("unspecified_endpoints", number))
    _environments(made)
    _client(made)
    for key in given:
        if key in TOLD:
            made.note(TOLD[key], key)
        elif key not in MARKS:
            made.note("this has no counterpart that is known here", key)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


# --- The package -----------------------------------------------------------------------------


def _project(made: Made) -> None:
    name = text(mapping(made.given.get("organization")).get("name"))
    casings = mapping(mapping(made.given.get("custom_casings")).get(name))
    if name:
        made.settings["client"] = text(casings.get("pascal")) or pascal_case(name)
    targets = mapping(made.given.get("targets"))
    python = mapping(targets.get("python"))
    package = text(python.get("package_name")) or snake_case(name)
    if package:
        made.settings["package"] = package.replace("-", "_")
    if project := text(python.get("project_name")) or text(python.get("package_name")):
        made.settings["project_name"] = project
    for language in targets:
        if language != "python":
            made.note("clientgen writes Python", "targets", language)


def _environments(made: Made) -> None:
    """Names of servers, which a document can hardly say."""
    environments = mapping(made.given.get("environments"))
    if len(environments) < 2:
        return
    servers: list[Json] = [{"url": text(url), "name": name} for name, url in environments.items()]
    made.overlay.append({"target": "$.servers", "remove": True})
    made.overlay.append({"target": "$", "update": {"servers": servers}})
    made.note("the overlay has these servers; server= takes their names", "environments")


def _client(made: Made) -> None:
    settings = mapping(made.given.get("client_settings"))
    for key, value in settings.items():
        if key == "opts":
            for name, option in mapping(value).items():
                text_of_note = _about_option(made, name, mapping(option))
                if text_of_note:
                    made.note(text_of_note, "client_settings", key, name)
        elif key == "default_env_prefix":
            if _variable(made, "") != f"{text(value)}_":
                about = f"variables of the environment begin with {_variable(made, '')}"
                made.note(about, "client_settings", key)
        else:
            told = CLIENT_SETTINGS.get(key, "this has no counterpart that is known here")
            made.note(told, "client_settings", key)


CLIENT_SETTINGS = {
    "default_retries": "give retry= to the client",
    "default_timeout": "give timeout= to the client",
    "idempotency": "keys are sent as Idempotency-Key; see idempotency_keys= of the client",
}


def _variable(made: Made, name: str) -> str:
    """The environment variable of an argument of the client."""
    return f"{text(made.settings.get('package'))}_{name}".upper()


def _about_option(made: Made, name: str, option: dict[str, Json]) -> str:
    """What has to be known of an argument of the client; empty when it stays what it was."""
    if "send_in_header" in option:
        return f"give headers={{{text(option['send_in_header'])!r}: …}} to the client"
    if "auth" not in option:
        return "give it with each call, or set it with headers= or params= of the client"
    scheme = text(mapping(option["auth"]).get("security_scheme"))
    known = made.api.credentials.get(scheme, ()) if made.api else ()
    if not known:
        return (
            "credentials are arguments by their kind: api_key=, token=, username= and password=, "
            "else the scheme's name; the README has those of the package"
        )
    variable = text(option.get("read_env"))
    if name in known and variable in ("", _variable(made, name)):
        return ""
    return f"this is {' and '.join(f'{each}= ({_variable(made, each)})' for each in known)}"


# --- Resources -------------------------------------------------------------------------------


def _resources(made: Made, resources: dict[str, Json], path: tuple[str, ...], keys: Keys) -> None:
    for name, resource in resources.items():
        here, told = (*keys, name), mapping(resource)
        # `$client` has calls of the client itself, `$shared` models that several use.
        below = path if name.startswith("$") else (*path, name)
        for method, settings in mapping(told.get("methods")).items():
            _method(made, ".".join((*below, method)), settings, (*here, "methods", method))
        for model, schema in mapping(told.get("models")).items():
            _model(made, model, schema, (*here, "models", model))
        inner = mapping(told.get("subresources"))
        _resources(made, inner, below, (*here, "subresources"))
        for key in told:
            if key not in {"methods", "models", "subresources", "standalone_api"}:
                made.note("this has no counterpart that is known here", *here, key)


def _method(made: Made, call: str, settings: Json, keys: Keys) -> None:
    told = mapping(settings)
    operation = _operation(settings if isinstance(settings, str) else text(told.get("endpoint")))
    if not operation:
        made.note("no endpoint; such methods are written by hand, see the guide", *keys)
        return
    if told.get("skip") is True:
        _leave_out(made, operation, keys)
        return
    made.call(operation, call, *keys)
    for key, value in told.items():
        if key == "paginated":
            _pagination(made, operation, value, (*keys, key))
        elif key not in AUTOMATIC:
            made.note(METHOD_SETTINGS.get(key, "this has no counterpart here"), *keys, key)


METHOD_SETTINGS = {
    "body_param_name": "the whole body is given as body=",
    "positional_params": "path parameters are positional, all others have names",
    "skip": "to leave out an operation for Python, write exclude_path",
    "only": "to leave out an operation for Python, write exclude_path",
    "unwrap_response_fields": "results are what the document says; take the field of them",
}


def _operation(endpoint: str) -> str:
    """`GET /pets`, as our configuration writes it; empty when it is none."""
    method, _, path = " ".join(endpoint.split()).partition(" ")
    return f"{method.upper()} {path}" if method.lower() in METHODS and path[:1] == "/" else ""


def _leave_out(made: Made, endpoint: str, keys: Keys) -> None:
    operation = _operation(endpoint)
    if not operation:
        made.note("no endpoint; write it like 'get /pets'", *keys)
        return
    method, _, path = operation.partition(" ")
    paths = made.settings.setdefault("exclude_path", [])
    assert isinstance(paths, list)
    paths.append(f"{path}#{method}")


def _model(made: Made, name: str, schema: Json, keys: Keys) -> None:
    place = text(schema)
    pointer = place.removeprefix("#")
    component = pointer.rpartition("/")[2]
    if pointer in {f"/components/schemas/{component}", f"/definitions/{component}"}:
        pointer = component
    if pointer:
        made.model(pointer, pascal_case(name), *keys)


# --- Pagination ------------------------------------------------------------------------------


def _pagination(made: Made, operation: str, value: Json, keys: Keys) -> None:
    if value is False:
        made.table("operations", operation)["pagination"] = False
        return
    schemes = [mapping(each) for each in _list(made.given.get("pagination"))]
    named = [each for each in schemes if value is True or text(each.get("name")) == value]
    if len(named) != 1:
        made.note("how it goes on is found in the document; clientgen inspect shows it", *keys)
        return
    found = _scheme(named[0])
    if found is None:
        made.note("this kind of list is found in the document, or not at all", *keys)
    else:
        made.table("operations", operation)["pagination"] = {**found}


STYLES = {
    "cursor": "cursor",
    "cursor_id": "cursor",
    "cursor_url": "next_url",
    "offset": "offset",
    "page_number": "page",
}


def _scheme(scheme: dict[str, Json]) -> dict[str, Json] | None:
    """A pagination scheme as ours; None when it does not say enough."""
    style = STYLES.get(text(scheme.get("type")))
    request = _by_purpose(mapping(scheme.get("request")))
    response = _by_purpose(mapping(scheme.get("response")))
    takes = _first(
        request, "next_cursor_param", "next_cursor_id", "offset_count_param", "page_number_param"
    )
    gives = _first(response, "next_cursor_field", "cursor_url_field", "next_cursor_url")
    last = _first(response, "cursor_item_id", "next_cursor_id").removeprefix("[]").lstrip(".")
    lists = [path for path, each in _fields(mapping(scheme.get("response"))) if _is_list(each)]
    items = _first(response, "items") or (lists[0] if len(lists) == 1 else "")
    total = _first(response, "offset_total_count_field")
    wanted = {"items": items, "request": takes, "next": gives, "total": total}
    if text(scheme.get("type")) == "cursor_id":
        wanted = {"items": items, "request": takes, "last": last.rpartition(".")[2] or "id"}
    needs = {
        "cursor": ("request",),
        "offset": ("request",),
        "page": ("request",),
        "next_url": ("next",),
    }
    if style is None or not all(wanted.get(need) for need in needs[style]):
        return None
    if style == "cursor" and not (wanted.get("next") or wanted.get("last")):
        return None
    return {"style": style, **{key: value for key, value in wanted.items() if value}}


def _by_purpose(fields: dict[str, Json]) -> dict[str, str]:
    """Paths of fields by what they are for."""
    found: dict[str, str] = {}
    for path, schema in _fields(fields):
        purpose = text(mapping(schema.get("x-stainless-pagination-property")).get("purpose"))
        if purpose:
            found.setdefault(purpose, path)
    return found


def _fields(fields: dict[str, Json], prefix: str = "") -> list[tuple[str, dict[str, Json]]]:
    """All fields of a scheme, those within others and within items of lists too."""
    found: list[tuple[str, dict[str, Json]]] = []
    for name, value in fields.items():
        schema, path = mapping(value), f"{prefix}{name}"
        found.append((path, schema))
        found += _fields(mapping(schema.get("properties")), f"{path}.")
        found += _fields(mapping(mapping(schema.get("items")).get("properties")), f"{path}.")
    return found


def _is_list(schema: dict[str, Json]) -> bool:
    return schema.get("type") == "array"


def _first(found: dict[str, str], *purposes: str) -> str:
    return next((found[purpose] for purpose in purposes if purpose in found), "")
