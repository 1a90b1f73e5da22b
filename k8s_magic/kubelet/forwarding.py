"""A forwarded connection's way into a Pod, and what the container runtime says where it ends.

Source: containerd internal/cri/server/sandbox_portforward_linux.go, cri-streaming/pkg/streaming/portforward (1.36)
"""

from __future__ import annotations

import hashlib

from k8s_magic.machinery import errors, meta
from k8s_magic.machinery.meta import Object
from k8s_magic.runtime.contract import Forwarded, Net, NetworkError, Sandbox


def reach(net: Net | None, pod: Object, sandbox: Sandbox | None, port: int) -> Forwarded:
    """Raises: InternalError with what kubectl shows."""
    digest = hashlib.sha256(f"sandbox/{meta.uid_of(pod)}".encode()).hexdigest()
    start = f"error forwarding port {port} to pod {digest}, uid : "
    if net is None or sandbox is None:
        raise errors.failure(500, "InternalError", f'{start}failed to find sandbox "{digest}" in store: not found')
    try:
        return net.forward(sandbox, port)
    except NetworkError:
        dials = " ".join(
            f"{family} dial {protocol} {address}:{port}: connect: connection refused"
            for family, protocol, address in (("IPv4:", "tcp4", "127.0.0.1"), ("IPv6", "tcp6", "[::1]"))
        )
        name = "-".join(digest[at:end] for at, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
        space = f"/var/run/netns/cni-{name}"
        message = (
            f'{start}failed to execute portforward in network namespace "{space}": '
            f'failed to connect to localhost:{port} inside namespace "{digest}", {dials} '
        )
        raise errors.failure(500, "InternalError", message) from None
