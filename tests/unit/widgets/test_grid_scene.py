"""What the grid knows beyond states: countdowns, pulls, containers, labels, Services, ghosts, stories, snapshots."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.sim.time import SECOND
from k8s_magic.widgets import frames, grid_text, story
from k8s_magic.widgets.grid import Grid
from k8s_magic.widgets.hub import Hub
from k8s_magic.widgets.scene import Scene
from k8s_magic.widgets.words import ENGLISH, JAPANESE, Words, words_of

PAIR = """
apiVersion: v1
kind: Pod
metadata: {name: pair}
spec:
  containers: [{name: web, image: nginx}, {name: side, image: nginx:no-such-tag}]
"""


def test_pods_of_a_lost_node_leave_when_their_toleration_has_run_out() -> None:
    cluster = Cluster(nodes=2)
    scene = Scene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.run(20)
    cluster.fail("node-1")
    cluster.run_until(lambda: not (scene.update() or scene.boxes["node-1"].is_ready))
    cluster.run(10)
    scene.update()
    box = scene.boxes["node-1"]
    assert box.evicts_at - scene.now == pytest.approx(290 * SECOND, abs=10 * SECOND)
    late = Scene(cluster.context)  # knows of the taint from its timeAdded only
    late.update()
    assert abs(late.boxes["node-1"].evicts_at - box.evicts_at) <= SECOND
    stays = [cell for cell in scene.cells.values() if cell.node == "node-1" and cell.owner.startswith("DaemonSet/")]
    assert stays
    assert {cell.until for cell in stays} == {0}
    assert "[first Pod leaves in 4:" in grid_text.render(scene)
    cluster.run(320)
    scene.update()
    going = [cell for cell in scene.cells.values() if cell.node == "node-1" and cell.owner == "Deployment/web"]
    assert {cell.state for cell in going} == {"unknown"}
    assert scene.boxes["node-1"].evicts_at == 0, "all that will leave has been told to"


def test_an_image_on_its_way_has_a_beginning_and_an_end() -> None:
    cluster = Cluster(nodes=1)
    scene = Scene(cluster.context)
    cluster.kubectl("run one --image=nginx")
    cluster.run_until(lambda: any(cell.pull for cell in (scene.update() or scene.cells.values())))
    cell = next(cell for cell in scene.cells.values() if cell.pull)
    assert cell.state == "creating"
    begun, ends = cell.pull or (0, 0)
    assert begun <= scene.now < ends
    cluster.run(ends / SECOND - cluster.now + 1)
    scene.update()
    assert scene.cells[cell.uid].pull is None


def test_containers_labels_services_and_ghosts() -> None:
    cluster = Cluster(nodes=1)
    scene = Scene(cluster.context)
    cluster.apply(PAIR)
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.kubectl("expose deployment web --port=80")
    cluster.run(30)
    changes = scene.take()
    pair = next(cell for cell in scene.cells.values() if cell.name == "pair")
    assert pair.parts == "re"
    assert pair.message.startswith("Back-off pulling image")
    web = [cell for cell in scene.cells.values() if cell.owner == "Deployment/web"]
    assert len({cell.labels for cell in web}) == 1
    assert changes.labels[web[0].labels]["app"] == "web"
    assert (changes.services or {})["default/web"] == {"app": "web"}
    cluster.kubectl("delete pod pair --now --wait=false")
    cluster.run_until(lambda: pair.uid not in (scene.update() or scene.cells))
    assert [(ghost.node, ghost.slot) for ghost in scene.ghosts()] == [(pair.node, pair.slot)]
    cluster.run(1.1)
    assert scene.ghosts() == []


def test_a_label_set_that_no_pod_has_any_more_is_forgotten() -> None:
    cluster = Cluster(nodes=1)
    scene = Scene(cluster.context)
    cluster.run(5)
    scene.take()
    at_rest = scene.whole().labels
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.run(20)
    scene.take()
    first = {cell.labels for cell in scene.cells.values() if cell.owner == "Deployment/web"}
    for image in ("nginx:1.25", "nginx:1.26", "nginx:1.27"):
        cluster.kubectl(f"set image deployment/web nginx={image}")
        cluster.run(60)
        changes = scene.take()
        web = [cell for cell in scene.cells.values() if cell.owner == "Deployment/web"]
        (number,) = {cell.labels for cell in web}
        assert changes.labels[number]["pod-template-hash"] == web[0].revision, "the page is told what the number means"
        assert len(scene.whole().labels) == len(at_rest) + 1
    assert number <= max(first) + 1, "numbers are used again"
    cluster.kubectl(f"label pod {web[0].name} extra=yes")
    cluster.run(1)
    changes = scene.take()
    cell = scene.cells[web[0].uid]
    assert changes.labels == {cell.labels: {**scene.whole().labels[web[1].labels], "extra": "yes"}}
    cluster.kubectl(f"label pod {web[0].name} extra-")
    cluster.run(1)
    assert scene.take().labels == {}
    assert scene.cells[web[0].uid].labels == web[1].labels
    cluster.kubectl("delete deployment web")
    cluster.run(60)
    scene.take()
    assert scene.whole().labels == at_rest


def test_label_sets_that_come_and_go_between_two_frames_are_not_sent() -> None:
    cluster = Cluster(nodes=1, bare=True)
    scene = Scene(cluster.context)
    scene.take()
    cluster.kubectl("run one --image=nginx -l who=one")
    scene.update()
    cluster.kubectl("delete pod one --now --wait=false")
    cluster.run(5)
    changes = scene.take()
    assert (changes.pods, changes.labels) == ({}, {})


def test_the_story_of_a_pod_and_of_a_node() -> None:
    cluster = Cluster(nodes=1)
    scene = Scene(cluster.context)
    cluster.kubectl("run lost --image=nginx:no-such-tag")
    cluster.run(10)
    scene.update()
    uid = next(cell.uid for cell in scene.cells.values() if cell.name == "lost")
    told = story.answer(scene, {"uid": uid})["story"]
    assert told["title"] == "Pod default/lost"
    assert [row[0] for row in told["containers"]] == ["lost"]
    assert "Ready" in [row[0] for row in told["conditions"]]
    assert "Pulling" in [row[1] for row in told["events"]]
    node = story.answer(scene, {"node": "node-1"})["story"]
    assert node["title"] == "Node node-1"
    assert ["kubelet", "v1.36.2"] in [list(fact) for fact in node["facts"]] or node["facts"]
    assert story.answer(scene, {"uid": "no such"}) == {"ok": False, "text": "gone"}


def test_a_snapshot_is_the_whole_picture_small_and_at_rest() -> None:
    cluster = Cluster(nodes=2)
    cluster.kubectl("create deployment web --image=nginx --replicas=40")
    cluster.run(60)
    scene = Scene(cluster.context)
    scene.update()
    packed = frames.snapshot(scene.whole(), now=scene.now, more={"extra": 1})
    frame = json.loads(zlib.decompress(packed))
    assert (frame["key"], frame["paused"], frame["extra"], frame["seq"]) == (True, True, 1, 0)
    assert [pod[2] for pod in frame["pods"]] == [cell.name for cell in scene.cells.values()]
    assert len(packed) < 2500


def test_the_hub_keeps_its_last_picture_and_tells_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(nodes=1)
    hub = Hub(cluster)
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(hub, "send", lambda content, buffers=None: sent.append(content))
    hub.send_frame()
    first = hub.snapshot
    assert json.loads(zlib.decompress(first))["nodes"]
    cluster.kubectl("run one --image=nginx")
    hub.send_frame()
    assert hub.snapshot == first, "not so soon again"
    monkeypatch.setattr(hub, "_snapshot_due", 0.0)
    hub.send_frame()
    assert b"one" in zlib.decompress(hub.snapshot)
    hub._orders.put({"type": "order", "id": "1", "do": "story", "node": "node-1"})
    hub.send_frame()
    answer = next(content for content in sent if content["type"] == "answer")
    assert answer["story"]["title"] == "Node node-1"
    hub.close()


def test_every_form_speaks_both_languages() -> None:
    cluster = Cluster(nodes=1)
    hub = Hub(cluster)
    view = Grid(hub, language="ja")
    assert "準備完了" in view.text()
    assert "ノード 2 台" in view.svg()
    data, _ = view._repr_mimebundle_()
    assert data["text/html"].startswith('<img alt="クラスター')
    assert data["text/plain"] == view.text()
    for words in (ENGLISH, JAPANESE):
        assert all(getattr(words, name) for name in Words.__slots__)
        assert set(words.states) == set(ENGLISH.states)
    assert words_of("ja-JP") is JAPANESE
    assert words_of("") is ENGLISH
    hub.close()
