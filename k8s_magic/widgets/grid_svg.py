"""The node and Pod grid as a picture that stands alone: SVG with its own light and dark colours.

It goes into an `<img>` with a data URI, since inline SVG is stripped from untrusted notebooks. State is said by fill,
by shape and by the title text.
"""

from __future__ import annotations

import base64
from html import escape
from math import ceil

from k8s_magic.widgets.grid_text import WORDS, node_state
from k8s_magic.widgets.pod_state import STATES, State
from k8s_magic.widgets.records import WAITING_ROOM, NodeBox, PodCell
from k8s_magic.widgets.scene import Scene

WIDTH = 760
_GAP = 10
_PAD = 10
_HEAD = 48

# Okabe and Ito's colours, tuned for each theme. Source: jfly.uni-koeln.de/color
STYLE = """
svg{font:12px system-ui,sans-serif}
.bg{fill:#fff}.box{fill:#f6f7f9;stroke:#8a94a3}.ink{fill:#1c2430}.dim{fill:#5a6472}
.bar{fill:#dde2e8}.use{fill:#5b7083}.mark{fill:none;stroke:#1c2430;stroke-width:1.5}
.creating{fill:#56b4e9}.running{fill:#f0e442}.ready{fill:#009e73}.error{fill:#d55e00}
.terminating{fill:#009e73;opacity:.35}.succeeded{fill:#0072b2}.unknown{fill:#999}
.pending{fill:none;stroke:#1c2430;stroke-dasharray:3 2}
@media (prefers-color-scheme:dark){
.bg{fill:#15191f}.box{fill:#1f252d;stroke:#7b8794}.ink{fill:#eef2f6}.dim{fill:#aab4c0}
.bar{fill:#37404b}.use{fill:#93a7ba}.mark{stroke:#eef2f6}.pending{stroke:#eef2f6}
.ready{fill:#1fb58a}.succeeded{fill:#4aa3df}}
"""


def render(scene: Scene) -> str:
    """The scene as an SVG document."""
    boxes = sorted(scene.boxes.values(), key=lambda box: (not box.roles, box.name))
    pods: dict[str, list[PodCell]] = {}
    for cell in scene.cells.values():
        pods.setdefault(cell.node, []).append(cell)
    workers = [box for box in boxes if "control-plane" not in box.roles]
    lanes = [[box] for box in boxes if "control-plane" in box.roles]
    per_row = max(1, min(len(workers), 3 if len(workers) < 12 else 6))
    lanes += [workers[start : start + per_row] for start in range(0, len(workers), per_row)]
    parts: list[str] = []
    y = _GAP
    waiting = pods.get(WAITING_ROOM, [])
    if waiting:
        y = _waiting_room(parts, waiting, y)
    for lane in lanes:
        width = (WIDTH - _GAP * (len(lane) + 1)) // len(lane)
        height = max(_node_height(pods.get(box.name, []), width) for box in lane)
        for column, box in enumerate(lane):
            x = _GAP + column * (width + _GAP)
            _node(parts, box, pods.get(box.name, []), (x, y, width, height))
        y += height + _GAP
    y = _legend(parts, {cell.state for cell in scene.cells.values()}, y)
    ready = sum(cell.state == "ready" for cell in scene.cells.values())
    title = f"{len(boxes)} nodes, {len(scene.cells)} Pods, {ready} ready"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>{title}</title><style>{STYLE}</style>"
        f'<rect class="bg" width="{WIDTH}" height="{y}" rx="6"/>{"".join(parts)}</svg>'
    )


def as_html(scene: Scene) -> str:
    """An `<img>` that any notebook viewer shows."""
    data = base64.b64encode(render(scene).encode()).decode()
    return f'<img alt="Nodes and Pods of the cluster" src="data:image/svg+xml;base64,{data}">'


def _size(count: int) -> int:
    """Pixels of a cell: large enough to carry a mark where there are few."""
    return 26 if count <= 60 else 14 if count <= 400 else 6


