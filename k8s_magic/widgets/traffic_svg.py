"""The traffic view as a picture that stands alone: SVG with its own light and dark colours, for an `<img>`.

The same as the live view at one instant: a bar a Pod under its version, an even share as a line, losses in vermilion
with a hatching a cause, the latency below.
"""

from __future__ import annotations

import base64
from html import escape
from typing import Any

from k8s_magic.widgets import traffic_text
from k8s_magic.widgets.measure import fit, lines, pixels
from k8s_magic.widgets.traffic_text import Report
from k8s_magic.widgets.traffic_words import TrafficWords, words_of

WIDTH = 760
_PAD = 14
_NAME = 190
_BAR = 390
_ROW = 24
PERCENTILES = ("p50", "p95", "p99")

STYLE = """
svg{font:12px system-ui,sans-serif}
.bg{fill:#fff}.box{fill:#f6f7f9;stroke:#8a94a3}.ink{fill:#1c2430}.dim{fill:#5a6472}.track{fill:#dde2e8}
.ok{fill:#009e73}.old{stroke:#000;stroke-opacity:.26;stroke-width:2}.lost{fill:#d55e00}
.hatch{stroke:#3c1400;stroke-opacity:.75;stroke-width:1.5;fill:none}.even{fill:#1c2430;stroke:#f6f7f9}
.bin{fill:#5b7083}.line{stroke:#8a94a3}.tick{stroke:#1c2430;stroke-width:1.5;fill:none}
@media (prefers-color-scheme:dark){
.bg{fill:#15191f}.box{fill:#1f252d;stroke:#7b8794}.ink{fill:#eef2f6}.dim{fill:#aab4c0}.track{fill:#37404b}
.ok{fill:#1fb58a}.lost{fill:#f08a4b}.even{fill:#eef2f6;stroke:#1f252d}.bin{fill:#93a7ba}.tick{stroke:#eef2f6}}
"""
# A hatching a cause, so that they are told apart without colour.
HATCHES = {
    "refused": "M-1 1l2 -2M0 6l6 -6M5 7l2 -2",
    "reset": "M-1 5l2 2M0 0l6 6M5 -1l2 2",
    "timeout": "M0 3h6",
    "5xx": "M3 0v6",
    "no_route": "M0 3h6M3 0v6",
    "unknown_host": "M0 0l6 6M0 6l6 -6",
}


def render(reports: list[Report], language: str = "", service: str = "") -> str:
    """The loads as an SVG document. `service` is the one that was asked for, if any."""
    words = words_of(language)
    parts: list[str] = []
    y = 10
    for report in reports:
        y = _load(parts, report, y, words) + 10
    if not reports:
        parts.append(_text("dim", _PAD, 28, words.none(service)))
        y = 44
    title = _title(reports, language, service)
    hatches = "".join(
        f'<pattern id="{cause}" width="6" height="6" patternUnits="userSpaceOnUse"><path class="hatch" d="{path}"/>'
        "</pattern>"
        for cause, path in HATCHES.items()
    )
    hatches += '<pattern id="old" width="7" height="7" patternUnits="userSpaceOnUse"><path class="old" d="M0 7l7 -7"/>'
    hatches += "</pattern>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>{escape(title)}</title><style>{STYLE}</style><defs>{hatches}</defs>"
        f'<rect class="bg" width="{WIDTH}" height="{y}" rx="6"/>{"".join(parts)}</svg>'
    )


def as_html(reports: list[Report], language: str = "", service: str = "") -> str:
    """An `<img>` that any notebook viewer shows."""
    data = base64.b64encode(render(reports, language, service).encode()).decode()
    alt = escape(_title(reports, language, service), quote=True)
    return f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}">'


def _title(reports: list[Report], language: str, service: str) -> str:
    return "; ".join(traffic_text.sentence(report, language) for report in reports) or words_of(language).none(service)


def _text(css: str, x: float, y: float, text: str, more: str = "") -> str:
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}"{more}>{escape(text)}</text>'


