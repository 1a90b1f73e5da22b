"""%lesson and %check: each check says what is missing, what is on its way, and what is right, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.magics import lessons
from k8s_magic.magics.lessons.reader import Reader
from k8s_magic.magics.lessons.verdict import State

Cell = Callable[[str], str]
BOOTCAMP = "create deployment kubernetes-bootcamp --image=gcr.io/google-samples/kubernetes-bootcamp:v1"


def state(cluster: Cluster, number: int, name: str, *words: str) -> State:
    verdict = lessons.discover()[number].checks[name](Reader(cluster), list(words))
    assert set(verdict.texts) == {"en", "ja"}
    assert all(text and not text.isspace() for text in verdict.texts.values())
    return verdict.state


def run(cluster: Cluster, *commands: str) -> None:
    for command in commands:
        result = cluster.kubectl(command)
        assert result.exit_code == 0, result.text


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.mark.parametrize("number", range(1, 8))
def test_on_an_empty_cluster_everything_is_missing(cluster: Cluster, number: int) -> None:
    for name in lessons.discover()[number].checks:
        assert state(cluster, number, name) is State.MISSING, name


def test_a_lesson_is_a_fresh_cluster_and_its_checks_speak_its_language(cell: Cell) -> None:
    cell("%kubectl create namespace left-over")
    assert cell("%lesson 5 ja --manual") == (
        "レッスン 5「アプリのスケーリング」: 新しいクラスター (コントロールプレーン 1 台、ワーカーノード 3 台)。\n"
    )
    assert "left-over" not in cell("%kubectl get namespaces")
    assert cell("%check five-pods") == "まだです。Deployment kubernetes-bootcamp がありません。\n"
    cell("%lesson 5 --manual")
    assert cell("%check five-pods") == "Not yet: there is no Deployment kubernetes-bootcamp.\n"


def test_a_check_waits_for_what_is_on_its_way(cell: Cell) -> None:
    cell("%lesson 2 --manual")
    cell("%kubectl create deployment web --image=nginx --replicas=3")
    assert cell("%check three-pods") == "✓ Right: three Pods of web are ready.\n"


def test_lines_that_cannot_be_read(cell: Cell) -> None:
    assert cell("%check five-pods") == "stderr: %check: run the first cell of a lesson before its questions\n"
    for line in ("", "8", "five", "5 fr", "5 en ja"):
        assert cell(f"%lesson {line}") == "stderr: usage: %lesson NUMBER [en|ja]   (lessons 1 to 7)\n"
    cell("%lesson 5 --manual")
    for line in ("", "six-pods"):
        assert cell(f"%check {line}") == (
            "stderr: usage: %check NAME   (lesson 5 asks: five-pods, two-on-each-node, as-many-as-fit)\n"
        )


def test_counting_the_control_plane(cluster: Cluster) -> None:
    for word in ("?", "4", "-5"):
        assert state(cluster, 1, "control-plane-pods", word) is State.MISSING
    assert state(cluster, 1, "control-plane-pods", "5") is State.RIGHT


def test_a_label_on_too_many_nodes(cluster: Cluster) -> None:
    run(cluster, "label node node-2 node-3 disk=ssd")
    assert state(cluster, 1, "labelled-node") is State.MISSING
    run(cluster, "label node node-3 disk-")
    assert state(cluster, 1, "labelled-node") is State.RIGHT


def test_the_wrong_image_and_the_wrong_number(cluster: Cluster) -> None:
    run(cluster, "create deployment web --image=httpd --replicas=3", "rollout status deployment/web")
    assert state(cluster, 2, "three-pods") is State.MISSING
    run(cluster, "set image deployment/web httpd=nginx", "scale deployment/web --replicas=2")
    cluster.run(60)
    assert state(cluster, 2, "three-pods") is State.MISSING
    run(cluster, "scale deployment/web --replicas=3")
    assert state(cluster, 2, "three-pods") is State.COMING
    cluster.run(10)
    assert state(cluster, 2, "three-pods") is State.RIGHT


def test_scaling_in_is_no_lost_pod(cluster: Cluster) -> None:
    run(cluster, "create deployment web --image=nginx --replicas=3", "rollout status deployment/web")
    run(cluster, "scale deployment/web --replicas=2")
    cluster.run(40)
    assert state(cluster, 2, "replaced-pod") is State.MISSING
    pod = cluster.kubectl("get pods -l app=web -o jsonpath={.items[0].metadata.name}").stdout
    run(cluster, f"delete pod {pod}")
    cluster.run(40)
    assert state(cluster, 2, "replaced-pod") is State.RIGHT


def test_a_label_on_a_node_without_the_pod(cluster: Cluster) -> None:
    run(cluster, BOOTCAMP, "rollout status deployment/kubernetes-bootcamp", "label node control-plane bootcamp=here")
    assert state(cluster, 3, "marked-node") is State.MISSING
    node = cluster.kubectl("get pods -o jsonpath={.items[0].spec.nodeName}").stdout
    run(cluster, f"label node {node} bootcamp=here")
    assert state(cluster, 3, "marked-node") is State.MISSING
    run(cluster, "label node control-plane bootcamp-")
    assert state(cluster, 3, "marked-node") is State.RIGHT


def test_a_repair_is_on_its_way_while_the_broken_pod_is_still_there(cluster: Cluster) -> None:
    run(cluster, "create deployment shop --image=nginx:1.99")
    cluster.run(20)
    assert state(cluster, 3, "mended-shop") is State.MISSING
    run(cluster, "set image deployment/shop nginx=nginx:1.27")
    assert state(cluster, 3, "mended-shop") is State.COMING
    cluster.run(20)
    assert state(cluster, 3, "mended-shop") is State.RIGHT


def test_a_service_that_is_open_to_the_outside_or_has_the_wrong_port(cluster: Cluster) -> None:
    run(cluster, "create deployment web --image=nginx", "rollout status deployment/web")
    run(
        cluster,
        "run client --image=curlimages/curl --command -- sleep infinity",
        "wait --for=condition=Ready pod/client",
    )
    for flags in ("--port=80 --target-port=81", "--port=80 --type=NodePort"):
        run(cluster, f"expose deployment/web {flags}")
        cluster.run(2)
        assert state(cluster, 4, "reachable-inside") is State.MISSING
        run(cluster, "delete service web")
    run(cluster, "expose deployment/web --port=80")
    cluster.run(2)
    assert state(cluster, 4, "reachable-inside") is State.RIGHT


def test_as_many_as_fit_is_neither_one_more_nor_one_less(cluster: Cluster) -> None:
    run(cluster, "create deployment big --image=nginx --replicas=0", "set resources deployment/big --requests=cpu=1")
    found = {}
    for replicas in (9, 11, 10):
        run(cluster, f"scale deployment/big --replicas={replicas}")
        cluster.run(40)
        found[replicas] = state(cluster, 5, "as-many-as-fit")
    assert found == {9: State.MISSING, 10: State.RIGHT, 11: State.MISSING}


def test_an_update_without_a_probe_loses_requests_and_leaves_the_cluster_as_it_was(cluster: Cluster) -> None:
    run(cluster, BOOTCAMP.replace("kubernetes-bootcamp", "calm", 1) + " --replicas=4", "rollout status deployment/calm")
    run(cluster, "expose deployment/calm --port=8080")
    before, now = len(cluster.save()), cluster.now
    assert state(cluster, 6, "loses-nothing") is State.MISSING
    assert (len(cluster.save()), cluster.now) == (before, now)
    probe = {"httpGet": {"path": "/", "port": 8080}}
    containers = [{"name": "kubernetes-bootcamp", "readinessProbe": probe}]
    patch = json.dumps({"spec": {"template": {"spec": {"containers": containers}}}})
    run(cluster, f"patch deployment calm -p '{patch}'", "rollout status deployment/calm")
    assert state(cluster, 6, "loses-nothing") is State.RIGHT


def test_a_drained_node_is_empty_and_closed(cluster: Cluster) -> None:
    run(cluster, f"{BOOTCAMP} --replicas=6", "rollout status deployment/kubernetes-bootcamp", "cordon node-2")
    assert state(cluster, 7, "drained") is State.MISSING
    run(cluster, "drain node-2 --ignore-daemonsets")
    cluster.run(20)
    assert state(cluster, 7, "drained") is State.RIGHT
