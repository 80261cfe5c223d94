from __future__ import annotations

import json
import logging
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from clientgen_runtime import (
    ApiKeyAuth,
    AsyncClient,
    Client,
    ConfigurationError,
    ConnectionError,  # noqa: A004
    JSONFormatter,
    LogConfig,
    TimeoutConfig,
    _json,
)
from tests.runtime.driving import Connect, Server

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=[Client, AsyncClient])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_a_client_comes_from_the_environment(
    kind: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("ACME_TOKEN=from-file\nACME_TIMEOUT=3\n")
    monkeypatch.setenv("ACME_BASE_URL", "https://acme.example/v1")
    monkeypatch.setenv("ACME_TIMEOUT", "7")

    client = kind.from_env("ACME_", env_file=str(env_file), retry=None)

    assert client.base_url == "https://acme.example/v1"
    assert client._settings.timeout.read == 7
    assert client._settings.retry is None
    assert client._settings.auth[0]._value == "Bearer from-file"


@pytest.mark.parametrize(
    ("variables", "name", "value"),
    [
        ({"API_KEY": "k"}, "x-api-key", "k"),
        ({"TOKEN": "t"}, "authorization", "Bearer t"),
        ({"USERNAME": "user", "PASSWORD": "pass"}, "authorization", "Basic dXNlcjpwYXNz"),
        ({"USERNAME": "user"}, "authorization", None),
    ],
)
def test_credentials_of_each_kind_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], name: str, value: str | None
) -> None:
    server = Server()
    for variable, text in variables.items():
        monkeypatch.setenv(f"ACME_{variable}", text)

    with Client.from_env(
        "ACME_",
        env_file=None,
        base_url="https://acme.example",
        transport=httpx.MockTransport(server),
    ) as client:
        client.get("/x")

    assert server.last.headers.get(name) == value


@pytest.mark.parametrize(
    "variables", [{"TIMEOUT": "s3cret"}, {"LOG": "s3cret"}, {"BASE_URL": "s3cret"}, {}]
)
def test_unusable_variables_are_named_and_not_told(
    kind: Any, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"ACME_{name}", value)

    with pytest.raises(ConfigurationError) as caught:
        kind.from_env("ACME_", env_file=None)
    assert "s3cret" not in repr(caught.value)


