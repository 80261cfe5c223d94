"""Which calls stream, how that is asked for, and what items are."""

from __future__ import annotations

import pytest

from clientgen.build import build, ir
from clientgen.config import Config
from clientgen.diagnostics import Diagnostics
from clientgen.load import Loader, parse_document
from clientgen.resolve import resolve

PET = "{$ref: '#/components/schemas/Pet'}"
SSE = "text/event-stream"


def method(content: str, *, stream: str = "", more: str = "") -> ir.Method:
    """The method of an operation with these answers and this property `stream` of its body.

    `more` are further media types of the body.
    """
    prop = f"stream: {{{stream}}}" if stream else "other: {type: string}"
    text = f"""
openapi: 3.2.0
info: {{title: T, version: "1"}}
paths:
  /pets:
    post:
      requestBody: {{content: {{application/json: {{schema: {{properties: {{{prop}}}}}}}{more}}}}}
      responses: {{"200": {{description: A., content: {{{content}}}}}}}
components:
  schemas:
    Pet: {{required: [name], properties: {{name: {{type: string}}}}}}
    Toy: {{required: [name], properties: {{name: {{type: string}}}}}}
"""
    diagnostics = Diagnostics()
    spec = resolve(parse_document(text.encode()), Loader(), diagnostics)
    sdk, _ = build(spec, Config(), diagnostics)
    (found,) = (m for resource in (sdk.root, *sdk.resources) for m in resource.methods)
    return found


EVENT = "{type: object, properties: {event: {const: %s}, data: %s}}"
JSON = "{contentMediaType: application/json, contentSchema: {$ref: '#/components/schemas/%s'}}"
TWO = f"{EVENT % ('a', JSON % 'Pet')}, {EVENT % ('b', JSON % 'Toy')}"
ITEMS = {
    "a schema": (f"{SSE}: {{schema: {PET}}}", "Stream[Pet]"),
    "a list": (f"{SSE}: {{schema: {{type: array, items: {PET}}}}}", "Stream[Pet]"),
    "an item": (f"application/jsonl: {{itemSchema: {PET}}}", "Stream[Pet]"),
    "a sequence": (f"application/geo+json-seq: {{itemSchema: {PET}}}", "Stream[Pet]"),
    "text as a whole": (f"{SSE}: {{schema: {{type: string}}}}", "Stream[Any]"),
    "bytes as a whole": (
        "application/jsonl: {schema: {type: string, format: binary}}",
        "Stream[Any]",
    ),
    "nothing": (f"{SSE}: {{}}", "Stream[Any]"),
    "numbers": (f"{SSE}: {{itemSchema: {{type: integer}}}}", "Stream[int]"),
    "an event": (f"{SSE}: {{itemSchema: {EVENT % ('a', JSON % 'Pet')}}}", "Stream[Pet]"),
    "an event with data alone": (
        f"{SSE}: {{itemSchema: {{properties: {{data: {PET}}}}}}}",
        "Stream[Pet]",
    ),
    "events": (
        f"{SSE}: {{itemSchema: {{oneOf: [{TWO}, {EVENT % ('c', '{type: string}')}]}}}}",
        "Stream[Pet | Toy | str]",
    ),
    "a payload with data": (
        f"{SSE}: {{schema: {{properties: {{id: {{type: integer}}, data: {PET}}}}}}}",
        "Stream[PetCreateEvent]",
    ),
}


@pytest.mark.parametrize(("content", "returns"), ITEMS.values(), ids=ITEMS)
def test_items_are_typed(content: str, returns: str) -> None:
    assert method(content).returns_text == returns


def test_names_of_events_tell_their_payloads() -> None:
    last = "{properties: {data: {const: '[bye]'}}}"
    given = method(f"{SSE}: {{itemSchema: {{oneOf: [{TWO}, {last}]}}}}")

    (payload,) = given.responses[0].payloads
    assert {name: kind.text for name, kind in payload.events.items()} == {"a": "Pet", "b": "Toy"}
    assert payload.ends == ("[bye]",)


BOTH = f"application/json: {{schema: {PET}}}, {SSE}: {{schema: {PET}}}"
WHOLE = f"application/json: {{schema: {PET}}}"
SWITCHES = {
    "a property": (BOTH, "type: boolean", "body"),
    "a property that may be null": (BOTH, "type: [boolean, 'null']", "body"),
    "an argument of its own": (BOTH, "", "call"),
    "a description": (WHOLE, "type: boolean, description: Sends server-sent events.", "body"),
    "nothing, where it says nothing": (WHOLE, "type: boolean", None),
    "nothing, where it is about something else": (
        WHOLE,
        "type: boolean, description: Whether the pet likes streams.",
        None,
    ),
    "nothing, where it is no flag": (BOTH, "type: string", None),
}


@pytest.mark.parametrize(("content", "stream", "place"), SWITCHES.values(), ids=SWITCHES)
def test_a_stream_is_asked_for_by(content: str, stream: str, place: str | None) -> None:
    found = method(content, stream=stream)

    assert (found.switch.place if found.switch else None) == place
    assert found.returns_text == "Pet"


def test_each_way_to_call_has_its_result() -> None:
    found = method(BOTH, stream="type: boolean")

    told = [(way.switch.text if way.switch else "", way.result({}, "")) for way in found.overloads]
    assert told == [("Literal[False]", "Pet"), ("Literal[True]", "Stream[Pet]")]
    assert found.overloads[1].result({}, "Async") == "AsyncStream[Pet]"


def test_a_server_that_streams_by_default_is_asked_not_to() -> None:
    found = method(BOTH, stream="type: boolean, default: true")

    assert [(a.name, a.fixed) for a in found.arguments] == [("stream", False)]
    assert found.switch == found.arguments[0]


def test_each_way_to_call_what_only_streams_gives_a_stream() -> None:
    found = method(f"{SSE}: {{schema: {PET}}}", more=", text/plain: {schema: {type: string}}")

    assert [way.result({}, "Async") for way in found.overloads] == ["AsyncStream[Pet]"] * 2
    assert not any(way.waits("Async") for way in found.overloads)
