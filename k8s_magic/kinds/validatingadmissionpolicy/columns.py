"""The columns of ValidatingAdmissionPolicies.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing
from k8s_magic.machinery.kind import Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, printing.number("Validations"), Column("ParamKind"), printing.AGE)


def _param_kind(obj: Object) -> str:
    kind = obj["spec"].get("paramKind")
    return f"{kind.get('apiVersion', '')}/{kind.get('kind', '')}" if kind else "<unset>"


row = printing.named_age(lambda obj: len(obj["spec"].get("validations") or ()), _param_kind)
