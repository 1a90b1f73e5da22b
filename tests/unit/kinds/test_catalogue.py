"""Every served resource has its record; the tables answer as the server's OpenAPI does."""

from __future__ import annotations

import subprocess
import sys

from k8s_magic import kinds
from k8s_magic.kinds import catalogue
from k8s_magic.kinds.record import Behaviour
from k8s_magic.machinery import names
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource

POD = GroupVersionKind("", "v1", "Pod")


def test_every_resource_in_the_servers_order() -> None:
    found = [kind.gvr for kind in kinds.all_kinds()]
    assert len(found) == 68
    assert found[0] == names.core("bindings")
    assert found.index(GroupVersionResource("autoscaling", "v2", "horizontalpodautoscalers")) < found.index(
        GroupVersionResource("autoscaling", "v1", "horizontalpodautoscalers")
    )


def test_names_and_verbs_come_from_discovery() -> None:
    kind = kinds.by_resource(names.DEPLOYMENTS)
    assert kind is not None
    assert (kind.singular, kind.short_names, kind.categories) == ("deployment", ("deploy",), ("all",))
    assert kind.subresources == ("scale", "status")
    assert (kind.namespaced, kind.has_generation) == (True, True)
    assert kind.scale is not None
    assert kinds.by_gvk(kind.gvk) is kind
    assert kinds.by_gvk(GroupVersionKind("apps", "v1", "Nonsense")) is None


def test_every_folder_exports_its_record() -> None:
    served = {(kind.gvk.group, kind.gvk.kind) for kind in kinds.all_kinds()}
    assert set(catalogue.behaviours()) == served
    assert all(isinstance(record, Behaviour) for _, record in catalogue.behaviours().values())


def test_every_kind_takes_an_empty_object_through_its_life() -> None:
    for kind in kinds.all_kinds():
        body = {"apiVersion": kind.gvk.api_version, "kind": kind.gvk.kind, "metadata": {"name": "a"}}
        obj, strict = kinds.decode(body, kind.gvk)
        assert strict == []
        kind.default(obj)
        kind.prepare_create(obj)
        kind.validate(obj)
        if "update" in kind.verbs:
            other, _ = kinds.decode(body, kind.gvk)
            kind.default(other)
            kind.prepare_update(other, obj)
            kind.validate_update(other, obj)


def test_schema_tells_merge_keys_enums_and_defaults() -> None:
    containers = kinds.schema_of(POD).properties["spec"].properties["containers"]
    assert (containers.type, containers.patch_merge_key, containers.list_map_keys) == ("array", "name", ("name",))
    assert containers.patch_strategy == ("merge",)
    assert containers.item is not None
    assert containers.item.ref == "Container"
    assert containers.item.required == ("name",)
    ports = containers.item.properties["ports"].item
    assert ports is not None
    assert ports.properties["protocol"].enum == ("SCTP", "TCP", "UDP")
    assert ports.properties["protocol"].default == "TCP"
    limits = containers.item.properties["resources"].properties["limits"]
    assert limits.is_map
    cpu = limits.field("cpu")
    assert cpu is not None
    assert cpu.format == "quantity"
    assert kinds.schema_of(POD).field("nonsense") is None


def test_selectors_and_field_selectors() -> None:
    pod = kinds.by_resource(names.PODS)
    service = kinds.by_resource(names.SERVICES)
    assert pod is not None
    assert service is not None
    obj = {"metadata": {}, "spec": {"nodeName": "n1"}, "status": {"phase": "Running", "podIPs": [{"ip": "10.0.0.1"}]}}
    read = {name: reader(obj) for name, reader in pod.selectable_fields.items()}
    assert read["spec.nodeName"] == "n1"
    assert read["spec.hostNetwork"] == "false"
    assert read["status.podIP"] == "10.0.0.1"
    assert service.pod_selector is not None
    assert service.pod_selector({"spec": {"selector": {"b": "2", "a": "1"}}}) == "a=1,b=2"


def test_the_first_look_does_not_load_validation() -> None:
    script = (
        "import sys; from k8s_magic import kinds; kinds.all_kinds();"
        "print([m for m in sys.modules if m.startswith('k8s_magic.kinds') and m.endswith('.validation.metadata')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
