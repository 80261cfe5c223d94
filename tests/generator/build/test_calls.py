"""Call paths are those that users of good SDKs expect."""

import keyword
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientgen.build._calls import Call, CallSite, name_calls

ROOT = frozenset({"get", "post", "close", "request", "stream", "with_options"})
RESOURCE = frozenset({"with_raw_response", "with_streaming_response"})


def site(
    operation: str,
    operation_id: str | None = None,
    *,
    tags: tuple[str, ...] = (),
    returns_list: bool | None = None,
    group: tuple[str, ...] | None = None,
    name: str | None = None,
) -> CallSite:
    method, path = operation.split(" ", 1)
    return CallSite(method, path, operation_id, tags, returns_list, group, name)


def named(*sites: CallSite, overrides: dict[str, str] | None = None) -> list[Call]:
    return name_calls(
        sites, overrides=overrides or {}, reserved_root=ROOT, reserved_resource=RESOURCE
    )


def paths(*sites: CallSite, overrides: dict[str, str] | None = None) -> list[str]:
    calls = named(*sites, overrides=overrides)
    return [".".join((*call.resource, call.method)) for call in calls]


def by_path(*operations: str) -> list[str]:
    return paths(*map(site, operations))


# --- REST ----------------------------------------------------------------------------------


def test_the_five_things_to_do_with_a_collection() -> None:
    assert by_path(
        "GET /pets", "POST /pets", "GET /pets/{id}", "PATCH /pets/{id}", "DELETE /pets/{id}"
    ) == ["pets.list", "pets.create", "pets.retrieve", "pets.update", "pets.delete"]


def test_put_replaces_where_patch_updates() -> None:
    assert by_path("PUT /a/{id}", "PUT /b/{id}", "PATCH /b/{id}") == [
        "a.update",
        "b.replace",
        "b.update",
    ]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("GET /pets/{id}/photos", "pets.photos.list"),
        ("GET /pets/{id}/photos/{photoId}", "pets.photos.retrieve"),
        ("POST /pets/{id}/feed", "pets.feed"),
        ("PUT /users/{id}/reset-password", "users.reset_password"),
        ("POST /chat/completions", "chat.completions.create"),
        ("POST /audio/speech", "audio.speech.create"),
        ("GET /user", "user.retrieve"),
        ("GET /me/settings", "me.settings.retrieve"),
        ("GET /pets/search", "pets.search"),
        ("POST /users/{id}/check-runs", "users.check_runs.create"),
        ("POST /tools/bulk-delete", "tools.bulk_delete"),
        ("GET /repos/{owner}/{repo}/issues", "repos.issues.list"),
        ("GET /groups/{id}/children", "groups.children.list"),
        ("GET /pets/{id}/status", "pets.status.retrieve"),
        ("HEAD /pets/{id}", "pets.head"),
        ("OPTIONS /pets", "pets.options"),
        ("QUERY /pets", "pets.query"),
        ("LINK /pets/{id}", "pets.link"),
    ],
)
def test_a_path_says_what_it_is(operation: str, expected: str) -> None:
    assert by_path(operation) == [expected]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("GET /v1/pets", "pets.list"),
        ("GET /api/pets", "pets.list"),
        ("GET /2.0/pets", "pets.list"),
        ("GET /2/pets", "pets.list"),
        ("GET /rest/api/3/issues", "issues.list"),
        ("GET /apis/apps/v1/deployments", "apps.deployments.list"),
        ("GET /apis/rbac.authorization.k8s.io/v1/roles", "rbac_authorization.roles.list"),
        ("GET /2010-04-01/Accounts/{Sid}/Messages.json", "accounts.messages.list"),
        ("GET /2010-04-01/Accounts/{Sid}.json", "accounts.retrieve"),
        ("GET /pets.{format}", "pets.list"),
        ("GET /{realm}/users", "users.list"),
        ("GET /{org}/{repo}/pulls", "repos.pulls.list"),
        ("GET /{realm}", "realms.retrieve"),
        ("GET /pets;color={color}", "pets.retrieve"),
        ("GET /pets('{id}')", "pets.retrieve"),
        ("GET /compare/{base}...{head}", "compare.retrieve"),
        ("GET /reports?from={from}&to={to}", "reports.list"),
        ("PUT /subscriptions/{id}/providers/Acme.Net/gateways/{name}", "acme_net.gateways.update"),
    ],
)
def test_what_only_leads_the_way_names_nothing(operation: str, expected: str) -> None:
    assert by_path(operation) == [expected]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("GET /pet/findByStatus", "pet.find_by_status"),
        ("GET /users.list", "users.list"),
        ("POST /users.profile.set", "users.profile.set"),
        ("GET /v1/getFoo", "get_foo"),
        ("POST /v1/instances/{name}:cancel", "instances.cancel"),
        ("POST /v1/files:annotate", "files.annotate"),
        ("GET /file/download/{id}", "file.download"),
        ("POST /user/samlLogin", "user.saml_login"),
        ("POST /templates/updatemaxversions", "templates.updatemaxversions"),
        ("GET /tweets/{id}/retweeted_by", "tweets.retweeted_by"),
    ],
)
def test_a_call_in_the_path_is_the_method(operation: str, expected: str) -> None:
    assert by_path(operation) == [expected]


