"""The node and Pod grid as a picture that stands alone: SVG with its own light and dark colours.

It goes into an `<img>` with a data URI, since inline SVG is stripped from untrusted notebooks. State is said by fill,
by shape and, where cells are large enough, by a title.
"""

from __future__ import annotations

import base64
from html import escape
from math import ceil, sqrt

from k8s_magic.widgets import cell_svg
from k8s_magic.widgets.cell_svg import PITCH_GAP
from k8s_magic.widgets.grid_text import by_node, clock, in_place, node_state
from k8s_magic.widgets.measure import fit, pixels
from k8s_magic.widgets.pod_state import STATES, State
from k8s_magic.widgets.records import WAITING_ROOM, NodeBox, PodCell
from k8s_magic.widgets.scene import Scene
from k8s_magic.widgets.words import Words, words_of

WIDTH = 760
_GAP = 10
_PAD = 10
_HEAD = 48
_TAGS = 20
_WAITING_LIMIT = 8
# Cells get smaller until a picture of this height holds them all; below 3 px a node shows shares.
_SIZES = (26, 18, 14, 10, 8, 6, 4, 3)
_HIGHEST = 620
# More Pods than this carry no glyph and no title: a picture in a notebook should not weigh much.
_CROWD = 400

# Okabe and Ito's colours, tuned for each theme. Source: jfly.uni-koeln.de/color
STYLE = """
svg{font:12px system-ui,sans-serif}
.bg{fill:#fff}.box{fill:#f6f7f9;stroke:#8a94a3}.ink{fill:#1c2430}.dim{fill:#545e6b}.on{fill:#0b1512}
.bar{fill:#dde2e8}.use{fill:#5b7083}.asked{fill:none;stroke:#5b7083;stroke-width:1.5}.mark{fill:none;stroke:#0b1512;stroke-width:1.5}
.line{fill:none;stroke:#1c2430}.lost{fill:url(#lost)}.tag{fill:#fff;stroke:#8a94a3}
.creating,.c{fill:#56b4e9}.running,.n{fill:#f0e442}.ready,.r{fill:#009e73}.error,.e{fill:#d55e00}
.terminating{fill:#009e73;opacity:.35}.succeeded,.d{fill:#3d9bd6}.unknown{fill:#9a9a9a}
.pending{fill:none;stroke:#1c2430;stroke-dasharray:3 2}.ghost{fill:none;stroke:#545e6b;stroke-dasharray:1 2}
@media (prefers-color-scheme:dark){
.bg{fill:#15191f}.box{fill:#1f252d;stroke:#7b8794}.ink{fill:#eef2f6}.dim{fill:#b0bac6}
.bar{fill:#37404b}.use{fill:#93a7ba}.asked{stroke:#93a7ba}.line{stroke:#eef2f6}.pending{stroke:#eef2f6}.tag{fill:#15191f}
.ready,.r,.terminating{fill:#1fb58a}.succeeded,.d{fill:#5cb0e8}.error,.e{fill:#f08a4b}.ghost{stroke:#b0bac6}}
"""
_DEFS = (
    '<defs><pattern id="lost" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V10" stroke="#8a94a3" stroke-width="3" opacity=".35"/></pattern></defs>'
)


