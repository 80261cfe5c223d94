"""The examples of the guides run."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.runtime.extras import skip_without_extra

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides" / "runtime").glob("*.md"))


def answer(request: httpx.Request) -> httpx.Response:
    match request.url.path:
        case "/missing":
            return httpx.Response(404, json={"error": "no such thing"})
        case "/events":
            return httpx.Response(200, content=b"id: 1\ndata: hello\n\n")
        case "/lines":
            return httpx.Response(200, content=b'{"id": 1}\n{"id": 2}\n')
        case "/token":
            return httpx.Response(200, json={"access_token": "t-1", "expires_in": 3600})
        case "/pets":
            return httpx.Response(200, json=[{"id": 1}])
        case "/graphql":
            user = {"user": {"name": "Ada"}}
            return httpx.Response(200, json={"data": user})
        case "/graphql/batch":
            return httpx.Response(200, json=[{"data": {"user": {"name": "Ada"}}}] * 2)
        case "/graphql/stream":
            return httpx.Response(200, json={"data": {"renamed": {"name": "Ada"}}})
        case "/pets/pages" if "cursor" in request.url.params:
            return httpx.Response(200, json={"data": [{"id": 3}]})
        case "/pets/pages":
            meta = {"next_cursor": "b"}
            return httpx.Response(200, json={"data": [{"id": 1}, {"id": 2}], "meta": meta})
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
            f"clientgen_runtime._net.opening.{name}", lambda *_, **__: httpx.MockTransport(answer)
        )
    logger = logging.getLogger("clientgen_runtime")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "level", logger.level)
    namespace: dict[str, Any] = {"__name__": "__main__"}

    with skip_without_extra():
        for code in re.findall(r"```python\n(.*?)```", guide.read_text("utf-8"), re.DOTALL):
            exec(compile(code, str(guide), "exec", dont_inherit=True), namespace)
        if "main" in namespace:
            asyncio.run(namespace["main"]())
    # Examples leave clients open, of which no later test should be told.
    namespace.clear()
    logger.setLevel(logging.NOTSET)
    gc.collect()


def test_there_are_guides() -> None:
    assert len(GUIDES) > 10
