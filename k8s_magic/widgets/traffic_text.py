"""The traffic view for a terminal: a bar a Pod, the losses, the latency; and one load in a sentence.

Everything is drawn from a report, whose shape is in network/load_report.py.
"""

from __future__ import annotations

from typing import Any

from k8s_magic.widgets.measure import columns, pad
from k8s_magic.widgets.traffic_words import ENGLISH, TrafficWords, words_of

Report = dict[str, Any]

WIDTH = 40
# Bars of several Pods stand below those of one.
_LATER = {"others": 1, "earlier": 2}
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


def rate(report: Report, words: TrafficWords = ENGLISH) -> str:
    """50/s, 0.5/s, with the pattern where it is not steady."""
    value = report["rate"]
    text = f"{value:,.0f}/s" if value == int(value) else f"{value:.3g}/s"
    return " ".join(filter(None, [text, words.patterns[report["pattern"]]]))


def errors(counts: dict[str, int], words: TrafficWords = ENGLISH) -> str:
    """`20 refused, 3 timed out`; "" where none is lost."""
    return words.and_.join(words.count(number(count), words.causes[cause]) for cause, count in counts.items())


def losses(report: Report, words: TrafficWords = ENGLISH) -> str:
    """As `errors`; "0" where none is lost."""
    return errors(report["errors"], words) or "0"


def source(report: Report, words: TrafficWords) -> str:
    """`from a pod on node-1`, `from pod web-1`, `from node node-2`, `from outside, by node-1`."""
    return words.source(words.origins[report["source"]](report["sourceName"], report["sourceNode"]))


def title(report: Report, words: TrafficWords) -> str:
    kept = words.kept_alive(report["keepAlive"]) if report["keepAlive"] else ""
    about = words.and_.join(filter(None, [source(report, words), rate(report, words), kept]))
    return words.about(f"{report['namespace']}/{report['service']}", about)


def counts(report: Report, words: TrafficWords) -> list[str]:
    """`1,000 sent`, `980 answered`, `20 lost (20 refused)`."""
    said = [words.count(number(report[key]), getattr(words, key)) for key in ("sent", "answered")]
    lost = words.count(number(report["failed"]), words.lost) if report["failed"] else words.none_lost
    return [*said, lost + (words.aside(losses(report, words)) if report["failed"] else "")]


def ending(report: Report, words: TrafficWords) -> str:
    """`ended`, with why where it ended by itself; "" while it runs."""
    return "" if report["running"] else ": ".join(filter(None, [words.ended, report["note"]]))


def sentence(report: Report, language: str = "") -> str:
    """One load in a line."""
    words = words_of(language)
    said = words.and_.join(filter(None, [*counts(report, words), ending(report, words)]))
    return f"{title(report, words)}: {said}"


def name_of(endpoint: dict[str, Any], words: TrafficWords) -> str:
    """What a bar is called."""
    if endpoint["state"] == "nobody":
        return words.no_endpoint
    if endpoint["state"] == "earlier":
        return words.earlier(endpoint["pods"])
    return words.others(endpoint["pods"]) if endpoint["state"] == "others" else str(endpoint["pod"])


def by_version(report: Report) -> list[tuple[dict[str, Any] | None, list[dict[str, Any]]]]:
    """Endpoints with their version, in the order of versions; None: those that no Pod took."""
    groups = []
    for place, version in enumerate(report["versions"]):
        rows = [one for one in report["endpoints"] if one["version"] == place]
        if rows:
            groups.append((version, sorted(rows, key=lambda one: (_LATER.get(one["state"], 0), one["pod"]))))
    rest = [one for one in report["endpoints"] if one["version"] < 0]
    return [*groups, (None, rest)] if rest else groups


def version_name(version: dict[str, Any] | None, words: TrafficWords) -> str:
    if version is None:
        return words.nobody
    return " ".join(filter(None, [version["image"].rpartition("/")[2] or "Pods", version["hash"]]))


def render(reports: list[Report], language: str = "", service: str = "") -> str:
    """Each load's histogram, ending in a newline. `service` is the one that was asked for, if any."""
    words = words_of(language)
    if not reports:
        return f"{words.none(service)}\n"
    return "\n".join(_render(report, language) for report in reports)


def _render(report: Report, language: str) -> str:
    words = words_of(language)
    rows = report["endpoints"]
    most = max([1, *(max(one["sent"], one["expected"]) for one in rows)])
    names = max([0, *(columns(name_of(one, words)) for one in rows)])
    lines = [sentence(report, language)]
    for version, members in by_version(report):
        total = sum(one["sent"] for one in members)
        old = words.aside(words.old) if version and version["isOld"] else ""
        lines.append(f"  {version_name(version, words)}{old}: {number(total)}")
        for one in members:
            name, sent = pad(name_of(one, words), names), number(one["sent"])
            lines.append(f"    {name}  {_bar(one, most)}  {sent:>9}{_note(one, words)}")
    latency = report["latency"]
    if latency["p50"] is not None:
        spans = ", ".join(f"{name} {span(latency[name])}" for name in ("p50", "p95", "p99"))
        lines.append(f"  {words.latency}: {spans}")
    lines += [f"  {loss(one, words)}" for one in report["losses"]]
    lines.append(f"  {_OK} {words.answered}  {_LOST} {words.lost}  {_EVEN} {words.even}")
    return "\n".join(lines) + "\n"


def loss(one: dict[str, Any], words: TrafficWords) -> str:
    """`lost at 2:26.5: 23 refused by web-… (it was not listening yet)`."""
    whom = (words.by if one["cause"] in ("refused", "reset") else words.at)(one["pod"])
    what = words.count(number(one["count"]), words.causes[one["cause"]])
    return words.loss(clock(one["from"]), f"{what}{whom}", words.why(one["why"]))


def state(endpoint: dict[str, Any], words: TrafficWords) -> str:
    """`gone` or `leaving`; "" for all other bars."""
    return {"gone": words.gone, "leaving": words.leaving}.get(endpoint["state"], "")


def _bar(endpoint: dict[str, Any], most: int) -> str:
    whole = round(WIDTH * endpoint["sent"] / most)
    lost = min(whole, max(1, round(WIDTH * endpoint["failed"] / most))) if endpoint["failed"] else 0
    cells = list((_OK * (whole - lost) + _LOST * lost).ljust(WIDTH))
    if endpoint["expected"]:
        cells[min(WIDTH - 1, round(WIDTH * endpoint["expected"] / most))] = _EVEN
    return "".join(cells)


def _note(endpoint: dict[str, Any], words: TrafficWords) -> str:
    now = f"{number(endpoint['nowSent'])}/s" if endpoint["nowSent"] else ""
    notes = words.and_.join(filter(None, [now, errors(endpoint["errors"], words), state(endpoint, words)]))
    return f"  {notes}" if notes else ""