class _Plan:
    """How many boxes stand in a row, and how large cells are."""

    def __init__(self, slots: dict[str, int], lanes: list[tuple[str | None, list[NodeBox]]]) -> None:
        self.slots = slots
        self.is_crowd = sum(slots.values()) > _CROWD
        workers = max((len(boxes) for _, boxes in lanes), default=1)
        for size in _SIZES:
            self.size, self.per_row = size, max(1, min(workers, self._fit(size)))
            if self.height(lanes) <= _HIGHEST:
                return
        self.size, self.per_row = 0, min(workers, 8)

    def _fit(self, size: int) -> int:
        columns = ceil(sqrt(2.2 * max(self.slots.values(), default=1)))
        narrowest = max(170, columns * (size + PITCH_GAP[size]) + 2 * _PAD)
        return int((WIDTH - _GAP) // (narrowest + _GAP))

    def width(self, count: int) -> int:
        return int((WIDTH - _GAP * (count + 1)) // count)

    def columns(self, width: int) -> int:
        return int(max(1, (width - 2 * _PAD + PITCH_GAP[self.size]) // (self.size + PITCH_GAP[self.size])))

    def box_height(self, box: NodeBox, width: int) -> int:
        if not self.size:
            return _HEAD + 16
        rows = ceil(self.slots.get(box.name, 1) / self.columns(width))
        return _HEAD + (_TAGS if _tags(box) else 0) + rows * (self.size + PITCH_GAP[self.size]) + _PAD

    def rows(self, boxes: list[NodeBox]) -> list[list[NodeBox]]:
        return [boxes[start : start + self.per_row] for start in range(0, len(boxes), self.per_row)]

    def row_width(self, row: list[NodeBox]) -> int:
        return self.width(1 if row[0].is_control_plane and len(row) == 1 else self.per_row)

    def height(self, lanes: list[tuple[str | None, list[NodeBox]]]) -> int:
        return sum(
            max(self.box_height(box, self.row_width(row)) for box in row) + _GAP
            for _, boxes in lanes
            for row in self.rows(boxes)
        )


def render(scene: Scene, language: str = "") -> str:
    """The scene as an SVG document."""
    words, pods = words_of(language), by_node(scene)
    boxes = in_place(scene.boxes)
    lanes = _lanes(boxes)
    ghosts: dict[str, list[int]] = {}
    for ghost in scene.ghosts():
        ghosts.setdefault(ghost.node, []).append(ghost.slot)
    used_slots = {name: 1 + max(cell.slot for cell in cells) for name, cells in pods.items() if name}
    for name, slots in ghosts.items():
        used_slots[name] = max(used_slots.get(name, 1), 1 + max(slots))
    plan = _Plan(used_slots, lanes)
    parts: list[str] = []
    y = _GAP
    waiting = pods.get(WAITING_ROOM, [])
    if waiting:
        y = _waiting_room(parts, waiting, y, words)
    for zone, lane in lanes:
        if zone is not None:
            parts.append(f'<text class="dim" x="{_GAP + 2}" y="{y + 12}" font-weight="600">')
            parts.append(f"{escape(words.zone(zone) if zone else '–')}</text>")
            y += 20
        for row in plan.rows(lane):
            width = plan.row_width(row)
            height = max(plan.box_height(box, width) for box in row)
            for column, box in enumerate(row):
                place = (_GAP + column * (width + _GAP), y, width, height)
                _frame(parts, box, place, scene.now, words)
                _pods(parts, pods.get(box.name, []), ghosts.get(box.name, []), box, place, plan, words)
            y += height + _GAP
    y = _legend(parts, {cell.state for cell in scene.cells.values()}, y, words)
    title = words.summary(len(boxes), len(scene.cells), sum(cell.state == "ready" for cell in scene.cells.values()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>{_DEFS}"
        f'<rect class="bg" width="{WIDTH}" height="{y}" rx="6"/>{"".join(parts)}</svg>'
    )


def as_html(scene: Scene, language: str = "") -> str:
    """An `<img>` that any notebook viewer shows."""
    data = base64.b64encode(render(scene, language).encode()).decode()
    return f'<img alt="{words_of(language).image}" src="data:image/svg+xml;base64,{data}">'


def _lanes(boxes: list[NodeBox]) -> list[tuple[str | None, list[NodeBox]]]:
    heads = [box for box in boxes if box.is_control_plane]
    workers = [box for box in boxes if not box.is_control_plane]
    lanes: list[tuple[str | None, list[NodeBox]]] = [(None, heads)] if heads else []
    zones = list(dict.fromkeys(box.zone for box in workers))
    if zones in ([], [""]):
        return [*lanes, (None, workers)] if workers else lanes
    return [*lanes, *((zone, [box for box in workers if box.zone == zone]) for zone in zones)]


def _tags(box: NodeBox) -> list[str]:
    """Taints in short; a cordon is drawn on the box."""
    return [taint.rpartition("/")[2] for taint in box.taints if not taint.startswith("node.kubernetes.io/unsched")]


def _frame(parts: list[str], box: NodeBox, place: tuple[int, int, int, int], now: int, words: Words) -> None:
    x, y, width, height = place
    dash = "" if box.is_ready else ' stroke-dasharray="6 4"'
    parts.append(f'<rect class="box" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"{dash}/>')
    if not box.is_ready:
        parts.append(f'<rect class="lost" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>')
    if box.is_cordoned:
        bars = "".join(f"M{x + at} {y + height}l6 -5h6l-6 5z" for at in range(4, width - 14, 18))
        parts.append(f'<path class="error" d="{bars}"/>')
    name = fit(box.name, width - 2 * _PAD)
    parts.append(f'<text class="ink" x="{x + _PAD}" y="{y + 18}" font-weight="600">{escape(name)}</text>')
    notes = [box.roles, node_state(box, words), *(f"⚠ {words.pressure.get(each, each)}" for each in box.pressure)]
    note = " · ".join(filter(None, notes))
    room = width - 2 * _PAD - 1.1 * pixels(name) - 4
    if room > 40 or pixels(note) <= room:
        note = escape(fit(note, room))
        parts.append(f'<text class="dim" x="{x + width - _PAD}" y="{y + 18}" text-anchor="end">{note}</text>')
    third = (width - 2 * _PAD - 16) // 3
    meters = ((words.cpu, *box.cpu), (words.memory, *box.memory), (words.pods, *box.pods, box.pods[0]))
    for index, (label, asked, total, used) in enumerate(meters):
        left = x + _PAD + index * (third + 8)
        share, filled = (min(1.0, amount / total) if total else 0.0 for amount in (asked, used))
        said = f"{asked}/{total}" if index == 2 else f"{share:.0%}"
        parts.append(f'<rect class="bar" x="{left}" y="{y + 25}" width="{third}" height="7" rx="3"/>')
        parts.append(f'<rect class="use" x="{left}" y="{y + 25}" width="{third * filled:.1f}" height="7" rx="3"/>')
        if index < 2 and asked:
            parts.append(_outline(left, y + 25, max(4.0, third * share)))
        if pixels(f"{label} {said}", 10) <= third + 7:
            parts.append(f'<text class="dim" x="{left}" y="{y + 42}" font-size="10">{label} {said}</text>')
    tags = " · ".join(_tags(box))
    if box.evicts_at:
        leaves = escape(words.leaves(clock(box.evicts_at - now)))
        parts.append(f'<text class="ink" x="{x + _PAD}" y="{y + _HEAD + 12}" font-weight="700">{leaves}</text>')
    elif tags:
        tags = escape(fit(tags, width - 2 * _PAD, 10))
        parts.append(f'<text class="dim" x="{x + _PAD}" y="{y + _HEAD + 12}" font-size="10">{tags}</text>')


def _outline(x: int, y: int, width: float) -> str:
    """What is requested, around what is used."""
    return f'<rect class="asked" x="{x + 0.75}" y="{y + 0.75}" width="{width - 1.5:.1f}" height="5.5" rx="2.5"/>'


def _pods(
    parts: list[str],
    cells: list[PodCell],
    ghosts: list[int],
    box: NodeBox,
    place: tuple[int, int, int, int],
    plan: _Plan,
    words: Words,
) -> None:
    x, y, width, _ = place
    left, top = x + _PAD, y + _HEAD + (_TAGS if _tags(box) and plan.size else 0)
    if not plan.size:
        cell_svg.shares(parts, cells, (left, top, width - 2 * _PAD, 8))
        return
    columns, pitch = plan.columns(width), plan.size + PITCH_GAP[plan.size]

    def at(slot: int) -> tuple[int, int]:
        return left + slot % columns * pitch, top + slot // columns * pitch

    if plan.size < cell_svg.SMALLEST or plan.is_crowd:
        cell_svg.dots(parts, [(cell, at(cell.slot)) for cell in cells], plan.size)
        return
    for slot in ghosts:
        across, down = at(slot)
        parts.append(f'<rect class="ghost" x="{across}" y="{down}" width="{plan.size}" height="{plan.size}" rx="4"/>')
    for cell in cells:
        cell_svg.cell(parts, cell, at(cell.slot), plan.size, words)


def _waiting_room(parts: list[str], waiting: list[PodCell], y: int, words: Words) -> int:
    parts.append(f'<text class="ink" x="{_GAP + 2}" y="{y + 12}" font-weight="600">{words.waiting}</text>')
    shown = waiting[:_WAITING_LIMIT]
    for index, cell in enumerate(shown):
        top = y + 20 + index * 22
        cell_svg.cell(parts, cell, (_GAP + 2, top), 16, words)
        text = f"{cell.name}: {cell.reason}" + (f", {cell.message}" if cell.message else "")
        text = escape(fit(text, WIDTH - 2 * _GAP - 26))
        parts.append(f'<text class="dim" x="{_GAP + 26}" y="{top + 12}">{text}</text>')
    rest = len(waiting) - len(shown)
    bottom = y + 20 + len(shown) * 22
    if rest:
        parts.append(f'<text class="dim" x="{_GAP + 26}" y="{bottom + 12}">{words.more(rest)}</text>')
        bottom += 20
    return bottom + _GAP // 2


def _legend(parts: list[str], used: set[State], y: int, words: Words) -> int:
    """States in use, and what the bars show; in several rows where one is not enough. Where the picture ends."""
    x, left = _GAP + 2, _GAP + 2
    marks = [(words.states[state], state, 14) for state in STATES if state in used]
    for word, state, wide in [*marks, (words.requested, None, 16), (words.used, None, 16)]:
        room = wide + 6 + round(pixels(word))
        if x > left and x + room > WIDTH - _GAP:
            x, y = left, y + 20
        if state is not None:
            cell_svg.shape(parts, state, (x, y + 2), wide)
        else:
            parts.append(f'<rect class="bar" x="{x}" y="{y + 5}" width="{wide}" height="7" rx="3"/>')
            fill = f'<rect class="use" x="{x}" y="{y + 5}" width="{wide}" height="7" rx="3"/>'
            parts.append(fill if word == words.used else _outline(x, y + 5, wide))
        parts.append(f'<text class="dim" x="{x + wide + 6}" y="{y + 13}">{word}</text>')
        x += room + 14
    return y + 26
