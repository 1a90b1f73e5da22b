"""How the controller manager writes: under its own name, and which refusals it takes as an answer."""

from __future__ import annotations

from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import WriteOptions

# Source: the recordings' managedFields
MANAGER = "kube-controller-manager"
AS_MANAGER = WriteOptions(field_manager=MANAGER)


def namespace_is_going(error: ApiError) -> bool:
    """A create was refused since its namespace is being deleted: nobody waits for it any more."""
    causes = (error.status.get("details") or {}).get("causes") or ()
    return any(cause.get("reason") == "NamespaceTerminating" for cause in causes)


def adopting(owner: Object, uid: str) -> Object:
    """The strategic patch that makes `owner` the controller of the object with a uid."""
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
    return {"metadata": {"ownerReferences": [reference], "uid": uid}}


def releasing(owner: Object, uid: str) -> Object:
    """The strategic patch that takes `owner` from the owners of the object with a uid."""
    reference = {"$patch": "delete", "uid": owner["metadata"]["uid"]}
    return {"metadata": {"ownerReferences": [reference], "uid": uid}}
