"""update: concurrency, generation, no-op writes, immutable metadata; status writes touch only the status."""

from __future__ import annotations

from k8s_magic.machinery import meta
from k8s_magic.machinery.names import CONFIG_MAPS, DEPLOYMENTS, LEASES, NAMESPACES, PODS, SERVICES
from k8s_magic.machinery.protocols import WriteOptions

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def scaled(obj, replicas):
    return {**obj, "spec": {**obj["spec"], "replicas": replicas}}


def test_generation_rises_with_the_spec_only(rig):
    made = rig.deployment()
    again = rig.user.update(DEPLOYMENTS, "default", "web", scaled(made, 3))
    assert again["metadata"]["generation"] == 2
    labelled = rig.user.update(DEPLOYMENTS, "default", "web", meta.with_metadata(again, labels={"a": "b"}))
    assert labelled["metadata"]["generation"] == 2
    assert labelled["spec"] is again["spec"]


def test_an_update_that_changes_nothing_is_no_write(rig):
    made = rig.deployment()
    before = rig.server.store.writes
    assert rig.user.update(DEPLOYMENTS, "default", "web", made) is made
    assert rig.manager.update(DEPLOYMENTS, "default", "web", made) is made
    assert rig.manager.update(DEPLOYMENTS, "default", "web", made, subresource="status") is made
    assert rig.server.store.writes == before


def test_a_stale_write_conflicts(rig, refused):
    made = rig.deployment()
    rig.user.update(DEPLOYMENTS, "default", "web", scaled(made, 3))
    for writer in (rig.user, rig.manager):
        for subresource in ("", "status"):
            body = {**scaled(made, 4), "status": {"replicas": 4}}
            status = refused(writer.update, DEPLOYMENTS, "default", "web", body, subresource=subresource)
            assert status["code"] == 409
            assert status["message"] == f'Operation cannot be fulfilled on deployments.apps "web": {MODIFIED}'


def test_without_a_revision_the_last_writer_wins_where_the_kind_allows(rig, refused):
    made = rig.deployment()
    assert rig.user.update(DEPLOYMENTS, "default", "web", meta.with_metadata(scaled(made, 5), resourceVersion=None))
    rig.user.create(LEASES, "default", {"metadata": {"name": "l"}, "spec": {"holderIdentity": "a"}})
    lease = {"metadata": {"name": "l"}, "spec": {"holderIdentity": "b"}}
    assert refused(rig.user.update, LEASES, "default", "l", lease)["message"] == (
        'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0: '
        "must be specified for an update"
    )


def test_another_uid_or_name_is_refused(rig, refused):
    made = rig.deployment()
    other = meta.with_metadata(made, uid="00000000-0000-4000-8000-000000000000")
    assert refused(rig.user.update, DEPLOYMENTS, "default", "web", other)["message"] == (
        'Operation cannot be fulfilled on deployments.apps "web": StorageError: invalid object, Code: 4, '
        "Key: /registry/deployments/default/web, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
        f"UID in precondition: 00000000-0000-4000-8000-000000000000, UID in object meta: {made['metadata']['uid']}"
    )
    renamed = meta.with_metadata(made, name="other")
    assert refused(rig.user.update, DEPLOYMENTS, "default", "web", renamed)["message"] == (
        "the name of the object (other) does not match the name on the URL (web)"
    )


def test_system_fields_cannot_be_changed(rig):
    made = rig.deployment()
    forged = meta.with_metadata(scaled(made, 2), creationTimestamp="2020-01-01T00:00:00Z", generation=99)
    written = rig.user.update(DEPLOYMENTS, "default", "web", forged)
    assert (written["metadata"]["creationTimestamp"], written["metadata"]["generation"]) == ("2026-01-01T00:00:00Z", 2)


def test_a_status_write_leaves_the_spec_and_an_update_the_status(rig):
    made = rig.deployment()
    written = rig.user.update(
        DEPLOYMENTS, "default", "web", {**scaled(made, 9), "status": {"replicas": 2}}, subresource="status"
    )
    assert (written["spec"], written["status"]) == (made["spec"], {"replicas": 2})
    written = rig.user.update(DEPLOYMENTS, "default", "web", {**scaled(written, 3), "status": {}})
    assert (written["spec"]["replicas"], written["status"]) == (3, {"replicas": 2})


def test_a_components_status_write_may_carry_annotations(rig):
    made = rig.deployment()
    body = meta.with_metadata(
        {**made, "status": {"replicas": 1}}, annotations={"deployment.kubernetes.io/revision": "1"}
    )
    written = rig.manager.update(DEPLOYMENTS, "default", "web", body, subresource="status")
    assert written["metadata"]["annotations"] == {"deployment.kubernetes.io/revision": "1"}
    assert (written["metadata"]["generation"], written["status"]) == (1, {"replicas": 1})


def test_what_does_not_exist(rig, refused):
    status = refused(rig.user.update, DEPLOYMENTS, "default", "web", {"metadata": {"name": "web"}})
    assert status["message"] == 'deployments.apps "web" not found'
    service = {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}]}}
    assert rig.user.update(SERVICES, "default", "s", service)["spec"]["type"] == "ClusterIP"


def test_dry_run_changes_nothing(rig):
    made = rig.deployment()
    answer = rig.user.update(DEPLOYMENTS, "default", "web", scaled(made, 7), options=WriteOptions(dry_run=True))
    assert answer["spec"]["replicas"] == 7
    assert rig.stored(DEPLOYMENTS, "web") is made


def test_only_finalize_changes_a_namespaces_finalizers(rig):
    namespace = rig.user.create(NAMESPACES, "", {"metadata": {"name": "x"}})
    assert namespace["spec"]["finalizers"] == ["kubernetes"]
    emptied = {**namespace, "spec": {"finalizers": []}}
    assert rig.user.update(NAMESPACES, "", "x", emptied) is namespace
    finalized = rig.user.update(NAMESPACES, "", "x", emptied, subresource="finalize")
    assert finalized["spec"]["finalizers"] == []


def test_an_update_shares_what_has_not_changed(rig):
    made = rig.user.create(
        CONFIG_MAPS, "default", {"metadata": {"name": "m", "labels": {"a": "b"}}, "data": {"k": "v"}}
    )
    body = {"metadata": {"name": "m", "labels": {"a": "b"}}, "data": {"k": "v"}, "binaryData": {"x": "eA=="}}
    written = rig.user.update(CONFIG_MAPS, "default", "m", body)
    assert written["data"] is made["data"]
    assert written["metadata"]["labels"] is made["metadata"]["labels"]


def test_binding(rig, refused):
    made = rig.pod()
    rig.bind("p", "n1")
    bound = rig.stored(PODS, "p")
    assert bound["spec"] == {**made["spec"], "nodeName": "n1"}
    assert bound["metadata"]["generation"] == 1
    assert bound["status"]["conditions"] == [
        {
            "type": "PodScheduled",
            "status": "True",
            "lastProbeTime": None,
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }
    ]
    assert refused(rig.bind, "p", "n2")["message"] == (
        'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"'
    )
    rig.user.delete(PODS, "default", "p")
    assert refused(rig.bind, "p", "n2")["message"].endswith("pod p is being deleted, cannot be assigned to a host")
    assert refused(rig.bind, "q", "n2")["message"] == 'pods "q" not found'
