"""EndpointSlice: a part of the addresses behind a Service."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour(
    "EndpointSlice",
    "discovery.k8s.io",
    generation=("addressType", "endpoints", "ports", "metadata.labels"),
)
