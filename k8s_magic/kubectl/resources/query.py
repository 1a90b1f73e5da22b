"""What a command line names, and how the command wants it."""

from __future__ import annotations

from dataclasses import dataclass

from k8s_magic.sim.time import SimTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a command line names, and how the command wants it.

    `arguments` are `TYPE [NAME…]`, `TYPE/NAME…`; `types` and `names` say the same apart (`names` may be type/name,
    with `default_type` for those that are not). `empty_selector` lets a type alone mean all of it. `enforce` is
    whether -n was given (a file with another namespace is then an error). `latest` reads again what files name.
    `validate` checks files for apiVersion and kind before all else. `local` asks the server nothing. `timeout` ends
    a watch; `managed_fields` asks for metadata.managedFields too. `scheme` is given where only the kinds that kubectl
    knows by itself can be read: the place in its source that the refusal names.
    """

    arguments: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    default_type: str = ""
    filenames: tuple[str, ...] = ()
    recursive: bool = False
    kustomize: str = ""
    namespace: str = "default"
    all_namespaces: bool = False
    enforce: bool = False
    default_namespace: bool = True
    selector: str = ""
    field_selector: str = ""
    all: bool = False
    empty_selector: bool = False
    subresource: str = ""
    chunk: int = 500
    continue_on_error: bool = False
    latest: bool = False
    flatten: bool = True
    single_type: bool = False
    require_object: bool = True
    local: bool = False
    validate: bool = False
    table: bool = False
    include_object: str = "Metadata"
    timeout: SimTime | None = None
    managed_fields: bool = False
    scheme: str = ""


# Source: kubectl/pkg/scheme/scheme.go, client-go/kubernetes/scheme/register.go, as the real kubectl names them
KUBECTL_SCHEME = "pkg/scheme/scheme.go:28"
CLIENT_SCHEME = "k8s.io/client-go/kubernetes/scheme/register.go:82"
