"""Pod networking: cluster DNS, kube-proxy's choices, requests between sandboxes and from outside.

Owns who is reached by a name, an address and a port, and how long it takes. Keeps its tables by informers, so that a
request costs the same whatever the number of Pods. Refuses to know kubelets and controllers: they meet in the API.
May import `client`, `runtime` and below.
"""

from k8s_magic.network.load_book import LoadError, Loads
from k8s_magic.network.load_spec import LoadSpec
from k8s_magic.network.network import Network
from k8s_magic.network.traffic import Hit

__all__ = ["Hit", "LoadError", "LoadSpec", "Loads", "Network"]
