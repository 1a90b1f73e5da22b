"""The columns of ResourceClaimTemplates.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing

COLUMNS = (printing.NAME, printing.AGE)
row = printing.named_age()
