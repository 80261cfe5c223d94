"""Any text becomes a name that Python accepts everywhere."""

import builtins
import keyword
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientgen.build._identifiers import (
    Names,
    class_name,
    identifier,
    module_name,
    pascal_case,
    snake_case,
)

ANY_TEXT = st.text() | st.text(
    alphabet="aZ09_-. '\u2019éßИ書\u0301\u200f\x00\U0001f600ǅİ", max_size=30
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("petId", "pet_id"),
        ("HTTPServer2XX", "http_server_2xx"),
        ("X-Rate-Limit", "x_rate_limit"),
        ("list-for-org", "list_for_org"),
        ("filter[name]", "filter_name"),
        ("__class__", "class"),
        ("user's keys", "users_keys"),
        ("IDs", "ids"),
        ("reservedIPsActions", "reserved_ips_actions"),
        ("listIPSets", "list_ip_sets"),
        ("IPv6Address", "ipv6_address"),
        ("OAuth2Token", "oauth2_token"),
        ("EC2Instance", "ec2_instance"),
        ("repositoriesV2", "repositories_v2"),
        ("readBatchV1beta1CronJob", "read_batch_v1beta1_cron_job"),
        ("rbac.k8s.io", "rbac_k8s_io"),
        ("getX509Certificate", "get_x509_certificate"),
        ("2FACode", "2fa_code"),
    ],
)
def test_words_are_found_in_any_spelling(text: str, expected: str) -> None:
    assert snake_case(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("café", "cafe"),
        ("Straße", "strasse"),
        ("книгиДня", "книги_дня"),
        ("書籍", "書籍"),
        ("pet\u200fId", "pet_id"),  # a right-to-left mark is not seen, so it does not count
        ("a\x00b", "a_b"),
        ("\U0001f600", ""),
        ("", ""),
    ],
)
def test_every_script_is_met(text: str, expected: str) -> None:
    assert snake_case(text) == expected


def test_a_very_long_name_is_cut_and_stays_its_own() -> None:
    one, other = snake_case("long" * 2500 + "a"), snake_case("long" * 2500 + "b")

    assert len(one) <= 80
    assert one != other


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pet-store api", "PetStoreApi"),
        ("PetListResponse", "PetListResponse"),
        ("APIKey", "APIKey"),
        ("PET_STORE", "PetStore"),
        ("user.summary", "UserSummary"),
        ("élan vital", "ElanVital"),
        ("!!!", ""),
    ],
)
def test_class_names_keep_the_capitals_that_are_there(text: str, expected: str) -> None:
    assert pascal_case(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class", "class_"),
        ("None", "none"),
        ("self", "self_"),
        ("_private", "private"),
        ("__init__", "init"),
        ("2fa", "param_2fa"),
        ("٣", "param_3"),
        ("???", "param"),
    ],
)
def test_an_identifier_is_public_and_no_keyword(text: str, expected: str) -> None:
    assert identifier(text, "param", reserved={"self"}) == expected


def test_a_name_that_is_reserved_with_its_underscore_gets_another_one() -> None:
    assert identifier("id", "param", reserved={"id", "id_"}) == "id__"


@pytest.mark.parametrize(
    ("text", "expected"), [("None", "None_"), ("2fa", "Model2fa"), ("", "Model"), ("pet", "Pet")]
)
def test_a_class_name_is_valid(text: str, expected: str) -> None:
    assert class_name(text, "Model") == expected


@settings(deadline=None)
@given(ANY_TEXT)
def test_any_text_makes_an_identifier(text: str) -> None:
    name = identifier(text, "param", reserved=dir(builtins))

    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert not name.startswith("_")
    assert name not in dir(builtins)
    assert unicodedata.normalize("NFKC", name) == name
    assert class_name(text, "Model").isidentifier()


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_name_is_its_own_name(text: str) -> None:
    name = snake_case(text)

    assert snake_case(name) == name


def test_a_scope_gives_each_name_once() -> None:
    names = Names({"body"})

    given = [names.take(name) for name in ("pet", "pet", "pet_2", "pet", "body", "in_", "in_")]

    assert given == ["pet", "pet_2", "pet_2_2", "pet_3", "body_2", "in_", "in_2"]


@pytest.mark.parametrize("text", ["Aux", "con", "COM1", "class"])
def test_a_module_has_a_name_that_files_can_have(text: str) -> None:
    assert module_name(text, "model") == f"{text.lower()}_"


def test_a_scope_of_files_does_not_tell_cases_apart() -> None:
    names = Names(ignore_case=True)

    assert [names.take("Pet"), names.take("pet"), names.take("PET")] == ["Pet", "pet_2", "PET_3"]


@settings(deadline=None)
@given(st.lists(st.text(alphabet="aA_2", max_size=3)))
def test_a_scope_never_gives_a_name_twice(wanted: list[str]) -> None:
    names = Names(ignore_case=True)

    given = [names.take(name).casefold() for name in wanted]

    assert len(set(given)) == len(given)
