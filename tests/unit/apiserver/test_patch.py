"""patch: four kinds of patch, their refusals, and who owns which field afterwards."""

from __future__ import annotations

from k8s_magic.machinery.names import CONFIG_MAPS, DEPLOYMENTS, PODS
from k8s_magic.machinery.protocols import ListOptions, WriteOptions
from k8s_magic.sim.time import SECOND

APPLY = WriteOptions(field_manager="kubectl")
WITH_FIELDS = ListOptions(managed_fields=True)


def fields(rig, resource, name):
    got = rig.user.get(resource, "default", name, options=WITH_FIELDS)
    return {
        (each["manager"], each["operation"], each.get("subresource", "")): each["fieldsV1"]
        for each in got["metadata"].get("managedFields", [])
    }


def test_each_patch_type(rig):
    rig.deployment()
    patch = rig.user.patch
    image = {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "nginx:2"}]}}}}
    written = patch(DEPLOYMENTS, "default", "web", image, "strategic")
    assert written["spec"]["template"]["spec"]["containers"][0]["image"] == "nginx:2"
    assert written["metadata"]["generation"] == 2
    written = patch(DEPLOYMENTS, "default", "web", {"metadata": {"labels": {"a": "b"}}}, "merge")
    assert written["metadata"]["labels"] == {"a": "b"}
    written = patch(DEPLOYMENTS, "default", "web", [{"op": "replace", "path": "/spec/replicas", "value": 4}], "json")
    assert (written["spec"]["replicas"], written["metadata"]["generation"]) == (4, 3)


def test_refusals_in_the_servers_words(rig, refused):
    rig.deployment()

    def status(body, patch_type, **options):
        more = WriteOptions(**options)
        return refused(rig.user.patch, DEPLOYMENTS, "default", "web", body, patch_type, options=more)

    removed = status([{"op": "remove", "path": "/spec/nosuch"}], "json")
    assert (removed["code"], removed["reason"]) == (422, "Invalid")
    assert removed["message"] == "the server rejected our request due to an error in our request"
    assert status('"not json"', "strategic")["message"] == (
        "json: cannot unmarshal string into Go value of type map[string]interface {}"
    )
    wrong = status({"spec": {"replicas": "abc"}}, "strategic")
    assert wrong["message"] == (
        ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:abc]]": unrecognized type: int32'
    )
    unknown = status({"spec": {"foo": 1}}, "strategic", field_validation="Strict")
    assert unknown["message"].endswith(': strict decoding error: unknown field "spec.foo"')
    other = status({"spec": {"selector": {"matchLabels": {"app": "other"}}}}, "strategic")
    assert other["reason"] == "Invalid"
    missing = refused(rig.user.patch, DEPLOYMENTS, "default", "no", {}, "merge")
    assert missing["message"] == 'deployments.apps "no" not found'


def test_managed_fields_follow_the_writers(rig):
    made = rig.user.create(
        CONFIG_MAPS,
        "default",
        {"metadata": {"name": "m"}, "data": {"a": "1", "b": "1"}},
        options=WriteOptions(field_manager="kubectl-create"),
    )
    assert "managedFields" not in made["metadata"]
    rig.kernel.run_until(SECOND)
    options = WriteOptions(field_manager="kubectl-patch")
    rig.user.patch(CONFIG_MAPS, "default", "m", {"data": {"b": "2"}}, "merge", options=options)
    assert fields(rig, CONFIG_MAPS, "m") == {
        ("kubectl-create", "Update", ""): {"f:data": {".": {}, "f:a": {}}},
        ("kubectl-patch", "Update", ""): {"f:data": {"f:b": {}}},
    }


def test_what_admission_adds_and_binding_sets_is_nobodys(rig):
    rig.pod()
    rig.bind("p", "n1")
    pod = rig.stored(PODS, "p")
    rig.kubelet.update(
        PODS, "default", "p", {**pod, "status": {**pod["status"], "phase": "Running"}}, subresource="status"
    )
    owned = fields(rig, PODS, "p")
    assert set(owned) == {("kubectl", "Update", ""), ("kubelet", "Update", "status")}
    spec = owned["kubectl", "Update", ""]["f:spec"]
    assert {"f:volumes", "f:tolerations", "f:nodeName", "f:serviceAccount", "f:priority"}.isdisjoint(spec)
    assert "f:volumeMounts" not in spec["f:containers"]['k:{"name":"c"}']
    assert owned["kubelet", "Update", "status"] == {"f:status": {"f:phase": {}}}


