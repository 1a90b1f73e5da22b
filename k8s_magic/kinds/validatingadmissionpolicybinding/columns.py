"""The columns of ValidatingAdmissionPolicyBindings.

Source: pkg/printers/internalversion/printers.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds import printing
from k8s_magic.machinery import selectors
from k8s_magic.machinery.kind import Column
from k8s_magic.machinery.meta import Object

COLUMNS = (printing.NAME, Column("PolicyName"), Column("ParamRef"), printing.AGE)


def _parameter(obj: Object) -> str:
    reference = obj["spec"].get("paramRef") or {}
    if reference.get("name"):
        return f"{reference.get('namespace') or '*'}/{reference['name']}"
    if reference.get("selector") is not None:
        return selectors.format_label_selector(reference["selector"])
    return "<unset>"


row = printing.named_age(lambda obj: obj["spec"].get("policyName", ""), _parameter)
