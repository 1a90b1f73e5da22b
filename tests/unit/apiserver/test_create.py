"""create: system fields, names, decoding, admission, words of refusal; components' short ways come out the same."""

from __future__ import annotations

import copy

from k8s_magic.machinery import meta
from k8s_magic.machinery.names import CONFIG_MAPS, DEPLOYMENTS, EVENTS, NAMESPACES, PODS, SERVICE_ACCOUNTS
from k8s_magic.machinery.protocols import WriteOptions

STRICT = WriteOptions(field_validation="Strict")


def test_a_new_object_gets_its_system_fields(rig):
    made = rig.deployment()
    metadata = made["metadata"]
    assert (metadata["generation"], metadata["creationTimestamp"]) == (1, "2026-01-01T00:00:00Z")
    assert len(metadata["uid"]) == 36
    assert metadata["resourceVersion"] == str(rig.server.store.revision)
    assert (made["apiVersion"], made["kind"], made["spec"]["replicas"]) == ("apps/v1", "Deployment", 1)


def test_generate_name_and_conflict(rig, refused):
    made = rig.user.create(CONFIG_MAPS, "default", {"metadata": {"generateName": "x-"}})
    assert made["metadata"]["name"].startswith("x-")
    assert len(made["metadata"]["name"]) == 7
    status = refused(rig.user.create, CONFIG_MAPS, "default", {"metadata": {"name": made["metadata"]["name"]}})
    name = made["metadata"]["name"]
    assert status["message"] == f'configmaps "{name}" already exists'
    assert status["details"] == {"name": name, "kind": "configmaps"}


def test_unknown_fields_by_validation_mode(rig, refused):
    body = {
        "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "c", "image": "i", "imagePullPolcy": "Always"}], "replicas": 2},
    }
    assert refused(rig.user.create, PODS, "default", body, options=STRICT)["message"] == (
        'Pod in version "v1" cannot be handled as a Pod: strict decoding error: '
        'unknown field "spec.containers[0].imagePullPolcy", unknown field "spec.replicas"'
    )
    rig.user.create(PODS, "default", body)
    assert rig.warnings == ['unknown field "spec.containers[0].imagePullPolcy"', 'unknown field "spec.replicas"']


def test_dry_run_stores_nothing(rig):
    revision = rig.server.store.revision
    made = rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": "m"}}, options=WriteOptions(dry_run=True))
    assert "resourceVersion" not in made["metadata"]
    assert (rig.server.store.revision, rig.stored(CONFIG_MAPS, "m")) == (revision, None)


def test_other_kind_version_and_namespace_are_refused(rig, refused):
    create = rig.user.create
    assert refused(create, CONFIG_MAPS, "default", {"apiVersion": "v2", "metadata": {"name": "m"}})["message"] == (
        "the API version in the data (v2) does not match the expected API version (v1)"
    )
    assert refused(create, CONFIG_MAPS, "default", {"metadata": {"name": "m", "namespace": "other"}})["message"] == (
        "the namespace of the provided object does not match the namespace sent on the request"
    )
    given = {"metadata": {"name": "m", "resourceVersion": "7"}}
    assert refused(create, CONFIG_MAPS, "default", given)["message"] == (
        "resourceVersion should not be set on objects to be created"
    )


def test_namespaces_must_exist_and_not_be_going(rig, refused):
    status = refused(rig.user.create, CONFIG_MAPS, "x", {"metadata": {"name": "m"}})
    assert (status["code"], status["message"]) == (404, 'namespaces "x" not found')
    rig.user.create(NAMESPACES, "", {"metadata": {"name": "x"}})
    rig.user.delete(NAMESPACES, "", "x")
    status = refused(rig.user.create, CONFIG_MAPS, "x", {"metadata": {"name": "m"}})
    assert status["message"] == (
        'configmaps "m" is forbidden: unable to create new content in namespace x because it is being terminated'
    )
    assert status["details"]["causes"] == [
        {
            "reason": "NamespaceTerminating",
            "message": "namespace x is being terminated",
            "field": "metadata.namespace",
        }
    ]


