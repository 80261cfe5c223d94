"""Following `$ref`s: within a document, to anchors and identifiers, and into other documents."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin

from clientgen.load import Document, Loader, LoadError

from ._node import Node, scalar_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from clientgen.diagnostics import Diagnostics

MAX_HOPS = 100
"""References that lead to references; more than this is a circle."""


def reference_of(node: Node) -> str | None:
    """The reference that a node is, if it is one."""
    reference = node.mapping.get("$ref")
    return reference if isinstance(reference, str) else None


class Refs:
    """Finds what references point at, each once."""

    def __init__(self, loader: Loader, diagnostics: Diagnostics) -> None:
        self._loader = loader
        self._diagnostics = diagnostics
        self._from_root: dict[tuple[str, str], Node | None] = {}
        self._targets: dict[tuple[str, str, str], Node | None] = {}
        self._identifiers: dict[str, dict[str, Node]] = {}

    def follow(self, node: Node, read: Callable[[Node], str | None] = reference_of) -> Node:
        """What a node stands for: the end of its references, or itself when it has none.

        A reference that leads nowhere gives the node itself, with a warning.

        Args:
            node: What may be a reference.
            read: Tells the reference that a node is, None where it is more than that.
        """
        seen = node
        for _ in range(MAX_HOPS):
            reference = read(seen)
            if reference is None:
                return seen
            target = self.target(seen, reference)
            if target is None:
                return seen
            seen = target
        self._diagnostics.warning("CG203", "this `$ref` leads back to itself", node.where)
        return Node({}, node.document, node.parent, node.key)

    def text(self, node: Node, key: str) -> str:
        """A text of a node, which may stand elsewhere: some authors put long ones into files."""
        written = node.get(key)
        return scalar_text(self.follow(written).value) if written is not None else ""

    def target(self, node: Node, reference: str) -> Node | None:
        """The node that a reference of `node` points at, or None with a warning."""
        whole = (node.document.uri, reference)
        if whole not in self._from_root:
            self._from_root[whole] = _in_document(node, reference)
        if (found := self._from_root[whole]) is not None:
            return found
        # All else may be another thing in each schema resource of a document.
        known = (*whole, _base(node))
        if known not in self._targets:
            self._targets[known] = self._find(node, reference)
        return self._targets[known]

    def _find(self, node: Node, reference: str) -> Node | None:
        address, fragment = urldefrag(reference)
        fragment = unquote(fragment)
        try:
            root = self._root(node, address)
        except LoadError as error:
            self._diagnostics.warning(
                "CG201",
                f"cannot follow `$ref: {reference}`: {error.diagnostic.message}; "
                "it is read as any value",
                node.where,
            )
            return None
        found = None
        if fragment and not fragment.startswith("/"):
            found = self._anchor(node if address == "" else root, fragment)
        elif root is not None:
            found = self._inside(root, fragment)
        if found is None and address == "" and node.parent is not None:
            found = self._inside(self._resource(node), fragment)
        if found is None:
            self._diagnostics.warning(
                "CG201",
                f"`$ref: {reference}` points at nothing; it is read as any value",
                node.where,
            )
        return found

    def _root(self, node: Node, address: str) -> Node | None:
        document = node.document
        if not address:
            return Node(document.value, document)
        absolute = urljoin(_base(node), address)
        if absolute == document.uri:
            return Node(document.value, document)
        embedded = self._index(document).get(absolute)
        if embedded is not None:
            return embedded
        other = self._loader.load_reference(address, document)
        return Node(other.value, other)

    def _inside(self, root: Node, fragment: str) -> Node | None:
        if fragment in ("", "/"):
            return root
        return walk(root, fragment) if fragment.startswith("/") else None

    def _anchor(self, node: Node | None, name: str) -> Node | None:
        """The node of an anchor: of the resource of `node`, else of any in its document."""
        if node is None:
            return None
        index = self._index(node.document)
        return index.get(f"{_resource_uri(node)}#{name}") or index.get("#" + name)

    def _resource(self, node: Node) -> Node:
        """The schema resource (JSON Schema 2020-12, section 4.3.5) that a node belongs to."""
        while node.parent is not None and "$id" not in node.mapping:
            node = node.parent
        return node

    def _index(self, document: Document) -> dict[str, Node]:
        """Nodes of a document by `$id`, `$self` and anchor, and by the name of the anchor alone."""
        if document.uri not in self._identifiers:
            self._identifiers[document.uri] = dict(_identified(document))
        return self._identifiers[document.uri]


def _in_document(node: Node, reference: str) -> Node | None:
    """What a JSON Pointer points at from the top of a node's document."""
    if not reference.startswith("#/"):
        return None
    return walk(Node(node.document.value, node.document), unquote(reference[1:]))


def walk(root: Node, pointer: str) -> Node | None:
    """The node under a JSON Pointer (RFC 6901)."""
    node: Node | None = root
    for part in pointer.split("/")[1:]:
        if node is None:
            return None
        key = part.replace("~1", "/").replace("~0", "~")
        node = node.child(key)
    return node


def _base(node: Node) -> str:
    """The URI that references of a node are relative to (`$id`, `$self`, or the document's)."""
    identifiers = []
    at: Node | None = node
    while at is not None:
        identifier = at.mapping.get("$id" if at.parent is not None else "$self")
        if isinstance(identifier, str):
            identifiers.append(identifier)
        at = at.parent
    base = node.document.uri
    for identifier in reversed(identifiers):
        base = urljoin(base, identifier)
    return base


def _resource_uri(node: Node) -> str:
    """The URI of the schema resource, or of the document, that a node belongs to."""
    return urldefrag(_base(node))[0]


def _identified(document: Document) -> list[tuple[str, Node]]:
    found = []
    waiting = [Node(document.value, document)]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, dict):
            for key in ("$anchor", "$dynamicAnchor"):
                if isinstance(anchor := node.value.get(key), str):
                    found.append(("#" + anchor, node))
                    found.append((f"{_resource_uri(node)}#{anchor}", node))
            for key in ("$id", "$self"):
                if isinstance(node.value.get(key), str):
                    found.append((_resource_uri(node), node))
            waiting += [child for _, child in node.entries()]
        else:
            waiting += node.items()
    found.reverse()
    return found
