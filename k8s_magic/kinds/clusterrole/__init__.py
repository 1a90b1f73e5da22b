"""ClusterRole."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ClusterRole", "rbac.authorization.k8s.io")
