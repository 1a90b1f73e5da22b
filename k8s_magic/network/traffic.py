"""What views of the traffic hear: one record a request, made only while somebody listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from k8s_magic.machinery.meta import ObjectKey
from k8s_magic.sim.time import SimTime


@dataclass(frozen=True, slots=True)
class Hit:
    """One request: who asked whom, through which Service, and how it ended.

    `source` is None for somebody outside. `pod` is None where no Pod was reached; `status` is then 0 and `failure` the
    kind of NetworkError.
    """

    time: SimTime
    source: ObjectKey | None
    url: str
    service: ObjectKey | None
    pod: ObjectKey | None
    status: int
    latency: SimTime
    failure: str = ""


Observer = Callable[[Hit], None]
