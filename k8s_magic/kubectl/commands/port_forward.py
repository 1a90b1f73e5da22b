"""`kubectl port-forward`: a local port that stands for a Pod's. It only says so and returns: `%curl` then goes
through the table of forwards.

Source: kubectl/pkg/cmd/portforward/portforward.go, kubectl/pkg/util/{service_port,pod_port}.go,
client-go/tools/portforward/portforward.go (parsePorts)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from k8s_magic.kubectl import pod_choice, shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Query, select
from k8s_magic.kubectl.resources.query import CLIENT_SCHEME
from k8s_magic.kubectl.streams import Forward, Streams
from k8s_magic.machinery import meta
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import Transport

# Our choice where a free port is asked for (`:80`): the first of Linux's ephemeral range.
FIRST_FREE = 32768


@dataclass(frozen=True, slots=True)
class Options:
    namespace: str
    pod: str
    ports: tuple[tuple[str, str], ...]  # (local, remote) as text
    addresses: tuple[str, ...]


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    if len(call.args) < 2:
        call.usage_error("TYPE/NAME and list of ports are required for port-forward")
    try:
        timeout = shared_flags.pod_running_timeout(call)
    except KubectlError as error:
        call.usage_error(str(error))
    query = Query(
        scheme=CLIENT_SCHEME,
        names=(call.args[0],),
        default_type="pods",
        namespace=call.namespace,
        continue_on_error=True,
        flatten=False,
    )
    obj = select(query, client, streams).object()
    pod = pod_choice.attachable(client, obj, timeout)
    ports = tuple(_split(port) for port in call.args[1:])
    if obj.get("kind") == "Service":
        _refuse_udp(obj["spec"].get("ports") or (), "port", ports, lambda name: _service_port(obj, name))
        ports = tuple(_through_service(local, remote, obj, pod) for local, remote in ports)
    else:
        declared = [port for container in pod["spec"]["containers"] for port in container.get("ports") or ()]
        _refuse_udp(declared, "containerPort", ports, lambda name: _container_port(pod, name))
        ports = tuple(_in_pod(local, remote, pod) for local, remote in ports)
    return Options(call.namespace, meta.name_of(pod), ports, call.texts("address"))


def _split(port: str) -> tuple[str, str]:
    parts = port.split(":")
    return (parts[0], parts[1]) if len(parts) == 2 else (parts[0], parts[0])


def _refuse_udp(
    declared: Iterable[Object], field: str, ports: Iterable[tuple[str, str]], by_name: Callable[[str], int]
) -> None:
    protocols: dict[int, set[str]] = {}
    for port in declared:
        protocols.setdefault(port[field], set()).add(port.get("protocol", "TCP"))
    for _, remote in ports:
        number = int(remote) if remote.isdigit() else by_name(remote)
        if protocols.get(number) == {"UDP"}:
            raise KubectlError(f"UDP protocol is not supported for {remote}")


def _service_port(service: Object, name: str) -> int:
    for port in service["spec"].get("ports") or ():
        if port.get("name") == name:
            number: int = port["port"]
            return number
    raise KubectlError(f"Service '{meta.name_of(service)}' does not have a named port '{name}'")


def _container_port(pod: Object, name: str) -> int:
    for field in ("containers", "initContainers"):
        for container in pod["spec"].get(field) or ():
            for port in container.get("ports") or ():
                if port.get("name") == name:
                    number: int = port["containerPort"]
                    return number
    raise KubectlError(f"Pod '{meta.name_of(pod)}' does not have a named port '{name}'")


def _through_service(local: str, remote: str, service: Object, pod: Object) -> tuple[str, str]:
    number = int(remote) if remote.isdigit() else _service_port(service, remote)
    if not remote.isdigit() and local == remote:
        local = str(number)
    for port in service["spec"].get("ports") or ():
        if port["port"] != number:
            continue
        target = port.get("targetPort") or number
        if service["spec"].get("clusterIP") == "None":
            target = number
        elif isinstance(target, str):
            target = int(target) if target.isdigit() else _container_port(pod, target)
        return local, str(target)
    raise KubectlError(f"Service {meta.name_of(service)} does not have a service port {number}")


def _in_pod(local: str, remote: str, pod: Object) -> tuple[str, str]:
    if not remote:
        raise KubectlError("remote port cannot be empty")
    if remote.isdigit():
        return local, remote
    number = str(_container_port(pod, remote))
    return (local, number) if local != remote else (number, number)


def run(options: Options, client: Transport, streams: Streams) -> int:
    pod = client.get(PODS, options.namespace, options.pod)
    phase = (pod.get("status") or {}).get("phase", "")
    if phase != "Running":
        raise KubectlError(f"unable to forward port because pod is not running. Current status={phase}")
    for local, remote in [(_number(local, "local"), _number(remote, "remote")) for local, remote in options.ports]:
        if remote == 0:
            raise KubectlError("remote port must be > 0")
        port = local or _free(streams)
        streams.forwards[port] = Forward(port, "pod", options.namespace, options.pod, remote)
        for address in options.addresses:
            for shown in ("127.0.0.1", "[::1]") if address == "localhost" else (address,):
                streams.out(f"Forwarding from {shown}:{port} -> {remote}\n")
    return 0


def _number(text: str, which: str) -> int:
    if not text:
        return 0
    if not text.isdigit():
        raise KubectlError(
            f"error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": invalid syntax"
        )
    if int(text) > 65535:
        raise KubectlError(
            f"error parsing {which} port '{text}': strconv.ParseUint: parsing \"{text}\": value out of range"
        )
    return int(text)


def _free(streams: Streams) -> int:
    port = FIRST_FREE
    while port in streams.forwards:
        port += 1
    return port


COMMAND: Command[Options] = Command(
    name="port-forward",
    short="Make local ports stand for a Pod's",
    usage="port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
    complete=complete,
    run=run,
    flags=(
        Flag("address", "slice", default=("localhost",), help="Addresses to listen on."),
        shared_flags.POD_RUNNING_TIMEOUT,
    ),
    arguments="pod",
    examples=("kubectl port-forward web 8080:80", "kubectl port-forward service/web 8080:80"),
)
