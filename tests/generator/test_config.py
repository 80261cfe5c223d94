"""Settings as other parts of the generator get them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from clientgen.config import USED_CLASSES, USED_PACKAGES, Config, ConfigError, load_config
from tests.generator.cli.command import PETS, ordinary_user
from tests.support.generated import generated
from tests.support.samples import ROOT


@pytest.fixture(autouse=True)
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CLIENTGEN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_configured() -> None:
    assert load_config({}) == Config()


def test_flags_that_are_not_given_change_nothing() -> None:
    assert load_config({"package": None, "include_path": None}) == Config()


def test_a_config_made_by_hand_reads_no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_PACKAGE", "shop")

    assert (Config().package, load_config({}).package) == (None, "shop")


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTGEN_CLIENT", "None")
    Path("clientgen.toml").write_text("meta = 'x'")

    with pytest.raises(ConfigError) as caught:
        load_config({"package": "class"})

    places = re.findall(r"(?:^|; )(\S+?): (\w+:)?", str(caught.value))
    assert {first for first, _ in places} == {"--package", "CLIENTGEN_CLIENT", "clientgen.toml"}


def test_operations_are_known_by_method_and_path() -> None:
    Path("clientgen.toml").write_text("[operations.' get  /pets ']\ncall = 'pets.find'")

    assert list(load_config({}).operations) == ["GET /pets"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("1", True), ("false", False), ("https://a.example", ("https://a.example",))],
)
def test_origins_in_a_variable(
    text: str, value: bool | tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENTGEN_ALLOW_REMOTE_REFS", text)

    assert load_config({}).allow_remote_refs == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("", ()), (" ", ()), ("a,b", ("a", "b")), ('["a,b"]', ("a,b",)), ("2024", ("2024",))],
)
def test_lists_in_a_variable(
    text: str, value: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENTGEN_EXCLUDE_TAG", text)

    assert load_config({}).exclude_tag == value


@pytest.mark.parametrize(
    ("spec", "meant"),
    [
        ("api.yaml", str(Path("sub/api.yaml"))),
        ("/api.yaml", str(Path("/api.yaml"))),
        ("https://example.com/api", "https://example.com/api"),
        ("-", "-"),
    ],
)
def test_documents_in_a_file_are_found_from_its_folder(spec: str, meant: str) -> None:
    Path("sub").mkdir()
    Path("sub/c.toml").write_text(f"spec = '{spec}'")

    assert load_config({}, Path("sub/c.toml")).spec == (meant,)


def test_a_file_that_is_no_text_is_refused() -> None:
    Path("clientgen.toml").write_bytes(b"package = '\xff'")

    with pytest.raises(ConfigError, match=r"cannot read clientgen\.toml: it is not UTF-8"):
        load_config({})


@pytest.mark.skipif(os.name == "nt", reason="permissions are different there")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    Path("clientgen.toml").touch(0)

    with (
        ordinary_user(tmp_path),
        pytest.raises(ConfigError, match=r"cannot read clientgen\.toml: Permission denied"),
    ):
        load_config({})


@pytest.mark.skipif(os.name == "nt", reason="permissions are different there")
def test_a_folder_that_may_not_be_searched_has_no_file(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    os.chdir("closed")
    Path("clientgen.toml").write_text("package = 'shop'")
    Path().chmod(0)

    with ordinary_user(tmp_path):
        assert load_config({}) == Config()


# --- Names that are taken --------------------------------------------------------------------


def test_names_of_all_packages_are_known() -> None:
    sdk = generated(PETS)
    fixed = {name for name in sdk.module.__all__ if name[0].isupper()} - {"OMIT"}

    assert fixed - {"PetStore", "AsyncPetStore"} <= USED_CLASSES


def test_names_beside_clients_are_known() -> None:
    template = (ROOT / "templates/clientgen_templates/_client.py.jinja").read_text("utf-8")
    imported = re.findall(r"^ *from [a-z_.]+ import (?:\(([^)]*)\)|(.*))$", template, re.M)
    names = set(re.findall(r"\b[A-Z]\w+", str(imported)))

    assert names >= {"AsyncClient", "Api", "RawKind", "TYPE_CHECKING"}
    assert names | {"API"} <= USED_CLASSES | {"Unpack"}


@pytest.mark.parametrize("name", ["API", "Paginator", "Raw"])
def test_clients_may_not_be_called_like_names_beside_them(name: str) -> None:
    with pytest.raises(ConfigError, match="has a class"):
        load_config({"client": name})


def test_packages_that_are_needed_are_known() -> None:
    texts = [path.read_text("utf-8") for path in generated(PETS).folder.rglob("*.py")]
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", "\n".join(texts), re.M))

    assert {name for name in imported if name not in USED_PACKAGES} <= {
        *("__future__", "collections", "datetime", "decimal", "functools", "typing", "uuid")
    }
