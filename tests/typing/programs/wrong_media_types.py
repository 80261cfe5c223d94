"""Calls with a choice of media types that type checkers must refuse."""

from album import WireContent


def wrong(client: WireContent) -> None:
    client.photos.get(accept="image/webp")  # wrong: a type that the answer does not have
    client.photos.add(body=b"")  # wrong: bytes for JSON
    client.photos.add(body=7, content_type="image/png")  # wrong: a number for bytes
    client.photos.add(url="u", content_type="text/plain")  # wrong: fields for text
    client.photos.add(body="u", content_type="text/csv")  # wrong: a type that is not taken
    client.photos.add(content_type="image/png")  # wrong: no body for a type that needs one
    client.pictures.set(body=7)  # wrong: a number for bytes
