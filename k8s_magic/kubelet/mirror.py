"""Static Pods: run without the API's asking, shown there by mirror Pods.

Source: pkg/kubelet/config/common.go (applyDefaults), pkg/kubelet/pod/mirror_client.go (1.36)
"""

from __future__ import annotations

import hashlib
import json

from k8s_magic.kubelet.node_config import NodeConfig
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object

HASH = "kubernetes.io/config.hash"
MIRROR = "kubernetes.io/config.mirror"
SEEN = "kubernetes.io/config.seen"
SOURCE = "kubernetes.io/config.source"


def mirror_pod(config: NodeConfig, manifest: Object, now: str) -> Object:
    """The mirror of one static Pod: named after its node, bound to it, tolerating whatever happens to it.

    Our simplification: the hash is not the kubelet's (fnv over its memory), only as long and as constant.
    """
    metadata, spec = manifest["metadata"], manifest["spec"]
    digest = hashlib.sha256(f"{config.name}/{json.dumps(manifest, sort_keys=True)}".encode()).hexdigest()[:32]
    tolerations = [*(spec.get("tolerations") or ()), {"operator": "Exists", "effect": "NoExecute"}]
    annotations = {**meta.annotations_of(manifest), HASH: digest, MIRROR: digest, SEEN: now, SOURCE: "file"}
    return {
        **manifest,
        "metadata": {
            **metadata,
            "name": f"{metadata['name']}-{config.name}",
            "namespace": metadata.get("namespace") or "default",
            "annotations": annotations,
        },
        "spec": {**spec, "nodeName": config.name, "tolerations": tolerations},
    }


def owned_by(pod: Object, node: Object | None) -> Object:
    """With the Node as its controller."""
    if node is None:
        return pod
    reference = {
        "apiVersion": "v1",
        "kind": "Node",
        "name": meta.name_of(node),
        "uid": meta.uid_of(node),
        "controller": True,
    }
    return meta.with_metadata(pod, ownerReferences=[reference])
