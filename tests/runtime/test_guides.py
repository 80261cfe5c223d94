"""The examples of the guides and docstrings run."""

from __future__ import annotations

import asyncio
import doctest
import gc
import importlib
import inspect
import logging
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

import clientgen_runtime

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides" / "runtime").glob("*.md"))


def answer(request: httpx.Request) -> httpx.Response:
    match request.url.path:
        case "/missing":
            return httpx.Response(404, json={"error": "no such thing"})
        case "/events":
            return httpx.Response(200, content=b"id: 1\ndata: hello\n\n")
        case "/lines":
            return httpx.Response(200, content=b'{"id": 1}\n{"id": 2}\n')
        case _:
            return httpx.Response(200, json={"id": 123, "name": "Ada"})


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_examples_of_a_guide_run(
    guide: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ACME_BASE_URL", "ACME_TOKEN"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, "")
    for name in ("open_transport", "open_async_transport"):
        monkeypatch.setattr(
            f"clientgen_runtime._connections.{name}", lambda *_, **__: httpx.MockTransport(answer)
        )
    logger = logging.getLogger("clientgen_runtime")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logger.level)
    namespace: dict[str, Any] = {"__name__": "__main__"}

    for code in re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(code, str(guide), "exec"), namespace)
    if "main" in namespace:
        asyncio.run(namespace["main"]())
    # Examples leave clients open, of which no later test should be told.
    namespace.clear()
    logger.setLevel(logging.NOTSET)
    gc.collect()


def test_there_are_guides() -> None:
    assert len(GUIDES) > 10


PUBLIC = [name for name in clientgen_runtime.__all__ if not name.startswith("_")]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_says_what_it_is(name: str) -> None:
    value = getattr(clientgen_runtime, name)

    if inspect.isclass(value):
        assert value.__doc__
        for attribute, member in vars(value).items():
            if inspect.isfunction(member) and not attribute.startswith("_"):
                assert inspect.getdoc(member), f"{name}.{attribute}"


@pytest.mark.parametrize(
    "module",
    sorted(path.stem for path in Path(clientgen_runtime.__file__ or "").parent.glob("_*.py")),
)
def test_the_examples_of_docstrings_run(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_BASE_URL", raising=False)
    monkeypatch.setenv("ACME_BASE_URL", "")
    if module == "__init__":
        return

    results = doctest.testmod(importlib.import_module(f"clientgen_runtime.{module}"))

    assert results.failed == 0
