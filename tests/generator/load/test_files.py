from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from clientgen.load import Loader, LoadError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given_on_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_a_file_is_named_as_the_user_named_it(folder: Path) -> None:
    (folder / "api v1.yaml").write_text("a: 1\n")

    document = Loader().load("./api v1.yaml")

    assert document.value == {"a": 1}
    assert document.name == "./api v1.yaml"
    assert document.uri == (folder / "api v1.yaml").as_uri()


def test_a_file_url_is_a_file(folder: Path) -> None:
    path = folder / "ä b.yaml"
    path.write_text("a: 1\n")

    assert Loader().load(path.as_uri()).value == {"a": 1}


def test_the_content_decides_the_format_not_the_name(folder: Path) -> None:
    (folder / "api.json").write_text("a: on\n")
    (folder / "api.yaml").write_text('{"a": 1}')

    values = [Loader().load(name).value for name in ("api.json", "api.yaml")]

    assert values == [{"a": "on"}, {"a": 1}]


def test_a_document_is_read_once(folder: Path) -> None:
    (folder / "api.yaml").write_text("a: 1\n")
    loader = Loader()

    assert loader.load("api.yaml") is loader.load(str(folder / "x" / ".." / "api.yaml"))


def test_two_documents_are_never_equal(folder: Path) -> None:
    (folder / "api.yaml").write_text("a: 1\n")

    assert Loader().load("api.yaml") != Loader().load("api.yaml")


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given_on_stdin(monkeypatch, b'{"a": 1}')
    loader = Loader()

    document = loader.load("-")

    assert (document.uri, document.name, document.value) == ("stdin:", "<stdin>", {"a": 1})
    assert loader.load("-") is document


def test_a_closed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(LoadError, match="error CG101: cannot read standard input"):
        Loader().load("-")


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("missing.yaml", "there is no such file; check the path"),
        ("file.yaml/api.yaml", "there is no such file; check the path"),
        (".", "it is a directory; give the document in it"),
        ("", "it is a directory"),
        ("x" * 5000, "File name too long"),
        ("a\0b", "null"),
        ("a\nb\x1b[31m.yaml", r'cannot read "a\nb\x1b[31m.yaml"'),
        ("ftp://example.com/api.yaml", "give a file, an http(s) URL, or -"),
        ("file://elsewhere/api.yaml", "it is on another computer"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(folder: Path, source: str, problem: str) -> None:
    (folder / "file.yaml").write_text("a: 1")

    with pytest.raises(LoadError) as caught:
        Loader().load(source)

    assert str(caught.value).startswith("error CG101: cannot read ")
    assert problem in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (folder / "api.yaml").write_text("a: 1")
    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(LoadError, match="you may not read it; check its permissions"):
        Loader().load("api.yaml")


def test_a_failing_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)

    with pytest.raises(LoadError, match="Input/output error"):
        Loader().load("api.yaml")


@pytest.mark.parametrize(
    ("text", "found"), [("[1]", "a list"), ("12", "a single value"), ("# x", "empty")]
)
def test_a_document_without_keys_is_refused(folder: Path, text: str, found: str) -> None:
    (folder / "api.yaml").write_text(text)

    with pytest.raises(LoadError, match=rf"^api.yaml:\d:\d: .* the document is {found}, not"):
        Loader().load("api.yaml")


def test_a_file_that_is_too_long_is_refused(folder: Path) -> None:
    (folder / "api.yaml").write_text("a: 12345678")

    assert Loader(max_bytes=11).load("api.yaml").value == {"a": 12345678}
    with pytest.raises(LoadError, match=r'error CG106: "api\.yaml" is longer than 10 bytes'):
        Loader(max_bytes=10).load("api.yaml")


def test_a_failure_is_told_again_without_a_second_try(folder: Path) -> None:
    loader = Loader()
    with pytest.raises(LoadError) as first:
        loader.load("api.yaml")
    (folder / "api.yaml").write_text("a: 1")

    with pytest.raises(LoadError) as second:
        loader.load("api.yaml")

    assert second.value.diagnostic == first.value.diagnostic


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_the_user_may_name_a_pipe(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(b"a: 1",), daemon=True)
    writer.start()

    assert Loader().load("pipe").value == {"a": 1}
    writer.join()
