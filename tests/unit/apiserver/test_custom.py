"""Custom resources: define, use, change, and take away, with the server's words."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic.machinery import names
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.names import CUSTOM_RESOURCE_DEFINITIONS, GroupVersionResource
from k8s_magic.machinery.protocols import DeleteOptions, ListOptions, WriteOptions
from k8s_magic.sim.time import SECOND

from .crontabs import CRONTABS, GROUP, NAME, crontab, definition

STRICT = WriteOptions(field_validation="Strict")


@pytest.fixture
def defined(rig: Any) -> Any:
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", definition())
    return rig


def make(rig: Any, name: str = "my", **spec: Any) -> dict[str, Any]:
    made: dict[str, Any] = rig.user.create(CRONTABS, "default", crontab(name, **spec))
    return made


def test_a_definition_is_established_at_once(defined: Any) -> None:
    status = defined.user.get(CUSTOM_RESOURCE_DEFINITIONS, "", NAME)["status"]
    assert [(each["type"], each["status"], each["reason"]) for each in status["conditions"]] == [
        ("NamesAccepted", "True", "NoConflicts"),
        ("Established", "True", "InitialNamesAccepted"),
    ]
    assert status["acceptedNames"] == {
        "plural": "crontabs",
        "singular": "crontab",
        "kind": "CronTab",
        "listKind": "CronTabList",
        "shortNames": ["ct"],
        "categories": ["all"],
    }
    assert status["storedVersions"] == ["v1"]
    assert CRONTABS.resource in [entry["name"] for entry in defined.user.resources()]


def test_nothing_custom_is_served_before(rig: Any, refused: Any) -> None:
    assert refused(rig.user.list, CRONTABS, "default")["code"] == 404
    assert rig.server.custom_resources() == ()


def test_records_are_those_of_discovery(defined: Any) -> None:
    (record,) = defined.server.custom_resources()
    assert defined.server.custom_resources() is defined.server.custom_resources()
    schema = record.pop("schema")
    assert sorted(schema["properties"]) == ["spec", "status"]
    assert record == {
        "group": GROUP,
        "version": "v1",
        "kind": "CronTab",
        "list_kind": "CronTabList",
        "resource": "crontabs",
        "singular": "crontab",
        "namespaced": True,
        "short": ["ct"],
        "categories": ["all"],
        "verbs": ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
        "subresources": {
            "status": {"kind": [GROUP, "v1", "CronTab"], "verbs": ["get", "patch", "update"]},
            "scale": {"kind": ["autoscaling", "v1", "Scale"], "verbs": ["get", "patch", "update"]},
        },
    }


def test_objects_are_defaulted_and_pruned(defined: Any) -> None:
    made = make(
        defined, image="nginx", nope=1, free={"any": {"thing": 1}}, parts=[{"name": "a", "x": 1}], maybe=None, mode=None
    )
    assert made["spec"] == {
        "cronSpec": "5 0 * * *",
        "image": "nginx",
        "replicas": 1,
        "free": {"any": {"thing": 1}},
        "parts": [{"name": "a", "size": 3}],
        "maybe": None,
    }
    assert made["metadata"]["generation"] == 1
    assert defined.warnings == ['unknown field "spec.nope"', 'unknown field "spec.parts[0].x"']


def test_unknown_fields_are_refused_where_asked(defined: Any, refused: Any) -> None:
    body = crontab(nope=1, parts=[{"name": "a", "x": 1}])
    status = refused(defined.user.create, CRONTABS, "default", body, options=STRICT)
    assert status["message"] == (
        'CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: '
        'unknown field "spec.nope", unknown field "spec.parts[0].x"'
    )


def body(field: str, shown: Any, words: str) -> str:
    """A complaint of the schema's validator, which names the field twice."""
    return f"spec.{field}: Invalid value: {shown}: spec.{field} in body {words}"


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ({"replicas": "3"}, body("replicas", '"string"', 'must be of type integer: "string"')),
        ({"replicas": 1.5}, body("replicas", '"number"', 'must be of type integer: "number"')),
        ({"replicas": 11}, body("replicas", 11, "should be less than or equal to 10")),
        ({"replicas": 0}, body("replicas", 0, "should be greater than or equal to 1")),
        ({"cronSpec": "x"}, body("cronSpec", '"x"', r"should match '^(\d+|\*)( (\d+|\*)){4}$'")),
        ({"image": "n"}, body("image", '"n"', "should be at least 2 chars long")),
        ({"image": "n" * 9}, "spec.image: Too long: may not be more than 8 bytes"),
        ({"mode": "x"}, 'spec.mode: Unsupported value: "x": supported values: "fast", "slow"'),
        ({"port": True}, body("port", '"boolean"', 'must be of type integer,string: "boolean"')),
        ({"tags": ["a", "b", "c"]}, "spec.tags: Too many: 3: must have at most 2 items"),
        ({"tags": ["a", "a"]}, 'spec.tags[1]: Duplicate value: "a"'),
        ({"labels": {"a": 1}}, body("labels.a", '"integer"', 'must be of type string: "integer"')),
        ({"parts": [{"size": 1}]}, "spec.parts[0].name: Required value"),
        ({"parts": [{"name": "a"}, {"name": "a"}]}, 'spec.parts[1]: Duplicate value: {"name":"a"}'),
    ],
)
def test_schemas_are_validated_in_the_servers_words(
    defined: Any, refused: Any, spec: dict[str, Any], complaint: str
) -> None:
    status = refused(defined.user.create, CRONTABS, "default", crontab(**spec))
    assert status["message"] == f'CronTab.{GROUP} "my" is invalid: {complaint}'
    assert status["code"] == 422


