"""The node and Pod grid for a terminal: one line a node, a letter a Pod, a legend of the letters in use."""

from __future__ import annotations

from k8s_magic.widgets.pod_state import STATES, State
from k8s_magic.widgets.records import WAITING_ROOM, NodeBox, PodCell
from k8s_magic.widgets.scene import Scene

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
WORDS: dict[State, str] = {
    "pending": "Pending",
    "creating": "ContainerCreating",
    "running": "Running, not ready",
    "ready": "Ready",
    "error": "Error",
    "terminating": "Terminating",
    "succeeded": "Succeeded",
    "unknown": "Unknown",
}


def node_state(box: NodeBox) -> str:
    state = "Ready" if box.is_ready else "NotReady"
    return f"{state},SchedulingDisabled" if box.is_cordoned else state


def render(scene: Scene) -> str:
    """The whole picture as text, ending in a newline."""
    pods: dict[str, list[PodCell]] = {}
    for cell in scene.cells.values():
        pods.setdefault(cell.node, []).append(cell)
    width = max([len("waiting"), *(len(name) for name in scene.boxes)])
    states = max([len("Ready"), *(len(node_state(box)) for box in scene.boxes.values())])
    lines = []
    for name, box in sorted(scene.boxes.items(), key=lambda item: (not item[1].roles, item[0])):
        letters = "".join(LETTERS[cell.state] for cell in sorted(pods.get(name, ()), key=lambda c: c.slot))
        lines.append(
            f"{name:{width}}  {node_state(box):{states}}  {box.pods[0]:>3}/{box.pods[1]} Pods  {letters}".rstrip()
        )
    waiting = sorted(pods.get(WAITING_ROOM, ()), key=lambda cell: cell.slot)
    if waiting:
        lines.append(f"{'waiting':{width}}  " + ", ".join(f"{cell.name} ({cell.reason})" for cell in waiting))
    used = {cell.state for cell in scene.cells.values()}
    legend = "  ".join(f"{LETTERS[state]} {WORDS[state]}" for state in STATES if state in used)
    if legend:
        lines.append(legend)
    return "\n".join(lines) + "\n"
