"""What a user sees of calls with a choice of media types."""

from pathlib import Path

from album import AsyncWireContent, WireContent, models
from typing_extensions import assert_type


def right(client: WireContent) -> None:
    assert_type(client.photos.get(), models.PhotoLink)
    assert_type(client.photos.get(accept="application/json"), models.PhotoLink)
    assert_type(client.photos.get(accept="image/png"), bytes)
    assert_type(client.photos.get(accept="text/csv"), str)
    assert_type(client.pictures.get(accept="image/jpeg"), bytes | None)
    client.photos.add(url="u")
    client.photos.add(body={"url": "u"}, content_type="application/x-www-form-urlencoded")
    client.photos.add(body=b"", content_type="image/png")
    client.photos.add(body=Path("a.png"), content_type="image/png")
    client.photos.add(body=iter([b"a", b"b"]), content_type="image/png")
    client.photos.add(body="u", content_type="text/plain")
    client.photos.add(body=models.PhotoUpload(photo=b""), content_type="multipart/form-data")
    client.pictures.set(body=b"", content_type="image/webp")
    with Path("a.png").open("rb") as file:
        client.pictures.set(body=file)


async def right_async(client: AsyncWireContent) -> None:
    assert_type(await client.photos.get(accept="image/png"), bytes)
    await client.photos.add(body=b"", content_type="image/png")