def test_what_stands_among_items_is_a_view_of_them() -> None:
    assert by_path("GET /users/{id}", "GET /users/me", "GET /users/count", "GET /users/admins") == [
        "users.retrieve",
        "users.me",
        "users.count",
        "users.admins.list",
    ]


def test_a_word_with_something_below_it_is_a_resource() -> None:
    assert by_path("GET /users/{id}", "GET /users/me", "GET /users/me/keys") == [
        "users.retrieve",
        "users.me.retrieve",
        "users.me.keys.list",
    ]


@pytest.mark.parametrize(
    ("operation", "returns_list", "expected"),
    [
        ("GET /settings", False, "settings.retrieve"),
        ("GET /settings", True, "settings.list"),
        ("GET /inbox", True, "inbox.list"),
        ("GET /pets", None, "pets.list"),
    ],
)
def test_what_comes_back_tells_a_list_from_a_thing(
    operation: str, returns_list: bool | None, expected: str
) -> None:
    assert paths(site(operation, returns_list=returns_list)) == [expected]


def test_post_to_an_item_updates_it() -> None:
    assert by_path("GET /customers/{customer}", "POST /customers/{customer}") == [
        "customers.retrieve",
        "customers.update",
    ]


def test_post_to_what_is_no_item_yet_creates_it() -> None:
    assert by_path("POST /text-to-speech/{voice}") == ["text_to_speech.create"]


def test_an_operation_id_explains_a_post_that_the_path_does_not() -> None:
    assert paths(
        site("GET /runs/{run_id}", "getRun"), site("POST /runs/{run_id}", "cancelRun")
    ) == ["runs.retrieve", "runs.cancel"]


def test_post_updates_a_single_thing_that_is_there() -> None:
    assert by_path("GET /balance", "POST /balance") == ["balance.retrieve", "balance.update"]


def test_what_can_be_deleted_was_created() -> None:
    assert by_path("GET /session", "POST /session", "DELETE /session") == [
        "session.retrieve",
        "session.create",
        "session.delete",
    ]


def test_a_post_that_only_asks_is_named_after_the_question() -> None:
    assert paths(
        site("POST /rules", "listRules"), site("POST /names", "getNames", returns_list=True)
    ) == ["rules.list", "names.list"]


def test_a_put_that_creates_is_called_create() -> None:
    assert paths(site("PUT /sites", "createSite"), site("PUT /sites/{id}", "updateSite")) == [
        "sites.create",
        "sites.update",
    ]


def test_changing_a_whole_collection_is_not_called_like_changing_an_item() -> None:
    assert by_path("PATCH /pets", "PATCH /pets/{id}") == ["pets.update_all", "pets.update"]


def test_a_plural_that_is_changed_as_a_whole_is_one_thing() -> None:
    assert paths(site("GET /rights", returns_list=False), site("PUT /rights")) == [
        "rights.retrieve",
        "rights.update",
    ]


def test_an_operation_id_tells_one_thing_from_a_list() -> None:
    assert paths(
        site("GET /apps", "getAppsAPIGroup", returns_list=False),
        site("GET /toys", "getToysByName", returns_list=False),
        site("GET /limits", "listLimits"),
    ) == ["apps.retrieve", "toys.list", "limits.list"]


def test_a_verb_that_can_be_deleted_is_a_thing() -> None:
    assert by_path(
        "PUT /gists/{id}/star", "DELETE /gists/{id}/star", "DELETE /users/unregister"
    ) == [
        "gists.star.update",
        "gists.star.delete",
        "users.unregister",
    ]


def test_the_root_is_the_collection_of_what_is_below_it() -> None:
    assert paths(
        site("GET /", returns_list=True), site("POST /"), site("GET /{realm}", returns_list=False)
    ) == ["realms.list", "realms.create", "realms.retrieve"]


def test_emptying_a_collection_is_not_called_like_deleting_an_item() -> None:
    assert by_path("DELETE /pods", "DELETE /pods/{name}") == ["pods.delete_all", "pods.delete"]


# --- Versions and prefixes -----------------------------------------------------------------


def test_two_versions_of_the_same_are_told_apart() -> None:
    assert by_path(
        "GET /apis/scale/v1/pods", "GET /apis/scale/v2/pods", "GET /apis/run/v1/pods"
    ) == [
        "scale_v1.pods.list",
        "scale_v2.pods.list",
        "run.pods.list",
    ]


