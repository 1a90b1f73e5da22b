"""The traffic histogram drawn by matplotlib, for print: the same bars as the live view, black on white."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from k8s_magic.widgets import traffic_text
from k8s_magic.widgets.traffic_text import CAUSES, Report

GREEN, VERMILION, SLATE, INK = "#009e73", "#d55e00", "#5b7083", "#1c2430"
HATCHES = {
    "refused": "///",
    "reset": "\\\\\\",
    "timeout": "---",
    "5xx": "|||",
    "no_route": "+++",
    "unknown_host": "xxx",
}


def draw(reports: list[Report]) -> Figure:
    """One row a load: bars by endpoint on the left, latency on the right."""
    heights = [1.4 + 0.3 * len(report["endpoints"]) for report in reports] or [2.0]
    figure = Figure(figsize=(10, sum(heights)), layout="constrained")
    axes = figure.subplots(len(heights), 2, squeeze=False, width_ratios=[5, 2], height_ratios=heights)
    for row, report in enumerate(reports):
        _bars(axes[row][0], report)
        _latency(axes[row][1], report)
    if not reports:
        figure.suptitle("No traffic")
        for one in axes[0]:
            one.set_axis_off()
    return figure


def _bars(axes: Axes, report: Report) -> None:
    names, places = list[str](), list[float]()
    place = 0.0
    seen: dict[str, None] = {}
    for version, members in traffic_text.by_version(report):
        axes.text(0, place - 0.1, traffic_text.version_name(version), va="bottom", fontweight="bold", fontsize=9)
        place += 0.5
        for one in members:
            is_old = bool(version and version["isOld"])
            good = one["sent"] - one["failed"]
            hatch = "///" if is_old else None
            axes.barh(place, good, height=0.72, color=GREEN, hatch=hatch, edgecolor="#ffffff66", linewidth=0)
            left = good
            for cause, count in one["errors"].items():
                label = CAUSES[cause] if cause not in seen else None
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
            names.append(traffic_text.name_of(one))
            places.append(place)
            place += 1.0
        place += 0.55
    axes.set_yticks(places, names, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel("requests sent (line: an even share)", loc="left", fontsize=9)
    counts = traffic_text.sentence(report).removeprefix(traffic_text.title(report)).removeprefix(": ")
    axes.set_title(f"{traffic_text.title(report)}\n{counts}", fontsize=9, loc="left")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if seen:
        axes.legend(fontsize=8, loc="upper right", bbox_to_anchor=(1, -0.03), ncols=len(seen), frameon=False)


def _latency(axes: Axes, report: Report) -> None:
    latency = report["latency"]
    axes.set_title("latency", fontsize=9, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if not latency["buckets"]:
        axes.text(0.5, 0.5, "nothing answered", ha="center", transform=axes.transAxes)
        return
    edges = [low / 1000 for low, _, _ in latency["buckets"]]
    widths = [(high - low) / 1000 for low, high, _ in latency["buckets"]]
    axes.bar(edges, [count for _, _, count in latency["buckets"]], width=widths, align="edge", color=SLATE)
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds", loc="left", fontsize=9)
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
