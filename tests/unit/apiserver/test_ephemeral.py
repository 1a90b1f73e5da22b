"""pods/NAME/ephemeralcontainers: adds containers to a Pod, and changes nothing else."""

from __future__ import annotations

import pytest

from k8s_magic.machinery import meta
from k8s_magic.machinery.names import DEPLOYMENTS, PODS
from k8s_magic.machinery.protocols import ListOptions, WriteOptions

WHERE = {"subresource": "ephemeralcontainers"}
DEBUGGER = {"name": "debugger", "image": "busybox"}
DEFAULTED = {
    "name": "debugger",
    "image": "busybox",
    "resources": {},
    "imagePullPolicy": "Always",
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}


def adding(*containers):
    return {"spec": {"ephemeralContainers": list(containers)}}


def patched(rig, body, patch_type="strategic", name="p", **options):
    return rig.user.patch(PODS, "default", name, body, patch_type, **WHERE, options=WriteOptions(**options))


@pytest.mark.parametrize(
    ("patch_type", "body"),
    [
        ("strategic", adding(DEBUGGER)),
        ("merge", adding(DEBUGGER)),
        ("json", [{"op": "add", "path": "/spec/ephemeralContainers", "value": [DEBUGGER]}]),
        ("apply", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, **adding(DEBUGGER)}),
    ],
)
def test_every_sort_of_patch_adds_a_container_with_its_defaults(rig, patch_type, body):
    rig.pod()
    made = patched(rig, body, patch_type, field_manager="tester")
    assert made["spec"]["ephemeralContainers"] == [DEFAULTED]
    assert made["metadata"]["generation"] == 2
    assert rig.user.get(PODS, "default", "p", **WHERE) == made
    shown = rig.user.get(PODS, "default", "p", options=ListOptions(managed_fields=True))
    fields = {one["manager"]: one for one in shown["metadata"]["managedFields"]}["tester"]
    assert fields["subresource"] == "ephemeralcontainers"
    assert list(fields["fieldsV1"]["f:spec"]) == ["f:ephemeralContainers"]


def test_an_update_takes_nothing_but_the_containers(rig):
    made = rig.pod()
    changed = {
        **made,
        "metadata": {**made["metadata"], "labels": {"a": "b"}, "annotations": {"c": "d"}, "finalizers": ["e.f/g"]},
        "spec": {**made["spec"], "activeDeadlineSeconds": 5, "ephemeralContainers": [DEBUGGER]},
        "status": {"phase": "Failed"},
    }
    answer = rig.user.update(PODS, "default", "p", changed, **WHERE)
    assert answer["spec"] == {**made["spec"], "ephemeralContainers": [DEFAULTED]}
    assert answer["status"] == made["status"]
    assert not {"labels", "annotations", "finalizers"} & answer["metadata"].keys()


def test_the_pod_itself_cannot_be_given_any(rig, refused):
    made = rig.pod()
    body = {"metadata": {"name": "q"}, "spec": {**made["spec"], "ephemeralContainers": [DEBUGGER]}}
    assert refused(rig.user.create, PODS, "default", body)["message"] == (
        'Pod "q" is invalid: spec.ephemeralContainers: Forbidden: cannot be set on create'
    )
    status = refused(rig.user.patch, PODS, "default", "p", adding(DEBUGGER), "strategic")
    assert "pod updates may not change fields other than" in status["message"]


def test_a_dry_run_and_nothing_new_write_nothing(rig):
    rig.pod()
    patched(rig, adding(DEBUGGER), dry_run=True)
    assert "ephemeralContainers" not in rig.stored(PODS, "p")["spec"]
    made = patched(rig, adding(DEBUGGER))
    before = rig.server.store.writes
    assert patched(rig, adding(DEBUGGER)) is made
    assert rig.server.store.writes == before


def test_what_is_there_stays_as_it_is(rig, refused):
    rig.pod()
    patched(rig, adding(DEBUGGER))
    start = 'Pod "p" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "debugger" may not'
    assert refused(patched, rig, adding(), "merge")["message"] == f"{start} be removed\n"
    assert refused(patched, rig, adding({**DEBUGGER, "tty": True}))["message"] == (
        f"{start} be changed\n"
        '@@ -27,6 +27,6 @@\n  "SecurityContext": null,\n  "Stdin": false,\n  "StdinOnce": false,\n'
        '- "TTY": false,\n+ "TTY": true,\n  "TargetContainerName": ""\n }\n'
    )
    more = patched(rig, adding({"name": "second", "image": "alpine:3", "targetContainerName": "c"}))
    assert {one["name"] for one in more["spec"]["ephemeralContainers"]} == {"debugger", "second"}
    assert more["metadata"]["generation"] == 3


def test_names_targets_and_fields_are_checked(rig, refused):
    rig.pod()
    wrong = {
        "name": "c",
        "image": " busybox",
        "targetContainerName": "nothere",
        "ports": [{"containerPort": 80}],
        "resources": {"requests": {"cpu": "1"}},
        "livenessProbe": {"tcpSocket": {"port": 80}},
        "readinessProbe": {"tcpSocket": {"port": 80}},
        "startupProbe": {"tcpSocket": {"port": 80}},
        "lifecycle": {"preStop": {"sleep": {"seconds": 1}}},
        "restartPolicy": "Always",
        "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}],
        "volumeMounts": [{"name": "v", "mountPath": "/v", "subPath": "s"}],
    }
    status = refused(patched, rig, adding(wrong))
    not_set = "Forbidden: cannot be set for an Ephemeral Container"
    start = "spec.ephemeralContainers[0]."
    assert [(cause["field"].removeprefix(start), cause["message"]) for cause in status["details"]["causes"]] == [
        ("volumeMounts[0].name", 'Not found: "v"'),
        ("image", 'Invalid value: " busybox": must not have leading or trailing whitespace'),
        ("name", 'Duplicate value: "c"'),
        ("targetContainerName", 'Not found: "nothere"'),
        ("ports", not_set),
        ("resources", not_set),
        ("resizePolicy", not_set),
        ("restartPolicy", not_set),
        ("livenessProbe", not_set),
        ("readinessProbe", not_set),
        ("startupProbe", not_set),
        ("lifecycle", not_set),
        ("volumeMounts[0].subPath", not_set),
    ]


def test_a_static_pods_mirror_is_refused(rig, refused):
    made = rig.pod()
    mirror = meta.with_metadata(made, annotations={"kubernetes.io/config.mirror": "x"})
    rig.kubelet.update(PODS, "default", "p", mirror)
    assert refused(patched, rig, adding(DEBUGGER))["message"] == (
        'Pod "p" is invalid: []: Forbidden: static pods do not support ephemeral containers'
    )


def test_only_pods_have_them(rig, refused):
    rig.deployment()
    for call in (
        lambda: rig.user.get(DEPLOYMENTS, "default", "web", **WHERE),
        lambda: rig.user.patch(DEPLOYMENTS, "default", "web", {}, "merge", **WHERE),
    ):
        assert refused(call)["message"] == "the server could not find the requested resource"
    rig.pod()
    status = refused(rig.user.create, PODS, "default", {}, name="p", **WHERE)
    assert (status["code"], status["reason"]) == (405, "MethodNotAllowed")
    assert refused(patched, rig, adding(DEBUGGER), name="nothere")["message"] == 'pods "nothere" not found'
