"""list, watch and Table: order, selectors, chunks, what a watch is told; and the second versions of resources."""

from __future__ import annotations

import pytest

from k8s_magic.machinery.names import (
    CONFIG_MAPS,
    DEPLOYMENTS,
    ENDPOINTS,
    EVENTS,
    NAMESPACES,
    PODS,
    GroupVersionResource,
)
from k8s_magic.machinery.protocols import ListOptions

HPA_V1 = GroupVersionResource("autoscaling", "v1", "horizontalpodautoscalers")
HPA_V2 = GroupVersionResource("autoscaling", "v2", "horizontalpodautoscalers")
EVENTS_V1 = GroupVersionResource("events.k8s.io", "v1", "events")


def make(rig, name, namespace="default", **labels):
    rig.user.create(CONFIG_MAPS, namespace, {"metadata": {"name": name, "labels": labels}})


def names(answer):
    return [obj["metadata"]["name"] for obj in answer["items"]]


def test_a_list_is_in_the_order_of_the_keys(rig):
    for namespace in ("b", "a-c", "a"):
        rig.user.create(NAMESPACES, "", {"metadata": {"name": namespace}})
    make(rig, "y", "b")
    make(rig, "x", "a")
    make(rig, "w", "a-c")
    answer = rig.user.list(CONFIG_MAPS)
    assert names(answer) == ["w", "x", "y"]  # "a-c/w" comes before "a/x" byte by byte
    assert (answer["kind"], answer["apiVersion"]) == ("ConfigMapList", "v1")
    assert answer["metadata"] == {"resourceVersion": str(rig.server.store.revision)}
    assert names(rig.user.list(CONFIG_MAPS, "b")) == ["y"]


def test_selectors(rig, refused):
    make(rig, "a", app="x", tier="1")
    make(rig, "b", app="x")
    make(rig, "c", app="y")

    def chosen(**options):
        return names(rig.user.list(CONFIG_MAPS, "default", options=ListOptions(**options)))

    assert chosen(label_selector="app=x") == ["a", "b"]
    assert chosen(label_selector="app in (x,y),!tier") == ["b", "c"]
    assert chosen(label_selector="app=x,tier=1") == ["a"]
    assert chosen(field_selector="metadata.name=b") == ["b"]
    assert chosen(field_selector="metadata.name!=b") == ["a", "c"]
    pods = ListOptions(field_selector="spec.nosuch=1")
    assert refused(rig.user.list, PODS, "default", options=pods)["message"] == (
        "field label not supported: spec.nosuch"
    )
    assert refused(rig.user.list, DEPLOYMENTS, "default", options=pods)["message"] == (
        '"spec.nosuch" is not a known field selector: only "metadata.name", "metadata.namespace"'
    )
    broken = ListOptions(label_selector="app in (web")
    assert refused(rig.user.list, PODS, "default", options=broken)["message"] == (
        "unable to parse requirement: found '', expected: ',' or ')'"
    )


def test_pods_by_node(rig):
    for name in ("a", "b", "c"):
        rig.pod(name)
    rig.bind("a", "n1")
    rig.bind("c", "n1")
    on_node = ListOptions(field_selector="spec.nodeName=n1,status.phase!=Running")
    assert names(rig.user.list(PODS, "", options=on_node)) == ["a", "c"]


def test_chunks(rig):
    for number in range(5):
        make(rig, f"m{number}")
    first = rig.user.list(CONFIG_MAPS, "default", options=ListOptions(limit=2))
    assert (names(first), first["metadata"]["remainingItemCount"]) == (["m0", "m1"], 3)
    rest = ListOptions(limit=10, continue_=first["metadata"]["continue"])
    assert names(rig.user.list(CONFIG_MAPS, "default", options=rest)) == ["m2", "m3", "m4"]


