"""The static pictures against committed ones; a change that is meant is taken over with --update-golden."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.widgets import grid_svg
from k8s_magic.widgets.records import PodCell
from k8s_magic.widgets.scene import Scene

GOLDEN = Path(__file__).parents[2] / "golden" / "widgets"
# Provenance of each golden file, at its top.
HEADER = "<!-- drawn by k8s_magic.widgets.grid_svg; looked at by a person when it was committed -->\n"
HUGE = '{"spec":{"containers":[{"name":"huge","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'


def calm() -> Scene:
    cluster = Cluster(nodes=2)
    cluster.kubectl("create deployment web --image=nginx --replicas=4")
    cluster.run(20)
    return Scene(cluster.context)


def storm() -> Scene:
    """A rollout, a Pod that no node can take, an image that is not there, a cordon, a node that is lost."""
    cluster = Cluster(nodes=3)
    scene = Scene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=6")
    cluster.run(40)
    cluster.kubectl("run lost --image=nginx:no-such-tag")
    cluster.kubectl("cordon node-3")
    cluster.kubectl(["run", "huge", "--image=nginx", f"--overrides={HUGE}"])
    cluster.fail("node-1")
    cluster.run(60)
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(6)
    return scene


def crowd(pods: int, nodes: int) -> Scene:
    cluster = Cluster(nodes=nodes, bare=True)
    scene = Scene(cluster.context)
    scene.update()
    for number in range(pods):
        state = ("ready", "ready", "ready", "creating", "error", "running")[number * 7 // 3 % 6]
        scene.cells[str(number)] = PodCell(
            str(number), "default", f"web-{number}", f"node-{number % nodes}", number // nodes, state, "",  # type: ignore[arg-type]
            "Deployment/web", "1", number % 4 == 0, 0, 1, 1, 0,
        )  # fmt: skip
    return scene


@pytest.mark.parametrize(
    ("name", "language"), [("calm", "en"), ("storm", "en"), ("storm", "ja"), ("crowd", "en"), ("shares", "en")]
)
def test_a_picture_is_the_committed_one(name: str, language: str, request: pytest.FixtureRequest) -> None:
    build = {"calm": calm, "storm": storm, "crowd": lambda: crowd(900, 6), "shares": lambda: crowd(3000, 60)}
    scene = build[name]()
    scene.update()
    found = HEADER + grid_svg.render(scene, language).replace("><", ">\n<") + "\n"
    path = GOLDEN / f"grid-{name}-{language}.svg"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    assert found == path.read_text("utf-8")
    ElementTree.fromstring(found)


def test_a_crowd_is_one_path_a_state_and_nothing_stands_outside() -> None:
    picture = ElementTree.fromstring(grid_svg.render(crowd(900, 6)))
    width, height = int(picture.get("width", "0")), int(picture.get("height", "0"))
    assert len(grid_svg.render(crowd(900, 6))) < 90_000
    for rect in picture.iter("{http://www.w3.org/2000/svg}rect"):
        if "x" in rect.attrib:
            assert float(rect.get("x", "0")) + float(rect.get("width", "0")) <= width
            assert float(rect.get("y", "0")) + float(rect.get("height", "0")) <= height


def test_zones_stand_in_lanes() -> None:
    scene = calm()
    scene.update()
    for name, zone in (("node-1", "b"), ("node-2", "a")):
        scene.boxes[name] = replace(scene.boxes[name], zone=zone)
    text = grid_svg.render(scene)
    assert text.index("Zone a") < text.index(">node-2<") < text.index("Zone b") < text.index(">node-1<")
