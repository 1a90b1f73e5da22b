import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from k8s_magic.cluster import Cluster
from k8s_magic.magics import cluster_line
from k8s_magic.magics.session import Session
from k8s_magic.magics.views import Views
from k8s_magic.sim.time import SECOND
from k8s_magic.widgets import controls, rollout_svg, rollout_text
from k8s_magic.widgets.rollout_scene import Bar, RolloutScene
from k8s_magic.widgets.rollout_track import Counts, Leaving, Track


@pytest.fixture(scope="module")
def rolled() -> tuple[Cluster, RolloutScene]:
    """A full cluster in which web goes from one image to another; paced by pulls of the second image."""
    cluster = Cluster(nodes=2, seed=0)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx:1.25 --replicas=4")
    cluster.run(60)
    cluster.kubectl("set image deployment/web nginx=nginx:1.26")
    cluster.run(60)
    return cluster, scene


def web(scene: RolloutScene) -> Bar:
    (bar,) = scene.bars(wanted=("web",))
    return bar


def at(bar: Bar, instant: int) -> Counts:
    """The counts that stood at an instant."""
    return [point.counts for point in bar.points if point.time <= instant][-1]


def test_the_numbers_are_those_of_every_simulated_instant(rolled) -> None:
    bar = web(rolled[1])
    ((start, what),) = bar.marks
    assert (start, what) == (120_202_000, "revision 2")
    assert [point.counts[:4] for point in bar.points[:4]] == [(0, 0, 0, 4), (4, 0, 0, 0), (3, 0, 2, 0), (3, 0, 1, 1)]
    assert bar.points[0].time == start - SECOND
    assert at(bar, start - 1)[:4] == (0, 0, 0, 4)
    assert at(bar, start + 2_000)[:4] == (3, 0, 2, 0)
    assert at(bar, start + 2_904_276)[:4] == (3, 0, 2, 0)
    assert at(bar, start + 2_904_277)[:4] == (3, 0, 1, 1)
    assert bar.counts == Counts(new_ready=4, available=4, desired=4, minimum=3, maximum=5)
    assert bar.end == 125_793_745
    assert (bar.old, bar.new) == (("1", ("nginx:1.25",), 0), ("2", ("nginx:1.26",), 4))


def test_the_band_is_never_left_by_a_rolling_update(rolled) -> None:
    bar = web(rolled[1])
    assert {point.counts.fault for point in bar.points} == {""}
    assert bar.leavings == ()
    assert min(point.counts.available for point in bar.points) == 3
    assert max(point.counts.total for point in bar.points) == 5


def test_the_sentence_is_kubectls_own(rolled) -> None:
    cluster, scene = rolled
    assert cluster.kubectl("rollout status deployment/web").stdout == f"{web(scene).sentence}\n"


@pytest.mark.parametrize(
    ("surge", "unavailable", "low", "high"), [("0", "1", 3, 4), ("1", "0", 4, 5), ("50%", "50%", 2, 6)]
)
def test_the_band_follows_the_strategy(surge: str, unavailable: str, low: int, high: int) -> None:
    cluster = Cluster(nodes=2, bare=True)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=4")
    cluster.run(30)
    limits = {"maxSurge": surge, "maxUnavailable": unavailable}
    limits = {name: int(text) if text.isdigit() else text for name, text in limits.items()}
    patch = json.dumps({"spec": {"strategy": {"rollingUpdate": limits}}})
    cluster.kubectl(["patch", "deployment", "web", "-p", patch])
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(60)
    bar = web(scene)
    assert (bar.counts.minimum, bar.counts.maximum) == (low, high)
    assert bar.is_done
    assert bar.leavings == ()
    assert min(point.counts.available for point in bar.points) == low
    assert max(point.counts.total for point in bar.points) == high


def test_a_pod_counts_as_available_only_after_its_min_ready_seconds() -> None:
    cluster = Cluster(nodes=2, bare=True)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=4")
    cluster.kubectl(["patch", "deployment", "web", "-p", '{"spec":{"minReadySeconds":10}}'])
    cluster.run(60)
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(5)
    assert web(scene).counts == Counts(old_ready=3, new_ready=2, available=3, desired=4, minimum=3, maximum=5)
    assert web(scene).sentence.endswith("2 out of 4 new replicas have been updated...")
    cluster.run(60)
    assert web(scene).counts == Counts(new_ready=4, available=4, desired=4, minimum=3, maximum=5)
    assert web(scene).leavings == ()


