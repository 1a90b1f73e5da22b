"""What the buttons under the views do: the same as %cluster and %kubectl, through the same door.

An order is a message of the page: {"type": "order", "id": …, "do": …} with `do` one of

    pause, play                  the time
    step                         `seconds` of it at once
    speed                        `factor`
    rollout                      `verb` pause, resume, undo or restart on Deployment `name` of `namespace`
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from k8s_magic.sim.pace import Pace

VERBS = ("pause", "resume", "undo", "restart")
# A page cannot ask for more than an hour at once.
LONGEST_STEP = 3600.0


class Answer(Protocol):
    exit_code: int

    @property
    def stdout(self) -> str: ...

    @property
    def stderr(self) -> str: ...


class Actor(Protocol):
    """What orders need of a cluster."""

    pace: Pace

    def look(self) -> AbstractContextManager[None]: ...

    def run(self, seconds: float) -> None: ...

    def kubectl(self, command: str | Sequence[str]) -> Answer: ...


def obey(actor: Actor, order: dict[str, Any]) -> dict[str, Any]:
    """Carry an order out. Answers {"ok", "text"}: what the command printed. Never raises for what a page sent."""
    try:
        return _obey(actor, order)
    except Exception as error:  # whatever it is, frames must go on
        return {"ok": False, "text": f"this order cannot be carried out: {error}"}


def _obey(actor: Actor, order: dict[str, Any]) -> dict[str, Any]:
    do = order["do"]
    if do == "pause":
        with actor.look():
            actor.pace.pause()
    elif do == "play":
        with actor.look():
            actor.pace.play()
    elif do == "step":
        seconds = float(order["seconds"])
        if not 0 < seconds <= LONGEST_STEP:
            raise ValueError(f"{seconds:g} seconds")
        actor.run(seconds)
    elif do == "speed":
        with actor.look():
            actor.pace.set_speed(float(order["factor"]))
    elif do == "rollout":
        verb, name, namespace = order["verb"], str(order["name"]), str(order["namespace"])
        if verb not in VERBS or name.startswith("-") or "/" in name:
            raise ValueError(f"rollout {verb} {name}")
        answer = actor.kubectl(["rollout", verb, f"deployment/{name}", f"--namespace={namespace}"])
        return {"ok": answer.exit_code == 0, "text": (answer.stdout + answer.stderr).strip()}
    else:
        raise ValueError(str(do))
    return {"ok": True, "text": ""}
