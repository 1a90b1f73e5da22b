"""The traffic view: frames only while it is on show, and the same figures in the picture, the text and the figure."""

import json
import re
import sys
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager
from matplotlib.text import Text

from k8s_magic.cluster import Cluster
from k8s_magic.widgets import traffic_figure, traffic_svg, traffic_text
from k8s_magic.widgets.hub import Hub
from k8s_magic.widgets.measure import columns
from k8s_magic.widgets.traffic import Traffic
from k8s_magic.widgets.traffic_source import ROWS, TrafficSource, trimmed

GOLDEN = Path(__file__).parents[2] / "golden" / "widgets"


def rolling() -> Cluster:
    """Half way through a rolling update without readiness probes."""
    cluster = Cluster(nodes=3, seed=3)
    cluster.kubectl("create deployment web --image=nginx --replicas=3")
    cluster.kubectl("expose deployment web --port=80")
    cluster.run(20)
    cluster.traffic("svc/web", "200/s")
    cluster.run(10)
    cluster.kubectl("set image deployment/web nginx=nginx:1.25")
    cluster.run(8)
    return cluster


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return rolling()


@pytest.fixture
def hub(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Hub:
    hub = Hub(cluster)
    hub.frames = []  # type: ignore[attr-defined]
    send = lambda content, buffers=None: hub.frames.append(json.loads(buffers[0]))  # noqa: E731
    monkeypatch.setattr(hub, "send", send)
    return hub


def test_frames_carry_traffic_only_while_a_view_is_on_show(cluster: Cluster, hub: Hub) -> None:
    view = Traffic(hub)
    hub.send_frame()
    view._on_message(view, {"type": "shown", "viewer": "a"}, [])
    hub.send_frame()
    hub.send_frame()
    cluster.run(0.3)
    hub.send_frame()
    view._on_message(view, {"type": "hidden", "viewer": "a"}, [])
    cluster.run(0.3)
    hub.send_frame()
    first, second, third, *rest = hub.frames  # type: ignore[attr-defined]
    assert "traffic" not in first
    assert second["traffic"]["all"]
    assert [load["key"] for load in second["traffic"]["loads"]] == ["default/web/pod"]
    assert not third["traffic"]["all"]
    assert third["traffic"]["loads"][0]["sent"] - second["traffic"]["loads"][0]["sent"] in range(59, 62)
    assert all("traffic" not in frame for frame in rest)
    hub.close()


def test_all_forms_show_the_same_figures(cluster: Cluster, hub: Hub) -> None:
    view = Traffic(hub, "default", "web")
    (report,) = view.reports()
    assert report["failed"] > 0
    text = view.text()
    assert text.startswith(
        f"default/web from a pod on node-1, 200/s: {report['sent']:,} sent, {report['answered']:,} answered, "
        f"{report['failed']} lost ({report['failed']} refused)\n"
    )
    drawn = [int(found.replace(",", "")) for found in re.findall(r"^    \S+ .*?  +([\d,]+)(?:  .*)?$", text, re.M)]
    assert sum(drawn) == report["sent"]
    picture = ElementTree.fromstring(view.svg())
    titles = [title.text or "" for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    sent = [int(found[1].replace(",", "")) for title in titles[1:] if (found := re.search(r": ([\d,]+) sent", title))]
    assert sum(sent) == report["sent"]
    assert "it was not listening yet" in view.svg()
    figure = view.figure()
    widths = sum(bar.get_width() for bar in figure.axes[0].patches)
    assert round(widths) == report["sent"]
    hub.close()


def test_a_saved_notebook_shows_the_picture_and_the_text(cluster: Cluster, hub: Hub) -> None:
    data, _ = Traffic(hub)._repr_mimebundle_()
    assert data["text/html"].startswith('<img alt="default/web from a pod on node-1, 200/s: ')
    assert "data:image/svg+xml;base64," in data["text/html"]
    assert "█ answered" in data["text/plain"]
    hub.close()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_picture_is_the_committed_one(language: str, request: pytest.FixtureRequest) -> None:
    """The committed pictures were made by this program and looked at by eye, in a browser, in light and dark."""
    picture = traffic_svg.render(rolling().loads(), language) + "\n"
    path = GOLDEN / f"traffic-{language}.svg"
    if request.config.getoption("--update-golden"):
        path.write_text(picture, encoding="utf-8")
    assert picture == path.read_text(encoding="utf-8")
    ElementTree.fromstring(picture)


def test_every_form_speaks_the_views_language(cluster: Cluster, hub: Hub) -> None:
    view = Traffic(hub, "default", "web", language="ja")
    text, picture, data = view.text(), view.svg(), view._repr_mimebundle_()[0]
    assert text.startswith("default/web（送信元: node-1 上のPod、200/s）: 送信 ")
    assert "（まだ待ち受けていませんでした）" in text
    assert "送信元: node-1 上のPod" in picture
    assert data["text/plain"] == text
    assert data["text/html"].startswith('<img alt="default/web（送信元: ')
    names = {line[4:].partition(" ")[0] for line in text.splitlines() if line.startswith("    ")}
    assert names == {one["pod"] for report in view.reports() for one in report["endpoints"]}
    view.language = "fr"
    assert view.text() == Traffic(hub, "default", "web").text(), "what it does not speak is English, as in the grid"
    hub.close()


def test_bars_stand_under_one_another_whatever_the_names(cluster: Cluster) -> None:
    (report,) = cluster.loads()
    one, nobody = report["endpoints"][0], {**report["endpoints"][0], "pod": "", "state": "nobody", "version": -1}
    text = traffic_text.render([{**report, "endpoints": [{**one, "version": 0}, nobody]}], "ja")
    bars = [line for line in text.splitlines() if line.startswith("    ")]
    assert len(bars) == 2
    assert len({columns(line[: line.index("█")]) for line in bars}) == 1


def words_of(figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Has these fonts installed: matplotlib's own, and others by family and file."""
    own = [font for font in font_manager.fontManager.ttflist if "mpl-data" in font.fname]

    def install(**others: str) -> None:
        more = [
            font_manager.FontEntry(fname=file, name=family, style="normal", weight=400)
            for family, file in others.items()
        ]
        monkeypatch.setattr(font_manager.fontManager, "ttflist", [*own, *more])

    return install


def test_the_figure_is_in_english_and_says_why_where_no_font_has_the_letters(
    cluster: Cluster, hub: Hub, installed, tmp_path: Path
) -> None:
    installed(Ghost=str(tmp_path / "was-deleted.ttf"))
    view = Traffic(hub, language="ja")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = view.figure()
        figure.savefig(tmp_path / "figure.png")
    said = words_of(figure)
    assert said.count("In English: no font with Japanese letters is installed here.") == 1
    assert "milliseconds" in said
    assert said.replace("µ", "").isascii()
    hub.close()


def test_the_figure_is_in_japanese_where_a_font_has_the_letters(
    cluster: Cluster, hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if traffic_figure.japanese_font() is None:
        pytest.skip("no font with Japanese letters is installed")
    before = list(matplotlib.rcParams["font.family"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = Traffic(hub, language="ja").figure()
        for kind in ("png", "svg", "pdf"):
            figure.savefig(tmp_path / f"figure.{kind}")
    said = words_of(figure)
    assert "送信したリクエスト数" in said
    assert "ミリ秒" in said
    assert "In English" not in said
    assert caplog.messages == [], "matplotlib has nothing to complain of"
    assert matplotlib.rcParams["font.family"] == before
    hub.close()


def test_nothing_imports_matplotlib_before_a_figure_is_asked_for() -> None:
    import subprocess

    code = "import sys, k8s_magic.widgets.traffic; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_names_are_escaped(cluster: Cluster) -> None:
    (report,) = cluster.loads()
    evil = {**report, "service": "<script>alert(1)</script>", "versions": [{**report["versions"][0], "image": "<b>"}]}
    assert "<script>" not in traffic_svg.render([evil]) + traffic_svg.as_html([evil])
    ElementTree.fromstring(traffic_svg.render([evil]))
    assert traffic_svg.render([]).startswith("<svg")
    assert traffic_text.render([]) == "No traffic yet: %traffic svc/web --rate 50/s\n"
    assert traffic_text.render([], "ja", "shop").startswith("まだトラフィックがありません: %traffic svc/shop ")


def test_many_endpoints_are_trimmed_without_losing_a_request(cluster: Cluster) -> None:
    (report,) = cluster.loads()
    one = report["endpoints"][0]
    many = {**report, "endpoints": [{**one, "pod": f"web-{n}", "sent": n, "version": n % 2} for n in range(500)]}
    rows = trimmed(many)["endpoints"]
    assert len(rows) == ROWS + 2
    assert sum(row["sent"] for row in rows) == sum(range(500))
    assert sum(row["pods"] for row in rows) == 500
    assert "others" in {row["state"] for row in rows}
    text = traffic_text.render([trimmed(many)], "ja")
    assert len(re.findall(r"^    ほかのPod \d+個 ", text, re.M)) == 2, "they have a name, and stand below the others"
    assert re.search(r"^    web-\d+ .*\n    ほかのPod", text, re.M)
    assert trimmed(report) is report


def test_a_source_follows_the_stage(cluster: Cluster) -> None:
    source = TrafficSource(cluster)
    assert source.frame(True) == {}
    source.show("a")
    assert source.frame(False)["traffic"]["all"]
    assert source.frame(False) == {}
    source.close()
    assert source.frame(True) == {}


def test_views_follow_another_cluster(cluster: Cluster, hub: Hub) -> None:
    view = Traffic(hub)
    view._on_message(view, {"type": "shown", "viewer": "a"}, [])
    hub.send_frame()
    hub.follow(Cluster(nodes=1, bare=True))
    hub.send_frame()  # a new picture: pages say again that they look
    view._on_message(view, {"type": "shown", "viewer": "a"}, [])
    hub.send_frame()
    assert [frame.get("traffic") for frame in hub.frames[1:]] == [None, {"all": True, "loads": []}]  # type: ignore[attr-defined]
    assert view.text().startswith("No traffic yet")
    hub.close()


@pytest.mark.parametrize(
    ("micros", "text"), [(None, "-"), (850, "850µs"), (2_200, "2.2ms"), (120_400, "120ms"), (1_500_000, "1.5s")]
)
def test_spans(micros: int | None, text: str) -> None:
    assert traffic_text.span(micros) == text
