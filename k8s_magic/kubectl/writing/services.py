"""`kubectl create service TYPE`. Source: kubectl/pkg/cmd/create/create_service.go"""

from __future__ import annotations

from typing import Any

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery import label_syntax
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import SERVICES
from k8s_magic.machinery.protocols import Transport

TCP = Flag("tcp", "slice", help="Ports as port:targetPort; may be repeated.")


def service_command(
    name: str, type: str, *, usage: str, short: str, flags: tuple[Flag, ...], required: tuple[str, ...] = ()
) -> Command[Any]:
    names = {flag.name for flag in flags}

    def text(call: Call, flag: str) -> str:
        return call.text(flag) if flag in names else ""

    def check(call: Call, client: Transport, streams: Streams) -> None:
        headless = text(call, "clusterip") == "None"
        if not headless and not call.texts("tcp") and type != "ExternalName":
            raise KubectlError("at least one tcp port specifier must be provided")
        external = text(call, "external-name")
        if type == "ExternalName" and label_syntax.subdomain_errors(external):
            raise KubectlError(f"invalid service external name {external}")

    def build(call: Call, client: Transport, streams: Streams) -> Object:
        ports: list[Object] = []
        for pair in call.texts("tcp"):
            port, target = parsing.port_pair(pair)
            entry: Object = {"name": pair.replace(":", "-"), "protocol": "TCP", "port": port, "targetPort": target}
            if "node-port" in names and call.number("node-port"):
                entry["nodePort"] = call.number("node-port")
            ports.append(entry)
        labels = {"app": call.args[0]}
        spec: Object = {"ports": ports} if ports else {}
        spec["selector"] = labels
        if text(call, "clusterip"):
            spec["clusterIP"] = text(call, "clusterip")
        spec["type"] = type
        if text(call, "external-name"):
            spec["externalName"] = text(call, "external-name")
        found = bare(call, "v1", "Service", labels=labels)
        return found | {"spec": spec, "status": {"loadBalancer": {}}}

    return generator(
        name,
        build,
        SERVICES,
        usage=usage,
        short=short,
        flags=(TCP, *flags),
        failure=f"{type} service:",
        check=check,
        required=required,
        save_config=False,  # kubectl reads --save-config here but does nothing with it
    )
