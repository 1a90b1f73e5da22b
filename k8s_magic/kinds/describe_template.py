"""How descriptions tell of containers and of Pod templates.

Source: kubectl/pkg/describe/describe.go (describeContainers, DescribePodTemplate, DescribeProbe)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from k8s_magic.kinds import describe_volumes
from k8s_magic.kinds.describe import Writer, amount, annotation_lines, label_lines, moment, strings, yes
from k8s_magic.machinery import quantity, selectors
from k8s_magic.machinery.meta import Object
from k8s_magic.text import go_values

FieldReader = Callable[[str], str]


def template_lines(w: Writer, template: Object | None) -> None:
    """`Pod Template:` and what it holds."""
    w(0, "Pod Template:")
    if template is None:
        w.piece(1, "<unset>")
        return
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    label_lines(w, "  Labels", metadata.get("labels"))
    if metadata.get("annotations"):
        annotation_lines(w, metadata["annotations"], "  Annotations")
    if spec.get("serviceAccountName"):
        w(1, f"Service Account:\t{spec['serviceAccountName']}")
    if spec.get("initContainers"):
        container_lines(w, "Init Containers", spec["initContainers"], None, None, "  ")
    container_lines(w, "Containers", spec.get("containers") or (), None, None, "  ")
    describe_volumes.volume_lines(w, spec.get("volumes"), "  ")
    spread_lines(w, spec.get("topologySpreadConstraints"), "  ")
    if spec.get("priorityClassName"):
        w(1, f"Priority Class Name:\t{spec['priorityClassName']}")
    label_lines(w, "  Node-Selectors", spec.get("nodeSelector"))
    toleration_lines(w, "  Tolerations", spec.get("tolerations"))


def spread_lines(w: Writer, constraints: list[Object] | None, space: str = "") -> None:
    if not constraints:
        return
    lead = f"{space}Topology Spread Constraints:\t"
    for each in sorted(constraints, key=lambda constraint: str(constraint.get("topologyKey", ""))):
        text = f"{each.get('topologyKey', '')}:{each.get('whenUnsatisfiable', '')}"
        text += f" when max skew {each.get('maxSkew', 0)} is exceeded"
        if each.get("labelSelector") is not None:
            text += f" for selector {selectors.format_label_selector(each['labelSelector'])}"
        w(0, lead + text)
        lead = f"{space}\t"


def toleration_lines(w: Writer, title: str, tolerations: list[Object] | None) -> None:
    if not tolerations:
        w(0, f"{title}:\t<none>")
        return
    lead = f"{title}:\t"
    for each in sorted(tolerations, key=lambda toleration: str(toleration.get("key", ""))):
        text = each.get("key", "")
        if each.get("value"):
            text += f"={each['value']}"
        if each.get("effect"):
            text += f":{each['effect']}"
        if each.get("operator") == "Exists" and not each.get("value"):
            text += " op=Exists" if text else "op=Exists"
        if each.get("tolerationSeconds") is not None:
            text += f" for {each['tolerationSeconds']}s"
        w(0, lead + text)
        lead = "\t"


def container_lines(
    w: Writer,
    label: str,
    containers: Iterable[Object],
    statuses: list[Object] | None,
    read_field: FieldReader | None,
    space: str = "",
) -> None:
    """Containers, with their states where the statuses are given (a Pod) and not a template."""
    known = {status["name"]: status for status in statuses or ()}
    found = list(containers)
    w(0, f"{space}{label}:{'' if found else ' <none>'}")
    for container in found:
        status = known.get(container["name"])
        _basics(w, container, status, " " if space else "")
        for title, words in (("Command", container.get("command")), ("Args", container.get("args"))):
            if words:
                w(2, f"{title}:")
                for word in words:
                    for line in word.split("\n"):
                        w(3, line)
        if status is not None:
            _state_lines(w, status)
        resource_lines(w, container.get("resources"), 2)
        for title, key in (
            ("Liveness", "livenessProbe"),
            ("Readiness", "readinessProbe"),
            ("Startup", "startupProbe"),
        ):
            if container.get(key):
                w(2, f"{title}:\t{probe(container[key])}")
        _environment_sources(w, container)
        _environment(w, container, read_field)
        _mounts(w, container)


def _basics(w: Writer, container: Object, status: Object | None, indent: str) -> None:
    w(1, f"{indent}{container['name']}:")
    if status is not None:
        w(2, f"Container ID:\t{status.get('containerID', '')}")
    w(2, f"Image:\t{container.get('image', '')}")
    if status is not None:
        w(2, f"Image ID:\t{status.get('imageID', '')}")
    ports = container.get("ports") or ()
    for title, key in (("Port", "containerPort"), ("Host Port", "hostPort")):
        shown = ", ".join([_port(port, key) for port in ports])
        w(2, f"{title}s:\t{shown}" if "," in shown else f"{title}:\t{shown or '<none>'}")
    profile = (container.get("securityContext") or {}).get("seccompProfile")
    if profile:
        w(2, f"SeccompProfile:\t{profile['type']}")
        if profile["type"] == "Localhost":
            w(3, f"LocalhostProfile:\t{profile.get('localhostProfile', '')}")


def _port(port: Object, key: str) -> str:
    text = f"{port.get(key, 0)}/{port.get('protocol', 'TCP')}"
    return f"{text} ({port['name']})" if port.get("name") else text


def resource_lines(w: Writer, resources: Object | None, level: int) -> None:
    for title, key in (("Limits", "limits"), ("Requests", "requests")):
        amounts = (resources or {}).get(key)
        if amounts:
            w(level, f"{title}:")
            for name in sorted(amounts):
                w(level + 1, f"{name}:\t{amount(amounts[name])}")


def _state_lines(w: Writer, status: Object) -> None:
    _state(w, "State", status.get("state") or {})
    last = status.get("lastState") or {}
    if last.get("terminated") is not None:
        _state(w, "Last State", last)
    w(2, f"Ready:\t{bool(status.get('ready'))}")
    w(2, f"Restart Count:\t{status.get('restartCount', 0)}")


def _state(w: Writer, title: str, state: Object) -> None:
    if state.get("running") is not None:
        w(2, f"{title}:\tRunning")
        w(3, f"Started:\t{moment(state['running'].get('startedAt'))}")
        return
    ended = state.get("terminated")
    if ended is None or state.get("waiting") is not None:
        w(2, f"{title}:\tWaiting")
        reason = (state.get("waiting") or {}).get("reason")
        if reason:
            w(3, f"Reason:\t{reason}")
        return
    w(2, f"{title}:\tTerminated")
    if ended.get("reason"):
        w(3, f"Reason:\t{ended['reason']}")
    if ended.get("message"):
        w(3, f"Message:\t{ended['message']}")
    w(3, f"Exit Code:\t{ended.get('exitCode', 0)}")
    if ended.get("signal", 0) > 0:
        w(3, f"Signal:\t{ended['signal']}")
    w(3, f"Started:\t{moment(ended.get('startedAt'))}")
    w(3, f"Finished:\t{moment(ended.get('finishedAt'))}")


def probe(probe: Object) -> str:
    """`http-get http://:80/healthz delay=0s timeout=1s period=10s #success=1 #failure=3`."""
    attributes = (
        f"delay={probe.get('initialDelaySeconds', 0)}s timeout={probe.get('timeoutSeconds', 0)}s "
        f"period={probe.get('periodSeconds', 0)}s #success={probe.get('successThreshold', 0)} "
        f"#failure={probe.get('failureThreshold', 0)}"
    )
    if probe.get("exec") is not None:
        return f"exec {strings(probe['exec'].get('command'))} {attributes}"
    http = probe.get("httpGet")
    if http is not None:
        host, port = http.get("host", ""), str(http.get("port", ""))
        address = (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") if port else host
        path = http.get("path", "")
        if path and not path.startswith("/") and address:
            path = "/" + path
        scheme = http.get("scheme", "").lower()
        start = f"{scheme}:" if scheme else ""
        return f"http-get {start}//{address}{quote(path, safe='/$&+,:;=@~-._')} {attributes}"
    tcp = probe.get("tcpSocket")
    if tcp is not None:
        return f"tcp-socket {tcp.get('host', '')}:{tcp.get('port', '')} {attributes}"
    grpc = probe.get("grpc")
    if grpc is not None:
        return f"grpc <pod>:{grpc.get('port', 0)} {grpc.get('service') or ''} {attributes}"
    return f"unknown {attributes}"


def _environment_sources(w: Writer, container: Object) -> None:
    sources = container.get("envFrom")
    if not sources:
        return
    w(2, "Environment Variables from:")
    for each in sources:
        source: Object = each.get("configMapRef") or each.get("secretRef") or {}
        kind = "ConfigMap" if each.get("configMapRef") else "Secret" if each.get("secretRef") else ""
        if each.get("prefix"):
            kind += f" with prefix '{each['prefix']}'"
        w(3, f"{source.get('name', '')}\t{kind}\tOptional: {yes(source.get('optional'))}")


def _environment(w: Writer, container: Object, read_field: FieldReader | None) -> None:
    variables = container.get("env") or ()
    w(2, "Environment:" if variables else "Environment:\t<none>")
    for each in variables:
        name, source = each["name"], each.get("valueFrom")
        if source is None:
            first, *more = each.get("value", "").split("\n")
            w(3, f"{name}:\t{first}")
            for line in more:
                w(3, f"\t{line}")
        elif source.get("fieldRef"):
            reference = source["fieldRef"]
            path = reference.get("fieldPath", "")
            value = read_field(path) if read_field else ""
            w(3, f"{name}:\t{value} ({reference.get('apiVersion', 'v1')}:{path})")
        elif source.get("resourceFieldRef"):
            reference = source["resourceFieldRef"]
            w(3, f"{name}:\t{_resource_value(reference, container)} ({reference.get('resource', '')})")
        elif source.get("secretKeyRef"):
            key = source["secretKeyRef"]
            words = f"<set to the key '{key.get('key', '')}' in secret '{key.get('name', '')}'>"
            w(3, f"{name}:\t{words}\tOptional: {yes(key.get('optional'))}")
        elif source.get("configMapKeyRef"):
            key = source["configMapKeyRef"]
            words = f"<set to the key '{key.get('key', '')}' of config map '{key.get('name', '')}'>"
            w(3, f"{name}:\t{words}\tOptional: {yes(key.get('optional'))}")


def _resource_value(reference: Object, container: Object) -> str:
    """A container's own limit or request in units of the divisor, rounded up.

    Source: kubectl/pkg/util/resource/resource.go
    """
    sort, _, name = reference.get("resource", "").partition(".")
    is_known = name in ("cpu", "memory", "ephemeral-storage") or name.startswith("hugepages-")
    if sort not in ("limits", "requests") or not is_known:
        return ""
    divisor = quantity.parse(reference.get("divisor") or "0")
    if divisor.is_zero:
        divisor = quantity.parse("1")
    value = quantity.parse(((container.get("resources") or {}).get(sort) or {}).get(name, "0"))
    if name == "cpu":
        number = -(-value.milli // divisor.milli)
    else:
        number = -(-value.value // divisor.value)
    if not number and sort == "limits" and name in ("cpu", "memory"):
        return "node allocatable"
    return str(number)


def _mounts(w: Writer, container: Object) -> None:
    mounts: list[Any] = sorted(container.get("volumeMounts") or (), key=lambda mount: mount["mountPath"])
    w(2, "Mounts:" if mounts else "Mounts:\t<none>")
    for mount in mounts:
        flags = "ro" if mount.get("readOnly") else "rw"
        if mount.get("subPath"):
            flags += f",path={go_values.quoted(mount['subPath'])}"
        w(3, f"{mount['mountPath']} from {mount['name']} ({flags})")
    devices: list[Any] = sorted(container.get("volumeDevices") or (), key=lambda device: device["devicePath"])
    if devices:
        w(2, "Devices:" if mounts else "Devices:\t<none>")
        for device in devices:
            w(3, f"{device['devicePath']} from {device['name']}")
