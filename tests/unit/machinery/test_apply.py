"""Server-side apply and managedFields. Messages: recorded from kubectl 1.36.4 on a 1.36.2 control plane."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from small_schema import DEPLOYMENT
from test_strategic import OBJECTS

from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.patch import apply, fields_v1, managed_fields, typed

NOW = "2026-01-01T00:00:00Z"
LATER = "2026-01-01T00:01:00Z"


def deployment(image: str = "nginx:1", replicas: int | None = 1, **labels: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"template": {"spec": {"containers": [{"name": "web", "image": image}]}}}
    if replicas is not None:
        spec["replicas"] = replicas
    metadata: dict[str, Any] = {"name": "web"}
    if labels:
        metadata["labels"] = labels
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def created(obj: dict[str, Any], manager: str = "kubectl-create") -> list[dict[str, Any]]:
    return managed_fields.update(None, obj, DEPLOYMENT, None, manager=manager, time=NOW)


def test_create_owns_leaves_and_items_but_not_the_structs_on_the_way() -> None:
    assert created(deployment(app="x")) == [
        {
            "manager": "kubectl-create",
            "operation": "Update",
            "apiVersion": "apps/v1",
            "time": NOW,
            "fieldsType": "FieldsV1",
            "fieldsV1": {
                "f:metadata": {"f:labels": {".": {}, "f:app": {}}},
                "f:spec": {
                    "f:replicas": {},
                    "f:template": {
                        "f:spec": {"f:containers": {'k:{"name":"web"}': {".": {}, "f:name": {}, "f:image": {}}}}
                    },
                },
            },
        }
    ]


def test_an_update_takes_only_what_it_changes() -> None:
    old, new = deployment(), deployment(replicas=5)
    entries = managed_fields.update(old, new, DEPLOYMENT, created(old), manager="kubectl-scale", time=LATER)
    assert [(entry["manager"], "f:replicas" in entry["fieldsV1"]["f:spec"]) for entry in entries] == [
        ("kubectl-create", False),
        ("kubectl-scale", True),
    ]
    assert entries[1]["fieldsV1"] == {"f:spec": {"f:replicas": {}}}
    again = managed_fields.update(new, new, DEPLOYMENT, entries, manager="nobody", time="2026-01-01T00:02:00Z")
    assert again == entries


def test_status_is_owned_through_its_subresource_only() -> None:
    old = deployment()
    new = {**old, "status": {"replicas": 3}}
    assert managed_fields.update(old, new, DEPLOYMENT, None, manager="m", time=NOW) == []
    entries = managed_fields.update(old, new, DEPLOYMENT, None, manager="m", time=NOW, subresource="status")
    assert entries[0]["subresource"] == "status"
    assert entries[0]["fieldsV1"] == {"f:status": {".": {}, "f:replicas": {}}}


def test_one_conflict() -> None:
    live = deployment(replicas=3)
    owners = created(live, "kubectl-client-side-apply")
    with pytest.raises(ApiError) as caught:
        apply.merge(live, deployment(replicas=2), DEPLOYMENT, "kubectl", owners)
    assert caught.value.status["message"] == (
        'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas'
    )
    assert caught.value.status["code"] == 409
    assert caught.value.status["details"]["causes"] == [
        {
            "reason": "FieldManagerConflict",
            "message": 'conflict with "kubectl-client-side-apply" using apps/v1',
            "field": ".spec.replicas",
        }
    ]


def test_several_conflicts_are_listed_by_manager() -> None:
    first = deployment(image="a", replicas=3)
    second = deployment(image="b", replicas=3)
    owners = managed_fields.update(
        first, second, DEPLOYMENT, created(first, "kubectl-replace"), manager="kubectl-patch", time=LATER
    )
    with pytest.raises(ApiError) as caught:
        apply.merge(second, deployment(image="c", replicas=2), DEPLOYMENT, "kubectl", owners)
    assert caught.value.message == (
        'Apply failed with 2 conflicts: conflicts with "kubectl-patch" using apps/v1:\n'
        '- .spec.template.spec.containers[name="web"].image\n'
        'conflicts with "kubectl-replace" using apps/v1:\n'
        "- .spec.replicas"
    )


def test_force_takes_the_fields_over() -> None:
    live = deployment(replicas=3)
    wanted = deployment(replicas=2)
    obj, owners = apply.merge(live, wanted, DEPLOYMENT, "me", created(live), force=True, time=LATER)
    assert obj["spec"]["replicas"] == 2
    assert [entry["operation"] for entry in owners] == ["Apply", "Update"]
    assert owners[0]["time"] == LATER
    assert "f:replicas" not in owners[1]["fieldsV1"]["f:spec"]


def test_what_is_no_longer_applied_is_removed_unless_someone_else_owns_it() -> None:
    obj, owners = apply.merge(None, deployment(a="1", b="2"), DEPLOYMENT, "me", None, time=NOW)
    obj, owners = apply.merge(obj, deployment(a="1"), DEPLOYMENT, "other", owners, time=NOW)
    obj, owners = apply.merge(obj, deployment(replicas=None), DEPLOYMENT, "me", owners, time=LATER)
    assert obj["metadata"]["labels"] == {"a": "1"}
    assert obj["spec"]["replicas"] == 1  # `other` applied it too
    obj, owners = apply.merge(obj, {**deployment(replicas=None), "spec": {}}, DEPLOYMENT, "other", owners, time=LATER)
    assert "labels" not in obj["metadata"]
    assert "replicas" not in obj["spec"]


def test_kubectl_takes_over_from_client_side_apply_without_conflict() -> None:
    live = deployment(replicas=3)
    last = apply.json_out.compact(live)
    live["metadata"]["annotations"] = {apply.LAST_APPLIED: last}
    owners = created(live, "kubectl-client-side-apply")
    wanted = deployment(replicas=4)
    obj, _ = apply.merge(live, wanted, DEPLOYMENT, "kubectl", owners)
    assert obj["spec"]["replicas"] == 4
    assert obj["metadata"]["annotations"][apply.LAST_APPLIED] == apply.json_out.compact(wanted) + "\n"
    with pytest.raises(ApiError):
        apply.merge(live, wanted, DEPLOYMENT, "someone", owners)


def test_bad_configurations() -> None:
    with pytest.raises(ApiError, match=r"metadata\.managedFields must be nil"):
        apply.merge(None, {"metadata": {"managedFields": []}}, DEPLOYMENT, "me", None)
    twice = deployment()
    twice["spec"]["template"]["spec"]["containers"] *= 2
    with pytest.raises(ApiError) as caught:
        apply.merge(deployment(), twice, DEPLOYMENT, "me", None)
    assert caught.value.code == 400
    assert 'duplicate entries for key [name="web"]' in caught.value.message


def test_no_more_than_ten_updaters() -> None:
    obj = deployment(replicas=0)
    entries = created(obj, "m00")
    for n in range(1, 14):
        new = {**obj, "metadata": {"name": "web", "labels": {f"l{k}": "x" for k in range(n)}}}
        time = f"2026-01-01T00:{n:02}:00Z"
        entries = managed_fields.update(obj, new, DEPLOYMENT, entries, manager=f"m{n:02}", time=time)
        obj = new
    assert len(entries) == 10
    assert entries[0]["manager"] == "ancient-changes"


@given(OBJECTS, OBJECTS)
def test_sets(left: Any, right: Any) -> None:
    ours, theirs = (typed.to_set(obj, DEPLOYMENT) for obj in (left, right))
    both = fields_v1.union(ours, theirs)
    assert set(fields_v1.paths(both)) == {*fields_v1.paths(ours), *fields_v1.paths(theirs)}
    common = fields_v1.intersection(ours, theirs)
    assert set(fields_v1.paths(common)) == {*fields_v1.paths(ours)} & {*fields_v1.paths(theirs)}
    rest = fields_v1.difference(ours, theirs)
    assert set(fields_v1.paths(rest)) == {*fields_v1.paths(ours)} - {*fields_v1.paths(theirs)}
    assert all(fields_v1.has(ours, path) for path in fields_v1.paths(ours))


@given(OBJECTS, OBJECTS)
def test_a_forced_apply_holds_all_that_is_applied_and_is_idempotent(live: Any, wanted: Any) -> None:
    before = copy.deepcopy((live, wanted))
    owners = created(live)
    obj, owners = apply.merge(live, wanted, DEPLOYMENT, "me", owners, force=True, time=LATER)
    assert before == (live, wanted)
    difference = typed.compare(wanted, obj, DEPLOYMENT)
    assert difference.removed == {}
    assert difference.modified == {}
    again, same_owners = apply.merge(obj, wanted, DEPLOYMENT, "me", owners, time="2027-01-01T00:00:00Z")
    assert again is obj
    assert same_owners == owners
