"""What is proposed at a diagnostic does away with it, and changes nothing that is generated."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clientgen.remedies import CONFIGURATION, OVERLAY, json_path
from tests.generator.cli.command import run
from tests.generator.test_explain import EXAMPLES
from tests.support.samples import SAMPLES

if TYPE_CHECKING:
    from clientgen.diagnostics import Key

NO_REMEDY = {"CG104", "CG105", "CG107", "CG200"}
"""Errors: the document itself has to be mended."""
HEAD = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"


def proposed(told: str, place: str) -> list[str]:
    return re.findall(rf"^  = {place}: (.*)$", told, re.MULTILINE)


def apply(told: str) -> None:
    """Write down what is proposed."""
    settings: dict[str, list[str]] = {}
    for line in proposed(told, CONFIGURATION):
        key, _, value = line.partition(" = ")
        settings.setdefault(key, []).extend(json.loads(value))
    if actions := proposed(told, OVERLAY):
        # From the end, so that places of earlier items of a list stay what they are.
        Path("ours.yaml").write_text(HEAD + "".join(f"  {line}\n" for line in actions[::-1]))
        settings["overlays"] = ["ours.yaml"]
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    Path("clientgen.toml").write_text("\n".join(lines))


def calls() -> str:
    return run("inspect", "api.yaml", "-q").out


@pytest.mark.parametrize("code", sorted(EXAMPLES.keys() - NO_REMEDY))
def test_a_remedy_does_away_with_its_diagnostic_and_nothing_else(code: str) -> None:
    Path("api.yaml").write_text(EXAMPLES[code])
    told, before = run("validate", "api.yaml").err, calls()
    assert "  = " in told

    apply(told)

    assert run("validate", "api.yaml").err.endswith("nothing is wrong\n")
    assert calls() == before


@pytest.mark.parametrize("code", sorted(NO_REMEDY))
def test_errors_have_none(code: str) -> None:
    Path("api.yaml").write_text(EXAMPLES[code])

    assert "  = " not in run("validate", "api.yaml").err


def test_all_remedies_of_a_document_can_be_taken_at_once() -> None:
    text = (SAMPLES / "dirty.yaml").read_text()
    Path("api.yaml").write_text(text.replace("https://elsewhere.example", "http://127.0.0.1:9"))
    told = run("validate", "api.yaml").err
    assert len(set(re.findall(r"CG\d+", told))) > 8

    apply(told)

    assert 'allow_remote_refs = ["http://127.0.0.1:9"]' in Path("clientgen.toml").read_text()
    # Nothing listens there; and one parameter was wrong in two ways, so that it is gone already.
    assert set(re.findall(r"(CG\d+):", run("validate", "api.yaml").err)) == {"CG201", "CG260"}


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ((), "$"),
        (("paths", "/pets/{petId}", "get"), "$.paths['/pets/{petId}'].get"),
        (("a", 0, "b-c", "0"), "$.a[0]['b-c']['0']"),
        (("it's", 'a "b" \\'), "$['it\\'s']['a \"b\" \\\\']"),
    ],
)
def test_paths_are_written_as_overlays_read_them(keys: tuple[Key, ...], path: str) -> None:
    assert json_path(keys) == path
