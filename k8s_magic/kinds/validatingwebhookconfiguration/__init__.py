"""ValidatingWebhookConfiguration: webhooks that judge requests."""

from __future__ import annotations

from k8s_magic.kinds.record import Behaviour

KIND = Behaviour("ValidatingWebhookConfiguration", "admissionregistration.k8s.io", generation=("webhooks",))
