"""What a cluster is made of; with the seed and the log, all that a replay needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from k8s_magic.machinery import quantity
from k8s_magic.sim.time import DEFAULT_EPOCH

# Kubernetes' own tested limits. Source: kubernetes.io/docs/setup/best-practices/cluster-large
MAX_NODES = 5000
MAX_PODS = 500


@dataclass(frozen=True, slots=True)
class Options:
    """`nodes` are the workers; unless `bare`, a control-plane node comes on top, with kube-system's Pods.

    `epoch` is the instant that simulated time 0 stands for, as RFC 3339 text; "" is the same for all clusters.

    Units: `cpu` and `memory` are quantities of each node, `pods` a count. Raises: ValueError.
    """

    nodes: int = 3
    seed: int = 0
    bare: bool = False
    cpu: str = "4"
    memory: str = "8Gi"
    pods: int = 110
    epoch: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.nodes <= MAX_NODES:
            raise ValueError(f"nodes must be 0 to {MAX_NODES}, not {self.nodes}")
        if not 1 <= self.pods <= MAX_PODS:
            raise ValueError(f"pods must be 1 to {MAX_PODS}, not {self.pods}")
        for name, text in (("cpu", self.cpu), ("memory", self.memory)):
            try:
                value = quantity.parse(text)
            except quantity.QuantityError as error:
                raise ValueError(f"{name}: {error}") from None
            if value.milli <= 0:
                raise ValueError(f"{name} must be above 0, not {text}")

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.epoch).astimezone(UTC) if self.epoch else DEFAULT_EPOCH

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
