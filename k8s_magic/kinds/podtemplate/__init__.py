"""PodTemplate: a template that stands alone."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("PodTemplate", template=("template",), generation=("template",))
