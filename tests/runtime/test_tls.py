"""Where certificates come from."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import pytest

from clientgen_runtime import ConfigurationError
from clientgen_runtime._net.tls import TLSConfig

if TYPE_CHECKING:
    from pathlib import Path

trustme = pytest.importorskip("trustme")
PASSWORD = "open sesame"


@pytest.fixture(scope="module")
def authority() -> Any:
    return trustme.CA()


def file_of(folder: Path, *blobs: Any) -> Path:
    path = folder / "file.pem"
    path.write_bytes(b"".join(blob.bytes() for blob in blobs))
    return path


def encrypted_key(folder: Path, certificate: Any) -> Path:
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(certificate.private_key_pem.bytes(), None)
    path = folder / "key.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(PASSWORD.encode()),
        )
    )
    return path


def test_the_environment_names_a_bundle(
    authority: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(file_of(tmp_path, authority.cert_pem)))

    assert len(TLSConfig().context().get_ca_certs()) == 1


def test_a_folder_of_certificates_is_taken(tmp_path: Path) -> None:
    assert TLSConfig(tmp_path).context().verify_mode is ssl.CERT_REQUIRED


def test_a_context_of_ones_own_is_used_as_it_is() -> None:
    context = ssl.create_default_context()

    assert TLSConfig(context).context() is context


def test_the_store_of_the_system_may_be_trusted() -> None:
    truststore = pytest.importorskip("truststore")

    assert isinstance(TLSConfig(trust_store="system").context(), truststore.SSLContext)


def test_a_key_may_have_a_password(authority: Any, tmp_path: Path) -> None:
    mine = authority.issue_cert("me@example.com")
    chain = file_of(tmp_path, *mine.cert_chain_pems)
    key = encrypted_key(tmp_path, mine)

    assert TLSConfig(cert=(str(chain), str(key), PASSWORD)).context()
    with pytest.raises(ConfigurationError) as caught:
        TLSConfig(cert=(str(chain), str(key), "wrong")).context()
    assert "wrong" not in str(caught.value)


def test_a_key_that_wants_a_password_does_not_ask_for_it(authority: Any, tmp_path: Path) -> None:
    mine = authority.issue_cert("me@example.com")
    chain = file_of(tmp_path, *mine.cert_chain_pems)

    with pytest.raises(ConfigurationError):
        TLSConfig(cert=(str(chain), str(encrypted_key(tmp_path, mine)))).context()


@pytest.mark.parametrize("content", [b"", b"no certificate"])
def test_a_bundle_without_certificates_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bundle.pem"
    path.write_bytes(content)

    with pytest.raises(ConfigurationError):
        TLSConfig(path).context()
