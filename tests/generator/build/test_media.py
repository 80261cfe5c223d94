"""Media types: what they are, which comes first, and what is asked of the runtime for them."""

from __future__ import annotations

import pytest

from clientgen import _pipeline
from clientgen.build._bodies import in_order
from clientgen.build._media import kind_of
from clientgen.config import Config
from clientgen.diagnostics import Where
from clientgen.load import parse_document
from clientgen.resolve.spec import Media, RequestBody
from tests.support.samples import SAMPLES


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", "json"),
        ("Application/Vnd.Api+JSON; v=1", "json"),
        ("text/json", "json"),
        ("application/x-json", "json"),
        ("application/vnd.acme.pet.json", "json"),
        ("application/merge-patch+json", "json"),
        ("application/x-ndjson", "lines"),
        ("application/xml", "xml"),
        ("text/xml", "xml"),
        ("application/atom+xml", "xml"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/related", "multipart"),
        ("text/csv", "text"),
        ("application/yaml", "text"),
        ("image/svg", "binary"),
        ("image/*", "binary"),
        ("application/octet-stream", "binary"),
        ("*/*", "any"),
    ],
)
def test_a_media_type_is_of_a_kind(media_type: str, kind: str) -> None:
    assert kind_of(media_type) == kind


def test_what_users_would_choose_is_the_default() -> None:
    wanted = [
        "application/json",
        "application/vnd.api+json",
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/xml",
        "image/png",
        "text/plain",
        "*/*",
    ]
    where = Where(parse_document(b"{}", name="x"))
    body = RequestBody(tuple(Media(n, None, where) for n in reversed(wanted)), True, where)

    assert [media.type for media in in_order(body).content] == wanted


@pytest.mark.parametrize(
    ("document", "has_xml"), [("wire/xml.yaml", True), ("pet_store.yaml", False)]
)
def test_a_package_asks_for_xml_where_it_needs_it(document: str, has_xml: bool) -> None:
    planned = _pipeline.plan(str(SAMPLES / document), Config())

    project = _pipeline.files(planned, Config())["pyproject.toml"]

    assert ("clientgen-runtime[xml]" in project) == has_xml
