"""Rollouts as a picture that stands alone: SVG with its own light and dark colours.

The twin of js/src/rollout_picture.js. Old is hatched and new plain, ready is solid and not ready half filled or dotted,
failing carries a "!"; the titles say it in words.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import escape

from k8s_magic.sim.time import SECOND, SimTime
from k8s_magic.widgets.measure import fit, lines, pixels
from k8s_magic.widgets.rollout_scene import Bar, Side
from k8s_magic.widgets.rollout_text import counts_line, origin_of, span, state_of, troubles
from k8s_magic.widgets.rollout_track import Counts, Point
from k8s_magic.widgets.rollout_words import RolloutWords, words_of

WIDTH = 760
_PAD = 24
_GAP = 10
_BAR = 34
_STREAM = 104
_LEFT = 52
_FONT = 11
# The stream covers at least this much, and shows this much after the end.
_SHORTEST: SimTime = 8 * SECOND
_AFTER: SimTime = 1 * SECOND
_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400)

# Okabe and Ito's colours, tuned for each theme. Source: jfly.uni-koeln.de/color
STYLE = """
svg{font:11px system-ui,sans-serif}
.bg,.axis{fill:#fff}.axis,.seam{stroke:#dde2e8}.box{fill:#f6f7f9;stroke:#8a94a3}.ink{fill:#1c2430}.dim{fill:#5a6472}
.good{fill:#009e73}.soft{fill:#f0e442}.half{fill:#fff;stroke:#a39600;stroke-width:2}.bad{fill:#d55e00}
.band{fill:#0072b2;fill-opacity:.13}.edge{fill:none;stroke:#0072b2;stroke-dasharray:2 3}
.line{fill:none;stroke:#1c2430;stroke-width:2}.wish{fill:none;stroke:#1c2430;stroke-width:1.5;stroke-dasharray:7 4}
.halo{stroke:#fff;stroke-width:5;stroke-opacity:.65;fill:none}.mark{stroke:#8a94a3;fill:none}.seam{stroke:#fff;stroke-width:2}.shout{fill:#10151b;font-weight:800;font-size:15px}
.stuck{fill:#d55e00;fill-opacity:.16}
@media (prefers-color-scheme:dark){
.bg,.axis,.half{fill:#15191f}.axis{stroke:#37404b}.seam,.halo{stroke:#15191f}.box{fill:#1f252d;stroke:#7b8794}
.ink{fill:#eef2f6}.dim{fill:#aab4c0}.good{fill:#1fb58a}.bad{fill:#f08a4b}.band{fill:#4aa3df}.edge{stroke:#4aa3df}
.line,.wish{stroke:#eef2f6}.mark{stroke:#7b8794}
}
"""
_DEFS = (
    '<defs><pattern id="old" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="2.2" height="7" fill="#000" fill-opacity=".42"/></pattern>'
    '<pattern id="unready" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle cx="2" cy="2" r="1" fill="#5c5400"/></pattern>'
    '<pattern id="fault" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<rect width="2.5" height="6" class="bad" fill-opacity=".75"/></pattern></defs>'
)

_Scale = Callable[[float], float]


def render(bars: Sequence[Bar], now: SimTime, language: str = "") -> str:
    """The rollouts as an SVG document."""
    words = words_of(language)
    parts: list[str] = []
    y = _GAP
    for bar in bars:
        y = _card(parts, bar, now, y, words) + _GAP
    if not bars:
        parts.append(_text(_PAD, y + 16, words.none, "ink"))
        y += 30
    title = "; ".join(f"{bar.name}: {bar.sentence}" for bar in bars) or words.none
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>{_DEFS}"
        f'<rect class="bg" width="{WIDTH}" height="{y}" rx="6"/>{"".join(parts)}</svg>'
    )


def as_html(bars: Sequence[Bar], now: SimTime, language: str = "") -> str:
    """An `<img>` that any notebook viewer shows."""
    data = base64.b64encode(render(bars, now, language).encode()).decode()
    return f'<img alt="{words_of(language).title}" src="data:image/svg+xml;base64,{data}">'


def _text(x: float, y: float, text: str, kind: str = "dim", anchor: str = "start", more: str = "") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, look: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}" {look}/>'


def _card(parts: list[str], bar: Bar, now: SimTime, top: int, words: RolloutWords) -> int:
    body: list[str] = []
    y, wide = top + 24, WIDTH - 2 * _PAD
    about = f"{words.place(bar.namespace)} · {words.states[state_of(bar)]}"
    name = fit(bar.name, wide - pixels(about, _FONT) - 16, 15)
    body.append(_text(_PAD, y, name, "ink", more=' font-size="15" font-weight="650"'))
    body.append(_text(WIDTH - _PAD, y, about, anchor="end"))
    y += 4
    for line in lines(bar.sentence, wide, 13):
        y += 17
        body.append(_text(_PAD, y, line, "ink", more=' font-size="13"'))
    y += 2
    for is_fault, text in _troubles(bar, words):
        said = lines(text, wide, _FONT)
        if is_fault:
            body.append(_rect(_PAD - 4, y + 5, wide + 8, 15 * len(said) + 4, 'class="stuck" rx="3"'))
        for line in said:
            y += 15
            body.append(_text(_PAD, y + 2, line, "ink"))
        y += 6
    y = _ends(body, bar, y + 20, words)
    y = _bar(body, bar, y + 28, words)
    y = _stream(body, bar, now, y + 30, words)
    y = _legend(body, bar, y + 18, words)
    parts.append(_rect(_GAP, top, WIDTH - 2 * _GAP, y - top, 'class="box" rx="6"'))
    parts.extend(body)
    return y


def _troubles(bar: Bar, words: RolloutWords) -> Iterator[tuple[bool, str]]:
    """The most telling ones, faults with a "!" before them."""
    shown = replace(bar, reasons=bar.reasons[:3], leavings=bar.leavings[-2:])
    for is_fault, text in troubles(shown, words):
        yield is_fault, f"! {text}" if is_fault else text


def _ends(parts: list[str], bar: Bar, y: int, words: RolloutWords) -> int:
    """The old revision on the left, the new one on the right; one under the other where they are long."""
    old, new = _end(bar.old, words), _end(bar.new, words)
    wide = WIDTH - 2 * _PAD
    looks = ["ink" if side and side.pods else "dim" for side in (bar.old, bar.new)]
    parts.append(_text(_PAD, y, fit(old, wide, _FONT), looks[0]))
    y += 16 if pixels(old, _FONT) + pixels(new, _FONT) + 16 > wide else 0
    parts.append(_text(WIDTH - _PAD, y, fit(new, wide, _FONT), looks[1], "end"))
    return y


def _end(side: Side | None, words: RolloutWords) -> str:
    if side is None:
        return words.no_old
    said = [words.revision(side.revision), ", ".join(side.images)]
    return " · ".join(said if side.pods else [*said, words.gone])


def _axis(bar: Bar) -> int:
    reached = max((max(point.counts.total, point.counts.maximum) for point in bar.points), default=0)
    return max(1, bar.counts.maximum, bar.counts.desired, reached)


def _bar(parts: list[str], bar: Bar, y: int, words: RolloutWords) -> int:
    axis, counts = _axis(bar), bar.counts
    unit = (WIDTH - 2 * _PAD) / axis

    def x(pods: float) -> float:
        return _PAD + pods * unit

    parts.append(_rect(x(0), y, unit * axis, _BAR, 'class="axis"'))
    parts.append(_rect(x(counts.minimum), y - 7, x(counts.maximum) - x(counts.minimum), _BAR + 14, 'class="band"'))
    for edge in (counts.minimum, counts.maximum):
        parts.append(f'<path class="edge" d="M{x(edge):.1f} {y - 7}v{_BAR + 14}"/>')
    parts.append(f"<g><title>{escape(counts_line(counts, words))}</title>")
    at = 0
    for index, (pods, failing) in enumerate(
        zip(counts[:4], (0, bar.old_failing, bar.failing, 0), strict=True),
    ):
        parts.extend(_part(index, (x(at), y, pods * unit, _BAR), unit, failing))
        at += pods
    parts.append("</g>")
    wish = x(counts.desired)
    parts.append(f'<path class="line" d="M{wish:.1f} {y - 8}v{_BAR + 16}"/>')
    said = words.desired(counts.desired)
    parts.append(_text(_inside(wish, said), y - 11, said, "ink", "middle", ' font-weight="650"'))
    every = 1 if unit >= 22 else next(n * 10**e for e in range(9) for n in (1, 2, 5) if axis <= 8 * n * 10**e)
    parts.extend(_text(x(pods), y + _BAR + 19, str(pods), anchor="middle") for pods in range(0, axis + 1, every))
    band = words.band(counts.minimum, counts.maximum)
    middle = _inside((x(counts.minimum) + x(counts.maximum)) / 2, band)
    parts.append(_text(middle, y + _BAR + 36, band, "ink", "middle"))
    return y + _BAR + 36


def _inside(x: float, text: str) -> float:
    """Where the middle of a text stands that should be at x and must stay inside the card."""
    half = pixels(text, _FONT) / 2
    return round(min(max(x, _PAD + half), WIDTH - _PAD - half), 1)


def _part(index: int, place: tuple[float, float, float, float], unit: float, failing: int) -> Iterator[str]:
    x, y, width, height = place
    if width <= 0:
        return
    if index in (0, 3):
        yield _rect(x, y, width, height, 'class="good"')
    else:
        yield _rect(x + 1, y + 1, width - 2, height - 2, 'class="half"')
        yield _rect(x + 1, y + height / 2, width - 2, height / 2 - 1, 'class="soft"')
        if failing:
            yield _rect(x, y, failing * unit, height, 'class="bad"')
        if unit >= 12:
            for pod in range(failing):
                yield _text(x + (pod + 0.5) * unit, y + height / 2 + 5, "!", "shout", "middle")
    if index < 2:
        yield _rect(x, y, width, height, 'fill="url(#old)"')
    if unit >= 6:
        for pod in range(1, round(width / unit)):
            yield f'<path class="seam" d="M{x + pod * unit:.1f} {y:g}v{height:g}"/>'


def _stream(parts: list[str], bar: Bar, now: SimTime, top: int, words: RolloutWords) -> int:
    axis, bottom = _axis(bar), top + _STREAM
    points = bar.points
    last = points[-1].time if points else now
    end = now if bar.end is None else max(bar.end, last) + _AFTER
    end = max(end, bar.start + _SHORTEST)
    until = max(now, last) if bar.end is None else end
    wide = WIDTH - _LEFT - _PAD

    def x(time: float) -> float:
        return _LEFT + (time - bar.start) / (end - bar.start) * wide

    def y(pods: float) -> float:
        return bottom - pods / axis * _STREAM

    parts.append(_rect(_LEFT, top, wide, _STREAM, 'class="axis"'))
    band = _area([(p.time, p.counts.minimum, p.counts.maximum) for p in points], until, x, y)
    parts.append(f'<path class="band" d="{band}"/>')
    for index in range(4):
        outline = _area([(p.time, sum(p.counts[:index]), sum(p.counts[: index + 1])) for p in points], until, x, y)
        if not outline:
            continue
        parts.append(f'<path class="{"good" if index in (0, 3) else "soft"}" d="{outline}"/>')
        parts.append("" if index in (0, 3) else f'<path fill="url(#unready)" d="{outline}"/>')
        parts.append(f'<path fill="url(#old)" d="{outline}"/>' if index < 2 else "")
    lines: list[tuple[str, Callable[[Counts], int]]] = [
        ("edge", lambda counts: counts.minimum),
        ("edge", lambda counts: counts.maximum),
        ("wish", lambda counts: counts.desired),
        ("line", lambda counts: counts.available),
    ]
    for look, value in lines:
        outline = _stair(points, value, until, x, y)
        parts.append("" if look == "edge" else f'<path class="halo" d="{outline}"/>')
        parts.append(f'<path class="{look}" d="{outline}"/>')
    if bar.leavings:
        parts.append(f'<path fill="url(#fault)" d="{_area(_outside(bar), until, x, y)}"/>')
    for leaving in bar.leavings:
        middle = (max(bar.start, leaving.start) + (until if leaving.end is None else leaving.end)) / 2
        parts.append(_text(x(middle), top + 16, "!", "shout", "middle"))
    _marks(parts, bar, top, bottom, x, words)
    for pods in {bar.counts.desired: None, 0: None, axis: None} if axis - bar.counts.desired > axis / 8 else (0, axis):
        parts.append(_text(_LEFT - 6, y(pods) + 4, str(pods), anchor="end"))
    origin = origin_of(bar)
    seconds = (end - bar.start) / SECOND
    step = next((step for step in _STEPS if seconds / step <= 6), 86400 * -(-int(seconds) // 86400 // 6)) * SECOND
    time = origin - (origin - bar.start) // step * step
    while time <= end:
        parts.append(f'<path class="mark" d="M{x(time):.1f} {bottom}v4"/>')
        if x(time) < WIDTH - _PAD - 8:
            parts.append(_text(round(x(time), 1), bottom + 17, span(time - origin), anchor="middle"))
        time += step
    return bottom + 17


def _outside(bar: Bar) -> list[tuple[SimTime, int, int]]:
    """What is missing below the band or too much above it, where it was left."""
    stairs = []
    for time, counts in bar.points:
        is_left = any(start <= time and (end is None or time < end) for start, end, _ in bar.leavings)
        low, high = 0, 0
        if is_left and counts.fault:
            below = counts.fault == "below"
            low, high = (counts.available, counts.minimum) if below else (counts.maximum, counts.total)
        stairs.append((time, low, high))
    return stairs


def _marks(parts: list[str], bar: Bar, top: int, bottom: int, x: _Scale, words: RolloutWords) -> None:
    free = 0.0  # where the next label may begin
    for time, text in bar.marks:
        if time < bar.start:
            continue
        parts.append(f'<path class="mark" d="M{x(time):.1f} {top - 4}V{bottom}"/>')
        said = words.mark(text)
        left = min(x(time) + 3, WIDTH - _PAD - pixels(said, _FONT))
        if left >= free:
            free = left + pixels(said, _FONT) + 8
            parts.append(_text(round(left, 1), top - 6, said))


def _area(stairs: Sequence[tuple[SimTime, int, int]], until: SimTime, x: _Scale, y: _Scale) -> str:
    """A stair from the bottom edge to the top edge and back; "" where they are the same all along."""
    if all(low == high for _, low, high in stairs):
        return ""
    top: list[str] = []
    bottom: list[str] = []
    for index, (time, low, high) in enumerate(stairs):
        following = stairs[index + 1][0] if index + 1 < len(stairs) else until
        top += [f"{x(time):.1f},{y(high):.1f}", f"{x(following):.1f},{y(high):.1f}"]
        bottom += [f"{x(time):.1f},{y(low):.1f}", f"{x(following):.1f},{y(low):.1f}"]
    return f"M{'L'.join(top)}L{'L'.join(reversed(bottom))}Z"


def _stair(points: Sequence[Point], value: Callable[[Counts], int], until: SimTime, x: _Scale, y: _Scale) -> str:
    corners: list[str] = []
    for index, (time, counts) in enumerate(points):
        following = points[index + 1].time if index + 1 < len(points) else until
        corners += [f"{x(time):.1f},{y(value(counts)):.1f}", f"{x(following):.1f},{y(value(counts)):.1f}"]
    return f"M{'L'.join(corners)}" if corners else ""


def _legend(parts: list[str], bar: Bar, y: int, words: RolloutWords) -> int:
    x = float(_PAD)
    said = [f"{count} {word}" for count, word in zip(bar.counts[:4], words.parts, strict=True)]
    said.append(f"{bar.counts.available} {words.available}")
    said += [f"× {words.terminating(bar.terminating)}"] if bar.terminating else []
    for index, text in enumerate(said):
        mark = 22 if index < 5 else 0
        width = mark + pixels(text, _FONT)
        if x + width > WIDTH - _PAD:
            x, y = _PAD, y + 20
        if index < 4:
            parts.extend(_part(index, (x, y, 16, 14), 16, 0))
        elif index == 4:
            parts.append(f'<path class="line" d="M{x:.1f} {y + 7}h16"/>')
        parts.append(_text(round(x + mark, 1), y + 11, text))
        x += width + 18
    return y + 26
