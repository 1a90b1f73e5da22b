"""SelfSubjectAccessReview."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("SelfSubjectAccessReview", "authorization.k8s.io")