def _columns(width: int, size: int) -> int:
    return max(1, (width - 2 * _PAD + 4) // (size + 4))


def _node_height(pods: list[PodCell], width: int) -> int:
    slots = 1 + max((cell.slot for cell in pods), default=0)
    size = _size(slots)
    return _HEAD + ceil(slots / _columns(width, size)) * (size + 4) + _PAD


def _node(parts: list[str], box: NodeBox, pods: list[PodCell], place: tuple[int, int, int, int]) -> None:
    x, y, width, height = place
    dash = "" if box.is_ready else ' stroke-dasharray="6 4"'
    parts.append(f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"{dash}/>')
    parts.append(f'<text class="ink" x="{x + _PAD}" y="{y + 18}" font-weight="600">{escape(box.name)}</text>')
    note = " · ".join(filter(None, [box.roles, node_state(box)]))
    parts.append(f'<text class="dim" x="{x + width - _PAD}" y="{y + 18}" text-anchor="end">{escape(note)}</text>')
    third = (width - 2 * _PAD - 16) // 3
    for index, (label, pair) in enumerate((("CPU", box.cpu), ("memory", box.memory), ("Pods", box.pods))):
        left = x + _PAD + index * (third + 8)
        used = min(1.0, pair[0] / pair[1]) if pair[1] else 0.0
        parts.append(f'<rect class="bar" x="{left}" y="{y + 26}" width="{third}" height="5" rx="2"/>')
        parts.append(f'<rect class="use" x="{left}" y="{y + 26}" width="{third * used:.1f}" height="5" rx="2"/>')
        parts.append(f'<text class="dim" x="{left}" y="{y + 42}" font-size="10">{label} {used:.0%}</text>')
    slots = 1 + max((cell.slot for cell in pods), default=0)
    size = _size(slots)
    columns = _columns(width, size)
    for cell in sorted(pods, key=lambda cell: cell.slot):
        row, column = divmod(cell.slot, columns)
        _cell(parts, cell, x + _PAD + column * (size + 4), y + _HEAD + row * (size + 4), size)


def _cell(parts: list[str], cell: PodCell, x: int, y: int, size: int) -> None:
    title = f"{cell.namespace}/{cell.name}: {WORDS[cell.state]}"
    if cell.reason not in ("", WORDS[cell.state], "Running"):
        title += f" ({cell.reason})"
    parts.append(f"<g><title>{escape(title)}</title>")
    parts.append(f'<rect class="{cell.state}" x="{x}" y="{y}" width="{size}" height="{size}" rx="{size // 5}"/>')
    parts.append(_mark(cell.state, x, y, size) if size >= 14 else "")
    if cell.is_old and size >= 14:
        parts.append(f'<path class="mark" opacity=".5" d="M{x} {y + size}L{x + size} {y}"/>')
    parts.append("</g>")


def _mark(state: State, x: int, y: int, size: int) -> str:
    """The glyph that says the state a second time."""
    middle_x, middle_y, third = x + size / 2, y + size / 2, size / 4
    if state == "error":
        return f'<text class="ink" x="{middle_x}" y="{middle_y + 4}" text-anchor="middle" font-weight="700">!</text>'
    paths = {
        "creating": f"M{middle_x - third} {middle_y}a{third} {third} 0 1 1 {third} {third}",
        "running": f"M{x + 2} {middle_y}H{x + size - 2}",
        "terminating": f"M{middle_x - third} {middle_y - third}l{2 * third} {2 * third}m0 {-2 * third}"
        f"l{-2 * third} {2 * third}",
        "succeeded": f"M{middle_x - third} {middle_y}l{third * 0.8} {third * 0.8}l{third} {-1.6 * third}",
        "unknown": f"M{x} {middle_y}L{middle_x} {y}M{middle_x} {y + size}L{x + size} {middle_y}",
    }
    path = paths.get(state)
    return f'<path class="mark" d="{path}"/>' if path else ""


def _waiting_room(parts: list[str], waiting: list[PodCell], y: int) -> int:
    parts.append(f'<text class="ink" x="{_GAP + 2}" y="{y + 12}" font-weight="600">Waiting</text>')
    shown = sorted(waiting, key=lambda cell: cell.slot)[:8]
    for index, cell in enumerate(shown):
        top = y + 20 + index * 22
        _cell(parts, cell, _GAP + 2, top, 16)
        parts.append(
            f'<text class="dim" x="{_GAP + 26}" y="{top + 12}">{escape(cell.name)}: {escape(cell.reason)}</text>'
        )
    rest = len(waiting) - len(shown)
    bottom = y + 20 + len(shown) * 22
    if rest:
        parts.append(f'<text class="dim" x="{_GAP + 26}" y="{bottom + 12}">and {rest} more</text>')
        bottom += 20
    return bottom + _GAP // 2


def _legend(parts: list[str], used: set[State], y: int) -> int:
    x = _GAP + 2
    for state in STATES:
        if state in used:
            parts.append(f'<rect class="{state}" x="{x}" y="{y + 2}" width="14" height="14" rx="3"/>')
            parts.append(_mark(state, x, y + 2, 14))
            parts.append(f'<text class="dim" x="{x + 20}" y="{y + 13}">{WORDS[state]}</text>')
            x += 34 + 7 * len(WORDS[state])
    return y + (26 if used else 0)