def _rect(css: str, x: float, y: float, width: float, height: float, more: str = "") -> str:
    named = f' class="{css}"' if css else ""
    return f'<rect{named} x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{more}/>'


def _load(parts: list[str], report: Report, top: int, words: TrafficWords) -> int:
    place = len(parts)
    y, wide = top + 22, WIDTH - 4 * _PAD
    rate, kept = traffic_text.rate(report, words), words.kept_alive(report["keepAlive"]) if report["keepAlive"] else ""
    ending = traffic_text.ending(report, words)
    about = fit(" · ".join(filter(None, [rate, traffic_text.source(report, words), kept, ending])), wide * 0.8)
    name = fit(f"{report['namespace']}/{report['service']}", wide - pixels(about) - 16, 14)
    parts.append(_text("ink", 2 * _PAD, y, name, ' font-weight="650" font-size="14"'))
    parts.append(_text("dim", WIDTH - 2 * _PAD, y, about, ' text-anchor="end"'))
    y += 4
    for line in lines(" · ".join(traffic_text.counts(report, words)), wide, 15):
        y += 20
        parts.append(_text("ink", 2 * _PAD, y, line, ' font-size="15"'))
    y += 12
    rows = report["endpoints"]
    most = max([1, *(max(one["sent"], one["expected"]) for one in rows)])
    for version, members in traffic_text.by_version(report):
        y += 24
        own = sum(one["sent"] for one in members)
        old = words.old if version and version["isOld"] else ""
        name = fit(" · ".join(filter(None, [traffic_text.version_name(version, words), old])), wide - 50)
        parts.append(_text("ink", 2 * _PAD, y - 7, name, ' font-weight="600"'))
        share = f"{100 * own / report['sent']:.0f} %" if report["sent"] else ""
        parts.append(_text("dim", WIDTH - 2 * _PAD, y - 7, share, ' text-anchor="end"'))
        for one in members:
            _bar(parts, one, bool(old), most, y, words)
            y += _ROW
    y = _latency(parts, report, y + 14, words)
    for one in report["losses"][:5]:
        parts.append(_text("dim", 2 * _PAD, y + 12, fit(traffic_text.loss(one, words), wide)))
        y += 18
    y = _legend(parts, report, y + 6, words)
    box = f'<rect class="box" x="10" y="{top}" width="{WIDTH - 20}" height="{y - top}" rx="8"/>'
    parts.insert(place, box)
    return y


def _bar(parts: list[str], one: dict[str, Any], is_old: bool, most: int, y: float, words: TrafficWords) -> None:
    left, height = 2 * _PAD + _NAME, _ROW - 6
    name = traffic_text.name_of(one, words)
    lost = traffic_text.errors(one["errors"], words) or words.none_lost
    sent = words.count(traffic_text.number(one["sent"]), words.sent)
    title = f"{name}: {words.and_.join([sent, lost])}; {words.even} {traffic_text.number(one['expected'])}"
    parts.append(f"<g><title>{escape(title)}</title>")
    # Pods differ at the end of their names.
    parts.append(_text("ink", 2 * _PAD, y + 13, fit(name, _NAME - 8, keep="end")))
    parts.append(_rect("track", left, y, _BAR, height, ' rx="3"'))
    scale = _BAR / most
    width = (one["sent"] - one["failed"]) * scale
    faded = ' opacity=".62"' if one["state"] in ("gone", "earlier") else ""
    parts.append(_rect("ok", left, y, width, height, faded))
    if is_old:
        parts.append(_rect("", left, y, width, height, ' fill="url(#old)"'))
    x = left + width
    for cause, count in one["errors"].items():
        part = max(4.0, count * scale)
        parts.append(_rect("lost", x, y, part, height) + _rect("", x, y, part, height, f' fill="url(#{cause})"'))
        x += part
    if one["expected"]:
        parts.append(_rect("even", left + one["expected"] * scale - 1.5, y - 3, 3, height + 6))
    parts.append(
        _text("ink", left + _BAR + 64, y + 13, traffic_text.number(one["sent"]), ' text-anchor="end" font-weight="600"')
    )
    now = f"{traffic_text.number(one['nowSent'])}/s" if one["nowSent"] else ""
    note = traffic_text.state(one, words) or now
    parts.append(_text("dim", WIDTH - 2 * _PAD, y + 13, note, ' text-anchor="end"'))
    parts.append("</g>")


