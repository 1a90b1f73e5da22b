"""What a node's bars show: what its Pods request, as the scheduler counts, and what `kubectl top` says is used."""

from __future__ import annotations

from typing import Any

from k8s_magic.cluster import Cluster
from k8s_magic.widgets import node_loads
from k8s_magic.widgets.scene import Scene


def bars(scene: Scene) -> dict[str, tuple[int, int, int]]:
    scene.update()
    return {name: (box.cpu[0], box.memory[0], box.pods[0]) for name, box in scene.boxes.items()}


def test_used_is_what_top_says() -> None:
    cluster = Cluster(nodes=2)
    scene = Scene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=5")
    cluster.kubectl("set resources deployment web --requests=cpu=400m,memory=1Gi")
    cluster.run(60)
    scene.update()
    said = [line.split()[:4] for line in cluster.kubectl("top nodes --no-headers").stdout.splitlines()]
    shown = [
        [name, f"{box.cpu[2]}m", f"{box.cpu[2] * 100 // box.cpu[1]}%", f"{box.memory[2] >> 20}Mi"]
        for name, box in sorted(scene.boxes.items())
    ]
    assert shown == said
    assert all(0 < box.cpu[2] < box.cpu[0] for name, box in scene.boxes.items() if name != "control-plane")


def test_a_pod_that_is_done_or_gone_asks_for_nothing() -> None:
    cluster = Cluster(nodes=1, bare=True)
    scene = Scene(cluster.context)
    cluster.kubectl("run once --image=busybox --restart=Never -- sleep 5")
    cluster.kubectl("run stays --image=busybox -- sleep 1000")
    cluster.run(3)
    assert bars(scene)["node-0"][2] == 2
    cluster.run(20)
    assert bars(scene)["node-0"][2] == 1
    cluster.kubectl("delete pod stays --now")
    assert bars(scene)["node-0"] == (0, 0, 0)


def test_init_containers_and_overhead_count_as_the_scheduler_counts_them() -> None:
    def container(cpu: str, **more: Any) -> dict[str, Any]:
        return {"name": "c", "image": "busybox", "resources": {"requests": {"cpu": cpu, "memory": "1Mi"}}, **more}

    spec = {
        "containers": [container("100m"), container("200m")],
        "initContainers": [container("1"), container("50m", restartPolicy="Always")],
        "overhead": {"cpu": "10m"},
    }
    load = node_loads.of_pod({"spec": spec, "status": {}})
    assert (load.cpu, load.memory, load.used_cpu, load.pods) == (1010, 3 << 20, 0, 1)
