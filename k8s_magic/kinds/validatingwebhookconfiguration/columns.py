"""The columns of ValidatingWebhookConfigurations.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing

COLUMNS = (printing.NAME, printing.number("Webhooks"), printing.AGE)
row = printing.named_age(lambda obj: len(obj.get("webhooks") or ()))
