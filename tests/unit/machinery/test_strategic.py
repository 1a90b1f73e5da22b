"""Strategic merge patches."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_schema import DEPLOYMENT

from k8s_magic.machinery.patch import ConflictError, PatchError, strategic


def deployment(*containers: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {"spec": {**spec, "template": {"spec": {"containers": list(containers)}}}}


WEB = {"name": "web", "image": "nginx:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
SIDE = {"name": "side", "image": "busybox"}


def apply(doc: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    return strategic.apply(doc, patch, DEPLOYMENT)


def test_lists_merge_by_key_and_share_the_rest() -> None:
    doc = deployment(WEB, SIDE)
    patched = apply(doc, deployment({"name": "web", "image": "nginx:2"}))
    containers = patched["spec"]["template"]["spec"]["containers"]
    assert containers == [{**WEB, "image": "nginx:2"}, SIDE]
    assert containers[1] is SIDE
    assert containers[0]["env"] is WEB["env"]
    assert doc == deployment(WEB, SIDE)


def test_new_items_come_first_as_the_real_server_orders_them() -> None:
    patched = apply(deployment(WEB), deployment({"name": "new", "image": "x"}))
    names = [container["name"] for container in patched["spec"]["template"]["spec"]["containers"]]
    assert names == ["new", "web"]


def test_delete_and_replace_directives() -> None:
    removed = apply(deployment(WEB, SIDE), deployment({"name": "side", "$patch": "delete"}))
    assert removed == deployment(WEB)
    replaced = apply(deployment(WEB), deployment({"name": "only"}, {"$patch": "replace"}))
    assert replaced == deployment({"name": "only"})
    whole = apply(deployment(WEB, replicas=2), {"spec": {"$patch": "replace", "replicas": 3}})
    assert whole == {"spec": {"replicas": 3}}
    with pytest.raises(PatchError, match=r"unknown patch type: nosuch in map: map\[\$patch:nosuch\]"):
        apply(deployment(WEB), {"spec": {"$patch": "nosuch"}})


def test_primitive_lists() -> None:
    doc = {"metadata": {"finalizers": ["a", "b", "c"]}}
    patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["b"], "$setElementOrder/finalizers": ["c", "a"]}}
    assert apply(doc, patch) == {"metadata": {"finalizers": ["c", "a"]}}
    assert apply(doc, {"metadata": {"finalizers": ["d", "a"]}}) == {"metadata": {"finalizers": ["d", "a", "b", "c"]}}


def test_retain_keys() -> None:
    doc = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    patch = {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}
    assert apply(doc, patch) == {"spec": {"strategy": {"type": "Recreate"}}}
    assert strategic.create_two_way(doc, {"spec": {"strategy": {"type": "Recreate"}}}, DEPLOYMENT) == {
        "spec": {"strategy": {"$retainKeys": ["type"], "rollingUpdate": None, "type": "Recreate"}}
    }
    with pytest.raises(PatchError, match="invalid patch format of retainKeys"):
        apply(doc, {"spec": {"strategy": {"$retainKeys": ["rollingUpdate"], "type": "Recreate"}}})


def test_missing_merge_key_in_the_words_of_the_server() -> None:
    with pytest.raises(PatchError) as caught:
        apply(deployment(WEB), deployment({"image": "nginx"}))
    assert str(caught.value) == "map: map[image:nginx] does not contain declared merge key: name"


def test_two_way_tells_order() -> None:
    patch = strategic.create_two_way(deployment(WEB), deployment({**WEB, "image": "nginx:2"}, SIDE), DEPLOYMENT)
    assert patch == {
        "spec": {
            "template": {
                "spec": {
                    "$setElementOrder/containers": [{"name": "web"}, {"name": "side"}],
                    "containers": [{"name": "web", "image": "nginx:2"}, SIDE],
                }
            }
        }
    }


def test_three_way_is_what_kubectl_apply_sends() -> None:
    original = deployment(WEB, replicas=1)
    modified = deployment({**WEB, "env": [{"name": "B", "value": "two"}]})
    current = deployment({**WEB, "imagePullPolicy": "Always"}, replicas=5)
    patch = strategic.create_three_way(original, modified, current, DEPLOYMENT)
    assert patch == {
        "spec": {
            "replicas": None,
            "template": {
                "spec": {
                    "$setElementOrder/containers": [{"name": "web"}],
                    "containers": [
                        {
                            "$setElementOrder/env": [{"name": "B"}],
                            "env": [{"name": "B", "value": "two"}, {"$patch": "delete", "name": "A"}],
                            "name": "web",
                        }
                    ],
                }
            },
        }
    }
    result = strategic.apply(current, patch, DEPLOYMENT)
    web = result["spec"]["template"]["spec"]["containers"][0]
    assert web == {
        "name": "web",
        "image": "nginx:1",
        "imagePullPolicy": "Always",
        "env": [{"name": "B", "value": "two"}],
    }
    assert "replicas" not in result["spec"]


def test_three_way_without_overwrite_refuses_what_others_changed() -> None:
    original, modified, current = ({"spec": {"replicas": n}} for n in (1, 2, 3))
    assert strategic.create_three_way(original, modified, current, DEPLOYMENT) == {"spec": {"replicas": 2}}
    with pytest.raises(ConflictError, match="conflicts with changes made from original to current"):
        strategic.create_three_way(original, modified, current, DEPLOYMENT, overwrite=False)


CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["a", "b", "c", "d"])},
        optional={
            "image": st.sampled_from(["x", "y"]),
            "args": st.lists(st.sampled_from("pq"), min_size=1, max_size=2),
            "env": st.lists(
                st.fixed_dictionaries({"name": st.sampled_from("mno"), "value": st.sampled_from("12")}),
                min_size=1,
                max_size=3,
                unique_by=lambda item: item["name"],
            ),
        },
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda item: item["name"],
)
OBJECTS = st.builds(
    lambda containers, labels, finalizers, rest: {
        "metadata": {"labels": labels, "finalizers": finalizers},
        "spec": {**rest, "template": {"spec": {"containers": containers}}},
    },
    CONTAINERS,
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("12"), min_size=1),
    st.lists(st.sampled_from("fgh"), min_size=1, unique=True),
    st.fixed_dictionaries({}, optional={"replicas": st.integers(0, 3), "paused": st.booleans()}),
)


@given(OBJECTS, OBJECTS)
def test_creating_and_applying_gives_the_modified(original: Any, modified: Any) -> None:
    before = copy.deepcopy((original, modified))
    patch = strategic.create_two_way(original, modified, DEPLOYMENT)
    assert strategic.apply(original, patch, DEPLOYMENT) == modified
    assert before == (original, modified)


@given(OBJECTS, OBJECTS, OBJECTS)
def test_three_way_is_idempotent_and_sets_all_that_is_wanted(original: Any, modified: Any, current: Any) -> None:
    patch = strategic.create_three_way(original, modified, current, DEPLOYMENT)
    result = strategic.apply(current, patch, DEPLOYMENT)
    again = strategic.create_three_way(modified, modified, result, DEPLOYMENT)
    assert strategic.apply(result, again, DEPLOYMENT) == result
    assert modified["metadata"]["labels"].items() <= result["metadata"]["labels"].items()


@given(OBJECTS, OBJECTS)
def test_three_way_on_an_untouched_object_is_two_way(original: Any, modified: Any) -> None:
    patch = strategic.create_three_way(original, modified, original, DEPLOYMENT)
    assert strategic.apply(original, patch, DEPLOYMENT) == modified
