"""The columns of NetworkPolicies.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing
from k8s_magic.machinery import selectors
from k8s_magic.machinery.kind import Column

COLUMNS = (printing.NAME, Column("Pod-Selector"), printing.AGE)
row = printing.named_age(lambda obj: selectors.format_label_selector(obj["spec"].get("podSelector") or {}))