def test_the_version_of_nearly_everything_goes_without_saying() -> None:
    assert by_path("GET /v1/a", "GET /v1/b", "GET /v1/c", "GET /v2/a") == [
        "a.retrieve",
        "b.retrieve",
        "c.retrieve",
        "v2.a.retrieve",
    ]


def test_a_prefix_shows_when_it_is_all_that_differs() -> None:
    assert by_path("GET /api/pets", "GET /pets") == ["api.pets.list", "pets.list"]


# --- OperationIds --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation_id", "expected"),
    [
        ("repos/list-for-org", "repos.list_for_org"),
        ("repos.listForOrg", "repos.list_for_org"),
        ("Repos_ListForOrg", "repos.list_for_org"),
        ("repos#index", "repos.index"),
    ],
)
def test_ids_that_are_groups_and_names_are_followed(operation_id: str, expected: str) -> None:
    assert paths(site("GET /orgs/{org}/repos", operation_id)) == [expected]


def test_the_name_of_the_api_is_no_group() -> None:
    assert paths(
        site("GET /v1/{parent}/instances", "spanner.projects.instances.list"),
        site("GET /v1/{name}", "spanner.projects.instances.get"),
    ) == ["projects.instances.list", "projects.instances.get"]


def test_the_style_of_ids_is_that_of_the_document() -> None:
    assert paths(
        site("GET /pets", "pets/all"), site("POST /pets", "addPet"), site("GET /toys", "findToys")
    ) == ["pets.list", "pets.create", "toys.list"]


@pytest.mark.parametrize(
    "operation_id",
    [
        "GetAccountsAccount",
        "get_accounts_accounts__account__get",
        "AccountsController_findOne",
        "getAccount",
        "get_account",
    ],
)
def test_ids_that_say_no_more_than_the_path_are_not_followed(operation_id: str) -> None:
    assert paths(site("GET /v1/accounts/{account}", operation_id)) == ["accounts.retrieve"]


def test_an_id_names_what_has_no_path() -> None:
    assert paths(
        site("POST /#X-Amz-Target=Service.CreateHsm", "CreateHsm"),
        site("GET /", "server_info"),
    ) == ["create_hsm", "server_info"]


def test_a_tag_groups_what_has_neither() -> None:
    assert paths(site("GET /{id}", tags=("Things",))) == ["things.retrieve"]


def test_tags_group_an_api_of_bare_verbs() -> None:
    assert paths(site("GET /getPad", tags=("pad",)), site("GET /getGroup", tags=("group",))) == [
        "pad.get_pad",
        "group.get_group",
    ]


# --- Collisions ----------------------------------------------------------------------------


def test_an_id_tells_apart_what_the_path_does_not() -> None:
    assert paths(site("PUT /pet", "updatePet"), site("POST /pet/{petId}", "updatePetWithForm")) == [
        "pet.update",
        "pet.update_with_form",
    ]


def test_a_parameter_tells_apart_what_has_no_id() -> None:
    assert by_path("GET /content/{aspect}", "GET /content/{aspect}/{documentId}") == [
        "content.retrieve",
        "content.retrieve_by_document_id",
    ]


def test_the_http_method_tells_apart_two_ways_to_do_the_same() -> None:
    assert by_path("GET /getText", "POST /getText") == ["get_text", "get_text_post"]


def test_a_query_in_the_path_tells_apart() -> None:
    assert by_path("POST /responses", "POST /responses?beta=true") == [
        "responses.create",
        "responses.create_beta",
    ]


def test_a_file_extension_tells_apart() -> None:
    assert by_path("GET /assets.csv", "GET /assets.json", "GET /assets.nmap.xml") == [
        "assets.list_csv",
        "assets.list",
        "assets_nmap.retrieve",
    ]


def test_what_a_framework_adds_to_an_id_is_not_said() -> None:
    assert paths(
        site("POST /items/delete", "remove_old_items_delete_post"),
        site("DELETE /items/{id}", "drop_items__id__delete"),
        site("GET /getText", "getTextUsingGET_1"),
        site("POST /getText", "getTextUsingPOST"),
    ) == ["items.remove_old", "items.delete", "get_text", "get_text_post"]


def test_a_standard_method_keeps_its_name_beside_an_action() -> None:
    assert by_path("POST /history/delete", "DELETE /history/{id}") == [
        "history.delete_post",
        "history.delete",
    ]


def test_a_resource_is_not_called_like_a_method_beside_it() -> None:
    assert by_path("GET /pets", "GET /pets/list/toys") == ["pets.list", "pets.list_.toys.list"]


def test_names_of_the_client_and_of_python_are_avoided() -> None:
    assert by_path("GET /close/{id}", "POST /import", "GET /a/with_raw_response") == [
        "close_.retrieve",
        "import_",
        "a.with_raw_response_",
    ]


