"""The house: wires every part, keeps the door, its log, the pace and the faults.

The only package that knows all parts. May import everything but `magics`.
"""

from k8s_magic.cluster.cluster import Cluster
from k8s_magic.cluster.result import Result

__all__ = ["Cluster", "Result"]
