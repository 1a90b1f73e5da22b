"""`python -m k8s_magic serve`: a cluster of its own that answers on a port, until it is told to end."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from k8s_magic.cluster import Cluster
from k8s_magic.httpapi import kubeconfig


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m k8s_magic serve", description=__doc__)
    found.add_argument("--kubeconfig", required=True, metavar="FILE", help="where to write how to connect")
    found.add_argument("--port", type=int, default=0, help="the port to listen on (default: any free one)")
    found.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    found.add_argument("--nodes", type=int, default=3)
    found.add_argument("--cpu", default="4", help="of each node")
    found.add_argument("--memory", default="8Gi", help="of each node")
    found.add_argument("--pods", type=int, default=110, help="Pods a node can have")
    found.add_argument("--bare", action="store_true", help="hollow nodes and nothing of kube-system")
    found.add_argument("--seed", type=int, default=0)
    found.add_argument("--speed", type=float, default=1.0, help="simulated seconds a second (default 1)")
    return found


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        cluster = Cluster(
            nodes=options.nodes, seed=options.seed, bare=options.bare, cpu=options.cpu, memory=options.memory,
            pods=options.pods, live=True, speed=options.speed,
        )  # fmt: skip
        http = cluster.serve(host=options.host, port=options.port)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    kubeconfig.write(Path(options.kubeconfig), http.config)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ended.wait()
    cluster.close()
    return 0
