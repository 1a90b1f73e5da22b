"""The columns of ServiceCIDRs.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Column

COLUMNS = (printing.NAME, Column("CIDRs"), printing.AGE)
row = printing.named_age(lambda obj: ",".join((obj.get("spec") or {}).get("cidrs") or ()))
