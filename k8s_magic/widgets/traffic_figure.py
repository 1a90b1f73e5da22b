"""The traffic histogram drawn by matplotlib, for print: the same bars as the live view, black on white.

Matplotlib's own fonts have no Japanese letters: one that is installed on the machine lends its own. Where none is, the
figure is in English and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from k8s_magic.widgets import traffic_text
from k8s_magic.widgets.traffic_text import Report
from k8s_magic.widgets.traffic_words import ENGLISH, TrafficWords, words_of
from k8s_magic.widgets.words import is_japanese

GREEN, VERMILION, SLATE, INK = "#009e73", "#d55e00", "#5b7083", "#1c2430"
HATCHES = {
    "refused": "///",
    "reset": "\\\\\\",
    "timeout": "---",
    "5xx": "|||",
    "no_route": "+++",
    "unknown_host": "xxx",
}


# Families with Japanese letters on Linux, macOS and Windows, the nicer ones first; then whatever there is.
_FAMILIES = (
    "Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "Hiragino Sans", "Hiragino Maru Gothic Pro", "Yu Gothic",
    "Meiryo", "BIZ UDGothic", "IPAexGothic", "IPAPGothic", "IPAGothic", "TakaoPGothic", "VL PGothic", "MS Gothic",
)  # fmt: skip
# Letters that a Chinese or Korean font without Japanese ones lacks, and those of our words.
_LETTERS = "送信割当失応答時間ミリ秒トラフィック均等な（線"
NO_FONT = "In English: no font with Japanese letters is installed here."


def draw(reports: list[Report], language: str = "", service: str = "") -> Figure:
    """One row a load: bars by endpoint on the left, latency on the right. `service` as in traffic_text.render."""
    if not is_japanese(language):
        return _draw(reports, words_of(language), service)
    font = japanese_font()
    if font is None:
        figure = _draw(reports, ENGLISH, service)
        figure.supxlabel(NO_FONT, x=0.01, ha="left", fontsize=7, color=SLATE)
        return figure
    # Texts take their font when they are made.
    with mpl.rc_context({"font.family": [*mpl.rcParams["font.family"], font]}):
        return _draw(reports, words_of(language), service)


def japanese_font() -> str | None:
    """The family of an installed font that has Japanese letters."""
    for entry in _candidates():
        path = Path(entry.fname)
        if path.exists() and all(FT2Font(str(path)).get_char_index(ord(letter)) for letter in _LETTERS):
            return entry.name
    return None


def _candidates() -> Iterator[font_manager.FontEntry]:
    """Fonts that stand upright in the normal weight: those of the known families first, in their order, then others."""
    upright = [entry for entry in font_manager.fontManager.ttflist if entry.style == "normal"]
    # The last resort has a box for every letter.
    own = [entry for entry in upright if "Last" not in entry.name or "Resort" not in entry.name]
    normal = [entry for entry in own if entry.weight in (400, "normal", "regular", "book")]
    known = {family: place for place, family in enumerate(_FAMILIES)}
    return iter(sorted(normal, key=lambda entry: (known.get(entry.name, len(known)), entry.name)))


def _heaviest() -> str:
    """Bold, where the fonts in use come in bold: matplotlib complains of one that does not."""
    fonts = font_manager.fontManager.ttflist
    used = {entry.name for entry in fonts}.intersection(mpl.rcParams["font.family"])
    return "bold" if used <= {entry.name for entry in fonts if entry.weight in (700, "bold")} else "normal"


def _draw(reports: list[Report], words: TrafficWords, service: str) -> Figure:
    rows = [len(report["endpoints"]) + len(traffic_text.by_version(report)) for report in reports]
    heights = [1.2 + 0.26 * count for count in rows] or [2.0]
    figure = Figure(figsize=(10, sum(heights)), layout="constrained")
    axes = figure.subplots(len(heights), 2, squeeze=False, width_ratios=[5, 2], height_ratios=heights)
    for row, report in enumerate(reports):
        _bars(axes[row][0], report, words)
        _latency(axes[row][1], report, words)
    if not reports:
        figure.suptitle(words.none(service))
        for one in axes[0]:
            one.set_axis_off()
    return figure


def _bars(axes: Axes, report: Report, words: TrafficWords) -> None:
    names, places = list[str](), list[float]()
    place = 0.0
    seen: dict[str, None] = {}
    heavy = _heaviest()
    for version, members in traffic_text.by_version(report):
        axes.text(0, place - 0.1, traffic_text.version_name(version, words), va="bottom", fontweight=heavy, fontsize=9)
        place += 0.5
        for one in members:
            is_old = bool(version and version["isOld"])
            good = one["sent"] - one["failed"]
            hatch = "///" if is_old else None
            axes.barh(place, good, height=0.72, color=GREEN, hatch=hatch, edgecolor="#ffffff66", linewidth=0)
            left = good
            for cause, count in one["errors"].items():
                label = words.causes[cause] if cause not in seen else None
                seen[cause] = None
                axes.barh(
                    place,
                    count,
                    left=left,
                    height=0.72,
                    color=VERMILION,
                    hatch=HATCHES[cause],
                    edgecolor=INK,
                    label=label,
                )
                left += count
            axes.plot(
                [one["expected"]] * 2, [place - 0.46, place + 0.46], color=INK, linewidth=2, solid_capstyle="butt"
            )
            axes.annotate(
                traffic_text.number(one["sent"]), (one["sent"], place), (5, 0), textcoords="offset points",
                va="center", fontsize=8, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip
            names.append(traffic_text.name_of(one, words))
            places.append(place)
            place += 1.0
        place += 0.55
    axes.set_yticks(places, names, fontsize=8)
    axes.set_ylim(place - 0.5, -0.6)
    axes.margins(x=0.12)
    axes.set_xlabel(words.shared, loc="left", fontsize=9)
    counts = words.and_.join(filter(None, [*traffic_text.counts(report, words), traffic_text.ending(report, words)]))
    axes.set_title(f"{traffic_text.title(report, words)}\n{counts}", fontsize=9, loc="left")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if seen:
        axes.legend(
            fontsize=8, loc="upper right", bbox_to_anchor=(1, 0), borderaxespad=2.4, ncols=len(seen), frameon=False
        )


def _latency(axes: Axes, report: Report, words: TrafficWords) -> None:
    latency = report["latency"]
    axes.set_title(words.latency, fontsize=9, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if not latency["buckets"]:
        axes.text(0.5, 0.5, words.no_latency, ha="center", transform=axes.transAxes)
        return
    edges = [low / 1000 for low, _, _ in latency["buckets"]]
    widths = [(high - low) / 1000 for low, high, _ in latency["buckets"]]
    axes.bar(edges, [count for _, _, count in latency["buckets"]], width=widths, align="edge", color=SLATE)
    axes.set_xscale("log")
    axes.set_xlabel(words.milliseconds, loc="left", fontsize=9)
    ends = (edges[0], edges[-1] + widths[-1])
    marks = [
        mark
        for power in range(-3, 6)
        for mark in (10**power, 2 * 10**power, 5 * 10**power)
        if ends[0] <= mark <= ends[1]
    ]
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(top=axes.get_ylim()[1] * 1.5)
    top = axes.get_ylim()[1]
    for index, name in enumerate(("p50", "p95", "p99")):
        value = latency[name]
        axes.axvline(value / 1000, color=INK, linewidth=1.2)
        text = f" {name} {traffic_text.span(value)}"
        axes.text(value / 1000, top * (0.99 - 0.1 * index), text, fontsize=8, ha="left", va="top").set_bbox(
            {"facecolor": "white", "edgecolor": "none", "pad": 1}
        )
