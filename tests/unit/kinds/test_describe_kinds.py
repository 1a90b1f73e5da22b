"""Descriptions of one object of each kind, as kubectl 1.36.4 prints them.

The texts in `described/` were made by the real kubectl, from a server that answered with `described/objects.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from k8s_magic import kinds
from k8s_magic.kinds import describe
from k8s_magic.kinds.describe import DescribeContext
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionKind
from k8s_magic.text import yaml_in

FOLDER = Path(__file__).parent / "described"
NOW = "2026-11-23T15:50:00"
OBJECTS: list[Object] = [
    document.data for document in yaml_in.documents((FOLDER / "objects.yaml").read_text(encoding="utf-8"))
]


def gvk_of(obj: Object) -> GroupVersionKind:
    group, _, version = obj["apiVersion"].rpartition("/")
    return GroupVersionKind(group, version, obj["kind"])


def shelf() -> dict[str, list[Object]]:
    found: dict[str, list[Object]] = {}
    for obj in OBJECTS:
        kind = kinds.by_gvk(gvk_of(obj))
        assert kind is not None
        found.setdefault(kind.gvr.resource, []).append(obj)
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_description(path: Path, context: Callable[..., DescribeContext]) -> None:
    kind, _, name = path.stem.partition(".")
    obj = next(obj for obj in OBJECTS if obj["kind"].lower() == kind and obj["metadata"]["name"] == name)
    text = (kinds.describer(gvk_of(obj)) or describe.generic)(obj, context(NOW, **shelf()))
    assert text == path.read_text(encoding="utf-8")


def test_events_may_be_left_out(context: Callable[..., DescribeContext]) -> None:
    obj = next(obj for obj in OBJECTS if obj["kind"] == "ServiceAccount")
    shown = context(NOW, **shelf())
    quiet = DescribeContext(shown.transport, show_events=False)
    found = kinds.describer(gvk_of(obj))
    assert found is not None
    assert found(obj, shown) == found(obj, quiet) + "Events:              <none>\n"


def test_a_signing_request_is_not_made_up(context: Callable[..., DescribeContext]) -> None:
    found = kinds.describer(GroupVersionKind("certificates.k8s.io", "v1", "CertificateSigningRequest"))
    assert found is not None
    with pytest.raises(Unsupported, match="does not read X"):
        found({"metadata": {"name": "me"}}, context(NOW))


@pytest.mark.parametrize(
    ("field", "label"),
    [
        ("apiVersion", "API Version"),
        ("creationTimestamp", "Creation Timestamp"),
        ("uid", "UID"),
        ("podIPs", "Pod I Ps"),
        ("clientURL", "Client URL"),
        ("with_under", "with_under"),
        ("kind", "Kind"),
    ],
)
def test_labels_of_fields(field: str, label: str) -> None:
    assert describe.field_label(field) == label