def test_a_long_log_is_folded_and_says_the_same(rig):
    rig.user.create(CONFIG_MAPS, "default", {"metadata": {"name": "m"}, "data": {"a": "0"}})
    for number in range(40):
        manager = WriteOptions(field_manager=f"writer-{number % 2}")
        rig.user.patch(CONFIG_MAPS, "default", "m", {"data": {f"k{number % 4}": str(number)}}, "merge", options=manager)
    assert fields(rig, CONFIG_MAPS, "m") == {
        ("kubectl", "Update", ""): {"f:data": {".": {}, "f:a": {}}},
        ("writer-0", "Update", ""): {"f:data": {"f:k0": {}, "f:k2": {}}},
        ("writer-1", "Update", ""): {"f:data": {"f:k1": {}, "f:k3": {}}},
    }


def applied(data):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data}


def test_server_side_apply_creates_owns_and_conflicts(rig, refused):
    made = rig.user.patch(CONFIG_MAPS, "default", "m", applied({"a": "1", "b": "1"}), "apply", options=APPLY)
    assert made["data"] == {"a": "1", "b": "1"}
    assert fields(rig, CONFIG_MAPS, "m") == {("kubectl", "Apply", ""): {"f:data": {"f:a": {}, "f:b": {}}}}
    other = WriteOptions(field_manager="other")
    status = refused(rig.user.patch, CONFIG_MAPS, "default", "m", applied({"b": "2"}), "apply", options=other)
    assert status["message"] == 'Apply failed with 1 conflict: conflict with "kubectl": .data.b'
    forced = WriteOptions(field_manager="other", force=True)
    rig.user.patch(CONFIG_MAPS, "default", "m", applied({"b": "2"}), "apply", options=forced)
    again = rig.user.patch(CONFIG_MAPS, "default", "m", applied({"c": "3"}), "apply", options=APPLY)
    assert again["data"] == {"b": "2", "c": "3"}


def test_an_apply_that_changes_nothing_is_no_write(rig, refused):
    rig.user.patch(CONFIG_MAPS, "default", "m", applied({"a": "1"}), "apply", options=APPLY)
    before = rig.server.store.writes
    rig.user.patch(CONFIG_MAPS, "default", "m", applied({"a": "1"}), "apply", options=APPLY)
    assert rig.server.store.writes == before
    assert refused(rig.user.patch, CONFIG_MAPS, "default", "m", applied({}), "apply")["message"] == (
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
    )


def test_scale(rig, refused):
    made = rig.deployment()
    scale = rig.user.get(DEPLOYMENTS, "default", "web", subresource="scale")
    assert scale == {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {
            key: made["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
        },
        "spec": {"replicas": 1},
        "status": {"replicas": 0, "selector": "app=web"},
    }
    rig.user.update(DEPLOYMENTS, "default", "web", {**scale, "spec": {"replicas": 3}}, subresource="scale")
    assert rig.stored(DEPLOYMENTS, "web")["spec"]["replicas"] == 3
    patched = rig.user.patch(DEPLOYMENTS, "default", "web", {"spec": {"replicas": 0}}, "merge", subresource="scale")
    assert patched["spec"] == {}
    assert rig.stored(DEPLOYMENTS, "web")["metadata"]["generation"] == 3
    assert refused(rig.user.update, DEPLOYMENTS, "default", "web", scale, subresource="scale")["code"] == 409
    negative = {"spec": {"replicas": -1}}
    assert refused(rig.user.update, DEPLOYMENTS, "default", "web", negative, subresource="scale")["message"] == (
        'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0'
    )
    assert refused(rig.user.get, CONFIG_MAPS, "default", "m", subresource="scale")["code"] == 404
