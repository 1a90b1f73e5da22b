"""`kubectl create token`. Source: kubectl/pkg/cmd/create/create_token.go"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.printers.formats import Printer
from k8s_magic.kubectl.printers.print_flags import PRINT_FLAGS, PrintOptions
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import typed
from k8s_magic.kubectl.writing.generated import name_of
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.names import SERVICE_ACCOUNTS
from k8s_magic.machinery.protocols import Transport

_KINDS = ("Node", "Pod", "Secret")


@dataclass(frozen=True, slots=True)
class Options:
    call: Call
    name: str
    printer: Printer


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    name = name_of(call)
    return Options(call, name, PrintOptions.of(call).printer("created", streams, typed=True))


def validate(options: Options) -> None:
    call = options.call
    duration = call.seconds("duration")
    kind = call.text("bound-object-kind")
    if duration < 0:
        raise KubectlError("--duration must be greater than or equal to 0")
    if duration % 1:
        raise KubectlError("--duration cannot be expressed in units less than seconds")
    if "" in call.texts("audience"):
        raise KubectlError("--audience must not be an empty string")
    if not kind:
        for part in ("name", "uid"):
            if call.text(f"bound-object-{part}"):
                raise KubectlError(f"--bound-object-{part} can only be set if --bound-object-kind is provided")
    elif kind not in _KINDS:
        raise KubectlError(f"supported --bound-object-kind values are {', '.join(_KINDS)}")
    elif not call.text("bound-object-name"):
        raise KubectlError("--bound-object-name is required if --bound-object-kind is provided")


def run(options: Options, client: Transport, streams: Streams) -> int:
    call = options.call
    spec: dict[str, Any] = {"audiences": list(call.texts("audience")) or None}
    if call.seconds("duration"):
        spec["expirationSeconds"] = int(call.seconds("duration"))
    if call.text("bound-object-kind"):
        spec["boundObjectRef"] = {
            "kind": call.text("bound-object-kind"),
            "apiVersion": "v1",
            "name": call.text("bound-object-name"),
            "uid": call.text("bound-object-uid"),
        }
    body = {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": {}, "spec": spec}
    try:
        answer = client.create(SERVICE_ACCOUNTS, call.namespace, body, name=options.name, subresource="token")
    except ApiError as error:
        raise KubectlError(f"failed to create token: {error.message}") from None
    token: str = (answer.get("status") or {}).get("token", "")
    if not token:
        raise KubectlError("failed to create token: no token in server response")
    if call.changed("output") and call.text("output"):
        options.printer.print(typed.in_order(answer), streams.out)
    else:
        streams.out(f"{token}\n")
    return 0


COMMAND = Command(
    "token",
    "Ask for a token of a service account",
    "token SERVICE_ACCOUNT_NAME",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *PRINT_FLAGS,
        Flag("audience", "array", help="For whom the token is meant; may be repeated."),
        Flag("duration", "duration", help="How long it should hold."),
        Flag("bound-object-kind", help=f"Kind of an object to bind the token to: {', '.join(_KINDS)}."),
        Flag("bound-object-name", help="Name of that object."),
        Flag("bound-object-uid", help="UID of that object."),
    ),
)
