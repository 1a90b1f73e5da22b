"""`kubectl create ingress`. Source: kubectl/pkg/cmd/create/create_ingress.go"""

from __future__ import annotations

import re

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import parsing
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport

_RULE = re.compile(r"[\w*\-.]*/.*=[\w\-]+:[\w\-]+(,tls=?([\w\-]+)?)?", re.ASCII)


def check(call: Call, client: Transport, streams: Streams) -> None:
    backend = call.text("default-backend")
    if not backend and not call.texts("rule"):
        raise KubectlError(
            "not enough information provided: every ingress has to either specify a default-backend (which catches "
            "all traffic) or a list of rules (which catch specific paths)"
        )
    for rule in call.texts("rule"):
        if _RULE.match(rule) is None:
            raise KubectlError(
                f"rule {rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
            )
    for annotation in call.texts("annotation"):
        if "=" not in annotation:
            raise KubectlError(f"annotation {annotation} is invalid and should be in format key=[value]")
    if backend and backend.count(":") != 1:
        raise KubectlError("default-backend should be in format servicename:serviceport")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    spec: Object = {}
    if call.text("class"):
        spec["ingressClassName"] = call.text("class")
    if call.text("default-backend"):
        spec["defaultBackend"] = _backend(call.text("default-backend"))
    tls = _tls(call.texts("rule"))
    if tls:
        spec["tls"] = tls
    rules = _rules(call.texts("rule"))
    if rules:
        spec["rules"] = rules
    pairs = [annotation.partition("=") for annotation in call.texts("annotation")]
    annotations = {key: value for key, _, value in sorted(pairs)}
    found = bare(call, "networking.k8s.io/v1", "Ingress", annotations=annotations)
    return found | {"spec": spec, "status": {"loadBalancer": {}}}


def _tls(rules: tuple[str, ...]) -> list[Object]:
    found: list[Object] = []
    hosts: set[str] = set()
    for rule in rules:
        parts = rule.split(",")
        if len(parts) != 2:
            continue
        host = rule.partition("/")[0]
        secret = parts[1].partition("=")[2].partition("=")[0]
        if host in hosts:
            continue
        hosts.add(host)
        same = [entry for entry in found if entry.get("secretName", "") == secret]
        if same:
            same[0].setdefault("hosts", []).append(host)
            continue
        entry: Object = {"hosts": [host]} if host else {}
        if secret:
            entry["secretName"] = secret
        if entry:
            found.append(entry)
    return found


def _rules(rules: tuple[str, ...]) -> list[Object]:
    found: list[Object] = []
    for rule in rules:
        host, _, rest = rule.partition(",")[0].partition("/")
        path = _path(rest)
        same = [entry for entry in found if entry.get("host", "") == host]
        if same:
            same[0]["http"]["paths"].append(path)
            continue
        entry: Object = {"host": host} if host else {}
        entry["http"] = {"paths": [path]}
        found.append(entry)
    return found


def _path(text: str) -> Object:
    parts = text.split("=")
    path, kind = f"/{parts[0]}", "Exact"
    if path.endswith("*"):
        path, kind = path[:-1], "Prefix"
    return {"path": path, "pathType": kind, "backend": _backend(parts[1])}


def _backend(text: str) -> Object:
    parts = text.split(":")
    port = parsing.int_or_string(parts[1])
    return {"service": {"name": parts[0], "port": {"number" if isinstance(port, int) else "name": port}}}


COMMAND = generator(
    "ingress",
    build,
    GroupVersionResource("networking.k8s.io", "v1", "ingresses"),
    usage="ingress NAME --rule=host/path=service:port[,tls[=secret]] ",
    short="Make an Ingress",
    flags=(
        Flag("class", help="The Ingress class."),
        Flag("rule", "array", help="host/path=service:port[,tls[=secret]]; a path ending in * is a prefix."),
        Flag("default-backend", help="Where all else goes, as service:port."),
        Flag("annotation", "array", help="An annotation, as key=value."),
    ),
    failure="ingress:",
    check=check,
    aliases=("ing",),
)
