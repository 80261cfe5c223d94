"""A bar that tells how far files are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from clientgen_runtime import ConfigurationError, ProgressBar
from tests.runtime.driving import Server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.runtime.driving import Connect

FILE = httpx.Response(200, content=b"x" * 2000)


def test_a_download_moves_the_bar(
    connect: Connect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rich")
    with ProgressBar("rex.png") as bar:
        connect(Server(FILE)).download("/photo", tmp_path / "rex.png", progress=bar)

    told = capsys.readouterr()
    assert "rex.png" in told.err
    assert "2.0/2.0 kB" in told.err
    assert told.out == ""


def test_an_upload_moves_the_bar(connect: Connect, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("rich")
    with ProgressBar("[up]") as bar:
        connect(Server()).post("/photos", content=b"x" * 3000, upload_progress=bar)

    told = capsys.readouterr().err
    assert "[up]" in told
    assert "3.0/3.0 kB" in told


def test_the_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)

    with pytest.raises(ConfigurationError, match=r"clientgen-runtime\[progress\]"):
        ProgressBar()