def test_an_empty_variable_is_not_there(
    kind: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("ACME_TOKEN=\n")
    for name in ("TIMEOUT", "RETRY", "API_KEY", "PROXY", "LOG"):
        monkeypatch.setenv(f"ACME_{name}", "")

    client = kind.from_env("ACME_", env_file=str(env_file), base_url="https://acme.example")

    assert client._settings.timeout == TimeoutConfig()
    assert client._settings.auth is None


def test_the_environment_sets_up_the_log(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("clientgen_runtime")
    level = logger.level
    monkeypatch.setenv("ACME_LOG", "debug")

    kind.from_env("ACME_", env_file=None, base_url="https://acme.example")

    assert logger.level == logging.DEBUG
    logger.setLevel(level)


def test_each_level_tells_its_part(
    connect: Connect, caplog: pytest.LogCaptureFixture, slept: list[float]
) -> None:
    caplog.set_level(logging.DEBUG, "clientgen_runtime")
    content = b'{"password":"p4ss","a":1}'
    server = Server(httpx.Response(503), httpx.Response(200, content=content))

    connect(server, retry=1, log=LogConfig(bodies=True)).get("/x", headers={"X-Token": "t0ken"})

    records = [r for r in caplog.records if r.name == "clientgen_runtime"]
    assert [r.levelname for r in records] == [
        "DEBUG",
        "INFO",
        "DEBUG",
        "WARNING",
        "DEBUG",
        "INFO",
        "DEBUG",
    ]
    assert '"a":1' in caplog.text
    assert "p4ss" not in caplog.text
    assert "t0ken" not in caplog.text
    line = json.loads(JSONFormatter().format(records[5]))
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "INFO")
    assert len(line["request_id"]) == 36
    assert {r.getMessage()[:38] for r in records} == {f"[{line['request_id']}]"}


def test_slow_answers_are_warned_of(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    connect(Server(), log=LogConfig(slow_after=0)).get("/x", headers={"X-Request-ID": "mine"})
    connect(Server(), log=LogConfig(slow_after=None)).get("/x")

    assert [r.levelname for r in caplog.records] == ["WARNING"]
    assert "[mine] GET https://pets.example/v1/x: slow" in caplog.text


@pytest.mark.parametrize("header", ["X-Request-ID", "X-Correlation-ID"])
def test_the_log_tells_the_id_that_a_call_has(
    connect: Connect, caplog: pytest.LogCaptureFixture, header: str
) -> None:
    caplog.set_level(logging.INFO, "clientgen_runtime")

    with pytest.raises(ConnectionError):
        connect(Server(httpx.ConnectError("no")), request_id=None).get("/x", headers={header: "c1"})
    connect(Server(), request_id=None).get("/x")

    assert [r.getMessage()[:8] for r in caplog.records] == ["[c1] GET", "GET http"]


class NoNumber(Enum):
    NAN = float("nan")


@pytest.mark.parametrize("with_orjson", [True, False])
def test_json_is_the_same_with_and_without_orjson(
    with_orjson: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if with_orjson:
        pytest.importorskip("orjson")
    else:
        monkeypatch.setattr(_json, "orjson", None)

    assert _json.dumps({"a": [Decimal("1.10"), 2**70, "é", None]}) == (
        '{"a":[1.10,1180591620717411303424,"é",null]}'.encode()
    )
    assert _json.loads(b'{"a": [1180591620717411303424, 1.5]}') == {"a": [2**70, 1.5]}
    assert _json.loads(b'\xef\xbb\xbf"\\ud800"') == "\ud800"
    unwritable = [float("nan"), -float("inf"), Decimal("NaN"), NoNumber.NAN, "\ud800", object()]
    for value in unwritable:
        for place in ([value, None], {"a": (value,), "b": None}, {value}):
            with pytest.raises(ConfigurationError):
                _json.dumps([place, None])
    for shift in range(8):
        number = 10**18 + 7
        assert _json.loads(b" " * shift + str(number * 100).encode()) == number * 100
    for text in (b"NaN", b"[1] x", b"[" * 100_000, b"\xff", b"", b"-", b"1" * 5000):
        with pytest.raises(ValueError):  # noqa: PT011
            _json.loads(text)


def family(name: str) -> Any:
    return pytest.importorskip(name)


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_a_client_of_either_family_can_be_sent_through(connect: Connect, name: str) -> None:
    module = family(name)
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return module.Response(200, json={"id": 1}, headers={"x-answer": "1"})

    make = module.AsyncClient if connect.is_async else module.Client
    given = make(transport=module.MockTransport(answer), headers={"X-Own": "1"})
    client = connect(None, http_client=given, auth=("bearer", "t"))

    response = client.post("/x", json={"a": 1})
    client.close()

    assert (response.json(), response.headers["x-answer"]) == ({"id": 1}, "1")
    assert seen[0].headers["x-own"] == "1"
    assert seen[0].headers["authorization"] == "Bearer t"
    assert seen[0].read() == b'{"a":1}'
    assert not given.is_closed


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_a_client_of_either_family_logs_no_keys(
    connect: Connect, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    module = family(name)
    make = module.AsyncClient if connect.is_async else module.Client
    given = make(transport=module.MockTransport(lambda request: module.Response(200)))

    connect(None, http_client=given, auth=ApiKeyAuth("s3cret", "app", "query")).get("/x?a=1")

    assert "https://pets.example/v1/x" in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_errors_of_either_family_become_ours(connect: Connect, name: str) -> None:
    from clientgen_runtime import ReadTimeoutError

    module = family(name)

    def fail(request: Any) -> Any:
        raise module.ReadTimeout("slow", request=request)

    make = module.AsyncClient if connect.is_async else module.Client
    client = connect(None, http_client=make(transport=module.MockTransport(fail)))

    with pytest.raises(ReadTimeoutError):
        client.get("/x")


@pytest.mark.parametrize("given", [object(), "client"])
def test_what_is_no_client_is_told_so(connect: Connect, given: object) -> None:
    with pytest.raises(ConfigurationError, match="http_client="):
        connect(None, http_client=given)


def test_a_client_of_the_other_kind_is_told_so(connect: Connect) -> None:
    other: Any = httpx.Client if connect.is_async else httpx.AsyncClient

    with pytest.raises(ConfigurationError, match="http_client="):
        connect(None, http_client=other())
