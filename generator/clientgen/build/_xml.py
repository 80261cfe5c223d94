"""What the runtime is told of XML, as the code that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clientgen.resolve.spec import Xml


def xml_code(xml: Xml | None, fields: Mapping[str, Xml] | None = None, name: str = "") -> str:
    """An `Xml(…)` of the runtime; empty when there is nothing to tell.

    Args:
        xml: What the document says of a schema.
        fields: What it says of the schema's properties, by wire name.
        name: The name of the element when the document gives none.
    """
    told = ", ".join([*_arguments(xml, name), *_fields(fields or {})])
    return f"Xml({told})" if told else ""


def _arguments(xml: Xml | None, name: str) -> list[str]:
    found: list[str] = []
    if (xml and xml.name) or name:
        found.append(repr((xml and xml.name) or name))
    if xml is None:
        return found
    if xml.kind != "element":
        found.append(f"kind={xml.kind!r}")
    if xml.namespace:
        found.append(f"namespace={xml.namespace!r}")
    if xml.prefix:
        found.append(f"prefix={xml.prefix!r}")
    if xml.wrapped:
        found.append("wrapped=True")
    if item := xml_code(xml.item):
        found.append(f"item={item}")
    return found


def _fields(fields: Mapping[str, Xml]) -> list[str]:
    told = [f"{name!r}: {code}" for name, xml in fields.items() if (code := xml_code(xml))]
    return [f"fields={{{', '.join(told)}}}"] if told else []