def test_a_pod_runs_as_a_service_account_and_mounts_its_token(rig, refused):
    spec = rig.pod()["spec"]
    volume = spec["volumes"][0]
    assert volume["name"].startswith("kube-api-access-")
    assert spec["containers"][0]["volumeMounts"] == [
        {
            "name": volume["name"],
            "readOnly": True,
            "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
        }
    ]
    assert (spec["serviceAccountName"], spec["serviceAccount"]) == ("default", "default")
    assert [each["key"] for each in spec["tolerations"]] == [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ]
    assert (spec["priority"], spec["preemptionPolicy"]) == (0, "PreemptLowerPriority")
    assert refused(rig.pod, "q", serviceAccountName="bob")["message"] == (
        'pods "q" is forbidden: error looking up service account default/bob: serviceaccount "bob" not found'
    )


def test_image_pull_secrets_and_automount_come_from_the_account(rig):
    account = {
        "metadata": {"name": "quiet"},
        "automountServiceAccountToken": False,
        "imagePullSecrets": [{"name": "s"}],
    }
    rig.user.create(SERVICE_ACCOUNTS, "default", account)
    spec = rig.pod(serviceAccountName="quiet")["spec"]
    assert (spec.get("volumes"), spec["imagePullSecrets"]) == (None, [{"name": "s"}])


def test_priority_classes(rig, refused):
    assert refused(rig.pod, priorityClassName="high")["message"] == (
        'pods "p" is forbidden: no PriorityClass with name high was found'
    )
    assert rig.pod(priorityClassName="system-node-critical")["spec"]["priority"] == 2_000_001_000


def replica(owner, spec, labels):
    metadata = {"generateName": "web-", "labels": labels, "ownerReferences": [meta.owner_reference(owner)]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def test_pods_of_one_template_come_out_as_by_the_long_way(rig):
    owner = rig.deployment()
    template = owner["spec"]["template"]
    body = replica(owner, template["spec"], template["metadata"]["labels"])
    first, second, third = (rig.manager.create(PODS, "default", copy.copy(body)) for _ in range(3))
    by_user = rig.user.create(PODS, "default", copy.deepcopy(body))

    def plain(pod):
        token = pod["spec"]["volumes"][0]["name"]
        text = repr(sorted(pod["spec"].items())).replace(token, "TOKEN")
        rest = {key: value for key, value in pod["metadata"].items() if key not in ("name", "uid", "resourceVersion")}
        return text, rest, pod["status"]

    assert plain(first) == plain(second) == plain(third) == plain(by_user)
    assert len({pod["metadata"]["name"] for pod in (first, second, third, by_user)}) == 4
    assert second["spec"]["containers"][0]["resources"] is third["spec"]["containers"][0]["resources"]


def test_a_changed_policy_is_not_forgotten_by_a_template(rig):
    owner = rig.deployment()
    template = owner["spec"]["template"]
    body = replica(owner, template["spec"], template["metadata"]["labels"])
    rig.manager.create(PODS, "default", body)
    assert "imagePullSecrets" not in rig.manager.create(PODS, "default", body)["spec"]
    account = rig.stored(SERVICE_ACCOUNTS, "default")
    rig.user.update(SERVICE_ACCOUNTS, "default", "default", {**account, "imagePullSecrets": [{"name": "s"}]})
    assert rig.manager.create(PODS, "default", body)["spec"]["imagePullSecrets"] == [{"name": "s"}]


def test_a_components_event_is_stored_as_written(rig, refused):
    body = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "e.1", "namespace": "default"},
        "involvedObject": {"kind": "Pod", "name": "p"},
        "count": 1,
    }
    made = rig.kubelet.create(EVENTS, "default", body)
    assert made["involvedObject"] is body["involvedObject"]
    assert refused(rig.kubelet.create, EVENTS, "default", body)["reason"] == "AlreadyExists"
    assert list(rig.server.informer(EVENTS).by_field("p")) == [made]


def test_verbs_that_are_not_there(rig, refused):
    unknown = PODS._replace(resource="nothing")
    assert refused(rig.user.get, unknown, "", "x")["message"] == "the server could not find the requested resource"
    scales = refused(rig.user.create, DEPLOYMENTS, "default", {}, name="web", subresource="nothing")
    assert scales["code"] == 404
