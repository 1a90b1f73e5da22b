"""The columns of CSINodes.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing

COLUMNS = (printing.NAME, printing.number("Drivers"), printing.AGE)
row = printing.named_age(lambda obj: len(obj["spec"].get("drivers") or ()))