def test_required_parts_and_the_kind_of_the_whole(defined: Any, refused: Any) -> None:
    body = {"apiVersion": f"{GROUP}/v1", "kind": "CronTab", "metadata": {"name": "my"}}
    assert refused(defined.user.create, CRONTABS, "default", body)["message"].endswith("spec: Required value")
    assert "must be of type object" in refused(defined.user.create, CRONTABS, "default", {**body, "spec": 3})["message"]


def test_updates_count_generations_and_need_a_revision(defined: Any, refused: Any) -> None:
    made = make(defined)
    changed = {**made, "spec": {**made["spec"], "replicas": 2}, "status": {"phase": "x"}}
    updated = defined.user.update(CRONTABS, "default", "my", changed)
    assert (updated["metadata"]["generation"], updated.get("status")) == (2, None)
    blind = crontab(replicas=3)
    assert (
        "must be specified for an update" in refused(defined.user.update, CRONTABS, "default", "my", blind)["message"]
    )
    assert refused(defined.user.update, CRONTABS, "default", "my", made)["reason"] == "Conflict"


def test_the_status_is_written_on_its_own(defined: Any, refused: Any) -> None:
    made = make(defined)
    body = {**made, "spec": {"replicas": 9}, "status": {"phase": "Running"}}
    updated = defined.user.update(CRONTABS, "default", "my", body, subresource="status")
    assert (updated["spec"]["replicas"], updated["status"]) == (1, {"phase": "Running"})
    assert updated["metadata"]["generation"] == 1
    wrong = {**updated, "status": {"phase": 3}}
    status = refused(defined.user.update, CRONTABS, "default", "my", wrong, subresource="status")
    assert status["message"].endswith(
        'status.phase: Invalid value: "integer": phase in body must be of type string: "integer"'
    )


def test_the_scale_is_read_and_written(defined: Any) -> None:
    make(defined, replicas=3)
    patch = {"status": {"replicas": 2, "labelSelector": "app=my"}}
    defined.user.patch(CRONTABS, "default", "my", patch, "merge", subresource="status")
    scale = defined.user.get(CRONTABS, "default", "my", subresource="scale")
    assert (scale["spec"], scale["status"]) == ({"replicas": 3}, {"replicas": 2, "selector": "app=my"})
    defined.user.patch(CRONTABS, "default", "my", {"spec": {"replicas": 5}}, "merge", subresource="scale")
    assert defined.user.get(CRONTABS, "default", "my")["spec"]["replicas"] == 5


