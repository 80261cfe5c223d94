"""OpenAPI Overlays change a document before it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generator.cli.command import Outcome, run


def inspect_with(*actions: str) -> Outcome:
    lines = "".join(f"\n  - {action}" for action in actions)
    head = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:"
    Path("ours.yaml").write_text(f"{head}{lines}\n")
    return run("inspect", "pets.yaml", "--overlay", "ours.yaml")


def calls(told: Outcome) -> list[str]:
    assert told.code == 0, told.err
    return [line.split()[0] for line in told.out.splitlines()[1:]]


def test_an_object_is_merged() -> None:
    told = inspect_with(
        "{target: \"$.paths['/pets']\", update: {post: {tags: [pets], responses: {}}}}"
    )

    assert calls(told) == ["pets.list", "pets.create", "pets.retrieve", "owners.list"]


def test_what_a_target_selects_is_removed() -> None:
    assert calls(inspect_with("{target: \"$.paths['/owners']\", remove: true}")) == [
        "pets.list",
        "pets.retrieve",
    ]


def test_a_filter_selects_by_what_is_there() -> None:
    told = inspect_with(
        "{target: \"$.paths['/owners'].get\", update: {deprecated: true}}",
        "{target: '$.paths[*][?@.deprecated==true]', remove: true}",
    )

    assert calls(told) == ["pets.list", "pets.retrieve"]


def test_items_of_a_list_are_removed_and_added() -> None:
    told = inspect_with(
        "{target: \"$.paths['/owners'].get.tags[*]\", remove: true}",
        "{target: \"$.paths['/owners'].get.tags\", update: people}",
    )

    assert calls(told) == ["pets.list", "pets.retrieve", "owners.list"]
    assert "people" not in Path("pets.yaml").read_text()


def test_items_that_are_selected_backwards_or_twice_are_removed_once() -> None:
    inspect_with(
        "{target: \"$.paths['/pets'].get\", update: {tags: [a, b, c]}}",
        "{target: \"$.paths['/pets'].get.tags[1,0,2,0]\", remove: true}",
    )

    told = run("inspect", "pets.yaml", "--overlay", "ours.yaml", "--include-tag", "c")

    assert calls(told) == ["pets.list"]


def test_a_target_that_finds_nothing_is_told_with_its_place() -> None:
    told = inspect_with('{target: "$.paths.nowhere", remove: true}')

    assert told.code == 0
    assert "ours.yaml:4:5: warning CG260: target '$.paths.nowhere' finds nothing" in told.err


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("{target: '$.paths['}", "is no JSONPath"),
        ("{target: '$.paths[?@.x =~ /[/]', remove: true}", "is no JSONPath"),
        ("{target: '$.paths[?@.x < 1e999]', remove: true}", "is no JSONPath"),
        ("{target: '$.tags[1e3]', remove: true}", "is no JSONPath"),
        pytest.param(f"{{target: ${'.a' * 3000}, remove: true}}", "is no JSONPath", id="deep"),
        ("{target: '$.paths[~]', remove: true}", "selects names"),
        ("{update: {}}", "needs a `target`"),
        ("{target: $.paths}", "needs `update` or `remove: true`"),
        ("{target: $, remove: true}", "the document itself cannot be removed"),
        ("{target: $.openapi, update: x}", "only objects and lists can be updated"),
        ("{target: $.paths, update: x}", "an object is updated with an object"),
    ],
)
def test_an_action_that_makes_no_sense_is_told_with_its_place(action: str, message: str) -> None:
    told = inspect_with(action)

    assert told.code == 3
    assert told.err.startswith("ours.yaml:4:5: error CG109: ")
    assert message in told.err


def test_another_document_is_no_overlay() -> None:
    told = run("validate", "pets.yaml", "--overlay", "pets.yaml")

    assert (told.code, "this is no Overlay 1.0 document" in told.err) == (3, True)


def test_overlays_can_be_configured_and_their_changes_are_noticed() -> None:
    Path("conf").mkdir()
    Path("conf/clientgen.toml").write_text(
        'spec = "../pets.yaml"\noutput = "../out"\noverlays = ["ours.yaml"]\n'
    )
    overlay = "overlay: 1.0.0\nactions: [{target: \"$.paths['/owners']\", remove: true}]\n"
    Path("conf/ours.yaml").write_text(overlay)
    arguments = ("generate", "-c", "conf/clientgen.toml")
    run(*arguments)
    assert "nothing has changed" in run(*arguments).err

    Path("conf/ours.yaml").write_text(overlay.replace("owners", "pets"))

    assert "written" in run(*arguments).err
    assert Path("out/src/pet_store/resources/owners.py").exists()


def test_other_overlays_are_a_change() -> None:
    arguments = ("generate", "pets.yaml", "-o", "out", "--check")
    for folder, path in (("a", "/owners"), ("b", "/pets")):
        action = f"actions: [{{target: \"$.paths['{path}']\", remove: true}}]"
        Path(folder).mkdir()
        Path(folder, "ours.yaml").write_text(f"overlay: 1.0.0\n{action}\n")

    run(*arguments[:-1], "--overlay", "a/ours.yaml")

    assert run(*arguments, "--overlay", "a/ours.yaml").code == 0
    assert run(*arguments, "--overlay", "b/ours.yaml").code == 1
    assert run(*arguments, "--overlay", "a/ours.yaml", "--overlay", "b/ours.yaml").code == 1
    assert run(*arguments).code == 1


def test_a_document_that_others_refer_to_is_the_changed_one() -> None:
    Path("parts.yaml").write_text(
        "get: {responses: {'200': {description: A., content: {application/json: "
        "{schema: {$ref: 'api.yaml#/components/schemas/Pet'}}}}}}"
    )
    Path("api.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {$ref: parts.yaml}}\n"
        "components: {schemas: {Pet: {type: integer}}}\n"
    )
    Path("ours.yaml").write_text(
        "overlay: 1.0.0\nactions: [{target: $.components.schemas.Pet, update: {type: string}}]\n"
    )

    told = run("inspect", "api.yaml", "--overlay", "ours.yaml", "--format", "json")

    assert '"returns": "Pet"' in told.out or '"returns": "str"' in told.out
    assert "int" not in told.out.partition('"returns"')[2].partition("\n")[0]
