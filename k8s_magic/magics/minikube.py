"""The two minikube commands of the Kubernetes Basics tutorial that only ask for an address: `ip` and `service --url`.

Here every node answers on a NodePort; minikube has but its control plane. Source: minikube's command reference
"""

from __future__ import annotations

from argparse import ArgumentError, ArgumentParser

from k8s_magic.cluster import Cluster
from k8s_magic.machinery import meta
from k8s_magic.runtime.call import Call

HELP = "this cluster is simulated, in the notebook: only `minikube ip` and `minikube service NAME --url` answer here"
# Source: minikube/pkg/minikube/reason/exitcodes.go
USAGE, SERVICE_ERROR, SERVICE_NOT_FOUND = 64, 110, 115


def run(call: Call, cluster: Cluster) -> int:
    parser = ArgumentParser(add_help=False, exit_on_error=False)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--url", action="store_true")
    parser.add_argument("-n", "--namespace", default="default")
    try:
        given, unknown = parser.parse_known_args(call.argv[1:])
    except ArgumentError:
        given, unknown = parser.parse_args([]), call.argv[1:]
    match given.words, given.url, unknown:
        case ["ip"], False, []:
            call.out(f"{_address(cluster)}\n")
            return 0
        case ["service", name], True, []:
            return _service(call, cluster, name, given.namespace)
    call.err(f"minikube: {HELP}\n")
    return USAGE


def _address(cluster: Cluster) -> str:
    nodes = cluster.kubectl(["get", "nodes"]).objects
    own = [node for node in nodes if "node-role.kubernetes.io/control-plane" in meta.labels_of(node)]
    addresses = [each for node in (own or nodes) for each in node["status"]["addresses"]]
    return next((str(each["address"]) for each in addresses if each["type"] == "InternalIP"), "")


def _service(call: Call, cluster: Cluster, name: str, namespace: str) -> int:
    found = cluster.kubectl(["get", "service", name, "-n", namespace]).objects
    if not found:
        call.err(f"Exiting due to SVC_NOT_FOUND: Service '{name}' was not found in '{namespace}' namespace.\n")
        return SERVICE_NOT_FOUND
    ports = [port["nodePort"] for port in found[0]["spec"].get("ports") or () if port.get("nodePort")]
    if not ports:
        call.err(f"service {namespace}/{name} has no node port\n")
        return SERVICE_ERROR
    for port in ports:
        call.out(f"http://{_address(cluster)}:{port}\n")
    return 0
