"""`kubectl expose`: a Service for a Deployment, ReplicaSet, ReplicationController, Pod or Service.

Source: kubectl/pkg/cmd/expose/expose.go
"""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.resources import Info, Query, select
from k8s_magic.kubectl.resources.query import KUBECTL_SCHEME
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import exposing, last_applied, overrides, parsing, recording
from k8s_magic.machinery import meta
from k8s_magic.machinery.names import SERVICES
from k8s_magic.machinery.protocols import Transport, WriteOptions

MAX_NAME = 63  # DNS1035LabelMaxLength


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    query: Query
    dry_run: str
    printer: Printer
    cause: str


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    dry_run = shared_flags.dry_run(call, streams)
    return Options(
        call=call,
        query=Query(
            scheme=KUBECTL_SCHEME,
            arguments=tuple(call.args),
            filenames=call.texts("filename"),
            kustomize=call.text("kustomize"),
            recursive=call.flag("recursive"),
            namespace=call.namespace,
            enforce=call.namespace_given,
            continue_on_error=True,
        ),
        dry_run=dry_run,
        printer=PrintOptions.of(call).printer("exposed", streams, dry_run),
        cause=recording.change_cause(call),
    )


def run(options: Options, client: Transport, streams: Streams) -> int:
    result = select(options.query, client, streams)
    result.check()
    result.visit(lambda info: _expose(info, options, client, streams))
    return 0


def _expose(info: Info, options: Options, client: Transport, streams: Streams) -> None:
    call, obj = options.call, info.found
    gvk = info.resource.gvk
    if gvk.kind not in exposing.EXPOSABLE or gvk.group not in ("", "apps"):
        raise KubectlError(f"cannot expose a {gvk.kind}.{gvk.group}" if gvk.group else f"cannot expose a {gvk.kind}")
    if call.text("selector"):
        selector = parsing.labels(call.text("selector"))
    else:
        try:
            selector = exposing.selector_of(obj)
        except KubectlError as error:
            raise KubectlError(f"couldn't retrieve selectors via --selector flag or introspection: {error}") from None
        if not selector:
            raise KubectlError("selector must be specified")
    found = exposing.ports_of(obj)
    ports = call.text("port").split(",") if call.text("port") else list(found)
    if not ports and call.text("cluster-ip") != "None":
        raise KubectlError("couldn't find port via --port flag or introspection")
    labels = parsing.labels(call.text("labels")) if call.text("labels") else meta.labels_of(obj)
    service = exposing.service(
        call.text("name") or info.name[:MAX_NAME],
        selector,
        labels,
        ports,
        protocol=call.text("protocol"),
        protocols=found,
        target_port=call.text("target-port"),
        type=call.text("type"),
        externalIP=call.text("external-ip"),
        loadBalancerIP=call.text("load-balancer-ip"),
        sessionAffinity=call.text("session-affinity"),
        clusterIP=call.text("cluster-ip"),
    )
    service = recording.recorded(overrides.apply(call, service), options.cause)
    if options.dry_run == "client":
        if call.namespace_given:
            service = meta.with_metadata(service, namespace=call.namespace)
        options.printer.print(service, streams.out)
        return
    service = last_applied.create_or_update(call.flag("save-config"), service, typed=True)
    write = WriteOptions(dry_run=options.dry_run == "server", field_manager=call.text("field-manager"))
    options.printer.print(client.create(SERVICES, call.namespace, service, options=write), streams.out)


COMMAND = Command(
    "expose",
    "Make a Service for something that runs",
    (
        "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] "
        "[--name=name] [--external-ip=external-ip-of-service] [--type=type]"
    ),
    complete=complete,
    run=run,
    flags=(
        *PRINT_FLAGS,
        recording.RECORD,
        Flag("protocol", help="TCP, UDP or SCTP.", candidates="TCP,UDP,SCTP"),
        Flag("port", help="The Service's port; else the ports of what is exposed."),
        Flag("type", help="The Service's type.", candidates="ClusterIP,NodePort,LoadBalancer,ExternalName"),
        Flag("load-balancer-ip", help="The address of a LoadBalancer."),
        Flag("selector", help="Labels of the Pods, as key=value,…; else those of what is exposed."),
        Flag("labels", short="l", help="Labels of the Service."),
        Flag("target-port", help="The containers' port, by number or name."),
        Flag("external-ip", help="One more address for the Service."),
        Flag("name", help="The Service's name."),
        Flag("session-affinity", help="None or ClientIP.", candidates="None,ClientIP"),
        Flag("cluster-ip", help="The address, or None for a headless Service."),
        shared_flags.field_manager("kubectl-expose"),
        *overrides.flags("merge"),
        shared_flags.DRY_RUN,
        last_applied.SAVE_CONFIG,
        *shared_flags.FILENAME_FLAGS,
    ),
    arguments="kind/name",
)
