"""What may stand at the end of a command line: verbs, kinds, names, flags and their values.

Source: kubectl/pkg/util/completion/completion.go
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from k8s_magic.kubectl import kubeconfig, tree
from k8s_magic.kubectl.errors import Failure
from k8s_magic.kubectl.flags import Flag, FlagError, HelpWanted, Values, parse
from k8s_magic.kubectl.mapper import Mapper, ResourceMapping, mapping_of
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery.names import NAMESPACES, PODS
from k8s_magic.machinery.protocols import Transport

# Kinds whose Pods logs, exec, attach and port-forward find by themselves. Source: completion.go
_WORKLOADS = ("daemonsets", "deployments", "jobs", "replicasets", "replicationcontrollers", "services", "statefulsets")


def complete(argv: Sequence[str], transport: Transport, streams: Streams) -> list[str]:
    """Candidates for the last word of a command line without its `kubectl` ("" where a word is to begin).

    A candidate replaces the whole word. Whatever fails gives no candidates.
    """
    words, last = list(argv[:-1]), argv[-1] if argv else ""
    try:
        found = _Completion(words, last, transport, streams).candidates()
    except Failure:
        return []
    return [word for word in dict.fromkeys(found) if word.startswith(last) and word != last]


class _Completion:
    def __init__(self, words: list[str], last: str, client: Transport, streams: Streams) -> None:
        self._last = last
        self._client = client
        self._streams = streams
        self._found = tree.find([*words, "x"] if words and words[-1] == "help" else words)
        self._waiting = self._flag_waiting(words[-1]) if words else None
        rest = self._found.words[:-1] if self._waiting is not None else self._found.words
        self._values = self._read(rest)
        self._mapper = Mapper(client)

    def _flag_waiting(self, word: str) -> Flag | None:
        """The flag whose value is the next word."""
        for flag in self._found.flags:
            named = word == f"--{flag.name}" or (
                flag.short and word[:1] == "-" and word[:2] != "--" and word[-1:] == flag.short
            )
            if named and flag.value_optional is None:
                return flag
        return None

    def _read(self, words: Iterable[str]) -> Values:
        given = list(words)
        try:
            return parse(self._found.flags, given)
        except (FlagError, HelpWanted):
            values = parse(self._found.flags, [])
            values.arguments += tree.without_flags(given, self._found.flags)
            return values

    def candidates(self) -> list[str]:
        if self._values.dash >= 0:
            return []
        if self._waiting is not None:
            return self._of_flag(self._waiting)
        if self._last.startswith("-"):
            return self._flags()
        if self._found.is_group and not self._values.arguments:
            names = [command.name for command, _ in tree.below(self._found.module) if not command.hidden]
            return [*names, "help"] if self._found.command is None else names
        return self._arguments()

    def _flags(self) -> list[str]:
        name, equals, _ = self._last.partition("=")
        for flag in self._found.flags:
            if equals and name == f"--{flag.name}":
                return [f"{name}={value}" for value in self._of_flag(flag)]
            joined = flag.short and self._last[1:2] == flag.short and self._last[1] != "-"
            if joined and len(self._last) > 1 and flag.value_optional is None:
                return [f"-{flag.short}{value}" for value in self._of_flag(flag)]
        shown = sorted(flag.name for flag in self._found.flags if not (flag.hidden or flag.deprecated))
        return [f"--{name}" for name in shown] + ["--help"]

    def _of_flag(self, flag: Flag) -> list[str]:
        match flag.candidates:
            case "":
                return []
            case "output":
                return self._formats()
            case "namespace":
                return self._names(NAMESPACES, "")
            case "context":
                return sorted(kubeconfig.entries(self._streams.config, "contexts"))
            case "container":
                return self._containers()
            case "kind/name":
                return self._kinds_and_names([])
        return flag.candidates.split(",")

    def _formats(self) -> list[str]:
        if self._found.command is not None and self._found.command.name == "get":
            from k8s_magic.kubectl.get_output import FORMATS

            return sorted(FORMATS)
        from k8s_magic.kubectl.printers.print_flags import WRITE_FORMATS

        return sorted(WRITE_FORMATS)

    def _arguments(self) -> list[str]:
        given = self._values.arguments
        match self._found.command.arguments if self._found.command is not None else "":
            case "kind/name":
                return self._kinds_and_names(given)
            case "kind":
                return [] if given else [mapping.gvr.resource for mapping in self._kinds()]
            case "pod":
                return self._pods(given)
            case "node":
                return self._of_kind("nodes", given)
            case "context":
                return [] if given else sorted(kubeconfig.entries(self._streams.config, "contexts"))
        return []

    def _kinds(self) -> list[ResourceMapping]:
        found = [mapping_of(entry) for entry in self._mapper.resources]
        return [mapping for mapping in found if "list" in mapping.verbs]

    def _kinds_and_names(self, given: list[str]) -> list[str]:
        if "/" in self._last:
            kind = self._last.partition("/")[0]
            return [f"{kind}/{name}" for name in self._of_kind(kind, [])]
        if given and "/" not in given[0]:
            return self._of_kind(given[0], given[1:])
        before, comma, _ = self._last.rpartition(",")
        return sorted({before + comma + mapping.gvr.resource for mapping in self._kinds()})

    def _pods(self, given: list[str]) -> list[str]:
        if given:
            return self._containers() if self._found.command is not None and self._found.command.name == "logs" else []
        if "/" in self._last:
            kind = self._last.partition("/")[0]
            return [f"{kind}/{name}" for name in self._of_kind(kind, [])]
        names = self._names(PODS, self._namespace)
        served = {mapping.gvr.resource for mapping in self._kinds()}
        return names + ([f"{kind}/" for kind in _WORKLOADS if kind in served] if self._last else [])

    def _of_kind(self, kind: str, given: Sequence[str]) -> list[str]:
        mapping = self._mapper.find(kind.partition(",")[0])
        if mapping is None:
            return []
        names = self._names(mapping.gvr, self._namespace if mapping.namespaced else "")
        return [name for name in names if name not in given]

    def _names(self, resource: Any, namespace: str) -> list[str]:
        items = self._client.list(resource, namespace)["items"]
        return sorted(item["metadata"]["name"] for item in items)

    @property
    def _namespace(self) -> str:
        if "all-namespaces" in self._values.flags and self._values["all-namespaces"]:
            return ""
        if self._values["namespace"]:
            return str(self._values["namespace"])
        config = self._streams.config
        contexts = kubeconfig.entries(config, "contexts")
        name = self._values["context"] or config.get("current-context", "")
        return contexts.get(name, {}).get("namespace") or "default"

    def _containers(self) -> list[str]:
        given = self._values.arguments
        if not given:
            return []
        pod = self._client.get(PODS, self._namespace, given[0].removeprefix("pod/"))
        fields = ("containers", "initContainers", "ephemeralContainers")
        return [container["name"] for field in fields for container in pod["spec"].get(field) or ()]
