"""XML both ways (OpenAPI "XML Object", RFC 7303)."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ConfigurationError, DecodeError, NotFoundError
from tests.wire.calls import body_of, echo_of, method_of, request_of

if TYPE_CHECKING:
    from tests.wire.conftest import Wire

DOCUMENT = "xml.yaml"
covers = pytest.mark.covers

XML = "application/xml"
NOON = datetime(2024, 5, 17, 12, tzinfo=timezone.utc)
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

PLAIN: dict[str, tuple[dict[str, Any], str]] = {
    "text": ({"name": "a<b>&'\"é"}, "<name>a&lt;b&gt;&amp;'\"é</name>"),
    "blanks": ({"name": " a\n b "}, "<name> a\n b </name>"),
    "empty text": ({"name": ""}, "<name/>"),
    "integer": ({"count": 123}, "<count>123</count>"),
    "number": ({"price": 1.5}, "<price>1.5</price>"),
    "decimal": ({"exact": Decimal("1.20")}, "<exact>1.20</exact>"),
    "boolean": ({"open": False}, "<open>false</open>"),
    "date": ({"day": date(2024, 5, 17)}, "<day>2024-05-17</day>"),
    "date-time": ({"at": NOON}, "<at>2024-05-17T12:00:00Z</at>"),
    "http-date": ({"seen": NOON}, "<seen>Fri, 17 May 2024 12:00:00 GMT</seen>"),
    "unixtime": ({"since": NOON}, "<since>1715947200</since>"),
    "base64": ({"data": b"\xfb\xff"}, "<data>+/8=</data>"),
    "enumeration": ({"kind": "small"}, "<kind>small</kind>"),
    "enumeration of numbers": ({"level": 2}, "<level>2</level>"),
    "null": ({"note": None}, f'<note {XSI} xsi:nil="true"/>'),
    "dictionary": (
        {"labels": {"Color": "blue", "N": "1"}},
        "<labels><Color>blue</Color><N>1</N></labels>",
    ),
    "dictionary of numbers": ({"scores": {"a": 1}}, "<scores><a>1</a></scores>"),
    "union": ({"either": 7}, "<either>7</either>"),
    "other union": ({"either": "x7"}, "<either>x7</either>"),
}


@covers("XML: values of each type")
@pytest.mark.parametrize("kind", PLAIN)
def test_a_value_is_written_and_read_by_its_type(wire: Wire, kind: str) -> None:
    given, inside = PLAIN[kind]
    document = f"<Plain>{inside}</Plain>"

    back = echo_of(wire, "plain", document.encode(), XML, body=given)

    assert wire.sent.body.decode() == document
    assert wire.sent.header("content-type") == XML
    assert {name: getattr(back, name) for name in given} == given


@covers("XML: fields, mapping and model")
@pytest.mark.parametrize("how", ["fields", "mapping", "model"])
def test_xml_is_the_same_however_it_is_given(wire: Wire, how: str) -> None:
    value: dict[str, Any] = {"name": "a", "since": NOON, "inner": {"name": "b", "open": True}}
    ways: dict[str, dict[str, Any]] = {
        "fields": value,
        "mapping": {"body": value},
        "model": {"body": wire.models.Plain(**value)},
    }

    echo_of(wire, "plain", b"<Plain><name>a</name></Plain>", XML, **ways[how])

    assert wire.sent.body == (
        b"<Plain><name>a</name><since>1715947200</since>"
        b"<inner><name>b</name><open>true</open></inner></Plain>"
    )


@covers("XML: names, attributes, nested models")
def test_elements_and_attributes_have_their_names(wire: Wire) -> None:
    document = (
        '<pet id="7" tag-id="a&quot;b"><name>Rex</name>'
        "<owner><first>Ann</first></owner><Sitter><age>30</age></Sitter></pet>"
    )
    value = {
        "id": 7,
        "tagId": 'a"b',
        "petName": "Rex",
        "owner": {"first": "Ann"},
        "sitter": {"age": 30},
    }

    back = echo_of(wire, "named", document.encode(), "text/xml", body=value)

    assert wire.sent.body.decode() == document
    assert wire.sent.header("content-type") == "text/xml"
    assert back.to_dict() == value
    assert (type(back.owner).__name__, back.sitter.age) == ("Person", 30)


LISTS: dict[str, tuple[Any, str]] = {
    "bare": (["a", "b"], "<bare>a</bare><bare>b</bare>"),
    "renamed": (["a", "b"], "<colour>a</colour><colour>b</colour>"),
    "ignored": (["a"], "<animal>a</animal>"),
    "wrapped": ([1, 2], "<wrapped><wrapped>1</wrapped><wrapped>2</wrapped></wrapped>"),
    "counts": ([1], "<Counts><int32>1</int32></Counts>"),
    "lines": (
        [{"lang": "en", "content": "x"}, {"content": "y"}],
        '<line lang="en">x</line><line>y</line>',
    ),
    "box": ([{"content": "x"}], "<box><line>x</line></box>"),
    "people": (
        [{"first": "Ann", "age": 3}],
        "<people><Person><first>Ann</first><age>3</age></Person></people>",
    ),
    "rows": (
        [[1, 2], [3]],
        "<rows><row><cell>1</cell><cell>2</cell></row><row><cell>3</cell></row></rows>",
    ),
}


@covers("XML: fields, mapping and model")
def test_elements_stand_in_the_order_of_the_document(wire: Wire) -> None:
    for given in ({"age": 30, "first": "Ann"}, wire.models.Person(age=30, first="Ann")):
        sent = request_of(wire, "roots_other", body=given)

        assert sent.body == b"<somebody><first>Ann</first><age>30</age></somebody>"


@covers("XML: arrays, wrapped and not")
@pytest.mark.parametrize("name", LISTS)
def test_an_array_is_written_and_read(wire: Wire, name: str) -> None:
    value, inside = LISTS[name]
    document = f"<Lists>{inside}</Lists>"

    back = echo_of(wire, "lists", document.encode(), XML, body={name: value})

    assert wire.sent.body.decode() == document
    assert back.to_dict() == {name: value, "needed": []}


@covers("XML: empty and absent arrays")
def test_an_empty_array_is_an_empty_wrapper(wire: Wire) -> None:
    back = echo_of(wire, "lists", b"<Lists><box/><needed>a</needed></Lists>", XML, box=[], bare=[])

    assert wire.sent.body == b"<Lists><box/></Lists>"
    assert (back.box, back.wrapped, back.bare, back.needed) == ([], None, None, ["a"])
    assert echo_of(wire, "lists", b"<Lists/>", XML, body={}).needed == []
    assert wire.sent.body == b"<Lists/>"


@covers("XML: arrays that servers wrap or not")
@pytest.mark.parametrize(
    ("inside", "value"),
    [
        ("<bare><string>a</string><string>b</string></bare>", {"bare": ["a", "b"]}),
        ("<wrapped>1</wrapped><wrapped>2</wrapped>", {"wrapped": [1, 2]}),
        ("<wrapped>1</wrapped>", {"wrapped": [1]}),
        ("<lines><line>x</line></lines>", {"lines": [{"content": "x"}]}),
        ("<crates><apple>1</apple></crates>", {"crates": [{"fruit": [1]}]}),
        (f'<maybe {XSI} xsi:nil="true"/>', {"maybe": None}),
    ],
)
def test_an_array_is_read_either_way(wire: Wire, inside: str, value: dict[str, Any]) -> None:
    back = echo_of(wire, "lists", f"<Lists>{inside}</Lists>".encode(), XML, body={})

    assert back.to_dict() == {**value, "needed": []}


@covers("XML: namespaces and prefixes")
def test_names_are_in_their_namespaces(wire: Wire) -> None:
    document = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="urn:open" o:total="9">'
        "<title>T</title><o:count>2</o:count><o:author>A</o:author>"
        "<entry><id>1</id></entry></feed>"
    )
    value = {"title": "T", "total": 9, "count": 2, "author": "A", "entries": [{"id": "1"}]}

    back = echo_of(wire, "spaces", document.encode(), "application/atom+xml", body=value)

    assert wire.sent.body.decode() == document
    assert back.to_dict() == value
    other = document.replace("o:", "x:").replace("xmlns:o", "xmlns:x")
    assert echo_of(wire, "spaces", other.encode(), XML, body=value).to_dict() == value


@covers("XML: nodeType", "3.2")
def test_a_node_is_of_its_type(wire: Wire) -> None:
    document = (
        '<Nodes kind="k"><![CDATA[<b>]]]]><![CDATA[>]]><items><item>a</item></items>'
        "<loose>b</loose><x>1</x><y>2</y></Nodes>"
    )
    value = {
        "kind": "k",
        "html": "<b>]]>",
        "items": ["a"],
        "loose": ["b"],
        "place": {"x": 1, "y": 2},
    }

    back = echo_of(wire, "nodes", document.encode(), XML, body=value)

    assert wire.sent.body.decode() == document
    assert back.to_dict() == value


@covers("XML: roots that are arrays or have another name")
def test_a_root_is_called_as_its_place_says(wire: Wire) -> None:
    people = [{"first": "A"}, {"first": "B", "age": 2}]
    inside = "<{0}><first>A</first></{0}><{0}><first>B</first><age>2</age></{0}>"

    back = echo_of(
        wire,
        "roots_inline",
        f"<People>{inside.format('person')}</People>".encode(),
        XML,
        body=people,
    )

    assert wire.sent.body.decode() == f"<people>{inside.format('people')}</people>"
    assert [person.to_dict() for person in back] == people
    sent = request_of(wire, "roots_component", body=people)
    assert sent.body.decode() == f"<People>{inside.format('person')}</People>"
    sent = request_of(wire, "roots_other", body=wire.models.Person(first="A"))
    assert sent.body == b"<somebody><first>A</first></somebody>"


@covers("XML: roots that are arrays or have another name")
def test_an_array_without_any_name_holds_what_its_items_are_called(wire: Wire) -> None:
    document = "<root><Person><first>A</first></Person><Person><age>2</age></Person></root>"

    back = echo_of(
        wire, "roots_nameless", document.encode(), XML, body=[{"first": "A"}, {"age": 2}]
    )

    assert wire.sent.body.decode() == document
    assert [person.to_dict() for person in back] == [{"first": "A"}, {"age": 2}]


@covers("XML: names, attributes, nested models")
@pytest.mark.parametrize("name", ["name", "petName"])
def test_an_element_is_known_by_the_name_of_its_property_too(wire: Wire, name: str) -> None:
    document = f"<pet><{name}>Rex</{name}></pet>"

    assert echo_of(wire, "named", document.encode(), XML, body={}).pet_name == "Rex"


@covers("XML: choices among models")
@pytest.mark.parametrize("as_model", [True, False])
def test_a_choice_is_written_and_read_as_its_model(wire: Wire, as_model: bool) -> None:
    square = {"kind": "square", "side": 2}

    back = echo_of(
        wire,
        "shapes",
        b"<circle><kind>circle</kind><radius>1</radius></circle>",
        XML,
        body=wire.models.Square(**square) if as_model else square,
    )

    assert wire.sent.body == b"<square><kind>square</kind><side>2</side></square>"
    assert back == wire.models.Circle(kind="circle", radius=1)


@covers("XML: subtypes")
@pytest.mark.parametrize("as_model", [True, False])
def test_a_subtype_is_written_and_read_by_its_tag(wire: Wire, as_model: bool) -> None:
    document = b'<Animal kind="dog" age="3"><tricks><trick>sit</trick></tricks></Animal>'
    dog = {"kind": "dog", "age": 3, "tricks": ["sit"]}
    given = wire.models.Dog.from_dict(dog) if as_model else dog

    back = echo_of(wire, "animals", document, XML, body=given)

    assert wire.sent.body == document
    assert back == wire.models.Dog.from_dict(dog)


@covers("XML: what the document does not know")
def test_unknown_elements_are_kept_and_sent_back(wire: Wire) -> None:
    document = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Plain new="1">\n  <name>x</name>\n'
        b"  <more><a>1</a><a>2</a></more>\n  <kind>huge</kind>\n</Plain>"
    )

    back = echo_of(wire, "plain", document, XML, name="x")

    assert back.kind == "huge"
    assert back.model_extra == {"new": "1", "more": {"a": ["1", "2"]}}
    echo_of(wire, "plain", document, XML, body=back)
    assert wire.sent.body == (
        b"<Plain><name>x</name><kind>huge</kind><new>1</new><more><a>1</a><a>2</a></more></Plain>"
    )


@covers("XML: any value")
def test_a_value_without_a_schema_is_plain_data(wire: Wire) -> None:
    value = {"any": {"a": [1, {"b": None}]}, "name": "x"}
    inside = f'<any><a>1</a><a><b {XSI} xsi:nil="true"/></a></any>'

    back = echo_of(wire, "plain", f"<P>{inside}<name>x</name></P>".encode(), XML, body=value)

    assert wire.sent.body.decode() == f"<Plain><name>x</name>{inside}</Plain>"
    assert back.any == {"a": ["1", {"b": None}]}


@covers("XML: errors")
def test_an_error_is_read_as_its_model(wire: Wire) -> None:
    wire.answer(
        b"<problem><title>Gone</title><status>404</status></problem>",
        "application/problem+xml",
        404,
    )

    with pytest.raises(NotFoundError) as caught:
        wire.call(method_of(wire, "plain"), name="x")

    assert caught.value.body == wire.models.Problem(title="Gone", status=404)


@covers("XML: or JSON, as is asked")
def test_a_call_chooses_between_json_and_xml(wire: Wire) -> None:
    back = echo_of(wire, "choice", b'{"name": "a"}', "application/json", name="b")

    assert back.name == "a"
    assert (wire.sent.body, wire.sent.header("accept")) == (b'{"name":"b"}', "application/json")
    back = echo_of(
        wire,
        "choice",
        b"<Plain><name>a</name></Plain>",
        XML,
        name="b",
        content_type=XML,
        accept=XML,
    )
    assert back.name == "a"
    assert wire.sent.body == b"<Plain><name>b</name></Plain>"
    assert (wire.sent.header("content-type"), wire.sent.header("accept")) == (XML, XML)
    assert body_of(wire, "choice")["default"] == "application/json"


@covers("XML: as text where the document knows no structure")
def test_xml_without_a_schema_is_text(wire: Wire) -> None:
    assert echo_of(wire, "text", b"<a/>", XML, body="<b/>") == "<a/>"
    assert wire.sent.body == b"<b/>"


@covers("XML: documents that attack")
@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><Plain><name>&c;</name></Plain>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Plain><name>&x;</name></Plain>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><Plain><name>x</name></Plain>',
        b"<Plain>" * 5000,
        b"<Plain><name>x</Plain>",
        b"not XML",
    ],
)
def test_what_attacks_is_refused(wire: Wire, document: bytes) -> None:
    wire.answer(document, XML)

    with pytest.raises(DecodeError):
        wire.call(method_of(wire, "plain"), name="x")


@covers("XML: what it cannot write")
@pytest.mark.parametrize("value", [{"name": "\0"}, {"labels": {"a b": "c"}}, {"labels": {"": "c"}}])
def test_what_xml_has_no_way_to_write_is_refused(wire: Wire, value: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        request_of(wire, "plain", body=value)
