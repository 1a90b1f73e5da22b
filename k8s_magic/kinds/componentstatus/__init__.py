"""ComponentStatus: the health of a control plane part, deprecated."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ComponentStatus", warning="v1 ComponentStatus is deprecated in v1.19+")
