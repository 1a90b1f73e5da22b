"""What the server tabulates, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from k8s_magic import kinds
from k8s_magic.kinds.cronjob import columns as cronjob
from k8s_magic.kinds.deployment import columns as deployment
from k8s_magic.kinds.endpoints import columns as endpoints
from k8s_magic.kinds.event import columns as event
from k8s_magic.kinds.horizontalpodautoscaler import columns as autoscaler
from k8s_magic.kinds.ingress import columns as ingress
from k8s_magic.kinds.job import columns as job
from k8s_magic.kinds.node import columns as node
from k8s_magic.kinds.pod import columns as pod
from k8s_magic.kinds.resourcequota import columns as resourcequota
from k8s_magic.kinds.service import columns as service
from k8s_magic.machinery.kind import Clock
from k8s_magic.machinery.meta import Object
from k8s_magic.sim.time import SECOND, TimeFormatter

CLOCK = Clock(3600 * SECOND, TimeFormatter().parse)
BORN = "2026-01-01T00:00:00Z"


def made(name: str, **parts: Any) -> Object:
    return {"metadata": {"name": name, "creationTimestamp": BORN}, **parts}


def waiting(reason: str) -> Object:
    return {"state": {"waiting": {"reason": reason}}}


def ended(code: int, reason: str = "", **more: Any) -> Object:
    return {"state": {"terminated": {"exitCode": code, **({"reason": reason} if reason else {}), **more}}}


RUNNING: Object = {"state": {"running": {}}, "ready": True}


def status_of(phase: str, *containers: Object, deleted: bool = False, **more: Any) -> list[Any]:
    """The ready, status and restarts cells of a Pod."""
    names = [chr(97 + number) for number in range(len(containers) or 1)]
    spec = {"containers": [{"name": name} for name in names], **more.pop("spec", {})}
    statuses = [{"name": name, **each} for name, each in zip(names, containers, strict=False)]
    obj = made("p", spec=spec, status={"phase": phase, "containerStatuses": statuses, **more})
    if deleted:
        obj["metadata"]["deletionTimestamp"] = BORN
    return pod.row(obj, CLOCK)[1:4]


def test_what_a_pod_is_up_to() -> None:
    assert status_of("Pending") == ["0/1", "Pending", "0"]
    assert status_of("Running", RUNNING, RUNNING) == ["2/2", "Running", "0"]
    assert status_of("Running", RUNNING, deleted=True) == ["1/1", "Terminating", "0"]
    assert status_of("Failed", ended(1, "Error"), deleted=True) == ["0/1", "Error", "0"]
    assert status_of("Running", RUNNING, deleted=True, reason="NodeLost") == ["1/1", "Unknown", "0"]
    assert status_of("Pending", waiting("ImagePullBackOff")) == ["0/1", "ImagePullBackOff", "0"]
    assert status_of("Succeeded", ended(0, "Completed")) == ["0/1", "Completed", "0"]
    assert status_of("Failed", ended(3)) == ["0/1", "ExitCode:3", "0"]
    assert status_of("Failed", ended(0, signal=9)) == ["0/1", "Signal:9", "0"]
    assert status_of("Failed", reason="Evicted") == ["0/1", "Evicted", "0"]
    gated = [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]
    assert status_of("Pending", conditions=gated) == ["0/1", "SchedulingGated", "0"]


def test_a_pod_of_which_some_containers_have_ended() -> None:
    done, ready = ended(0, "Completed"), [{"type": "Ready", "status": "True"}]
    assert status_of("Running", done, RUNNING) == ["1/2", "NotReady", "0"]
    assert status_of("Running", done, RUNNING, conditions=ready) == ["1/2", "Running", "0"]
    assert status_of("Running", done, ended(1, "Error")) == ["0/2", "Error", "0"]


def test_restarts_tell_when_the_last_one_was() -> None:
    last = {"lastState": {"terminated": {"finishedAt": "2026-01-01T00:59:55Z"}}, "restartCount": 2}
    assert status_of("Running", {**waiting("CrashLoopBackOff"), **last}) == ["0/1", "CrashLoopBackOff", "2 (5s ago)"]
    assert status_of("Running", {**RUNNING, "restartCount": 1}) == ["1/1", "Running", "1"]


def test_init_containers_and_sidecars() -> None:
    spec = {"initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}]}
    done = {"name": "i", **ended(0, "Completed")}
    side = {"name": "s", "started": True, **RUNNING}

    def init(*statuses: Object, **more: Any) -> list[Any]:
        return status_of("Pending", waiting("PodInitializing"), spec=spec, initContainerStatuses=list(statuses), **more)

    assert init({"name": "i", "state": {"running": {}}}) == ["0/2", "Init:0/2", "0"]
    assert init(done, {"name": "s", "state": {"waiting": {"reason": "PodInitializing"}}}) == ["0/2", "Init:1/2", "0"]
    assert init({"name": "i", **ended(1, "Error"), "restartCount": 2}) == ["0/2", "Init:Error", "2"]
    assert init({"name": "i", **ended(4)}) == ["0/2", "Init:ExitCode:4", "0"]
    assert init({"name": "i", **waiting("CrashLoopBackOff")}) == ["0/2", "Init:CrashLoopBackOff", "0"]
    assert init({**done, "restartCount": 7}, {**side, "restartCount": 1}) == ["1/2", "PodInitializing", "1"]


def test_a_pods_wide_cells() -> None:
    obj = made(
        "p",
        spec={"containers": [{"name": "a"}], "nodeName": "n", "readinessGates": [{"conditionType": "x"}]},
        status={"podIPs": [{"ip": "10.0.0.1"}], "conditions": [{"type": "x", "status": "True"}]},
    )
    assert pod.row(obj, CLOCK)[4:] == ["60m", "10.0.0.1", "n", "<none>", "1/1"]
    bare = made("p", spec={"containers": []}, status={})
    assert pod.row(bare, CLOCK)[5:] == ["<none>"] * 4


def test_a_deployment() -> None:
    template = {"spec": {"containers": [{"name": "a", "image": "i"}, {"name": "b", "image": "j"}]}}
    spec = {"replicas": 3, "selector": {"matchLabels": {"app": "x"}}, "template": template}
    obj = made("d", spec=spec, status={"readyReplicas": 2, "updatedReplicas": 3, "availableReplicas": 2})
    assert deployment.row(obj, CLOCK) == ["d", "2/3", 3, 2, "60m", "a,b", "i,j", "app=x"]


@pytest.mark.parametrize(
    ("spec", "status", "external"),
    [
        ({"type": "ClusterIP"}, {}, "<none>"),
        ({"type": "NodePort", "externalIPs": ["1.1.1.1", "2.2.2.2"]}, {}, "1.1.1.1,2.2.2.2"),
        ({"type": "LoadBalancer"}, {}, "<pending>"),
        ({"type": "LoadBalancer"}, {"loadBalancer": {"ingress": [{"ip": "9.9.9.9"}, {"hostname": "h"}]}}, "9.9.9.9,h"),
        ({"type": "ExternalName", "externalName": "db.example.com"}, {}, "db.example.com"),
    ],
)
def test_a_service_and_how_it_is_reached(spec: Object, status: Object, external: str) -> None:
    ports = [{"port": 80, "protocol": "TCP"}, {"port": 53, "nodePort": 30053, "protocol": "UDP"}]
    obj = made("s", spec={**spec, "clusterIPs": ["10.96.0.1"], "ports": ports}, status=status)
    assert service.row(obj, CLOCK) == [
        "s",
        spec["type"],
        "10.96.0.1",
        external,
        "80/TCP,53:30053/UDP",
        "60m",
        "<none>",
    ]


def test_a_node() -> None:
    info = {"kubeletVersion": "v1.36.2", "kernelVersion": "6.1", "architecture": "amd64"}
    obj = made(
        "n",
        spec={"unschedulable": True},
        status={"conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": info},
    )
    obj["metadata"]["labels"] = {"node-role.kubernetes.io/worker": "", "kubernetes.io/role": "a"}
    assert node.row(obj, CLOCK)[1:5] == ["Ready,SchedulingDisabled", "a,worker", "60m", "v1.36.2"]
    assert node.row(obj, CLOCK)[5:] == ["<none>", "<none>", "<unknown>", "6.1 (amd64)", "<unknown>"]
    assert node.row(made("n"), CLOCK)[1:3] == ["Unknown", "<none>"]


def test_endpoints_are_cut_after_three() -> None:
    ips = [{"ip": f"10.0.0.{number}"} for number in range(1, 6)]
    obj = made("e", subsets=[{"addresses": ips, "ports": [{"port": 80}]}])
    assert endpoints.row(obj, CLOCK)[1] == "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more..."
    assert endpoints.row(made("e"), CLOCK)[1] == "<none>"


def test_an_event_in_both_groups_words() -> None:
    obj = made("e.1", type="Normal", reason="Pulled", involvedObject={"kind": "Pod", "name": "p"}, message=" got it\n")
    obj |= {
        "firstTimestamp": BORN,
        "lastTimestamp": "2026-01-01T00:59:50Z",
        "count": 3,
        "source": {"component": "kubelet", "host": "n"},
    }
    row = ["10s", "Normal", "Pulled", "pod/p", "", "kubelet, n", "got it", "60m", 3, "e.1"]
    assert event.row(obj, CLOCK) == row
    series = {"count": 4, "lastObservedTime": "2026-01-01T00:59:58.000001Z"}
    new = made("e.1", type="Normal", reason="Pulled", regarding={"kind": "Pod", "name": "p"}, note="got it")
    new |= {"eventTime": BORN, "series": series, "reportingController": "kubelet", "reportingInstance": "n"}
    assert event.row(new, CLOCK) == ["1s", *row[1:8], 4, "e.1"]


def test_jobs() -> None:
    started = {"startTime": "2026-01-01T00:00:10Z"}
    obj = made("j", spec={"completions": 3}, status={"succeeded": 1, **started})
    assert job.row(obj, CLOCK)[1:5] == ["Running", "1/3", "59m", "60m"]
    obj["status"] |= {"completionTime": "2026-01-01T00:00:40Z", "conditions": [{"type": "Complete", "status": "True"}]}
    assert job.row(obj, CLOCK)[1:4] == ["Complete", "1/3", "30s"]
    assert job.row(made("j", spec={"parallelism": 4}), CLOCK)[1:4] == ["Running", "0/1 of 4", ""]
    spec = {"schedule": "* * * * *", "suspend": False, "jobTemplate": {"spec": {}}}
    assert cronjob.row(made("c", spec=spec), CLOCK)[1:7] == ["* * * * *", "<none>", "False", 0, "<none>", "60m"]


def test_an_autoscaler_of_both_versions() -> None:
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "d"}, "minReplicas": 1, "maxReplicas": 9}
    old = made(
        "h", spec={**target, "targetCPUUtilizationPercentage": 50}, status={"currentCPUUtilizationPercentage": 12}
    )
    assert autoscaler.row(old, CLOCK) == ["h", "Deployment/d", "cpu: 12%/50%", "1", 9, 0, "60m"]
    metrics = [
        {"type": "Resource", "resource": {"name": "memory", "target": {"averageValue": "100Mi"}}},
        {"type": "Pods", "pods": {"metric": {"name": "rps"}, "target": {"averageValue": "1k"}}},
        {"type": "External", "external": {"target": {"value": "5"}}},
    ]
    new = made("h", spec={**target, "metrics": metrics})
    assert autoscaler.row(new, CLOCK)[2] == "memory: <unknown>/100Mi, <unknown>/1k + 1 more..."


def test_an_ingress_and_a_quota() -> None:
    rules = [{"host": f"{name}.com"} for name in "abcd"]
    assert ingress.row(made("i", spec={"rules": rules, "tls": [{}]}), CLOCK)[1:6] == [
        "<none>",
        "a.com,b.com,c.com + 1 more...",
        "",
        "80, 443",
        "60m",
    ]
    hard = {"pods": "10", "limits.cpu": "2", "requests.cpu": "1"}
    obj = made("q", status={"hard": hard, "used": {"pods": "3"}})
    assert resourcequota.row(obj, CLOCK)[1:3] == ["pods: 3/10, requests.cpu: 0/1", "limits.cpu: 0/2"]


def test_every_kind_has_as_many_cells_as_columns() -> None:
    extra = {"ipaddresses"}  # the server itself gives these a cell too many
    spec = {
        "containers": [],
        "scaleTargetRef": {"kind": "a", "name": "b"},
        "template": {},
        "priorityLevelConfiguration": {"name": "x"},
    }
    for kind in kinds.all_kinds():
        if "list" not in kind.verbs:
            continue
        obj = made("x", spec=spec, roleRef={"kind": "Role", "name": "r"})
        cells = kind.row(obj, CLOCK)
        assert len(cells) == len(kind.columns) + (kind.gvr.resource in extra), kind.gvr
        assert kind.columns[0].name == "Name" or kind.gvr.resource == "events"
