"""Loads on a whole cluster: what a rolling update loses, what a replay does again, what a closed cluster leaves."""

import json

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.sim.time import SECOND

BOOTCAMP = "gcr.io/google-samples/kubernetes-bootcamp"


def shop(image: str, port: int, probe: bool, seed: int = 1) -> Cluster:
    cluster = Cluster(nodes=3, seed=seed)
    container: dict[str, object] = {"name": "app", "image": image}
    if probe:
        container["readinessProbe"] = {"httpGet": {"path": "/", "port": port}, "periodSeconds": 1}
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    spec = {"replicas": 4, "selector": {"matchLabels": labels}, "template": template}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}
    assert cluster.apply(json.dumps(deployment)).exit_code == 0
    cluster.kubectl(f"expose deployment web --port=80 --target-port={port}")
    cluster.run(60)
    return cluster


@pytest.mark.parametrize(
    ("old", "new", "port"), [("nginx", "nginx:1.25", 80), (f"{BOOTCAMP}:v1", f"{BOOTCAMP}:v2", 8080)]
)
def test_a_rolling_update_loses_requests_without_readiness_probes_and_none_with_them(
    old: str, new: str, port: int
) -> None:
    lost = {}
    for probe in (False, True):
        cluster = shop(old, port, probe)
        start = cluster.context.kernel.now
        cluster.traffic("svc/web", "500/s")
        cluster.run(5)
        cluster.kubectl(f"set image deployment/web app={new}")
        assert cluster.kubectl("rollout status deployment/web").exit_code == 0
        cluster.run(40)
        cluster.stop_traffic("svc/web")
        (report,) = cluster.loads()
        assert report["sent"] == (cluster.context.kernel.now - start) * 500 // SECOND
        assert report["sent"] == report["answered"] + report["failed"]
        assert sum(one["sent"] for one in report["endpoints"]) == report["sent"]
        assert [version["image"] for version in report["versions"]] == [old, new]
        assert [version["isOld"] for version in report["versions"]] == [True, False]
        assert report["versions"][0]["failed"] == 0
        lost[probe] = report["failed"]
        if not probe:
            assert set(report["errors"]) == {"refused"}
            assert {one["why"] for one in report["losses"]} == {"it was not listening yet"}
            assert len(report["losses"]) == 4, "each new Pod, named"
    assert lost[False] > 40
    assert lost[True] == 0


def test_a_replay_sends_the_same_requests() -> None:
    cluster = shop("nginx", 80, probe=False, seed=5)
    cluster.traffic("web", "120/s", pattern="wave")
    cluster.traffic("web", "30/s", source="node", keep_alive=True, duration="20s")
    cluster.run(7.123)
    cluster.kubectl("scale deployment web --replicas=2")
    cluster.run(3)
    cluster.traffic("web", "77/s")
    cluster.fail("node-2")
    cluster.run(15)
    cluster.stop_traffic("svc/web", source="pod")
    with pytest.raises(ValueError, match="not found"):
        cluster.traffic("svc/none")
    cluster.run(1)
    again = Cluster.load(cluster.save())
    assert again.loads() == cluster.loads()
    assert again.save() == cluster.save()
    assert [entry.action for entry in cluster._parts.door.log if "traffic" in entry.action] == [
        "traffic", "traffic", "traffic", "traffic-stop", "traffic",
    ]  # fmt: skip


def test_what_is_on_its_way_when_a_pod_is_killed_is_reset() -> None:
    cluster = shop(f"{BOOTCAMP}:v1", 8080, probe=False)
    cluster.traffic("svc/web", "20k/s", keep_alive=40)
    cluster.run(1)
    name = cluster.kubectl("get pods -o name").stdout.split()[0]
    cluster.kubectl(f"exec {name} -- sh -c 'kill -9 1 || true'")
    cluster.kubectl(f"delete {name} --grace-period=0 --force")
    cluster.run(30)
    (report,) = cluster.loads()
    assert report["errors"].get("reset", 0) > 0
    assert report["sent"] == report["answered"] + report["failed"] + report["inFlight"]


def test_a_load_from_a_pod_ends_with_it() -> None:
    cluster = shop("nginx", 80, probe=False)
    cluster.kubectl("run client --image=busybox -- sleep 3600")
    cluster.run(20)
    cluster.traffic("web", "10/s", source="pod/client")
    cluster.run(5)
    cluster.kubectl("delete pod client --now")
    cluster.run(5)
    (report,) = cluster.loads()
    assert (report["running"], report["note"], report["failed"]) == (False, "pod client is gone", 0)
    assert report["sent"] == (report["stopped"] - report["started"]) * 10 // SECOND


def test_a_load_balancer_lets_the_outside_in() -> None:
    cluster = shop("nginx", 80, probe=False)
    cluster.kubectl(["patch", "service", "web", "-p", '{"spec": {"type": "LoadBalancer"}}'])
    cluster.run(10)
    cluster.traffic("web", "400/s", source="outside")
    cluster.run(10)
    (report,) = cluster.loads()
    assert (report["sent"], report["answered"], report["failed"]) == (4000, 4000, 0)
    assert all(900 < one["sent"] < 1100 for one in report["endpoints"])


def test_a_closed_cluster_and_an_idle_one_leave_no_timer() -> None:
    cluster = shop("nginx", 80, probe=False)
    steps = cluster.context.kernel.steps
    cluster.run(10)
    idle = cluster.context.kernel.steps - steps
    cluster.traffic("web", "100/s")
    cluster.run(10)
    cluster.stop_traffic()
    steps = cluster.context.kernel.steps
    cluster.run(10)
    assert cluster.context.kernel.steps - steps <= idle + 5
    cluster.traffic("web", "100/s")
    cluster.close()
    assert [report["running"] for report in cluster.loads()] == [False]
