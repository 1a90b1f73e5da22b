"""The records a scene is made of: what a view knows of one Pod, one node, and what has changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from k8s_magic.sim.time import SimTime
from k8s_magic.widgets.pod_state import State

WAITING_ROOM = ""


@dataclass(frozen=True, slots=True)
class PodCell:
    """Shape: `node` is "" in the waiting room; `owner` is `Deployment/web`; `is_old` when a newer template exists.

    `parts` has a letter a container where there are several (pod_state.PARTS); `labels` is an index into the scene's
    label sets; `until` is when its grace is over or it will be evicted (0: neither); `pull` is when the download of
    its image began and when it will have arrived; `message` says more of a Pod that waits or fails.
    """

    uid: str
    namespace: str
    name: str
    node: str
    slot: int
    state: State
    reason: str
    owner: str
    revision: str
    is_old: bool
    restarts: int
    ready_containers: int
    containers: int
    since: SimTime
    parts: str = ""
    labels: int = 0
    until: SimTime = 0
    pull: tuple[SimTime, SimTime] | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class NodeBox:
    """Units: CPU millicores, memory bytes; each is (requested by its Pods, allocatable, used), `pods` their number.

    `taints` are all of the node's; `pressure` names the conditions that are true and should not be; `evicts_at` is
    when the first of its Pods will be evicted (0: none will).
    """

    name: str
    roles: str
    is_ready: bool
    is_cordoned: bool
    taints: tuple[str, ...]
    cpu: tuple[int, int, int]
    memory: tuple[int, int, int]
    pods: tuple[int, int]
    pressure: tuple[str, ...] = ()
    zone: str = ""
    evicts_at: SimTime = 0

    @property
    def is_control_plane(self) -> bool:
        return "control-plane" in self.roles


@dataclass(frozen=True, slots=True)
class Ghost:
    """The place of a Pod that is gone, shown until an instant."""

    until: SimTime
    node: str
    slot: int


Services = dict[str, dict[str, str]]
"""`namespace/name` -> selector."""


@dataclass(slots=True)
class Changes:
    """What changed since the last `take`, the last state of each; `gone` are uids; `services` is None or all."""

    nodes: dict[str, NodeBox] = field(default_factory=dict)
    gone_nodes: dict[str, None] = field(default_factory=dict)
    pods: dict[str, PodCell] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    services: Services | None = None

    def __bool__(self) -> bool:
        return bool(self.nodes or self.gone_nodes or self.pods or self.gone or self.labels or self.services is not None)
