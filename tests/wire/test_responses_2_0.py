"""What comes back, as Swagger 2.0 describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "responses_2_0.json"
covers = pytest.mark.covers

REX = '{"name": "Rex"}'


@covers("response: JSON of every kind")
def test_a_model(wire: Wire) -> None:
    wire.answer(REX, X_Total="7")

    assert wire.call("answers.one") == wire.models.Pet(name="Rex")
    assert wire.sent.header("Accept") == "application/json"
    assert wire.call("answers.with_raw_response.one").header("X-Total") == 7


@covers("response: a text called JSON")
@pytest.mark.parametrize("body", ['"hello"', "hello"])
def test_a_text_in_place_of_json(wire: Wire, body: str) -> None:
    wire.answer(body)

    assert wire.call("answers.word") == "hello"


@covers("response: no content")
def test_nothing(wire: Wire) -> None:
    wire.answer(status=204)

    assert wire.call("answers.delete") is None


@covers("response: HEAD")
def test_head_has_no_result(wire: Wire) -> None:
    wire.answer(REX)

    assert wire.call("answers.check") is None


@covers("response: binary")
def test_a_file(wire: Wire) -> None:
    wire.answer(b"%PDF\xff", "application/pdf")

    assert wire.call("answers.file") == b"%PDF\xff"
    assert wire.sent.header("Accept") == "application/pdf"


@covers("response: text in a charset")
def test_a_text(wire: Wire) -> None:
    wire.answer("Käse".encode("latin-1"), "text/plain; charset=iso-8859-1")

    assert wire.call("answers.text") == "Käse"


@covers("response: JSON or something else")
def test_one_of_several_media_types(wire: Wire) -> None:
    wire.answer(REX)
    assert wire.call("answers.either") == wire.models.Pet(name="Rex")

    wire.answer("name\nRex", "text/csv")
    assert wire.call("answers.either", accept="text/csv") == "name\nRex"
    assert wire.sent.header("Accept") == "text/csv"


@covers("stream: JSON Lines, JSON text sequences")
def test_lines(wire: Wire) -> None:
    wire.answer(f"{REX}\n{REX}\n", "application/x-ndjson")

    with wire.call("answers.lines") as stream:
        assert list(wire.drive(stream)) == [wire.models.Pet(name="Rex")] * 2


@covers("error: body by status, range and default")
def test_errors(wire: Wire) -> None:
    wire.answer('{"title": "Oh"}', status=500)
    with pytest.raises(wire.module.ServerError) as caught:
        wire.call("answers.one")
    assert caught.value.body == wire.models.Problem(title="Oh")

    wire.answer('{"title": "Oh"}', status=404)
    with pytest.raises(wire.module.NotFoundError) as caught:
        wire.call("answers.one")
    assert caught.value.body == {"title": "Oh"}