def test_recreate_promises_no_minimum() -> None:
    cluster = Cluster(nodes=2, bare=True)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx --replicas=3")
    cluster.kubectl(["patch", "deploy", "web", "-p", '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'])
    cluster.run(30)
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(60)
    bar = web(scene)
    assert (bar.counts.minimum, bar.counts.maximum) == (0, 3)
    assert min(point.counts.available for point in bar.points) == 0
    assert bar.leavings == ()


def test_a_stuck_rollout_says_why_and_an_undo_ends_it() -> None:
    cluster = Cluster(nodes=2)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx:1.25 --replicas=4")
    cluster.run(60)
    cluster.kubectl("set image deployment/web nginx=nginx:no-such-tag")
    cluster.run(30)
    bar = web(scene)
    assert not bar.is_stuck
    assert bar.sentence.endswith("2 out of 4 new replicas have been updated...")
    assert [(one.reason, one.pods) for one in bar.reasons] == [("ImagePullBackOff", 2)]
    assert "nginx:no-such-tag" in bar.reasons[0].message
    assert (bar.failing, bar.counts[:4]) == (2, (3, 0, 2, 0))
    cluster.run(600)
    bar = web(scene)
    assert bar.is_stuck
    assert bar.stuck.startswith('ProgressDeadlineExceeded: ReplicaSet "web-')
    assert bar.sentence == 'deployment "web" exceeded its progress deadline'
    text = rollout_text.render([bar])
    assert "[OOO!|!] 5" in text
    assert "Stuck: ProgressDeadlineExceeded" in text
    told = rollout_text.render([bar], "ja")
    assert "[OOO!|!] 5" in told
    assert "停滞: ProgressDeadlineExceeded" in told
    assert "未Ready: Pod 2個: ImagePullBackOff: Back-off" in told
    assert bar.sentence in told, "kubectl's own sentence is what kubectl prints"
    cluster.kubectl("rollout undo deployment/web")
    cluster.run(30)
    bar = web(scene)
    assert (bar.is_stuck, bar.is_done) == (False, True)
    assert [what for _, what in bar.marks] == ["revision 2", "revision 3"]
    assert bar.leavings == ()


def test_a_lost_minimum_is_marked_with_its_instants() -> None:
    cluster = Cluster(nodes=2)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx:1.25 --replicas=4")
    cluster.run(60)
    cluster.kubectl("delete pod -l app=web --now --wait=false")
    cluster.run(0.2)
    ((start, end, fault),) = web(scene).leavings
    assert (start, end, fault) == (120_200_000, None, "below")
    cluster.run(60)
    ((start, end, fault),) = web(scene).leavings
    third = next(point.time for point in web(scene).points[1:] if point.counts.available == 3 and point.time > start)
    assert (start, end, fault) == (120_200_000, third, "below")


def test_a_band_that_is_left_for_no_time_or_not_reached_yet_is_not_left() -> None:
    track = Track()
    below = Counts(available=1, new_ready=1, desired=4, minimum=3, maximum=5)
    inside = Counts(available=4, new_ready=4, desired=4, minimum=3, maximum=5)
    track.put(0, below)
    track.put(10, inside)
    track.put(20, below)
    track.put(20, inside)
    track.put(30, below)
    assert track.leavings == []
    assert track.settle(31)
    track.put(40, inside)
    track.settle(50)
    assert track.leavings == [Leaving(30, 40, "below")]
    resized = inside._replace(desired=10, minimum=8, maximum=13)
    track.put(60, resized)
    assert not track.settle(70)


