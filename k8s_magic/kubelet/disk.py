"""A node's own disk, as hostPath volumes show it: who it is, its static Pods' manifests, what Pods wrote there."""

from __future__ import annotations

from k8s_magic.kubelet.node_config import OS_IMAGE, NodeConfig
from k8s_magic.machinery import meta
from k8s_magic.text import yaml_out

# A path relative to the root -> its text; a path that ends in "/" is a directory.
FOLDERS = ("boot", "dev", "etc", "home", "opt", "proc", "root", "run", "srv", "sys", "tmp", "usr", "var/lib", "var/log")
MANIFESTS = "etc/kubernetes/manifests"  # kubeadm's folder


def files(config: NodeConfig) -> dict[str, str]:
    found = {f"{folder}/": "" for folder in FOLDERS}
    found["etc/hostname"] = f"{config.name}\n"
    found["etc/os-release"] = f'PRETTY_NAME="{OS_IMAGE}"\nNAME="{OS_IMAGE}"\n'
    for pod in config.static_pods:
        found[f"{MANIFESTS}/{meta.name_of(pod)}.yaml"] = yaml_out.dump({"apiVersion": "v1", "kind": "Pod", **pod})
    return found
