"""The metrics API: who tells it, what it tells, and `kubectl top` of it."""

from __future__ import annotations

import json

from by_hand import Api

from k8s_magic import Cluster

ROOT = "/apis/metrics.k8s.io/v1beta1"
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "containers": [
            {"name": "a", "image": "nginx", "resources": {"requests": {"cpu": "1", "memory": "64Mi"}}},
            {
                "name": "b",
                "image": "redis",
                "resources": {"requests": {"cpu": "200m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}},
            },
        ]
    },
}
USES = [
    {"name": "a", "usage": {"cpu": "50m", "memory": "32768Ki"}},
    {"name": "b", "usage": {"cpu": "10m", "memory": "65536Ki"}},
]


def test_it_tells_over_http_what_runs(api: Api) -> None:
    assert api.ask("POST", "/api/v1/namespaces/default/pods", POD)[0] == 201
    api.cluster.kubectl("wait --for=condition=Ready pod/web --timeout=300s")
    assert "metrics.k8s.io" in [group["name"] for group in api.ask("GET", "/apis")[2]["groups"]]
    found = api.ask("GET", f"{ROOT}/namespaces/default/pods?labelSelector=app%3Dweb")[2]
    assert (found["kind"], [each["containers"] for each in found["items"]]) == ("PodMetricsList", [USES])
    assert api.ask("GET", f"{ROOT}/namespaces/default/pods/web")[2]["containers"] == USES
    assert [each["metadata"]["name"] for each in api.ask("GET", f"{ROOT}/nodes")[2]["items"]] == [
        "control-plane",
        "node-1",
    ]
    assert api.ask("GET", f"{ROOT}/nodes/none")[0] == 404


def test_kubectl_top() -> None:
    cluster = Cluster(nodes=1)

    def said(command: str) -> str:
        return cluster.kubectl(command).stdout

    cluster.apply(json.dumps(POD))
    assert cluster.kubectl("top pods").stderr == "error: metrics not available yet\n"
    cluster.kubectl("wait --for=condition=Ready pod/web --timeout=300s")
    assert said("top pods") == "NAME   CPU(cores)   MEMORY(bytes)   \nweb    60m          96Mi            \n"
    assert said("top pod web --containers --sort-by=memory --no-headers") == (
        "web   b     10m   64Mi   \nweb   a     50m   32Mi   \n"
    )
    assert said("top pods --sum").splitlines()[2:] == [
        "       ________     ________        ",
        "       60m          96Mi            ",
    ]
    assert said("top pods -l app=none") == ""
    assert said("top nodes --sort-by=cpu").split()[:6] == [
        "NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)", "node-1",
    ]  # fmt: skip
    assert cluster.kubectl("top pods --sort-by=age").stderr == "error: --sort-by accepts only cpu or memory\n"
    assert said("top nodes") == said("top nodes")


def test_a_bare_cluster_has_no_metrics_server() -> None:
    cluster = Cluster(nodes=1, bare=True)
    for command in ("top nodes", "top pods"):
        assert cluster.kubectl(command).stderr == "error: Metrics API not available\n"
