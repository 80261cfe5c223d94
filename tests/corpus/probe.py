"""Run in a process of its own: import all of a generated package and try to bind every call.

Arguments: the folder of the package, its name, and the file with its inspection. Prints what is
wrong as a list in JSON. Imports nothing of the tests, so that it sees what a user's program sees.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

GIVEN = object()


def problems(package: ModuleType, told: dict[str, Any]) -> Iterator[str]:
    """Everything that does not import, is not where it should be, or cannot be called."""
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        yield from _told(module.name, importlib.import_module, module.name)
    for model in told["models"]:
        yield from _told(f"models.{model['name']}", getattr, package.models, model["name"])
    for name in (told["client"], told["async_client"]):
        client = getattr(package, name)(base_url="http://nowhere.example")
        for operation in told["operations"]:
            yield from _told(f"{name}.{operation['call']}", _bind, client, operation)


def _told(what: str, function: Callable[..., object], *arguments: object) -> Iterator[str]:
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        yield f"{what}: {error!r}"


def _bind(client: object, operation: dict[str, Any]) -> None:
    method: Any = client
    for name in operation["call"].split("."):
        method = getattr(method, name)
    positional = [GIVEN for p in operation["parameters"] if p["in"] == "path"]
    named = [p["name"] for p in operation["parameters"] if p["in"] != "path"]
    body = operation["body"]
    if body:
        shape = body["content"][body["default"]]
        named += [field["name"] for field in shape.get("fields", ())] or ["body"]
    arguments = inspect.signature(method).bind(*positional, **dict.fromkeys(named, GIVEN)).arguments
    # Whatever a method does not know would end among the options.
    unknown = set(named) & set(arguments.get("options", ()))
    if unknown:
        message = f"no such arguments: {sorted(unknown)}"
        raise TypeError(message)


def main(folder: str, name: str, inspection: str) -> None:
    warnings.simplefilter("error")
    sys.path.insert(0, folder)
    told = json.loads(Path(inspection).read_text(encoding="utf-8"))
    print(json.dumps(list(problems(importlib.import_module(name), told))))


if __name__ == "__main__":
    main(*sys.argv[1:])
