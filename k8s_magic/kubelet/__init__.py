"""What runs on each node: Pod workers, probes, node status and lease.

Owns the Pods' life on a node, told by the API and acting through `runtime`. May import `client` and below.
"""
