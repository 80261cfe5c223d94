"""`get`, `post` and the other methods that need no document."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from clientgen_runtime import ConfigurationError, Request, Response, ResponseTooLargeError
from clientgen_runtime.sdk import Operation
from tests.runtime.driving import Connect, Server


class User(BaseModel):
    id: int


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_every_method_is_sent_as_named(connect: Connect, server: Server, method: str) -> None:
    response = getattr(connect(server), method)("/users?a=1", params={"b": [1, 2]})

    assert server.last.method == method.upper()
    assert str(server.last.url) == "https://pets.example/v1/users?a=1&b=1&b=2"
    assert isinstance(response, Response)
    assert response.is_success


@pytest.mark.parametrize(
    ("options", "content_type", "content"),
    [
        ({"json": {"a": None}}, "application/json", b'{"a":null}'),
        ({"json": None}, "application/json", b"null"),
        (
            {"data": {"a": [1, 2], "b": "x y&", "c": {"d": 1}}},
            "application/x-www-form-urlencoded",
            b"a=1&a=2&b=x+y%26&c=%7B%22d%22%3A1%7D",
        ),
        ({"content": b"raw"}, None, b"raw"),
        ({"content": "tëxt"}, "text/plain; charset=utf-8", "tëxt".encode()),
        ({"content": lambda: iter([b"a", b"b"])}, None, b"ab"),
        ({"content": lambda: io.BytesIO(b"file")}, None, b"file"),
        ({}, None, b""),
    ],
)
def test_bodies(
    connect: Connect, server: Server, options: dict[str, Any], content_type: str, content: bytes
) -> None:
    given = {name: value() if callable(value) else value for name, value in options.items()}

    connect(server).post("/x", **given)

    assert server.last.headers.get("content-type") == content_type
    assert server.last.content == content


def test_files_are_multipart(connect: Connect, server: Server, tmp_path: Path) -> None:
    path = tmp_path / 'a"b.txt'
    path.write_bytes(b"from disk")

    connect(server).post(
        "/x",
        data={"note": "hi", "meta": {"a": 1}},
        files={"one": path, "two": ("t.csv", b"1,2", "text/csv")},
    )

    boundary = server.last.headers["content-type"].partition("boundary=")[2]
    assert server.last.content.decode() == (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="note"\r\n\r\nhi\r\n'
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="meta"\r\n'
        'Content-Type: application/json\r\n\r\n{"a":1}\r\n'
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="one"; filename="a%22b.txt"\r\n'
        "Content-Type: application/octet-stream\r\n\r\nfrom disk\r\n"
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="two"; filename="t.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n1,2\r\n"
        f"--{boundary}--\r\n"
    )
    assert server.last.headers["content-length"] == str(len(server.last.content))


@pytest.mark.parametrize(
    "files",
    [
        {"f": [b"a", ("n", b"b")]},
        [("f", b"a"), ("f", ("n", b"b"))],
    ],
)
def test_a_field_may_have_several_files(connect: Connect, server: Server, files: Any) -> None:
    connect(server).post("/x", files=files)

    boundary = server.last.headers["content-type"].partition("boundary=")[2]
    assert server.last.content.decode() == (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="f"; filename="f"\r\n'
        "Content-Type: application/octet-stream\r\n\r\na\r\n"
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="f"; filename="n"\r\n'
        "Content-Type: application/octet-stream\r\n\r\nb\r\n"
        f"--{boundary}--\r\n"
    )


@pytest.mark.parametrize("files", [b"a", [b"a"], ("f", b"a"), {7: b"a"}])
def test_files_without_names_are_refused(connect: Connect, server: Server, files: Any) -> None:
    with pytest.raises(ConfigurationError, match="files= takes files by field name"):
        connect(server).post("/x", files=files)


@pytest.mark.parametrize(
    "file",
    [
        ("a", b"", "text/plain\r\nX-Injected: 1"),
        ("a\0b", b""),
        Path("/no/such/file"),
        lambda: io.StringIO("text"),
    ],
)
def test_files_that_cannot_be_sent_are_refused(connect: Connect, server: Server, file: Any) -> None:
    with pytest.raises(ConfigurationError):
        connect(server).post("/x", files={"f": file() if callable(file) else file})


@pytest.mark.parametrize(
    ("model", "body", "value"),
    [
        (User, {"id": 1}, User(id=1)),
        (list[User], [{"id": 1}], [User(id=1)]),
        (User | None, None, None),
        (TypeAdapter(dict[str, int]), {"a": 1}, {"a": 1}),
    ],
)
def test_a_response_model_is_what_comes_back(
    connect: Connect, model: Any, body: Any, value: object
) -> None:
    server = Server(httpx.Response(200, content=json.dumps(body)))

    assert connect(server).get("/x", response_model=model) == value


@pytest.mark.parametrize(
    "options", [{"json": 1, "content": b""}, {"json": 1, "data": {}}, {"headers": {"A": "x\ny"}}]
)
def test_arguments_that_contradict_or_inject_are_refused(
    connect: Connect, server: Server, options: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        connect(server).post("/x", **options)
    assert server.requests == []


LONE = "\ud800"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (f"/{LONE}", {}),
        ("/x", {"params": {"a": LONE}}),
        ("/x", {"cookies": {"a": LONE}}),
        ("/x", {"json": LONE}),
        ("/x", {"data": {"a": LONE}}),
        ("/x", {"content": LONE}),
        ("/x", {"files": {LONE: b""}}),
        ("/x", {"files": {"a": b""}, "data": {"b": LONE}}),
    ],
)
def test_text_that_cannot_be_sent_is_refused_and_not_tried_again(
    connect: Connect,
    server: Server,
    caplog: pytest.LogCaptureFixture,
    url: str,
    options: dict[str, Any],
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        connect(server, retry=2).put(url, **options)
    assert server.requests == []
    # Nor do logs and messages hold it.
    assert f"{raised.value}{caplog.text}".encode()


def test_a_header_of_a_hook_that_cannot_be_sent_is_refused(
    connect: Connect, server: Server
) -> None:
    def change(request: Request) -> None:
        request.headers["X-Name"] = "Zoë"

    with pytest.raises(ConfigurationError, match="not valid HTTP"):
        connect(server, event_hooks={"request": [change]}).get("/x")


def test_a_value_in_a_path_that_cannot_be_sent_is_refused(connect: Connect) -> None:
    operation: Operation[None] = Operation("GET", "/pets/{name}", {"200": {}})

    with pytest.raises(ConfigurationError, match="surrogate"):
        connect()._call(operation, path=(LONE,))


def test_the_name_of_a_file_goes_as_its_bytes(connect: Connect, server: Server) -> None:
    name = b"\xe9.txt".decode("utf-8", "surrogateescape")  # as `os` gives it

    connect(server).post("/x", files={"a": (name, b"x")})

    assert b'filename="\xe9.txt"' in server.last.content


def test_text_never_raises(connect: Connect) -> None:
    for charset in ("latin-1", "zlib_codec", "idna", "no-such"):
        content_type = f"text/plain; charset={charset}"
        answer = httpx.Response(200, content=b"\xff", headers={"content-type": content_type})
        assert connect(Server(answer)).get("/").text in ("ÿ", "�")


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF8"])
def test_the_mark_that_a_text_begins_with_is_no_text(connect: Connect, charset: str) -> None:
    headers = {"content-type": f"text/csv{charset}"}
    response = connect(Server(httpx.Response(200, content=b"\xef\xbb\xbfid", headers=headers))).get(
        "/x"
    )

    assert [response.text, *response.iter_text(), *response.iter_lines()] == ["id"] * 3


def test_a_native_response_is_there_for_code_that_needs_one(connect: Connect) -> None:
    headers = [(b"x-name", b"caf\xe9")]
    answer = httpx.Response(201, json=[1], headers=headers)

    native = connect(Server(answer)).get("/x").http_response

    assert isinstance(native, httpx.Response)
    assert (native.status_code, native.json()) == (201, [1])
    assert native.headers["x-name"] == "café"


def test_a_closed_client_says_so(connect: Connect) -> None:
    client = connect()
    client.close()

    with pytest.raises(ConfigurationError, match="closed"):
        client.get("/x")


def test_the_transport_is_told_what_a_call_says(connect: Connect, server: Server) -> None:
    connect(server).get("/x", extensions={"sni_hostname": "other.example"})

    assert server.last.extensions["sni_hostname"] == "other.example"
    assert server.last.extensions["timeout"]["connect"] == 5


def test_a_call_may_take_larger_answers_or_smaller_ones(connect: Connect) -> None:
    client = connect(Server(httpx.Response(200, content=bytes(100))), max_response_bytes=10)

    assert len(client.get("/x", max_response_bytes=None).content) == 100
    with pytest.raises(ResponseTooLargeError):
        client.get("/x")
    with pytest.raises(ResponseTooLargeError):
        connect(Server(httpx.Response(200, content=bytes(100)))).get("/x", max_response_bytes=99)
