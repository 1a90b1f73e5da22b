"""How `kubectl describe csr` would tell of a request: it reads the X.509 inside, which is not modelled.

Source: kubectl/pkg/describe/describe.go (v1.36)
"""

from __future__ import annotations

from k8s_magic.kinds.describe import DescribeContext
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.meta import Object


def describe(obj: Object, context: DescribeContext) -> str:
    name = obj["metadata"]["name"]
    raise Unsupported(f"the simulation does not read X.509, so it cannot describe certificate signing request {name}")
