"""The `stainless.yml` of Stainless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clientgen.build._identifiers import pascal_case, snake_case

from ._made import mapping, text
from ._stainless_pages import scheme

if TYPE_CHECKING:
    from clientgen.load import Json

    from ._made import Keys, Made

MARKS = frozenset(
    {
        "client_settings",
        "custom_casings",
        "environments",
        "organization",
        "package",
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
    "diagnostics": "ignore = [CODES] silences diagnostics",
    "edition": "versions of clientgen are told in its changelog",
    "errors": "errors carry the model that the document declares for their status",
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
AUTOMATIC = {
    *("type", "endpoint", "streaming", "description", "deprecated", "skip", "only"),
    *("skip_test_reason", "docs", "terraform", "mcp"),
}
"""What is said of a method that the document says too, that is seen to, or is for others."""
OF_RESOURCES = {
    *("methods", "models", "subresources", "skip", "only", "deprecated"),
    *("standalone_api", "terraform", "mcp", "description", "name", "display_name"),
}
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
    place = "targets" if "targets" in made.given else "package"  # as it was called before
    targets = mapping(made.given.get(place))
    python = mapping(targets.get("python"))
    package = text(python.get("package_name") or python.get("name")) or snake_case(name)
    if package:
        made.settings["package"] = package.replace("-", "_")
        made.settings["project_name"] = text(python.get("project_name")) or package
    for language in targets:
        if language != "python":
            made.note("clientgen writes Python", place, language)


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
    "default_headers": "give headers= to the client",
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
    if "server_variable" in option:
        name = text(option["server_variable"])
        return f"give server_variables={{{name!r}: …}} to the client"
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


def _resources(
    made: Made,
    resources: dict[str, Json],
    path: tuple[str, ...],
    keys: Keys,
    *,
    is_left_out: bool = False,
) -> None:
    for name, resource in resources.items():
        here, told = (*keys, name), mapping(resource)
        # `$client` has calls of the client itself, `$shared` models that several use.
        below = path if name.startswith("$") else (*path, name)
        left_out = is_left_out or _is_left_out(told)
        for method, settings in mapping(told.get("methods")).items():
            place = (*here, "methods", method)
            _method(made, ".".join((*below, method)), settings, place, is_left_out=left_out)
        for model, schema in mapping(told.get("models")).items():
            _model(made, model, schema, (*here, "models", model))
        inner = mapping(told.get("subresources"))
        _resources(made, inner, below, (*here, "subresources"), is_left_out=left_out)
        for key in [key for key in told if key not in OF_RESOURCES]:
            made.note("this has no counterpart that is known here", *here, key)


def _is_left_out(told: dict[str, Json]) -> bool:
    """Whether something is not for Python."""
    skipped, only = told.get("skip"), _list(told.get("only"))
    return skipped is True or "python" in _list(skipped) or bool(only and "python" not in only)


def _method(made: Made, call: str, settings: Json, keys: Keys, *, is_left_out: bool) -> None:
    told = mapping(settings)
    if told.get("type") == "alias":
        made.note(f"a call has one name; {text(told.get('to'))} is that of this one", *keys)
        return
    operation = _operation(settings if isinstance(settings, str) else text(told.get("endpoint")))
    if not operation:
        made.note("no endpoint; write such methods by hand, in a file of yours", *keys)
        return
    if is_left_out or _is_left_out(told):
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
    "default_request_options": "give timeout= and retry= to the call, or to client.with_options",
    "positional_params": "path parameters are positional, all others have names",
    "unwrap_response": "results are what the document says; take the field of them",
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
    told = mapping(schema)
    if told.get("type") == "alias":
        made.note(f"a model has one name; {text(told.get('to'))} is that of this one", *keys)
        return
    pointer = (text(schema) or text(told.get("openapi_uri"))).removeprefix("#")
    component = pointer.rpartition("/")[2]
    if pointer in {f"/components/schemas/{component}", f"/definitions/{component}"}:
        pointer = component
    if pointer and not _is_left_out(told):
        made.model(pointer, pascal_case(name), *keys)


# --- Pagination ------------------------------------------------------------------------------


def _pagination(made: Made, operation: str, value: Json, keys: Keys) -> None:
    if value is False:
        made.table("operations", operation)["pagination"] = False
        return
    stated = made.given.get("pagination")
    schemes = [mapping(each) for each in (stated if isinstance(stated, list) else [stated])]
    named = [each for each in schemes if value is True or text(each.get("name")) == value]
    if len(named) != 1:
        made.note("how it goes on is found in the document; clientgen inspect shows it", *keys)
        return
    found = scheme(named[0])
    if found is None:
        made.note("this kind of list is found in the document, or not at all", *keys)
    else:
        made.table("operations", operation)["pagination"] = {**found}
