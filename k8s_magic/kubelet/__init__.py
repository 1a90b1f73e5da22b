"""What runs on each node: Pod workers, probes, node status and lease.

Owns the Pods' life on a node, told by the API and acting through `runtime`. May import `client` and below.
"""

from k8s_magic.kubelet.kubelets import Kubelets
from k8s_magic.kubelet.node_config import NodeConfig

__all__ = ["Kubelets", "NodeConfig"]
