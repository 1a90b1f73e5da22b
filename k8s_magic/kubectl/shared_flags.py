"""Flags that many commands take, and what they say. Source: kubectl/pkg/cmd/util/helpers.go."""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.text.go_values import quoted

FILENAME = Flag("filename", "slice", short="f", help="Files, folders or web addresses that name the objects.")
KUSTOMIZE = Flag("kustomize", short="k", help="A kustomization folder (not part of this simulation).")
RECURSIVE = Flag("recursive", "bool", short="R", help="Go into the folders that -f names.")
FILENAME_FLAGS: tuple[Flag, ...] = (FILENAME, KUSTOMIZE, RECURSIVE)

SELECTOR = Flag(
    "selector",
    short="l",
    help="Only objects with these labels: '=', '==', '!=', 'in', 'notin', e.g. -l app=web,tier in (a,b).",
)
FIELD_SELECTOR = Flag("field-selector", help="Only objects whose fields say so: '=', '==', '!='.")
ALL_NAMESPACES = Flag("all-namespaces", "bool", short="A", help="In all namespaces.")
CHUNK_SIZE = Flag("chunk-size", "int", default=500, help="How many objects to ask for at a time; 0 is all at once.")
DRY_RUN = Flag(
    "dry-run",
    default="none",
    no_value="unchanged",
    help='"none", "client" (print what would be sent) or "server" (send it, keep nothing).',
    candidates="none,client,server",
)
VALIDATE = Flag(
    "validate",
    default="strict",
    no_value="strict",
    help="strict (or true), warn, ignore (or false): what unknown fields in a file do.",
    candidates="strict,warn,ignore",
)
SUBRESOURCE = Flag("subresource", help="Work on a subresource.", candidates="status,scale,resize")
CONTAINER = Flag("container", short="c", help="The container to use.", candidates="container")
POD_RUNNING_TIMEOUT = Flag(
    "pod-running-timeout", "duration", default=60.0, help="How long to wait for a Pod to run, e.g. 5s, 2m."
)

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


def field_manager(default: str) -> Flag:
    return Flag("field-manager", default=default, help="The name that the changed fields are put down to.")


def dry_run(call: Call, streams: Streams) -> str:
    """ "", `client` or `server`; deprecated forms are warned of. Raises: KubectlError.

    Our simplification: klog's header in front of the warning is left out, as it is a clock and a process id.
    """
    value = call.text("dry-run")
    if value == "unchanged":
        streams.err("--dry-run is deprecated and can be replaced with --dry-run=client.\n")
        return "client"
    if value in _TRUE or value in _FALSE:
        instead = "client" if value in _TRUE else "none"
        streams.err(f"--dry-run={value} is deprecated (boolean value) and can be replaced with --dry-run={instead}.\n")
        return "client" if value in _TRUE else ""
    if value in ("client", "server"):
        return value
    if value == "none":
        return ""
    raise KubectlError(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')


def field_validation(call: Call) -> str:
    """Strict, Warn or Ignore. Raises: KubectlError."""
    value = call.text("validate")
    if value in _TRUE or value == "strict":
        return "Strict"
    if value in _FALSE or value == "ignore":
        return "Ignore"
    if value == "warn":
        return "Warn"
    raise KubectlError(
        f"invalid - validate option {quoted(value)}; must be one of: strict (or true), warn, ignore (or false)"
    )


def pod_running_timeout(call: Call) -> float:
    timeout = call.seconds("pod-running-timeout")
    if timeout <= 0:
        raise KubectlError("--pod-running-timeout must be higher than zero")
    return timeout
