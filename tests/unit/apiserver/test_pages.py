"""Lists in pieces are of one revision, whatever is written in between."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from k8s_magic.apiserver.store.table import HISTORY
from k8s_magic.machinery.names import CONFIG_MAPS, NAMESPACES, PODS
from k8s_magic.machinery.protocols import ListOptions

TOO_OLD = "The provided continue parameter is too old to display a consistent list result."


def make(rig: Any, name: str, namespace: str = "default", **labels: str) -> None:
    rig.user.create(CONFIG_MAPS, namespace, {"metadata": {"name": name, "labels": labels}})


def page(rig: Any, namespace: str = "default", **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = rig.user.list(CONFIG_MAPS, namespace, options=ListOptions(**options))
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [item["metadata"]["name"] for item in found["items"]]


def token(found: dict[str, Any]) -> str:
    text: str = found["metadata"].get("continue", "")
    return text


def decoded(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def encoded(**fields: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def test_pages_are_of_the_first_ones_revision(rig: Any) -> None:
    for number in range(6):
        make(rig, f"m{number}", n=str(number % 2))
    first = page(rig, limit=2)
    revision = first["metadata"]["resourceVersion"]
    assert (names(first), first["metadata"]["remainingItemCount"]) == (["m0", "m1"], 4)
    assert decoded(token(first)) == {"v": "meta.k8s.io/v1", "rv": int(revision), "start": "m1\0"}
    make(rig, "m11")
    make(rig, "m9")
    rig.user.delete(CONFIG_MAPS, "default", "m2")
    rig.user.patch(CONFIG_MAPS, "default", "m3", {"data": {"new": "1"}}, "merge")
    rig.user.patch(CONFIG_MAPS, "default", "m3", {"data": {"new": "2"}}, "merge")
    rig.user.delete(CONFIG_MAPS, "default", "m4")
    make(rig, "m4", made="again")
    second = page(rig, limit=2, continue_=token(first))
    assert (names(second), second["metadata"]["remainingItemCount"]) == (["m2", "m3"], 2)
    assert second["metadata"]["resourceVersion"] == revision
    assert "data" not in second["items"][1]
    third = page(rig, limit=2, continue_=token(second))
    assert (names(third), token(third)) == (["m4", "m5"], "")
    assert third["items"][0]["metadata"]["labels"] == {"n": "0"}
    assert "remainingItemCount" not in third["metadata"]
    assert names(page(rig)) == ["m0", "m1", "m11", "m3", "m4", "m5", "m9"]


def test_selectors_look_at_the_past(rig: Any) -> None:
    for number in range(4):
        make(rig, f"m{number}", app="x")
    first = page(rig, limit=1, label_selector="app=x")
    assert "remainingItemCount" not in first["metadata"]
    rig.user.patch(CONFIG_MAPS, "default", "m1", {"metadata": {"labels": {"app": "y"}}}, "merge")
    make(rig, "m10", app="x")
    rest = page(rig, limit=9, continue_=token(first), label_selector="app=x")
    assert names(rest) == ["m1", "m2", "m3"]
    one = page(rig, continue_=token(first), field_selector="metadata.name=m2")
    assert names(one) == ["m2"]


def test_all_namespaces_go_on_by_their_whole_keys(rig: Any) -> None:
    rig.user.create(NAMESPACES, "", {"metadata": {"name": "other"}})
    make(rig, "z")
    make(rig, "a", "other")
    first = page(rig, "", limit=1)
    assert decoded(token(first))["start"] == "default/z\0"
    assert names(page(rig, "", continue_=token(first))) == ["a"]


def test_a_token_that_is_too_old_tells_how_to_go_on(rig: Any, refused: Any) -> None:
    for number in range(3):
        make(rig, f"m{number}")
    first = page(rig, limit=1)
    for number in range(HISTORY + 1):
        rig.user.patch(CONFIG_MAPS, "default", "m2", {"data": {"n": str(number)}}, "merge")
    status = refused(page, rig, limit=1, continue_=token(first))
    assert (status["code"], status["reason"]) == (410, "Expired")
    assert status["message"].startswith(TOO_OLD)
    again = status["metadata"]["continue"]
    assert decoded(again) == {"v": "meta.k8s.io/v1", "rv": -1, "start": "m0\0"}
    second = page(rig, limit=1, continue_=again)
    assert names(second) == ["m1"]
    assert second["metadata"]["resourceVersion"] == str(rig.server.store.revision)
    assert names(page(rig, continue_=token(second))) == ["m2"]
    revision = first["metadata"]["resourceVersion"]
    status = refused(page, rig, resource_version=revision, resource_version_match="Exact")
    assert status["message"] == "The resourceVersion for the provided list is too old."


def test_a_list_of_a_revision(rig: Any, refused: Any) -> None:
    make(rig, "a")
    revision = str(rig.server.store.revision)
    make(rig, "b")
    assert names(page(rig, resource_version=revision)) == ["a", "b"]
    assert names(page(rig, resource_version=revision, resource_version_match="NotOlderThan")) == ["a", "b"]
    exact = page(rig, resource_version=revision, resource_version_match="Exact")
    assert (names(exact), exact["metadata"]["resourceVersion"]) == (["a"], revision)
    assert names(page(rig, resource_version=revision, limit=9)) == ["a"]
    status = refused(page, rig, resource_version="9999")
    current = rig.server.store.revision
    assert (status["code"], status["message"]) == (
        504,
        f"Timeout: Too large resource version: 9999, current: {current}",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a b", "continue key is not valid: illegal base64 data at input byte 1"),
        (
            encoded(v="v2", rv=1, start="a"),
            "continue key is not valid: server does not recognize this encoded version v2",
        ),
        (
            encoded(v="meta.k8s.io/v1", start="a"),
            "continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
        ),
        (
            encoded(v="meta.k8s.io/v1", rv=1),
            "continue key is not valid: encoded start key empty (version meta.k8s.io/v1)",
        ),
        (encoded(v="meta.k8s.io/v1", rv=1, start="../a"), "continue key is not valid: ../a"),
    ],
)
def test_tokens_that_cannot_be_read(rig: Any, refused: Any, text: str, why: str) -> None:
    status = refused(page, rig, continue_=text)
    assert (status["reason"], status["message"]) == ("BadRequest", f"invalid continue token: {why}")


def test_a_token_is_of_its_own_revision(rig: Any, refused: Any) -> None:
    make(rig, "a")
    make(rig, "b")
    first = page(rig, limit=1)
    status = refused(page, rig, continue_=token(first), resource_version="3")
    assert status["message"] == "specifying resource version is not allowed when using continue"
    assert names(page(rig, continue_=token(first), resource_version="0")) == ["b"]


def test_kubectl_reads_in_pieces(rig: Any) -> None:
    for name in ("a", "b", "c"):
        rig.pod(name)
    options = ListOptions(limit=1, table=True)
    found = rig.user.list(PODS, "default", options=options)
    rig.user.delete(PODS, "default", "c")
    rows = [row["cells"][0] for row in found["rows"]]
    while token(found):
        options = ListOptions(limit=1, table=True, continue_=token(found))
        found = rig.user.list(PODS, "default", options=options)
        rows += [row["cells"][0] for row in found["rows"]]
    assert rows == ["a", "b", "c"]
