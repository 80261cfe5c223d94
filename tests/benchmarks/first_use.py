"""What importing an SDK and making the first call costs, in an environment of its own.

CLIENTGEN_CORPUS=../shared/specs python -m tests.benchmarks.first_use
"""

from __future__ import annotations

import compileall
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks._measure import (
    REPOSITORY,
    Run,
    Table,
    alternate,
    clean_environment,
    corpus,
    output_of,
    run,
)

ROUNDS = 7
CALLS = {
    "github.json": ("github_sdk", "GET", "/user"),
    "stripe.json": ("stripe_sdk", "GET", "/v1/customers/{customer}"),
}
CUSTOMER = {"id": "cus_1", "object": "customer", "created": 1_795_176_000, "livemode": False}
LIMITS = {"github.json": (1 / 10, 14), "stripe.json": (1 / 3, float("inf"))}

FIRST_CALL = """
import httpx, {package}
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={payload!r}))
with {package}.{client}(base_url="https://api.example", transport=transport{credentials}) as client:
    result = client.{call}({arguments})
"""
COUNT = """
from clientgen_runtime.sdk import ApiModel
def count(kind): return sum(1 + count(each) for each in kind.__subclasses__())
print(count(ApiModel))
"""
ALL_MODELS = """
import {package}
for name in dir({package}.models): getattr({package}.models, name)
"""


def main() -> None:
    """Measure and compare with the bars."""
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        interpreter = clean_environment(Path(folder) / "env", str(REPOSITORY / "runtime"))
        for name, (package, method, path) in CALLS.items():
            described = _generate(corpus() / name, Path(folder), package)
            compileall.compile_dir(Path(folder) / package, quiet=2)
            payload = _example(corpus() / name, path) or CUSTOMER
            first = _first_call(described, package, method, path, payload)
            codes = {
                "nothing": "pass",
                "libraries": "import httpx, pydantic",
                "sdk": f"import {package}",
                "first": first,
                "models": ALL_MODELS.format(package=package),
            }
            os.environ["PYTHONPATH"] = folder
            runs = alternate(
                ROUNDS, **{what: (interpreter, "-c", code) for what, code in codes.items()}
            )
            classes = int(output_of([interpreter, "-c", first + COUNT]))
            del os.environ["PYTHONPATH"]
            _compare(table, name, runs, classes)
    table.close()


def _compare(table: Table, name: str, runs: dict[str, Run], classes: int) -> None:
    for what, each in runs.items():
        print(f"{name}: {what} {each.seconds * 1000:.0f} ms")
    limit, most = LIMITS[name]
    imported = runs["sdk"].seconds / runs["libraries"].seconds
    first = runs["first"].seconds / runs["models"].seconds
    table.row(f"{name}: import of the SDK / import httpx, pydantic", imported, 1.3)
    table.row(f"{name}: import, client, first call / import of all models", first, limit)
    table.row(f"{name}: model classes made by the first call", classes, most, "")


def _example(document: Path, path: str) -> object:
    """An answer that the document gives as an example."""
    whole = json.loads(document.read_text("utf-8"))
    answer = whole["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    for example in answer.get("examples", {}).values():
        found = whole
        for key in example["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        return found["value"]
    return None


def _generate(document: Path, folder: Path, package: str) -> dict[str, object]:
    clientgen = [sys.executable, "-m", "clientgen"]
    options = [str(document), "--package", package, "-q"]
    run([*clientgen, "generate", *options, "--meta", "none", "-o", str(folder)])
    described: dict[str, object] = json.loads(
        output_of([*clientgen, "inspect", *options, "--format", "json"])
    )
    return described


def _first_call(
    described: dict[str, object], package: str, method: str, path: str, payload: object
) -> str:
    operations = described["operations"]
    assert isinstance(operations, list)
    operation = next(o for o in operations if (o["method"], o["path"]) == (method, path))
    arguments = ", ".join("'x'" for p in operation["parameters"] if p["in"] == "path")
    return FIRST_CALL.format(
        package=package,
        client=described["client"],
        payload=payload,
        credentials=', auth=("bearer", "x")',
        call=operation["call"],
        arguments=arguments,
    )


if __name__ == "__main__":
    main()
