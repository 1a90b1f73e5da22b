"""The node and Pod grid for a terminal: one line a node, a letter a Pod, a legend of the letters in use."""

from __future__ import annotations

from itertools import groupby

from k8s_magic.sim.time import SECOND, SimTime
from k8s_magic.widgets.measure import columns, pad
from k8s_magic.widgets.pod_state import STATES, State
from k8s_magic.widgets.records import WAITING_ROOM, NodeBox, PodCell
from k8s_magic.widgets.scene import Scene
from k8s_magic.widgets.words import ENGLISH, Words, words_of

LETTERS: dict[State, str] = {
    "pending": "P",
    "creating": "C",
    "running": "r",
    "ready": "R",
    "error": "!",
    "terminating": "x",
    "succeeded": "S",
    "unknown": "?",
}
# More Pods than this on a node are counted by state.
_LETTERS_LIMIT = 60
_WAITING_LIMIT = 6


def node_state(box: NodeBox, words: Words = ENGLISH) -> str:
    state = words.ready if box.is_ready else words.not_ready
    return f"{state},{words.cordoned}" if box.is_cordoned else state


def clock(span: SimTime) -> str:
    """`4:59`."""
    seconds = max(0, -(-span // SECOND))
    return f"{seconds // 60}:{seconds % 60:02}"


def in_place(boxes: dict[str, NodeBox]) -> list[NodeBox]:
    """Control plane first, then by zone, then by name with numbers in order."""
    return sorted(boxes.values(), key=lambda box: (not box.is_control_plane, box.zone, _natural(box.name)))


def _natural(name: str) -> list[tuple[int, int, str]]:
    runs = ("".join(run) for _, run in groupby(name, str.isdigit))
    return [(0, int(run), "") if run.isdigit() else (1, 0, run) for run in runs]


def by_node(scene: Scene) -> dict[str, list[PodCell]]:
    """Cells by node ("" is the waiting room), each list in order of slots."""
    found: dict[str, list[PodCell]] = {}
    for cell in scene.cells.values():
        found.setdefault(cell.node, []).append(cell)
    for cells in found.values():
        cells.sort(key=lambda cell: cell.slot)
    return found


def render(scene: Scene, language: str = "") -> str:
    """The whole picture as text, ending in a newline."""
    words, pods = words_of(language), by_node(scene)
    boxes = in_place(scene.boxes)
    width = max([columns(words.waiting), *(len(box.name) for box in boxes)])
    states = max([columns(words.ready), *(columns(node_state(box, words)) for box in boxes)])
    lines = []
    for box in boxes:
        line = f"{pad(box.name, width)}  {pad(node_state(box, words), states)}  "
        line += f"{words.pods_of(*box.pods):>12}  {_letters(pods.get(box.name, []))}"
        lines.append(f"{line}{_notes(box, scene.now, words)}".rstrip())
    waiting = pods.get(WAITING_ROOM, [])
    if waiting:
        shown = [f"{cell.name} ({cell.reason})" for cell in waiting[:_WAITING_LIMIT]]
        shown += [words.more(len(waiting) - _WAITING_LIMIT)] if len(waiting) > _WAITING_LIMIT else []
        lines.append(f"{pad(words.waiting, width)}  {', '.join(shown)}")
    used = {cell.state for cell in scene.cells.values()}
    legend = "  ".join(f"{LETTERS[state]} {words.states[state]}" for state in STATES if state in used)
    if legend:
        lines.append(legend)
    return "\n".join(lines) + "\n"


def _letters(cells: list[PodCell]) -> str:
    if len(cells) <= _LETTERS_LIMIT:
        return "".join(LETTERS[cell.state] for cell in cells)
    counts = {state: sum(cell.state == state for cell in cells) for state in STATES}
    return " ".join(f"{LETTERS[state]}×{count}" for state, count in counts.items() if count)


def _notes(box: NodeBox, now: SimTime, words: Words) -> str:
    notes = [words.pressure.get(each, each) for each in box.pressure]
    if box.evicts_at:
        notes.append(words.leaves(clock(box.evicts_at - now)))
    return f"  [{', '.join(notes)}]" if notes else ""
