"""The traffic view for a terminal: a bar a Pod, the losses, the latency; and one load in a sentence.

Everything is drawn from a report, whose shape is in network/load_report.py.
"""

from __future__ import annotations

from typing import Any

Report = dict[str, Any]

# What each way to fail is called, in the order in which it is stacked.
CAUSES = {
    "refused": "refused",
    "reset": "reset",
    "timeout": "timed out",
    "5xx": "5xx",
    "no_route": "no route",
    "unknown_host": "no such name",
}
WIDTH = 40
_OK, _LOST, _EVEN = "█", "▒", "│"


def span(micros: int | None) -> str:
    """A latency in two or three figures: 850µs, 2.2ms, 120ms, 1.5s; "-" where nothing was answered."""
    if micros is None:
        return "-"
    if micros < 1_000:
        return f"{micros}µs"
    if micros < 10_000:
        return f"{micros / 1_000:.1f}ms"
    return f"{micros / 1_000:.0f}ms" if micros < 1_000_000 else f"{micros / 1_000_000:.1f}s"


def clock(micros: int) -> str:
    """Simulated time as 2:26.5."""
    tenths = micros // 100_000
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def number(value: int) -> str:
    return f"{value:,}"


def rate(report: Report) -> str:
    """50/s, 0.5/s, with the pattern where it is not steady."""
    value = report["rate"]
    text = f"{value:,.0f}/s" if value == int(value) else f"{value:.3g}/s"
    return text if report["pattern"] == "steady" else f"{text} {report['pattern']}"


def losses(report: Report) -> str:
    """`20 refused, 3 timed out`; "0" where none is lost."""
    return ", ".join(f"{number(count)} {CAUSES[cause]}" for cause, count in report["errors"].items()) or "0"


def source(report: Report) -> str:
    """`a pod on node-1`, `pod web-1`, `node node-2`, `outside, by node-1`."""
    kind, name, node = report["source"], report["sourceName"], report["sourceNode"]
    if kind == "outside":
        return f"outside by {node}"
    if kind == "node":
        return f"node {node}"
    return f"pod {name}" if name else f"a pod on {node}"


def title(report: Report) -> str:
    return f"{report['namespace']}/{report['service']} from {source(report)}, {rate(report)}" + (
        f", {report['keepAlive']} connections kept alive" if report["keepAlive"] else ""
    )


def sentence(report: Report) -> str:
    """One load in a line."""
    counts = f"{number(report['sent'])} sent, {number(report['answered'])} answered, {number(report['failed'])} lost"
    if report["failed"]:
        counts += f" ({losses(report)})"
    state = "" if report["running"] else ", ended" + (f": {report['note']}" if report["note"] else "")
    return f"{title(report)}: {counts}{state}"


def name_of(endpoint: dict[str, Any]) -> str:
    """What a bar is called."""
    if endpoint["state"] == "nobody":
        return "no endpoint"
    if endpoint["state"] == "earlier":
        return f"{endpoint['pods']} earlier Pod{'s' if endpoint['pods'] != 1 else ''}"
    return str(endpoint["pod"])


def by_version(report: Report) -> list[tuple[dict[str, Any] | None, list[dict[str, Any]]]]:
    """Endpoints with their version, in the order of versions; None: those that no Pod took."""
    groups = []
    for place, version in enumerate(report["versions"]):
        rows = [one for one in report["endpoints"] if one["version"] == place]
        if rows:
            groups.append((version, sorted(rows, key=lambda one: (one["state"] == "earlier", one["pod"]))))
    rest = [one for one in report["endpoints"] if one["version"] < 0]
    return [*groups, (None, rest)] if rest else groups


def version_name(version: dict[str, Any] | None) -> str:
    if version is None:
        return "reached nobody"
    return " ".join(filter(None, [version["image"].rpartition("/")[2] or "Pods", version["hash"]]))


def render(reports: list[Report]) -> str:
    """Each load's histogram, ending in a newline."""
    if not reports:
        return "no traffic\n"
    return "\n".join(_render(report) for report in reports)


def _render(report: Report) -> str:
    rows = report["endpoints"]
    most = max([1, *(max(one["sent"], one["expected"]) for one in rows)])
    names = max([0, *(len(name_of(one)) for one in rows)])
    lines = [sentence(report)]
    for version, members in by_version(report):
        total = sum(one["sent"] for one in members)
        lines.append(f"  {version_name(version)}: {number(total)}")
        for one in members:
            lines.append(f"    {name_of(one):{names}}  {_bar(one, most)}  {number(one['sent']):>9}{_note(one)}")
    latency = report["latency"]
    if latency["p50"] is not None:
        lines.append("  latency " + ", ".join(f"{name} {span(latency[name])}" for name in ("p50", "p95", "p99")))
    for one in report["losses"]:
        lines.append(f"  lost {loss(one)}")
    lines.append(f"  {_OK} answered  {_LOST} lost  {_EVEN} an even share")
    return "\n".join(lines) + "\n"


def loss(one: dict[str, Any]) -> str:
    """`at 2:26.5: 23 refused by web-… (it was not listening yet)`."""
    whom = f" by {one['pod']}" if one["pod"] and one["cause"] in ("refused", "reset") else ""
    whom = whom or (f" at {one['pod']}" if one["pod"] else "")
    return f"at {clock(one['from'])}: {one['count']} {CAUSES[one['cause']]}{whom} ({one['why']})"


def _bar(endpoint: dict[str, Any], most: int) -> str:
    whole = round(WIDTH * endpoint["sent"] / most)
    lost = min(whole, max(1, round(WIDTH * endpoint["failed"] / most))) if endpoint["failed"] else 0
    cells = list((_OK * (whole - lost) + _LOST * lost).ljust(WIDTH))
    if endpoint["expected"]:
        cells[min(WIDTH - 1, round(WIDTH * endpoint["expected"] / most))] = _EVEN
    return "".join(cells)


def _note(endpoint: dict[str, Any]) -> str:
    notes = [f"{number(endpoint['nowSent'])}/s"] if endpoint["nowSent"] else []
    if endpoint["failed"]:
        notes.append(", ".join(f"{count} {CAUSES[cause]}" for cause, count in endpoint["errors"].items()))
    if endpoint["state"] in ("gone", "leaving"):
        notes.append(endpoint["state"])
    return "  " + ", ".join(notes) if notes else ""
