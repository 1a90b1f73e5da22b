"""One Pod as a piece of SVG: fill, glyph and title say its state; many small ones become one path a state."""

from __future__ import annotations

from html import escape

from k8s_magic.widgets.pod_state import STATES, State
from k8s_magic.widgets.records import PodCell
from k8s_magic.widgets.words import Words

Point = tuple[int, int]

# Pixels between cells, by their size.
PITCH_GAP = {26: 4, 18: 4, 14: 3, 10: 2, 8: 2, 6: 2, 4: 1, 3: 1, 0: 0}
# Smaller cells carry colour and shape only.
SMALLEST = 12
_TICKS = 5
_SAID = frozenset({"", "Running", "Terminating", "Completed", "Pending", "ContainerCreating", "Error", "NodeLost"})


def cell(parts: list[str], pod: PodCell, at: Point, size: int, words: Words) -> None:
    x, y = at
    parts.append(f"<g><title>{escape(describe(pod, words))}</title>")
    if pod.parts and pod.state in ("ready", "running", "creating", "error"):
        _split(parts, pod.parts, at, size)
    else:
        shape(parts, pod.state, at, size, is_round=pod.namespace == "kube-system")
    if pod.is_old:
        parts.append(f'<path class="mark" opacity=".6" d="M{x} {y + size}L{x + size} {y}"/>')
    if pod.restarts and size >= 14:
        ticks = "".join(f"M{x + 2 + 4 * index} {y + size - 6}v6" for index in range(min(pod.restarts, _TICKS)))
        parts.append(f'<path class="line" stroke-width="2" d="{ticks}"/>')
    parts.append("</g>")


def describe(pod: PodCell, words: Words) -> str:
    text = f"{pod.namespace}/{pod.name}: {words.states[pod.state]}"
    if pod.reason not in _SAID:
        text += f" ({pod.reason})"
    return f"{text}, {words.old}" if pod.is_old else text


def shape(parts: list[str], state: State, at: Point, size: int, *, is_round: bool = False) -> None:
    """The fill and the glyph of a state."""
    x, y = at
    corner = size // 2 if is_round and state != "error" else size // 5
    if state == "error":
        notch = size * 3 // 10
        outline = f"M{x} {y}h{size - notch}l{notch} {notch}v{size - notch}h{-size}z"
        parts.append(f'<path class="error" d="{outline}"/>')
    elif state == "running":
        parts.append(f'<rect class="running" x="{x}" y="{y}" width="{size / 2:g}" height="{size}"/>')
        parts.append(f'<rect class="line" x="{x}" y="{y}" width="{size}" height="{size}" rx="{corner}"/>')
    else:
        parts.append(f'<rect class="{state}" x="{x}" y="{y}" width="{size}" height="{size}" rx="{corner}"/>')
    if size >= 10:
        parts.append(_glyph(state, at, size))


def _glyph(state: State, at: Point, size: int) -> str:
    x, y = at
    middle_x, middle_y, third = x + size / 2, y + size / 2, size / 4
    if state in ("error", "unknown"):
        text, kind = ("!", "on") if state == "error" else ("?", "on")
        height = round(size * 0.62)
        return (
            f'<text class="{kind}" x="{middle_x:g}" y="{middle_y + height * 0.36:.1f}" text-anchor="middle" '
            f'font-size="{height}" font-weight="700">{text}</text>'
        )
    paths = {
        "creating": f"M{middle_x - third:g} {middle_y:g}a{third:g} {third:g} 0 1 1 {third:g} {third:g}",
        "terminating": f"M{middle_x - third:g} {middle_y - third:g}l{2 * third:g} {2 * third:g}m0 {-2 * third:g}"
        f"l{-2 * third:g} {2 * third:g}",
        "succeeded": f"M{middle_x - third:g} {middle_y:g}l{third * 0.8:g} {third * 0.8:g}l{third:g} {-1.6 * third:g}",
    }
    path = paths.get(state)
    return f'<path class="{"line" if state == "terminating" else "mark"}" d="{path}"/>' if path else ""


def _split(parts: list[str], letters: str, at: Point, size: int) -> None:
    x, y = at
    width = size / len(letters)
    for index, letter in enumerate(letters):
        left = x + index * width
        parts.append(f'<rect class="{letter}" x="{left:.1f}" y="{y}" width="{width - 1:.1f}" height="{size}"/>')
    parts.append(f'<rect class="line" opacity=".6" x="{x}" y="{y}" width="{size}" height="{size}" rx="{size // 5}"/>')


def dots(parts: list[str], placed: list[tuple[PodCell, Point]], size: int) -> None:
    """Many cells: one path for each state, and one for the hatching of old ones."""
    paths: dict[State, list[str]] = {}
    old: list[str] = []
    for pod, (x, y) in placed:
        paths.setdefault(pod.state, []).append(f"M{x} {y}{_outline(pod.state, size)}")
        if pod.is_old:
            old.append(f"M{x} {y + size}l{size} {-size}")
    parts.extend(
        f'<path class="{state}" fill-rule="evenodd" d="{"".join(paths[state])}"/>' for state in STATES if state in paths
    )
    if old:
        parts.append(f'<path class="mark" style="stroke-width:1" d="{"".join(old)}"/>')


def _outline(state: State, size: int) -> str:
    """A small cell's shape, from its corner: half, notched, hollow, shrunken, cut or whole."""
    part = max(1, size // 3)
    whole = f"h{size}v{size}h{-size}z"
    return {
        "running": f"h{size // 2}v{size}h{-(size // 2)}z",
        "error": f"h{size - part}l{part} {part}v{size - part}h{-size}z",
        "creating": f"{whole}m{part} {part}h{size - 2 * part}v{size - 2 * part}h{2 * part - size}z",
        "terminating": f"m{part // 2 + 1} {part // 2 + 1}h{size - part}v{size - part}h{part - size}z",
        "unknown": f"v{size}h{size}z",
    }.get(state, whole)


def shares(parts: list[str], pods: list[PodCell], place: tuple[int, int, int, int]) -> None:
    """A node's Pods as shares of one bar."""
    x, y, width, height = place
    counts = {state: sum(pod.state == state for pod in pods) for state in STATES}
    left = float(x)
    for state, count in counts.items():
        if count:
            share = width * count / len(pods)
            parts.append(f'<rect class="{state}" x="{left:.1f}" y="{y}" width="{share:.1f}" height="{height}"/>')
            left += share
