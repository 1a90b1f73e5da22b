"""MutatingWebhookConfiguration: webhooks that change requests."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("MutatingWebhookConfiguration", "admissionregistration.k8s.io", generation=("webhooks",))
