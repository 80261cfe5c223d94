"""What importing an SDK and making the first call costs.

CLIENTGEN_CORPUS=../shared/specs python -m tests.benchmarks.first_use
"""

from __future__ import annotations

import compileall
import json
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks._measure import Table, alternate, corpus, output_of, run

ROUNDS = 7
CALLS = {
    "github.json": ("github_sdk", "GET", "/user", {"login": "ada", "id": 1}),
    "stripe.json": (
        "stripe_sdk",
        "GET",
        "/v1/customers/{customer}",
        {"id": "c", "object": "customer"},
    ),
}
LIMITS = {"github.json": (1 / 10, 15), "stripe.json": (1 / 3, None)}

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
        os.environ["PYTHONPATH"] = os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")])
        for name, (package, method, path, payload) in CALLS.items():
            described = _generate(corpus() / name, Path(folder), package)
            compileall.compile_dir(Path(folder) / package, quiet=2)
            first = _first_call(described, package, method, path, payload)
            runs = alternate(
                ROUNDS,
                nothing="pass",
                libraries="import httpx, pydantic",
                sdk=f"import {package}",
                first=first,
                models=ALL_MODELS.format(package=package),
            )
            limit, most = LIMITS[name]
            for what, each in runs.items():
                print(f"{name}: {what} {each.seconds * 1000:.0f} ms")
            table.row(
                f"{name}: import of the SDK / import httpx, pydantic",
                runs["sdk"].seconds / runs["libraries"].seconds,
                1.3,
            )
            table.row(
                f"{name}: import, client, first call / import of all models",
                runs["first"].seconds / runs["models"].seconds,
                limit,
            )
            classes = int(output_of(first + COUNT))
            print(f"{name}: {classes} model classes made by the first call")
            if most is not None:
                table.row(f"{name}: model classes made by the first call", classes, most - 1, "")
    table.close()


def _generate(document: Path, folder: Path, package: str) -> dict[str, object]:
    clientgen = [sys.executable, "-m", "clientgen"]
    options = [str(document), "--package", package, "-q"]
    run([*clientgen, "generate", *options, "--meta", "none", "-o", str(folder)])
    arguments = ["inspect", *options, "--format", "json"]
    code = f"import sys; from clientgen.cli import main; sys.argv[1:] = {arguments!r}; main()"
    described: dict[str, object] = json.loads(output_of(code))
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