def test_a_table_has_a_row_an_object(rig):
    rig.deployment()
    table = rig.user.list(DEPLOYMENTS, "default", options=ListOptions(table=True))
    assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
    assert [column["name"] for column in table["columnDefinitions"]][:4] == ["Name", "Ready", "Up-to-date", "Available"]
    assert table["rows"][0]["cells"][:2] == ["web", "0/1"]
    assert table["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    whole = rig.user.get(DEPLOYMENTS, "default", "web", options=ListOptions(table=True, include_object="Object"))
    assert whole["rows"][0]["object"] is rig.stored(DEPLOYMENTS, "web")


def test_a_watch_without_a_revision_starts_with_what_is_there(rig):
    make(rig, "b", app="x")
    make(rig, "a", app="x")
    watch = rig.server.watch("", CONFIG_MAPS, "default", options=ListOptions(label_selector="app=x"))
    make(rig, "c", app="y")
    make(rig, "d", app="x")
    events = [watch.take() for _ in range(4)]
    assert [event and (event.type, event.object["metadata"]["name"]) for event in events] == [
        ("ADDED", "a"),
        ("ADDED", "b"),
        ("ADDED", "d"),
        None,
    ]


def test_a_table_watch_tells_its_columns_once(rig):
    make(rig, "a")
    make(rig, "b")
    watch = rig.server.watch("", CONFIG_MAPS, "default", options=ListOptions(table=True))
    first, second = watch.take(), watch.take()
    assert first.object["columnDefinitions"]
    assert second.object["columnDefinitions"] is None
    assert second.object["rows"][0]["cells"][0] == "b"


def test_deprecated_kinds_warn_at_every_verb(rig):
    words = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    rig.user.create(ENDPOINTS, "default", {"metadata": {"name": "e"}})
    rig.user.get(ENDPOINTS, "default", "e")
    rig.user.list(ENDPOINTS, "default")
    assert rig.warnings == [words] * 3


def test_an_autoscaler_in_both_versions(rig):
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "maxReplicas": 10,
        "targetCPUUtilizationPercentage": 50,
    }
    made = rig.user.create(HPA_V1, "default", {"metadata": {"name": "h"}, "spec": spec})
    assert (made["apiVersion"], made["spec"]["targetCPUUtilizationPercentage"]) == ("autoscaling/v1", 50)
    stored = rig.user.get(HPA_V2, "default", "h")
    assert stored["apiVersion"] == "autoscaling/v2"
    assert stored["spec"]["metrics"] == [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}}
    ]
    patched = rig.user.patch(HPA_V1, "default", "h", {"spec": {"targetCPUUtilizationPercentage": 70}}, "merge")
    assert patched["spec"]["targetCPUUtilizationPercentage"] == 70
    assert [obj["apiVersion"] for obj in rig.user.list(HPA_V1, "default")["items"]] == ["autoscaling/v1"]
    assert rig.server.store.table(HPA_V1).entries == {}


def test_an_event_in_both_versions(rig):
    body = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": "e.1", "namespace": "default"},
        "involvedObject": {"kind": "Pod", "name": "p"},
        "message": "text",
        "reportingComponent": "kubelet",
    }
    rig.kubelet.create(EVENTS, "default", body)
    chosen = ListOptions(field_selector="regarding.name=p")
    (shown,) = rig.user.list(EVENTS_V1, "default", options=chosen)["items"]
    assert (shown["apiVersion"], shown["note"], shown["regarding"]["name"]) == ("events.k8s.io/v1", "text", "p")
    assert shown["reportingController"] == "kubelet"


@pytest.mark.parametrize("verb", ["watch", "list"])
def test_discovery_names_what_is_served(rig, verb):
    found = {(each["group"], each["name"]): each for each in rig.user.resources()}
    assert verb in found["apps", "deployments"]["verbs"]
    assert found["", "pods"]["shortNames"] == ["po"]
    assert "scale" in found["apps", "deployments"]["subresources"]
    assert rig.user.server_version()["gitVersion"] == "v1.36.2"


def test_an_event_of_the_core_has_no_time_of_its_own_in_the_newer_version(rig):
    """As the real server writes it, which the official Python client refuses: eventTime has no omitempty.

    Source: staging/src/k8s.io/api/events/v1/types.go, apimachinery meta/v1 MicroTime.MarshalJSON
    """
    event = {"metadata": {"name": "e"}, "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"}}
    rig.user.create(EVENTS, "default", {**event, "reason": "Made", "message": "hello", "type": "Normal"})
    (found,) = rig.user.list(EVENTS_V1, "default")["items"]
    assert "eventTime" in found
    assert found["eventTime"] is None
    assert (found["regarding"]["name"], found["note"]) == ("p", "hello")
