"""Generated clients of both kinds against a server that keeps the raw requests.

A test module names its document: `DOCUMENT = "parameters.yaml"`, in `sample_specs/wire`. The
`wire` fixture is its SDK, and runs a test with the sync client in each version of OpenAPI, and with
the async client in the newest. The versions are those of `@covers("construct", "3.1", "3.2")`,
else 3.0, 3.1 and 3.2; a document of Swagger 2.0 stays one. The run ends with a matrix of constructs
and versions.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.runtime.driving import Driven
from tests.support.generated import Sdk, generated
from tests.support.recorder import Answer, Recorder, Sent
from tests.support.samples import SAMPLES
from tests.wire.matrix import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


class Wire:
    """A generated SDK, a server, and a client of one kind between them.

    Attributes:
        sdk: The generated package and what `inspect` says of it.
        server: What is asked and answered.
        client: The client; an async one is driven as if it were the sync one.
    """

    def __init__(self, sdk: Sdk, server: Recorder, kind: str) -> None:
        self.sdk = sdk
        self.server = server
        self.is_async = kind == "async"
        self._loop = asyncio.new_event_loop() if self.is_async else None
        self._clients: list[Driven] = []
        self._client: Any = None

    def connect(self, **options: Any) -> Any:
        """A client with these constructor arguments, that never tries again."""
        return self.plain(**{"retry": None, **options})

    def plain(self, **options: Any) -> Any:
        """A client that has nothing but a base URL and these constructor arguments."""
        make: Any = self.sdk.async_client if self.is_async else self.sdk.client
        client = Driven(make(**{"base_url": self.server.url, **options}), self._loop)
        self._clients.append(client)
        return client

    @property
    def client(self) -> Any:
        """A client with nothing but a base URL."""
        if self._client is None:
            self._client = self.connect()
        return self._client

    def call(self, path: str, /, *arguments: object, **named: object) -> Any:
        """Call a method by its attribute path, such as `pets.retrieve`."""
        *owners, name = path.split(".")
        target: Any = self.client
        for owner in owners:
            target = self.drive(getattr(target, owner))
        return getattr(target, name)(*arguments, **named)

    def drive(self, target: Any) -> Any:
        """A resource or stream of either client, used as if it were the sync one's."""
        return target if isinstance(target, Driven) else Driven(target, self._loop)

    def answer(
        self,
        body: bytes | str = b"{}",
        content_type: str | None = "application/json",
        status: int = 200,
        **headers: str,
    ) -> None:
        """What the server answers from now on; `_` in names of headers stands for `-`."""
        content = body.encode() if isinstance(body, str) else body
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self.server.answers = [Answer(status, content, content_type, fields)]

    @property
    def sent(self) -> Sent:
        """The newest request."""
        return self.server.last

    @property
    def module(self) -> ModuleType:
        """The imported package."""
        return self.sdk.module

    @property
    def models(self) -> Any:
        """The models of the package."""
        return self.sdk.module.models

    def close(self) -> None:
        """Close everything that was opened."""
        for client in self._clients:
            client.close()
        if self._loop is not None:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "wire" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("covers")
    named = marker.args[1:] if marker is not None else ()
    if (
        _text(metafunc.module.DOCUMENT)
        .lstrip()
        .startswith(("swagger", '{"swagger', '{\n  "swagger'))
    ):
        versions: tuple[str, ...] = ("2.0",)
    else:
        versions = named or ("3.0", "3.1", "3.2")
    # Versions differ in how documents are read, which is done before there are two clients.
    both = [("sync", version) for version in versions] + [("async", versions[-1])]
    metafunc.parametrize("wire", both, indirect=True, ids=[f"{v} {k}" for k, v in both])


@pytest.fixture
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    kind, version = request.param
    marker = request.node.get_closest_marker("covers")
    if marker is not None:
        request.node.user_properties.append(("construct", (marker.args[0], version)))
    sdk = generated(_read_as(version, _text(request.module.DOCUMENT)))
    with Recorder() as server:
        made = Wire(sdk, server, kind)
        yield made
        made.close()


def _text(document: str) -> str:
    return (SAMPLES / "wire" / document).read_text(encoding="utf-8")


def _read_as(version: str, text: str) -> str:
    """The same document, called one of another version."""
    return re.sub(r"^openapi: .*$", f"openapi: {VERSIONS[version]}", text, count=1, flags=re.M)
