"""What holds for the attacks that we thought of holds for any text."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from zlib import crc32

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.document import Text, document, tame
from tests.hostile.output import Output
from tests.hostile.shape import called, foreign_names, imported, statements

NASTY = "\"'\\{}%$#@`<>|~/.:;,!?*&^()[] \t\n\r\x00\x0b\x1b\x85\u2028\u202e\ufeff\ud800é漢🐍"
TEXTS = st.text(st.one_of(st.sampled_from(NASTY), st.characters()), min_size=1, max_size=30)


@cache
def ours() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        return Output(Path(folder), tame()).modules


# Each example generates a package, which takes half a second.
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(texts=st.lists(TEXTS, min_size=9, max_size=9))
def test_no_text_becomes_code(texts: list[str]) -> None:
    text = Text(lambda slot: texts[crc32(slot.encode()) % len(texts)], in_paths=True)
    with tempfile.TemporaryDirectory() as folder:
        output = Output(Path(folder), document(text))
        code = output.modules.values()

    assert set().union(*map(statements, code)) <= set().union(*map(statements, ours().values()))
    assert called(code) <= called(ours().values())
    assert imported(code) <= imported(ours().values())
    assert foreign_names(code) <= foreign_names(ours().values())
