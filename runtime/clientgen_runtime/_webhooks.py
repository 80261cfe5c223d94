"""Events that an API sends to its users, and the proof that it was the API that sent them.

Signatures are those of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, in the headers
`webhook-id`, `webhook-timestamp` and `webhook-signature`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ._auth import SecretValue, reveal
from ._errors import ConfigurationError, DecodeError, WebhookVerificationError
from ._framing import json_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ._auth import Secret

E_co = TypeVar("E_co", covariant=True)

TOLERANCE = 300.0
"""Seconds that the clock of a sender may be apart from ours (Standard Webhooks, "Timestamp")."""

_PREFIX = "whsec_"
_SENDERS = ("webhook", "svix")


class Webhooks(Generic[E_co]):
    """Reads the events that an API sends.

    Args:
        event: Gives the type of the events, a model or a union of models.
        secret: What signatures are made with, such as `whsec_…`; several while one takes the
            place of another.
        env: The environment variable that has the secret when none is given; several are
            separated by blanks.

    Example:
        >>> webhooks = Webhooks(lambda: Pet, secret="whsec_c2VjcmV0")
        >>> webhooks.unwrap_unverified(b'{"id": 7, "name": "Rex"}')
        Pet(id=7, name='Rex')
    """

    def __init__(
        self,
        event: Callable[[], Any],
        secret: Secret | Sequence[Secret] | None = None,
        *,
        env: str = "",
    ) -> None:
        self._event = event
        self._secret = secret
        self._env = env

    def unwrap(
        self,
        body: bytes | str,
        headers: Mapping[str, str],
        *,
        secret: Secret | Sequence[Secret] | None = None,
        tolerance: float = TOLERANCE,
    ) -> E_co:
        """The event that a request carries, when its signature is right.

        Args:
            body: The body of the request as it came: JSON that is written anew has another
                signature.
            headers: The headers of the request.
            secret: What the signature is made with, in place of that of the client.
            tolerance: Seconds that the time of the request may be apart from now.

        Returns:
            The model of the event; what does not fit is kept as it came.

        Raises:
            WebhookVerificationError: The request was not sent by the API, or not now.
            DecodeError: The body is not JSON.
            ConfigurationError: There is no secret.

        Example:
            >>> webhooks = Webhooks(lambda: Pet, secret="whsec_c2VjcmV0")
            >>> sent = {"webhook-id": "m1", "webhook-timestamp": "1"}
            >>> sent["webhook-signature"] = "v1,N6hVNddXjMkTCsARWEO5OVi4yVoyPER7RNezEZuf6WQ="
            >>> webhooks.unwrap('{"id": 7, "name": "Rex"}', sent, tolerance=1e10)
            Pet(id=7, name='Rex')
        """
        self.verify(body, headers, secret=secret, tolerance=tolerance)
        return self.unwrap_unverified(body)

    def unwrap_unverified(self, body: bytes | str) -> E_co:
        """The event that a body holds, whoever sent it.

        Args:
            body: The body of a request.

        Raises:
            DecodeError: It is not JSON.

        Example:
            >>> Webhooks(lambda: Pet).unwrap_unverified('{"id": 7, "name": "Rex"}').name
            'Rex'
        """
        try:
            value = json_of(body)
        except DecodeError as error:
            raise DecodeError(f"the body of the webhook is not JSON: {error.__cause__}") from error
        from ._data.lenient import construct

        event: E_co = construct(self._event(), value)
        return event

    def verify(
        self,
        body: bytes | str,
        headers: Mapping[str, str],
        *,
        secret: Secret | Sequence[Secret] | None = None,
        tolerance: float = TOLERANCE,
    ) -> None:
        """Check that a request was sent by the API, and now.

        Args:
            body: The body of the request as it came.
            headers: The headers of the request.
            secret: What the signature is made with, in place of that of the client.
            tolerance: Seconds that the time of the request may be apart from now.

        Raises:
            WebhookVerificationError: It was not.
            ConfigurationError: There is no secret.

        Example:
            >>> webhooks = Webhooks(lambda: Pet, secret="whsec_c2VjcmV0")
            >>> sent = {"webhook-id": "m1", "webhook-timestamp": "1"}
            >>> sent["webhook-signature"] = "v1,k0V+nUcNucZ1ZZ336clVYZH0ibBBudJfvCDTRZZ9COA="
            >>> webhooks.verify("{}", sent, tolerance=1e10)
        """
        content = _content(body)
        keys = [key for given in self._secrets(secret) for key in _keys(given)]
        fields = {name.lower(): value for name, value in headers.items()}
        message_id, timestamp, signatures = (
            _field(fields, name) for name in ("id", "timestamp", "signature")
        )
        _check_time(timestamp, tolerance)
        signed = b".".join((_bytes_of(message_id), timestamp.encode(), content))
        expected = [hmac.new(key, signed, hashlib.sha256).digest() for key in keys]
        given = list(_signatures(signatures))
        # All are compared, so that time tells nothing of which one fits.
        fits = [hmac.compare_digest(a, b) for a in given for b in expected]
        if not any(fits):
            raise WebhookVerificationError("no signature of the request fits the secret")

    def _secrets(self, secret: Secret | Sequence[Secret] | None) -> list[str]:
        given = self._secret if secret is None else secret
        if given is None:
            found = os.environ.get(self._env, "").split() if self._env else []
        elif isinstance(given, (str, SecretValue)):
            found = [reveal(given)]
        else:
            found = [reveal(each) for each in given]
        if not any(found):
            hint = f" or set {self._env}" if self._env else ""
            raise ConfigurationError(f"webhooks need their secret: give webhook_secret={hint}")
        return found


def _content(body: object) -> bytes:
    match body:
        case str():
            return _bytes_of(body)
        case bytes() | bytearray():
            return bytes(body)
        case _:
            raise ConfigurationError(
                "a webhook is checked by its body as it came: give its bytes or its text, "
                f"not a {type(body).__name__}"
            )


def _bytes_of(text: str) -> bytes:
    """A text of a request as it came; servers of Python read bytes that are none as surrogates."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise WebhookVerificationError("the request holds what is no text") from None


def _keys(secret: str) -> Iterator[bytes]:
    """The keys that a secret may stand for: it is written in base64, but not by everybody."""
    try:
        yield base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        if secret.startswith(_PREFIX):
            raise ConfigurationError(
                "webhook_secret= is not base64 after whsec_: copy it anew"
            ) from None
    if not secret.startswith(_PREFIX):
        yield secret.encode()


def _field(fields: Mapping[str, str], name: str) -> str:
    for sender in _SENDERS:
        if value := fields.get(f"{sender}-{name}"):
            return value
    raise WebhookVerificationError(f"the request has no webhook-{name}")


def _check_time(timestamp: str, tolerance: float) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        raise WebhookVerificationError("webhook-timestamp is no time in seconds")
    age = time.time() - int(timestamp)
    if abs(age) > tolerance:
        raise WebhookVerificationError(
            "the request is too old" if age > 0 else "the request is from the future"
        )


def _signatures(text: str) -> Iterator[bytes]:
    """The signatures of version 1; others are made with other keys."""
    for signature in text.split():
        version, _, value = signature.partition(",")
        if version == "v1":
            try:
                yield base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                continue
