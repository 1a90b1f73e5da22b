"""Creating and replacing what a file says. Source: cli-runtime/pkg/resource/helper.go"""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.resources import Info
from k8s_magic.machinery import meta
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Transport, WriteOptions


def create(client: Transport, info: Info, obj: Object, options: WriteOptions) -> Object:
    """A resourceVersion in the file is left out: the object is new."""
    if (obj.get("metadata") or {}).get("resourceVersion"):
        obj = meta.with_metadata(obj, resourceVersion=None)
    return client.create(info.resource.gvr, info.namespace, obj, options=options)


def replace(client: Transport, info: Info, obj: Object, options: WriteOptions, subresource: str = "") -> Object:
    """Without a resourceVersion in the file, whatever is there is replaced."""
    resource, namespace, name = info.resource.gvr, info.namespace, info.name
    if not (obj.get("metadata") or {}).get("resourceVersion"):
        try:
            current = client.get(resource, namespace, name, subresource=subresource)
        except ApiError:
            current = None
        if current is not None:
            obj = meta.with_metadata(obj, resourceVersion=current["metadata"]["resourceVersion"])
    return client.update(resource, namespace, name, obj, subresource=subresource, options=options)


def sorted_deep(value: Any) -> Any:
    """Keys sorted at every depth, as an untyped object is written."""
    if isinstance(value, dict):
        return {key: sorted_deep(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [sorted_deep(item) for item in value]
    return value


def described(info: Info) -> str:
    """Info.String()."""
    gvk = info.resource.gvk
    return (
        f'Resource: "{info.resource.resource_text}", '
        f'GroupVersionKind: "{gvk.group}/{gvk.version}, Kind={gvk.kind}"\n'
        f'Name: "{info.name}", Namespace: "{info.namespace}"'
    )