def test_frames_carry_only_what_is_new() -> None:
    cluster = Cluster(nodes=2, bare=True)
    scene = RolloutScene(cluster.context)
    assert scene.frame(True) == {"rollouts": []}
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.run(30)
    (first,) = scene.frame(False)["rollouts"]
    assert first["fresh"]
    assert first["points"][-1][1:] == [0, 0, 0, 2, 2, 2, 2, 3] == first["counts"]
    assert scene.frame(False) == {}
    cluster.kubectl("rollout pause deployment web")
    cluster.run(1)
    (second,) = scene.frame(False)["rollouts"]
    assert (second["fresh"], second["points"], second["paused"]) == (False, [], True)
    cluster.kubectl("scale deployment web --replicas=1")
    cluster.run(1)
    (third,) = scene.frame(False)["rollouts"]
    assert third["fresh"]
    assert [point[1:5] for point in third["points"]] == [[0, 0, 0, 2], [0, 0, 0, 2], [0, 0, 0, 1]]
    (key,) = scene.frame(True)["rollouts"]
    assert key["fresh"]
    assert key["points"]
    cluster.kubectl("delete deployment web")
    cluster.run(30)
    assert scene.frame(False) == {"goneRollouts": [key["uid"]]}
    scene.close()
    cluster.kubectl("create deployment other --image=nginx")
    cluster.run(1)
    assert scene.frame(False) == {}


GOLDEN = Path(__file__).parents[2] / "golden" / "widgets"
BOOTCAMP = "gcr.io/google-samples/kubernetes-bootcamp"


def rolling() -> tuple[Cluster, RolloutScene]:
    """In the middle of a rolling update."""
    cluster = Cluster(nodes=2, seed=5)
    scene = RolloutScene(cluster.context)
    cluster.kubectl("create deployment web --image=nginx:1.25 --replicas=5")
    cluster.run(30)
    cluster.kubectl("set image deployment/web nginx=nginx:1.26")
    cluster.run(3.3)
    return cluster, scene


def stuck() -> tuple[Cluster, RolloutScene]:
    """One that is paused, and one with long names that is stuck and once had too few Pods."""
    cluster = Cluster(nodes=2, seed=5, bare=True)
    scene = RolloutScene(cluster.context)
    cluster.kubectl(f"create deployment kubernetes-bootcamp --image={BOOTCAMP}:v1 --replicas=4")
    cluster.kubectl("create deployment api --image=nginx --replicas=3")
    cluster.run(60)
    cluster.kubectl(f"set image deployment/kubernetes-bootcamp kubernetes-bootcamp={BOOTCAMP}:v10")
    cluster.run(30)
    cluster.kubectl("delete pod -l app=kubernetes-bootcamp --now --wait=false")
    cluster.run(620)
    cluster.kubectl("rollout pause deployment api")
    cluster.run(1)
    return cluster, scene


@pytest.mark.parametrize(("name", "language"), [("", "en"), ("", "ja"), ("-stuck", "ja")])
def test_the_same_commands_give_the_committed_picture_to_the_byte(
    name: str, language: str, request: pytest.FixtureRequest
) -> None:
    """The committed pictures were made by this program and looked at by eye, in a browser, in light and dark."""
    cluster, scene = (stuck if name else rolling)()
    picture = rollout_svg.render(scene.bars(), cluster.context.kernel.now, language) + "\n"
    path = GOLDEN / f"rollout{name}-{language}.svg"
    if request.config.getoption("--update-golden"):
        path.write_text(picture, encoding="utf-8")
    assert picture == path.read_text(encoding="utf-8")
    titles = [el.text for el in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}title")]
    assert 'web: Waiting for deployment "web" rollout to finish' in titles[0] or "exceeded its progress" in titles[0]


def test_every_form_speaks_the_views_language() -> None:
    cluster, _ = rolling()
    views = Views(cluster)
    try:
        view = views.rollout()
        english = view.text()
        assert "revision 1 nginx:1.25 -> revision 2 nginx:1.26" in english
        view.language = "ja"
        text, picture, data = view.text(), view.svg(), view._repr_mimebundle_()[0]
        assert "リビジョン 1 nginx:1.25 -> リビジョン 2 nginx:1.26" in text
        assert "希望数 5、利用可能は4以上、全体は7以下" in text
        assert "default のDeployment · 更新中" in picture
        assert data["text/plain"] == text
        assert data["text/html"].startswith('<img alt="ロールアウトの進行"')
        view.language = "fr"
        assert view.text() == english, "a language that it does not speak is English, as in the grid"
        views.speak("ja")
        assert view.text() == text
        assert views.rollout().language == "ja"
        assert views.rollout(language="en").text() == english
    finally:
        views.close()


