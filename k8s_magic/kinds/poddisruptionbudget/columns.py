"""The columns of PodDisruptionBudgets.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Column

COLUMNS = (
    printing.NAME,
    Column("Min Available"),
    Column("Max Unavailable"),
    printing.number("Allowed Disruptions"),
    printing.AGE,
)
row = printing.named_age(
    lambda obj: str(obj["spec"].get("minAvailable", "N/A")),
    lambda obj: str(obj["spec"].get("maxUnavailable", "N/A")),
    lambda obj: (obj.get("status") or {}).get("disruptionsAllowed", 0),
)
