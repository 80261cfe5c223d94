from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from clientgen.load import ALL, Document, Loader, LoadError, parse_document

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = parse_document(b"a: 1", uri="https://example.com/specs/api.yaml", name="remote")
STDIN = parse_document(b"a: 1", uri="stdin:", name="<stdin>")


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A document in a folder below the current directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "api.yaml").write_text("a: 1")
    (tmp_path / "specs" / "pet store é#.yaml").write_text("pet: 1")
    (tmp_path / "common.yaml").write_text("[common]")
    return Loader().load("specs/api.yaml")


@pytest.mark.parametrize(
    ("uri", "name", "value"),
    [
        ("../common.yaml", "common.yaml", ["common"]),
        ("./../common.yaml#/0", "common.yaml", ["common"]),
        (r"..\common.yaml", "common.yaml", ["common"]),
        ("pet%20store%20%C3%A9%23.yaml", "specs/pet store é#.yaml", {"pet": 1}),
        ("pet store é%23.yaml", "specs/pet store é#.yaml", {"pet": 1}),
    ],
)
def test_files_are_relative_to_the_document_that_names_them(
    base: Document, uri: str, name: str, value: object
) -> None:
    document = Loader().load_reference(uri, base)

    assert (document.name, document.value) == (name, value)


def test_a_file_elsewhere_is_named_by_its_whole_path(
    base: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "specs")

    document = Loader().load_reference("../common.yaml", base)

    assert document.name == str(tmp_path / "common.yaml")


def test_a_file_may_be_named_by_an_absolute_uri(base: Document, tmp_path: Path) -> None:
    document = Loader().load_reference((tmp_path / "common.yaml").as_uri(), base)

    assert document.value == ["common"]


def test_one_file_by_many_names_is_one_document(base: Document, tmp_path: Path) -> None:
    loader = Loader()
    uris = ["../common.yaml", "../specs/../common.yaml", "..//common.yaml", "../%63ommon.yaml"]

    documents = {loader.load_reference(uri, base) for uri in uris}

    assert documents == {loader.load_reference("../common.yaml", base)}


@pytest.mark.parametrize("uri", ["", "#/a", "api.yaml"])
def test_a_document_may_refer_to_itself(base: Document, uri: str) -> None:
    assert Loader().load_reference(uri, base) is base


def test_a_missing_file_is_told_by_its_path(base: Document) -> None:
    with pytest.raises(LoadError, match=r'CG101: cannot read "specs/x.yaml": there is no such'):
        Loader().load_reference("x.yaml", base)


def test_a_mistake_in_another_file_is_placed_there(base: Document, tmp_path: Path) -> None:
    (tmp_path / "specs" / "bad.yaml").write_text("a: 1\na: 2\n")

    with pytest.raises(LoadError, match=r"^specs/bad.yaml:2:1: error CG105: "):
        Loader().load_reference("bad.yaml", base)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_reference_to_a_pipe_or_device_is_refused(base: Document, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for uri in ("../pipe", "file:///dev/zero"):
        with pytest.raises(LoadError, match="it is no file"):
            Loader().load_reference(uri, base)


@pytest.mark.parametrize("uri", ["%00", "x%00.yaml", "..", "x" * 5000])
def test_an_odd_path_is_an_error_like_others(base: Document, uri: str) -> None:
    with pytest.raises(LoadError, match="error CG101: cannot read"):
        Loader().load_reference(uri, base)


@pytest.mark.parametrize(
    "uri", ["http://[", "https://example.com:x/", "//example.com/a", "urn:a:b"]
)
def test_a_reference_that_names_no_document_is_refused(base: Document, uri: str) -> None:
    with pytest.raises(LoadError, match=r"error CG10[18]: "):
        Loader(allowed_origins=ALL).load_reference(uri, base)


@pytest.mark.parametrize(
    "uri", ["file:///etc/hostname", "file:api.yaml", "FILE:///etc/hostname", "ftp://example.com/a"]
)
def test_a_document_from_a_url_never_reaches_a_file(uri: str) -> None:
    with pytest.raises(LoadError, match="error CG108: remote may not refer to"):
        Loader(allowed_origins=ALL).load_reference(uri, REMOTE)


@pytest.mark.parametrize("uri", ["common.yaml", "/etc/hostname", "file:///etc/hostname"])
def test_a_document_from_standard_input_reaches_no_file(uri: str) -> None:
    with pytest.raises(LoadError, match="it has no folder; save it as a file"):
        Loader(allowed_origins=ALL).load_reference(uri, STDIN)


@pytest.mark.parametrize("base_document", [REMOTE, STDIN])
@pytest.mark.parametrize(
    "uri",
    [
        "https://other.example/a",
        "http://example.com/a",
        "https://example.com:444/a",
        "https://example.com.evil.example/a",
        "https://user:secret@allowed.example/a",
    ],
)
def test_an_origin_that_is_not_allowed_is_refused(base_document: Document, uri: str) -> None:
    loader = Loader(allowed_origins=["https://allowed.example"])

    with pytest.raises(LoadError, match="is not among the allowed origins") as caught:
        loader.load_reference(uri, base_document)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "origin", ["example.com", "https://example.com/specs", "file:///", "http://["]
)
def test_an_allowed_origin_must_be_one(origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin; write it like https"):
        Loader(allowed_origins=[origin])