def test_patches_of_three_kinds_work_and_the_strategic_one_does_not(defined: Any, refused: Any) -> None:
    make(defined)
    patch = defined.user.patch
    assert patch(CRONTABS, "default", "my", {"spec": {"replicas": 2}}, "merge")["spec"]["replicas"] == 2
    steps = [{"op": "replace", "path": "/spec/replicas", "value": 3}]
    assert patch(CRONTABS, "default", "my", steps, "json")["spec"]["replicas"] == 3
    applied = {**crontab(parts=[{"name": "a", "size": 1}])}
    one, two = (WriteOptions(field_manager=name) for name in ("one", "two"))
    patch(CRONTABS, "default", "my", applied, "apply", options=one)
    patch(CRONTABS, "default", "my", crontab(parts=[{"name": "b"}]), "apply", options=two)
    parts = defined.user.get(CRONTABS, "default", "my")["spec"]["parts"]
    assert parts == [{"name": "a", "size": 1}, {"name": "b", "size": 3}]
    rival = crontab(parts=[{"name": "a", "size": 2}])
    assert refused(patch, CRONTABS, "default", "my", rival, "apply", options=two)["reason"] == "Conflict"
    status = refused(patch, CRONTABS, "default", "my", {}, "strategic")
    assert (status["code"], status["message"]) == (
        415,
        "the body of the request was in an unknown format - accepted media types include: "
        "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
    )


def test_tables_have_the_definitions_columns(defined: Any) -> None:
    make(defined, image="nginx")
    defined.kernel.run_until(65 * SECOND)
    table = defined.user.list(CRONTABS, "default", options=ListOptions(table=True))
    columns = [(each["name"], each["type"], each["priority"]) for each in table["columnDefinitions"]]
    assert columns == [
        ("Name", "string", 0),
        ("Spec", "string", 0),
        ("Replicas", "integer", 0),
        ("Image", "string", 1),
        ("Age", "date", 0),
    ]
    assert [row["cells"] for row in table["rows"]] == [["my", "5 0 * * *", 1, "nginx", "65s"]]


def test_watches_lists_and_selectors(defined: Any, refused: Any) -> None:
    watch = defined.server.watch("kubectl", CRONTABS, "default")
    make(defined, "a")
    make(defined, "b")
    defined.user.delete(CRONTABS, "default", "a")
    told = [(event.type, event.object["metadata"]["name"]) for event in iter(watch.take, None)]
    assert told == [("ADDED", "a"), ("ADDED", "b"), ("DELETED", "a")]
    chosen = defined.user.list(CRONTABS, "default", options=ListOptions(field_selector="metadata.name=b"))
    assert (chosen["kind"], [each["metadata"]["name"] for each in chosen["items"]]) == ("CronTabList", ["b"])
    wrong = ListOptions(field_selector="spec.image=x")
    message = refused(defined.user.list, CRONTABS, "default", options=wrong)["message"]
    assert message == "field label not supported: spec.image"


def test_fields_that_a_definition_names_can_be_selected(rig: Any) -> None:
    body = definition()
    body["spec"]["versions"][0]["selectableFields"] = [{"jsonPath": ".spec.image"}]
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", body)
    make(rig, "a", image="one")
    make(rig, "b", image="two")
    chosen = rig.user.list(CRONTABS, "default", options=ListOptions(field_selector="spec.image=two"))
    assert [each["metadata"]["name"] for each in chosen["items"]] == ["b"]


