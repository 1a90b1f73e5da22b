"""FlowSchema: which requests share a priority level."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("FlowSchema", "flowcontrol.apiserver.k8s.io", generation=("spec",))
