"""ResourceQuota: what a namespace may use in all."""

from __future__ import annotations

from k8s_magic.apiserver.core import Core
from k8s_magic.machinery import names
from k8s_magic.machinery.kind import Kind
from k8s_magic.machinery.meta import Object

RESOURCE_QUOTAS = names.core("resourcequotas")


def check(core: Core, kind: Kind, obj: Object, old: Object | None) -> None:
    pass
