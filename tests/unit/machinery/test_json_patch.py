"""JSON patch and JSON merge patch."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8s_magic.machinery.patch import PatchError, json_patch, merge_patch

DOC: dict[str, Any] = {"a": {"b": [1, 2]}, "x": 1, "s/t": "u"}


@pytest.mark.parametrize(
    ("operations", "result"),
    [
        ([{"op": "add", "path": "/a/b/-", "value": 3}], {**DOC, "a": {"b": [1, 2, 3]}}),
        ([{"op": "add", "path": "/a/b/0", "value": 0}], {**DOC, "a": {"b": [0, 1, 2]}}),
        ([{"op": "remove", "path": "/a/b/-1"}], {**DOC, "a": {"b": [1]}}),
        ([{"op": "replace", "path": "/new", "value": 1}], {**DOC, "new": 1}),
        ([{"op": "replace", "path": "/s~1t", "value": "v"}], {**DOC, "s/t": "v"}),
        ([{"op": "move", "from": "/x", "path": "/a/c"}], {"a": {"b": [1, 2], "c": 1}, "s/t": "u"}),
        ([{"op": "copy", "from": "/a/b", "path": "/y"}], {**DOC, "y": [1, 2]}),
        ([{"op": "test", "path": "/x", "value": 1}], DOC),
    ],
)
def test_apply(operations: list[dict[str, Any]], result: Any) -> None:
    before = copy.deepcopy(DOC)
    assert json_patch.apply(DOC, operations) == result
    assert before == DOC


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (
            {"op": "remove", "path": "/nosuch"},
            "error in remove for path: '/nosuch': Unable to remove nonexistent key: nosuch: missing value",
        ),
        (
            {"op": "add", "path": "/p/q", "value": 1},
            'add operation does not apply: doc is missing path: "/p/q": missing value',
        ),
        (
            {"op": "replace", "path": "/a/b/7", "value": 1},
            "replace operation does not apply: doc is missing key: /a/b/7: missing value",
        ),
        ({"op": "test", "path": "/x", "value": True}, "testing value /x failed: test failed"),
        ({"op": "nosuch", "path": "/x"}, "Unexpected kind: nosuch"),
        (
            {"op": "add", "path": "/a/b/9", "value": 1},
            "error in add for path: '/a/b/9': Unable to access invalid index: 9: invalid index referenced",
        ),
    ],
)
def test_errors(operation: dict[str, Any], message: str) -> None:
    with pytest.raises(PatchError) as caught:
        json_patch.apply(DOC, [operation])
    assert (str(caught.value), caught.value.reason) == (message, "Invalid")


def test_not_a_patch() -> None:
    with pytest.raises(PatchError) as caught:
        json_patch.apply(DOC, {"op": "add"})
    assert caught.value.reason == "BadRequest"
    assert str(caught.value) == "json: cannot unmarshal object into Go value of type jsonpatch.Patch"


def test_what_a_patch_leaves_alone_is_shared() -> None:
    doc = {"a": {"b": {}}, "c": {}}
    changed = json_patch.apply(doc, [{"op": "add", "path": "/a/x", "value": 1}])
    assert changed["c"] is doc["c"]
    assert changed["a"]["b"] is doc["a"]["b"]
    assert merge_patch.apply(doc, {"a": {"x": 1}})["c"] is doc["c"]


def test_merge_patch() -> None:
    assert merge_patch.apply({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": {"e": None}}}) == {"a": {"c": 2, "d": {}}}
    assert merge_patch.apply({"a": [1]}, {"a": {"b": None}}) == {"a": {}}


def test_three_way_json_keeps_what_others_added() -> None:
    original, modified = {"a": 1, "gone": 1}, {"a": 2}
    current = {"a": 1, "gone": 1, "theirs": 3}
    assert merge_patch.create_three_way(original, modified, current) == {"a": 2, "gone": None}


JSON = st.recursive(
    st.integers(0, 3) | st.text("ab", max_size=2) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
DOCS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@given(DOCS, DOCS)
def test_creating_and_applying_a_merge_patch_gives_the_modified(original: Any, modified: Any) -> None:
    before = copy.deepcopy((original, modified))
    assert merge_patch.apply(original, merge_patch.create(original, modified)) == modified
    assert before == (original, modified)
