"""Faults as scripted, recordings without secrets, respx below a client's base URL."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

import clientgen_runtime
from clientgen_runtime import (
    AsyncClient,
    Client,
    ClientError,
    ConfigurationError,
    ReadTimeoutError,
    ServerError,
    TruncatedResponseError,
)
from clientgen_runtime.testing import (
    Cassette,
    Delay,
    FakeServer,
    Fault,
    FaultTransport,
    Mode,
    Reset,
    Status,
    Truncate,
    respx_router,
)

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://api.example.com"
ANSWERS = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": 7, "token": "t-secret"}))


def sync_get(transport: httpx.BaseTransport, path: str = "/pets/7", **options: object) -> object:
    with Client(URL, transport=transport, timeout=0.05, retry=None, **options) as client:  # type: ignore[arg-type]
        return client.get(path).json()


def async_get(
    transport: httpx.AsyncBaseTransport, path: str = "/pets/7", **options: object
) -> object:
    async def get() -> object:
        async with AsyncClient(
            URL,
            transport=transport,
            timeout=0.05,
            retry=None,
            **options,  # type: ignore[arg-type]
        ) as client:
            return (await client.get(path)).json()

    return asyncio.run(get())


both = pytest.mark.parametrize("get", [sync_get, async_get])
FAULTS: list[tuple[Fault, type[ClientError]]] = [
    (Reset(), clientgen_runtime.ConnectionError),
    (Truncate(3), TruncatedResponseError),
    (Status(503), ServerError),
    (Delay(60), ReadTimeoutError),
]


@both
@pytest.mark.parametrize(("fault", "error"), FAULTS)
def test_a_fault_happens_once_and_the_next_request_is_answered(
    get: object, fault: Fault, error: type[ClientError]
) -> None:
    assert callable(get)
    transport = FaultTransport(ANSWERS, [fault])

    with pytest.raises(error):
        get(transport)
    assert get(transport)["id"] == 7
    assert transport.seen == 2


def test_what_stands_in_for_a_server_runs_under_trio() -> None:
    pytest.importorskip("trio")

    async def main() -> list[int]:
        faults = FaultTransport(FakeServer().transport, [Delay(0.01), None])
        async with AsyncClient(URL, transport=faults, raise_for_status=False) as client:
            return [(await client.get("/")).status_code for _ in range(2)]

    assert anyio.run(main, backend="trio") == [404, 404]


def test_a_short_delay_is_waited_for() -> None:
    started = time.monotonic()

    sync_get(FaultTransport(ANSWERS, [Delay(0.02)]))
    assert time.monotonic() - started >= 0.02


@both
def test_what_was_recorded_is_played_back_without_the_server(get: object, tmp_path: Path) -> None:
    assert callable(get)
    path = tmp_path / "cassettes" / "pets.json"
    get(Cassette(path, ANSWERS))

    assert get(Cassette(path, mode="none"))["id"] == 7
    assert get(Cassette(path))["id"] == 7


def test_no_secret_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "pets.json"
    answers = httpx.MockTransport(
        lambda request: httpx.Response(
            200,
            json={"token": "t-fresh-1"},
            headers={"Set-Cookie": "sid=c-secret-1", "X-Echo": request.headers["authorization"]},
        )
    )
    with Client(URL, transport=Cassette(path, answers), auth=("bearer", "b-secret-1")) as client:
        client.post("/login?api_key=k-secret-1", json={"password": "p-secret-1", "name": "Ada"})

    text = path.read_text()
    assert [
        word for word in ("t-fresh", "c-secret", "b-secret", "k-secret", "p-secret") if word in text
    ] == []
    assert "Ada" in text


FILES = [b"abc", b"\xff\xfe"]


@pytest.mark.parametrize("content", FILES, ids=["text", "binary"])
def test_a_form_with_files_is_played_back_and_tells_no_secret(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "pets.json"
    form = {"password": "p-secret-1", "name": "Ada"}

    modes: tuple[Mode, ...] = ("all", "none")
    for mode in modes:
        with Client(URL, transport=Cassette(path, ANSWERS, mode=mode)) as client:
            assert client.post("/pets", data=form, files={"photo": content}).json()["id"] == 7
    (told,) = json.loads(path.read_text())["exchanges"]
    sent = told["sent"] if content == b"abc" else base64.b64decode(told["sent"]).decode("latin-1")
    assert "p-secret" not in sent
    assert "Ada" in sent


def pages(request: httpx.Request) -> httpx.Response:
    """Three pages, and where the next is, which looks like a secret wherever it stands."""
    number = len(request.url.params.get("page_token", ""))
    token = "a" * (number + 1) if number < 2 else None
    link = {} if token is None else {"Link": f'<{request.url.path}?page_token={token}>; rel="next"'}
    url = token and f"{URL}/pets?page_token={token}"
    told = {"next": url, "next_page_token": token, "pets": [number]}
    return httpx.Response(200, json=told, headers=link)


@pytest.mark.parametrize(
    "how", [{"request": "page_token", "next": "next_page_token"}, {"next": "next"}, {}]
)
def test_pages_are_played_back_though_their_tokens_are_not_kept(how: Any, tmp_path: Path) -> None:
    path = tmp_path / "pets.json"

    def read(transport: httpx.BaseTransport) -> list[object]:
        with Client(URL, transport=transport) as client:
            return list(client.paginate("GET", "/pets", items="pets", **how))

    assert read(Cassette(path, httpx.MockTransport(pages))) == [0, 1, 2]
    assert read(Cassette(path, mode="none")) == [0, 1, 2]
    assert "aa" not in path.read_text()


def test_more_can_be_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "pets.json"
    sync_get(Cassette(path, ANSWERS, clean=lambda text: text.replace("7", "X")))

    assert json.loads(path.read_text())["exchanges"][0]["url"] == f"{URL}/pets/X"


@pytest.mark.parametrize("mode", ["once", "none"])
def test_a_request_that_is_not_recorded_is_refused(mode: Mode, tmp_path: Path) -> None:
    path = tmp_path / "pets.json"
    sync_get(Cassette(path, ANSWERS))

    with pytest.raises(ConfigurationError, match="nothing is recorded for GET"):
        sync_get(Cassette(path, ANSWERS, mode=mode), "/pets/8")


def test_everything_can_be_recorded_anew(tmp_path: Path) -> None:
    path = tmp_path / "pets.json"
    sync_get(Cassette(path, ANSWERS))
    sync_get(Cassette(path, ANSWERS, mode="all"), "/pets/8")

    assert [each["url"] for each in json.loads(path.read_text())["exchanges"]] == [f"{URL}/pets/8"]


def test_a_file_of_another_kind_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "pets.json"
    path.write_text("[]")

    with pytest.raises(ConfigurationError, match="this is no cassette"):
        Cassette(path)
    with pytest.raises(ConfigurationError, match="there is no such cassette"):
        Cassette(tmp_path / "other.json", mode="none")


def test_respx_knows_the_base_url() -> None:
    with Client(URL) as client, respx_router(client) as router:
        route = router.get("/pets/7").respond(json={"id": 7})

        assert (client.get("/pets/7").json(), route.call_count) == ({"id": 7}, 1)