def test_what_has_not_changed_is_not_validated_again(defined: Any) -> None:
    make(defined, replicas=9)
    tighter = definition()
    tighter["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["replicas"][
        "maximum"
    ] = 5
    defined.user.patch(CUSTOM_RESOURCE_DEFINITIONS, "", NAME, {"spec": tighter["spec"]}, "merge")
    patched = defined.user.patch(CRONTABS, "default", "my", {"spec": {"image": "nginx"}}, "merge")
    assert (patched["spec"]["replicas"], patched["spec"]["image"]) == (9, "nginx")


def test_versions_show_the_same_objects(rig: Any) -> None:
    body = definition()
    loose = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    body["spec"]["versions"].append(
        {
            "name": "v1beta1",
            "served": True,
            "storage": False,
            "deprecated": True,
            "schema": {"openAPIV3Schema": loose},
        }
    )
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", body)
    old = GroupVersionResource(GROUP, "v1beta1", "crontabs")
    made = rig.user.create(old, "default", {**crontab(image="nginx"), "apiVersion": old.api_version})
    assert (made["apiVersion"], made["spec"]["replicas"]) == (old.api_version, 1)
    assert rig.warnings == [f"{GROUP}/v1beta1 CronTab is deprecated; use {GROUP}/v1 CronTab"]
    assert rig.user.get(CRONTABS, "default", "my")["apiVersion"] == f"{GROUP}/v1"
    assert rig.user.list(old, "default")["items"][0]["apiVersion"] == old.api_version
    table = rig.user.list(old, "default", options=ListOptions(table=True))
    assert [each["name"] for each in table["columnDefinitions"]] == ["Name", "Age"]
    patched = rig.user.patch(old, "default", "my", {"spec": {"image": "other"}}, "merge")
    assert (patched["apiVersion"], patched["spec"]["image"]) == (old.api_version, "other")
    served = [(entry["version"], entry["name"]) for entry in rig.user.resources() if entry["group"] == GROUP]
    assert served == [("v1", "crontabs"), ("v1beta1", "crontabs")]


def test_versions_that_a_webhook_converts_are_said_not_to_be_simulated(rig: Any) -> None:
    body = definition()
    newer = {**body["spec"]["versions"][0], "name": "v2", "storage": False}
    body["spec"]["versions"].append(newer)
    service = {"name": "converter", "namespace": "default"}
    webhook = {"clientConfig": {"service": service}, "conversionReviewVersions": ["v1"]}
    body["spec"]["conversion"] = {"strategy": "Webhook", "webhook": webhook}
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", body)
    make(rig)
    with pytest.raises(Unsupported, match="converted between versions by a webhook"):
        rig.user.get(GroupVersionResource(GROUP, "v2", "crontabs"), "default", "my")


def test_the_stored_version_may_change(rig: Any) -> None:
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", definition())
    make(rig)
    spec = definition()["spec"]
    spec["versions"][0]["storage"] = False
    spec["versions"].append({**spec["versions"][0], "name": "v2", "storage": True})
    rig.user.patch(CUSTOM_RESOURCE_DEFINITIONS, "", NAME, {"spec": spec}, "merge")
    newer = GroupVersionResource(GROUP, "v2", "crontabs")
    assert rig.user.get(newer, "default", "my")["apiVersion"] == f"{GROUP}/v2"
    assert rig.user.get(CRONTABS, "default", "my")["apiVersion"] == f"{GROUP}/v1"
    assert rig.user.get(CUSTOM_RESOURCE_DEFINITIONS, "", NAME)["status"]["storedVersions"] == ["v1", "v2"]


def test_a_definition_goes_with_its_objects(defined: Any, refused: Any) -> None:
    make(defined)
    watch = defined.server.watch("kubectl", CUSTOM_RESOURCE_DEFINITIONS)
    watch.take()
    answer = defined.user.delete(CUSTOM_RESOURCE_DEFINITIONS, "", NAME)
    assert answer["metadata"]["finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"]
    seen = [event.object for event in iter(watch.take, None)]
    reasons = [each["status"]["conditions"][-1]["reason"] for each in seen]
    assert reasons == ["InstanceDeletionPending", "InstanceDeletionInProgress", "InstanceDeletionCompleted"]
    assert defined.user.list(CUSTOM_RESOURCE_DEFINITIONS)["items"] == []
    assert refused(defined.user.get, CRONTABS, "default", "my")["code"] == 404
    assert defined.server.custom_resources() == ()


