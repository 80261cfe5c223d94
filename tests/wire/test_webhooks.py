"""What an API sends to its users (OpenAPI 3.1, "Webhooks"; Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ConfigurationError, DecodeError, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.wire.conftest import Wire

DOCUMENT = "webhooks.yaml"
covers = pytest.mark.covers

KEY = b"a key of thirty-two bytes, just so"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
BORN = b'{"type": "pet.born", "name": "Rex"}'


def signed(
    body: bytes, key: bytes = KEY, *, age: float = 0, sender: str = "webhook"
) -> dict[str, str]:
    """The headers of a request, signed as the specification says."""
    timestamp = str(int(time.time() - age))
    digest = hmac.new(key, b"msg_1." + timestamp.encode() + b"." + body, hashlib.sha256).digest()
    return {
        f"{sender}-id": "msg_1",
        f"{sender}-timestamp": timestamp,
        f"{sender}-signature": "v1," + base64.b64encode(digest).decode(),
    }


def unwrap(wire: Wire, body: bytes | str, headers: Mapping[str, str], **options: Any) -> Any:
    client = wire.connect(webhook_secret=SECRET)
    return client.webhooks.unwrap(body, headers, **options)


@covers("webhook: events, told apart by a constant", "3.1", "3.2")
@pytest.mark.parametrize(
    ("body", "name"),
    [
        (BORN, "Born"),
        (b'{"type": "pet.sold", "name": "Rex"}', "Sold"),
        (b'{"type": "pet.died", "at": "2026-11-20T10:00:00Z"}', "PetDiedEvent"),
    ],
)
def test_an_event_is_typed(wire: Wire, body: bytes, name: str) -> None:
    event = unwrap(wire, body, signed(body))

    assert type(event) is getattr(wire.models, name)
    if name == "PetDiedEvent":
        assert event.at == datetime(2026, 11, 20, 10, tzinfo=timezone.utc)


@covers("webhook: an event of a newer API", "3.1", "3.2")
def test_an_unknown_event_is_kept(wire: Wire) -> None:
    body = b'{"type": "pet.renamed", "name": "Tom", "before": "Rex"}'

    event = unwrap(wire, body, signed(body))

    assert event.to_dict() == {"type": "pet.renamed", "name": "Tom", "before": "Rex"}


@covers("webhook: the vector of the specification", "3.1", "3.2")
def test_the_vector_of_the_specification(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1614265330.0)
    client = wire.connect(webhook_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    client.webhooks.verify(
        '{"test": 2432232314}',
        {
            "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "Webhook-Timestamp": "1614265330",
            "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
    )


@covers("webhook: several signatures, several secrets", "3.1", "3.2")
def test_one_of_several_signatures_is_enough(wire: Wire) -> None:
    headers = signed(BORN)
    headers["webhook-signature"] = f"v1,AAAA v1a,BBBB {headers['webhook-signature']}"
    assert unwrap(wire, BORN, headers).name == "Rex"

    client = wire.connect(webhook_secret=[SECRET, "whsec_bmV3ZXI="])
    assert client.webhooks.unwrap(BORN, signed(BORN)).name == "Rex"
    assert client.webhooks.unwrap(BORN, signed(BORN, b"newer")).name == "Rex"


@covers("webhook: headers by another name", "3.1", "3.2")
def test_headers_of_svix_are_taken(wire: Wire) -> None:
    assert unwrap(wire, BORN, signed(BORN, sender="Svix")).name == "Rex"


@covers("webhook: forgeries", "3.1", "3.2")
@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (lambda: signed(BORN, b"another key"), "no signature"),
        (lambda: signed(BORN + b" "), "no signature"),
        (lambda: signed(BORN, age=400), "too old"),
        (lambda: signed(BORN, age=-400), "future"),
        (lambda: {**signed(BORN), "webhook-timestamp": "soon"}, "no time"),
        (lambda: {**signed(BORN), "webhook-id": "msg_2"}, "no signature"),
        (lambda: {**signed(BORN), "webhook-id": "\udcff"}, "no signature"),
        (lambda: {**signed(BORN), "webhook-id": "\ud800"}, "no text"),
        (lambda: {**signed(BORN), "webhook-signature": "v2,AAAA"}, "no signature"),
        (lambda: {**signed(BORN), "webhook-signature": "v1,ü"}, "no signature"),
        (dict, "no webhook-id"),
    ],
)
def test_a_forged_request_is_refused(
    wire: Wire, headers: Callable[[], dict[str, str]], message: str
) -> None:
    with pytest.raises(WebhookVerificationError, match=message):
        unwrap(wire, BORN, headers())


@covers("webhook: tolerance", "3.1", "3.2")
def test_the_tolerance_can_be_stated(wire: Wire) -> None:
    assert unwrap(wire, BORN, signed(BORN, age=400), tolerance=500).name == "Rex"


@covers("webhook: without verification", "3.1", "3.2")
def test_an_event_can_be_read_unverified(wire: Wire) -> None:
    client = wire.connect()

    assert client.webhooks.unwrap_unverified(BORN) == wire.models.Born(type="pet.born", name="Rex")
    with pytest.raises(DecodeError, match="not JSON"):
        client.webhooks.unwrap_unverified("{cut")


@covers("webhook: the secret", "3.1", "3.2")
def test_the_secret_comes_from_the_environment(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{wire.sdk.name.upper()}_WEBHOOK_SECRET"
    client = wire.connect()
    with pytest.raises(ConfigurationError, match=name):
        client.webhooks.unwrap(BORN, signed(BORN))

    monkeypatch.setenv(name, SECRET)
    assert client.webhooks.unwrap(BORN, signed(BORN)).name == "Rex"
    with pytest.raises(WebhookVerificationError):
        client.webhooks.unwrap(BORN, signed(BORN), secret="whsec_bmV3ZXI=")


@covers("webhook: a secret that is none", "3.1", "3.2")
def test_a_mistyped_secret_is_told_of_and_not_shown(wire: Wire) -> None:
    with pytest.raises(ConfigurationError, match="base64") as caught:
        unwrap(wire, BORN, signed(BORN), secret="whsec_***")
    assert "***" not in str(caught.value)


@covers("webhook: a body that was read before", "3.1", "3.2")
def test_a_body_that_was_read_before_is_refused(wire: Wire) -> None:
    body: Any = {"type": "pet.born", "name": "Rex"}
    with pytest.raises(ConfigurationError, match="as it came"):
        unwrap(wire, body, signed(BORN))


@covers("callback: events are models", "3.1", "3.2")
def test_events_of_callbacks_are_models(wire: Wire) -> None:
    assert wire.models.ReadyEvent.from_dict({"subscription": 7}).subscription == 7