def _latency(parts: list[str], report: Report, y: float, words: TrafficWords) -> int:
    """A histogram with ticks at the percentiles, where the buckets are: one beside the other."""
    latency = report["latency"]
    buckets = latency["buckets"]
    if not buckets:
        return int(y)
    parts.append(_text("dim", 2 * _PAD, y + 12, words.latency, ' font-weight="600"'))
    left, floor, height = 2 * _PAD + _NAME, y + 44, 40
    step = min(16.0, _BAR / len(buckets))
    highest = max(count for _, _, count in buckets)
    for place, (low, high, count) in enumerate(buckets):
        tall = max(1.0, height * count / highest)
        ends = words.between(traffic_text.span(low), traffic_text.span(high))
        title = f"{ends}: {traffic_text.number(count)}"
        bar = _rect("bin", left + place * step, floor - tall, step - 1, tall).replace("/>", ">")
        parts.append(f"{bar}<title>{title}</title></rect>")
    parts.append(f'<path class="line" d="M{left} {floor + 0.5:.1f}H{left + _BAR}"/>')
    said = [f"{name} {traffic_text.span(latency[name])}" for name in PERCENTILES]
    places = [
        next(place for place, (_, high, _) in enumerate(buckets) if latency[name] < high or place == len(buckets) - 1)
        for name in PERCENTILES
    ]
    ticks = [left + (place + 0.5) * step for place in places]
    for x, label, text in zip(ticks, _apart(ticks, said), said, strict=True):
        parts.append(
            f'<path class="tick" d="M{x:.1f} {floor - height - 2:.1f}V{floor + 3:.1f}L{label:.1f} {floor + 9:.1f}"/>'
        )
        parts.append(_text("ink", label, floor + 21, text, ' text-anchor="middle"'))
    return int(floor + 28)


def _apart(ticks: list[float], said: list[str]) -> list[float]:
    """Where the labels of ticks stand: as near to them as they have room beside one another."""
    halves = [pixels(text) / 2 + 6 for text in said]
    found: list[float] = []
    for index, x in enumerate(ticks):
        free = found[-1] + halves[index - 1] + halves[index] if found else x
        found.append(max(x, free))
    end = float(WIDTH - 2 * _PAD)
    for index in reversed(range(len(found))):
        found[index] = min(found[index], end - halves[index])
        end = found[index] - halves[index]
    return found


def _legend(parts: list[str], report: Report, y: float, words: TrafficWords) -> int:
    x = 2.0 * _PAD
    entries = [("ok", "", words.answered)]
    if any(version["isOld"] for version in report["versions"]):
        entries.append(("ok", "old", words.and_.join([words.answered, words.old])))
    entries += [("lost", cause, words.causes[cause]) for cause in report["errors"]]
    entries.append(("even", "", words.even))
    for css, pattern, said in entries:
        mark = 14 if css == "even" else 26
        width = mark + pixels(said)
        if x + width > WIDTH - 2 * _PAD:
            x, y = 2.0 * _PAD, y + 20
        if css == "even":
            parts.append(_rect(css, x + 4, y + 1, 3, 15))
        else:
            parts.append(_rect(css, x, y + 3, 20, 11))
        if pattern:
            parts.append(_rect("", x, y + 3, 20, 11, f' fill="url(#{pattern})"'))
        parts.append(_text("dim", x + mark, y + 13, said))
        x += width + 18
    return int(y + 26)
