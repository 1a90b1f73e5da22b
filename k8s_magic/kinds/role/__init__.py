"""Role."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("Role", "rbac.authorization.k8s.io")