def test_a_deployment_that_was_at_rest_before_anybody_looked_is_done() -> None:
    cluster = Cluster(nodes=2, bare=True)
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.run(60)
    scene = RolloutScene(cluster.context)
    bar = web(scene)
    assert (bar.end, bar.marks) == (cluster.context.kernel.now, ())
    assert 'class="good" d="M52.0' in rollout_svg.render([bar], cluster.context.kernel.now), (
        "its stream is no empty box"
    )
    cluster.run(20)
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(1)
    assert web(scene).end is None
    assert [what for _, what in web(scene).marks] == ["revision 2"]


def test_a_long_time_before_the_first_mark_is_counted_backwards() -> None:
    assert [rollout_text.span(seconds * SECOND) for seconds in (0, 59, 61, 3600, -4)] == [
        "0s",
        "59s",
        "1m1s",
        "1h",
        "-4s",
    ]
    assert rollout_text.span(2 * SECOND + 300_000) == "2.3s"


def test_the_static_forms_escape_what_users_wrote(rolled) -> None:
    from dataclasses import replace

    bar = replace(web(rolled[1]), name="<script>", sentence="<b>&")
    assert "<script>" not in rollout_svg.render([bar], 0)
    ElementTree.fromstring(rollout_svg.render([bar], 0))


def test_the_views_buttons_do_what_the_commands_do() -> None:
    cluster = Cluster(nodes=2, bare=True)
    cluster.kubectl("create deployment web --image=nginx --replicas=2")
    cluster.run(30)
    order = {"do": "rollout", "verb": "pause", "name": "web", "namespace": "default"}
    assert controls.obey(cluster, order) == {"ok": True, "text": "deployment.apps/web paused"}
    assert controls.obey(cluster, order) == {
        "ok": False,
        "text": 'error: deployments.apps "web" is already paused',
    }
    controls.obey(cluster, {"do": "pause"})
    assert cluster.pace.is_paused
    before = cluster.now
    controls.obey(cluster, {"do": "step", "seconds": 10})
    assert cluster.now == before + 10
    controls.obey(cluster, {"do": "speed", "factor": 5})
    assert cluster.pace.speed == 5
    controls.obey(cluster, {"do": "play"})
    assert not cluster.pace.is_paused
    for bad in (
        {},
        {"do": "rm"},
        {"do": "speed", "factor": 0},
        {"do": "step", "seconds": 1e9},
        {**order, "verb": "restart x"},
    ):
        assert not controls.obey(cluster, bad)["ok"]


def test_the_widget_shows_all_but_the_systems_deployments_and_follows_another_cluster() -> None:
    views = Views(Cluster(nodes=2, bare=True))
    try:
        widget = views.rollout()
        assert widget.text().startswith("There is no Deployment yet: kubectl create deployment web")
        other = Cluster(nodes=1, bare=True)
        views.follow(other)
        other.kubectl("create deployment web --image=nginx")
        other.kubectl("create deployment dns --image=nginx -n kube-system")
        other.run(10)
        assert [line.split()[0] for line in widget.text().splitlines() if "revision" in line] == ["web"]
        bundle = widget._repr_mimebundle_()[0]
        assert bundle["text/plain"] == widget.text()
        assert bundle["text/html"].startswith('<img alt="Rollout progress" src="data:image/svg+xml;base64,')
        assert "dns" in views.rollout(["dns"]).text()
    finally:
        views.close()


def test_the_line_takes_names_and_a_namespace() -> None:
    session = Session({})
    try:
        widget = cluster_line.run(session, "rollout deployment/web api -n shop")
        assert (widget.names, widget.namespace, widget.view) == (["web", "api"], "shop", "rollout")
        assert cluster_line.run(session, "rollout --namespace=shop").namespace == "shop"
        for line in ("rollout -x", "rollout -n", "rollout statefulset/db"):
            with pytest.raises(cluster_line.LineError):
                cluster_line.run(session, line)
    finally:
        session.close()
