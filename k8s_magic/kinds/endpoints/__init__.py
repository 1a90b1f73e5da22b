"""Endpoints: the addresses behind a Service, in the old form."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("Endpoints", warning="v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