def test_a_definition_waits_for_the_finalizers_of_its_objects(defined: Any, refused: Any) -> None:
    body = crontab()
    body["metadata"]["finalizers"] = ["example.com/wait"]
    defined.user.create(CRONTABS, "default", body)
    defined.user.delete(CUSTOM_RESOURCE_DEFINITIONS, "", NAME)
    message = refused(defined.user.create, CRONTABS, "default", crontab("new"))["message"]
    assert message == (
        f'crontabs.{GROUP} "new" is forbidden: create not allowed while custom resource definition is terminating'
    )
    defined.user.patch(CRONTABS, "default", "my", {"metadata": {"finalizers": None}}, "merge")
    assert defined.user.get(CUSTOM_RESOURCE_DEFINITIONS, "", NAME)["metadata"]["deletionTimestamp"]
    defined.kernel.run_until(5 * SECOND)
    assert defined.user.list(CUSTOM_RESOURCE_DEFINITIONS)["items"] == []


def test_names_go_to_who_comes_first(defined: Any) -> None:
    other = definition()
    other["metadata"]["name"] = f"tabs.{GROUP}"
    other["spec"]["names"] = {"plural": "tabs", "kind": "CronTab", "shortNames": ["ct"]}
    defined.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", other)
    conditions = defined.user.get(CUSTOM_RESOURCE_DEFINITIONS, "", f"tabs.{GROUP}")["status"]["conditions"]
    told = [(each["type"], each["status"], each["reason"], each["message"]) for each in conditions]
    assert told == [
        ("NamesAccepted", "False", "ListKindConflict", '"CronTabList" is already in use'),
        ("Established", "False", "NotAccepted", "not all names are accepted"),
    ]
    defined.user.delete(CUSTOM_RESOURCE_DEFINITIONS, "", NAME, options=DeleteOptions())
    conditions = defined.user.get(CUSTOM_RESOURCE_DEFINITIONS, "", f"tabs.{GROUP}")["status"]["conditions"]
    assert [each["status"] for each in conditions] == ["True", "True"]


def test_rules_in_cel_are_said_not_to_be_simulated(rig: Any) -> None:
    body = definition()
    spec = body["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    spec["properties"]["image"]["x-kubernetes-validations"] = [{"rule": "self != 'bad'"}]
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", body)
    make(rig, "without")
    with pytest.raises(Unsupported, match=r"The validation rule \"self != 'bad'\" of CronTab is in CEL"):
        make(rig, "with", image="good")


def test_objects_of_a_namespace_that_goes_and_a_dry_run(defined: Any, refused: Any) -> None:
    dry = WriteOptions(dry_run=True)
    assert defined.user.create(CRONTABS, "default", crontab(), options=dry)["spec"]["replicas"] == 1
    assert defined.user.list(CRONTABS, "default")["items"] == []
    assert refused(defined.user.create, CRONTABS, "nowhere", crontab())["message"] == 'namespaces "nowhere" not found'
    assert names.NAMESPACES in [
        GroupVersionResource(e["group"], e["version"], e["name"]) for e in defined.user.resources()
    ]


def test_built_in_kinds_pay_nothing_while_there_are_no_custom_ones(rig: Any) -> None:
    core = rig.server._core
    before = core.catalogue
    rig.user.create(CUSTOM_RESOURCE_DEFINITIONS, "", definition())
    assert core.catalogue is not before
    rig.user.delete(CUSTOM_RESOURCE_DEFINITIONS, "", NAME)
    assert core.catalogue is before
