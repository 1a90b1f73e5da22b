"""LocalSubjectAccessReview."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("LocalSubjectAccessReview", "authorization.k8s.io")