def test_many_levels_are_joined() -> None:
    assert by_path("GET /zoos/cages/pets/toys/parts") == ["zoos.cages.pets.toys_parts.list"]


def test_a_new_neighbour_does_not_rename_the_others() -> None:
    old = ["GET /pets", "POST /pets", "GET /pets/{id}", "POST /pets/{id}/feed"]

    assert by_path(*old, "DELETE /pets/{id}", "GET /pets/{id}/toys")[:4] == by_path(*old)


# --- Configuration -------------------------------------------------------------------------


def test_the_configuration_wins() -> None:
    calls = named(site("GET /pets/{petId}"), overrides={"get /pets/{petId}": "animals.find"})

    assert calls == [Call(("animals",), "find", "config", "configured")]


def test_others_make_room_for_a_configured_name() -> None:
    assert paths(
        site("GET /pets"), site("GET /pets/{id}/toys"), overrides={"GET /pets": "pets.toys"}
    ) == ["pets.toys", "pets.toys_.list"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("", "no Python identifier"),
        ("pets..find", "no Python identifier"),
        ("pets.class", "Python keyword"),
        ("pets._find", "private"),
        ("close.find", "there already"),
        ("pets.with_raw_response", "there already"),
    ],
)
def test_a_configured_name_that_cannot_be_is_refused(call: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        named(site("GET /pets"), overrides={"GET /pets": call})


@pytest.mark.parametrize("other", ["pets.find", "pets.find.all"])
def test_configured_names_that_exclude_each_other_are_refused(other: str) -> None:
    overrides = {"GET /pets": "pets.find", "GET /toys": other}

    with pytest.raises(ValueError, match=r"GET /toys: .* GET /pets"):
        named(site("GET /pets"), site("GET /toys"), overrides=overrides)


def test_an_extension_wins_over_the_path() -> None:
    assert paths(
        site("GET /pets", group=("zoo", "animals"), name="all"),
        site("POST /pets", name="addOne"),
        site("GET /zoo/animals", group=()),
    ) == ["zoo.animals.all", "pets.add_one", "list"]


def test_each_name_is_explained() -> None:
    first, second = named(site("GET /a/{x}"), site("GET /a/{x}/{y}"))

    assert (first.named_by, first.reason) == ("path", "GET of one item")
    assert "GET /a/{x}" in second.reason


def test_a_path_without_end_is_named_all_the_same() -> None:
    (call,) = named(site("GET /" + "/".join(f"s{number}" for number in range(20_000))))

    assert len(call.resource) == 4
    assert len(".".join(call.resource)) < 200


# --- Whatever the document -----------------------------------------------------------------

WORDS = [
    "pets",
    "pet",
    "list",
    "search",
    "me",
    "import",
    "close",
    "v1",
    "api",
    "ж",
    "",
    "a.b",
    "x:y",
]
SEGMENTS = st.sampled_from([*WORDS, "{id}", "{petId}", "{a}{b}", "__init__", "😀"]) | st.text(
    max_size=4
)
PATHS = st.lists(SEGMENTS, max_size=7).map(lambda segments: "/" + "/".join(segments))
IDS = (
    st.none()
    | st.sampled_from(["pets/list", "Pets_Get", "a.b.c", "getPets", "1", "😀"])
    | st.text()
)
SITES = st.builds(
    CallSite,
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "QUERY", "x-y"]),
    PATHS,
    IDS,
    st.lists(st.sampled_from(["pets", "Pet Store", "", "v1"]), max_size=2).map(tuple),
    st.sampled_from([True, False, None]),
    st.none() | st.lists(st.sampled_from(["pets", "class", ""]), max_size=2).map(tuple),
    st.none() | st.sampled_from(["list", "get", "", "def"]),
)


@settings(deadline=None)
@given(st.lists(SITES, max_size=25))
def test_all_names_are_unique_valid_and_public(sites: list[CallSite]) -> None:
    calls = named(*sites)

    methods = {(*call.resource, call.method) for call in calls}
    resources = {call.resource[:end] for call in calls for end in range(1, len(call.resource) + 1)}
    assert len(methods) == len(sites)
    assert not methods & resources
    for path in methods | resources:
        assert path[0] not in ROOT
        assert not RESOURCE & set(path[1:])
        for part in path:
            assert part.isidentifier()
            assert not keyword.iskeyword(part)
            assert not part.startswith("_")


@settings(deadline=None)
@given(st.lists(SITES, max_size=12, unique_by=lambda s: (s.method, s.path)), st.randoms())
def test_the_order_of_the_document_changes_nothing(
    sites: list[CallSite], chance: random.Random
) -> None:
    expected = dict(zip(sites, named(*sites), strict=True))
    mixed = chance.sample(sites, len(sites))

    assert dict(zip(mixed, named(*mixed), strict=True)) == expected
