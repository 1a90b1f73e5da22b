"""`kubectl config set`. Source: kubectl/pkg/cmd/config/{set,navigation_step_parser}.go."""

from __future__ import annotations

from k8s_magic.kubectl import kubeconfig
from k8s_magic.kubectl.command import Call, Command, no_options
from k8s_magic.kubectl.errors import HelpFirst, KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.wording import listed
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text.go_values import quoted


def steps(path: str) -> tuple[str, str, str]:
    """`contexts.web.namespace` -> (contexts, web, namespace). Raises: KubectlError."""
    if path == "current-context":
        return path, "", ""
    kind, _, rest = path.partition(".")
    if kind not in kubeconfig.BODIES or not rest:
        raise KubectlError(f"unable to parse {path} after [] at api.Config")
    name, dot, field = rest.rpartition(".")
    if dot and field in kubeconfig.FIELDS[kind]:
        return kind, name, field
    return kind, rest, ""


def run(call: Call, client: Transport, streams: Streams) -> int:
    if len(call.args) != 2:
        raise HelpFirst(f"Unexpected args: {listed(call.args)}")
    path, value = call.args
    if not value:
        raise KubectlError("you cannot use set to unset a property")
    if not path:
        raise KubectlError("you must specify a property")
    kind, name, field = steps(path)
    if kind == "current-context":
        streams.config["current-context"] = value
    elif not field:
        raise KubectlError(f"can't set a map to a value: {path}")
    else:
        is_switch = field in ("insecure-skip-tls-verify", "disable-compression")
        kubeconfig.put(streams.config, kind, name, {field: value == "true" if is_switch else value})
    streams.out(f"Property {quoted(path)} set.\n")
    return 0


COMMAND: Command[Call] = Command(
    name="set",
    short="Set one value",
    usage="set PROPERTY_NAME PROPERTY_VALUE",
    complete=no_options,
    run=run,
    flags=(Flag("set-raw-bytes", "bool", no_value="true", help="Take the value of a -data field as it is."),),
)
