import json
import xml.etree.ElementTree as ElementTree

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.widgets import frames, grid_svg, grid_text
from k8s_magic.widgets.records import Changes
from k8s_magic.widgets.scene import Scene


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(nodes=2, bare=True, cpu="4", memory="8Gi")


def test_the_scene_follows_pods_and_keeps_their_slots(cluster: Cluster) -> None:
    scene = Scene(cluster.context)
    assert [box.name for box in scene.take().nodes.values()] == ["node-0", "node-1"]
    cluster.kubectl("create deployment web --image=nginx --replicas=3")
    cluster.run(5)
    born = scene.take().pods
    assert {cell.state for cell in born.values()} == {"ready"}
    assert {cell.owner for cell in born.values()} == {"Deployment/web"}
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(0.05)
    old = scene.take().pods
    assert all(cell.slot == born[uid].slot for uid, cell in old.items() if uid in born)
    assert any(cell.is_old for cell in old.values())
    cluster.run(60)
    changes = scene.take()
    assert set(born) <= set(changes.gone) | set(scene.cells)
    assert len(scene.cells) == 3
    assert not scene.take()


def test_requests_and_pods_are_counted_on_their_nodes(cluster: Cluster) -> None:
    scene = Scene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.kubectl("set resources deployment/web --requests=cpu=500m,memory=256Mi")
    cluster.run(60)
    scene.update()
    assert sum(box.cpu[0] for box in scene.boxes.values()) == 1000
    assert sum(box.memory[0] for box in scene.boxes.values()) == 512 << 20
    assert sum(box.pods[0] for box in scene.boxes.values()) == 2
    cluster.kubectl("delete deployment web")
    cluster.run(60)
    scene.update()
    assert [box.pods for box in scene.boxes.values()] == [(0, 110), (0, 110)]


def test_text_and_picture_show_the_same_instant(cluster: Cluster) -> None:
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.run(5)
    cluster.kubectl("cordon node-1")
    cluster.kubectl(["run", "huge", "--image=nginx", '--overrides={"spec":{"nodeName":""}}'])
    cluster.kubectl("run lost --image=nginx:no-such-tag")
    cluster.run(5)
    scene = Scene(cluster.context)
    scene.update()
    text = grid_text.render(scene)
    assert "Ready,SchedulingDisabled" in text
    assert "RR" in "".join(line.split()[-1] for line in text.splitlines()[:2])
    assert "! Error" in text
    picture = ElementTree.fromstring(grid_svg.render(scene))
    titles = [title.text for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert any("default/lost: Error (ErrImagePull" in title or "ImagePullBackOff" in title for title in titles)


def test_names_are_escaped_in_the_picture(cluster: Cluster) -> None:
    scene = Scene(cluster.context)
    scene.update()
    box = scene.boxes["node-0"]
    from dataclasses import replace

    scene.boxes["node-0"] = replace(box, name="<script>alert(1)</script>")
    assert "<script>" not in grid_svg.render(scene)


def test_a_frame_carries_what_changed_and_a_key_frame_everything(cluster: Cluster) -> None:
    scene = Scene(cluster.context)
    changes = scene.take()
    key = json.loads(frames.encode(changes, seq=1, key=True, now=60_000_000, speed=1.0, paused=False))
    assert [node["name"] for node in key["nodes"]] == ["node-0", "node-1"]
    assert key["pods"] == []
    empty = json.loads(frames.encode(Changes(), seq=2, key=False, now=61_000_000, speed=1.0, paused=True))
    assert empty == {"seq": 2, "key": False, "time": 61_000_000, "speed": 1.0, "paused": True}
