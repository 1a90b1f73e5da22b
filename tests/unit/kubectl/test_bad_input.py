"""Files that say nonsense: a clear error, never a traceback."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fake import FakeTransport, kubectl, named, pod

DETECTOR = "Go value of type unstructured.detector"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("text", f"json: cannot unmarshal string into {DETECTOR}"),
        ([1], f"json: cannot unmarshal array into {DETECTOR}"),
        ({"a": "b"}, "Object 'Kind' is missing in '{\"a\":\"b\"}'"),
        ({"kind": 3}, "json: cannot unmarshal number into Go struct field detector.kind of type string"),
        (
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 3}},
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string",
        ),
        (
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": True}}},
            "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string",
        ),
        (
            {"apiVersion": "v1", "kind": "List", "items": [1]},
            f"json: cannot unmarshal number into {DETECTOR}",
        ),
        ({"apiVersion": "v1", "kind": "List", "items": [{"x": 1}]}, "Object 'Kind' is missing in '{\"x\":1}'"),
    ],
)
def test_what_cannot_be_decoded(data: Any, why: str) -> None:
    code, out, err = kubectl("get -f x.yaml", FakeTransport(), files={"x.yaml": json.dumps(data)})
    assert (code, out) == (1, "")
    assert err.removeprefix("error: ") == f'unable to decode "x.yaml": {why}\n'


@pytest.mark.parametrize("more", [{}, {"metadata": None}, {"metadata": {}}, {"metadata": {"labels": None}}])
def test_objects_without_a_name(more: dict[str, Any]) -> None:
    text = json.dumps({"apiVersion": "v1", "kind": "Pod", **more})
    for line in ("get -f x.yaml", "get -f x.yaml -o yaml", "describe -f x.yaml"):
        assert kubectl(line, FakeTransport(), files={"x.yaml": text})[0] in (0, 1)


def test_lists_of_one_kind_need_no_kind_in_their_items() -> None:
    text = json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}}]})
    cluster = FakeTransport([named("Namespace", "default", ""), pod("a")])
    assert kubectl("get -f x.yaml -o name", cluster, files={"x.yaml": text}) == (0, "pod/a\n", "")


def test_empty_files_name_nothing() -> None:
    for text in ("", "---\n", "# nothing\n---\n---\n", "null\n"):
        assert kubectl("get -f x.yaml", FakeTransport(), files={"x.yaml": text})[0] == 0
