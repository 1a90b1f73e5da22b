"""From what a person calls a resource (`po`, `deploy.apps`, `Service`) or a file's kind to what the server serves.

Source: cli-runtime/pkg/resource/builder.go (mappingFor), apimachinery/pkg/api/meta/restmapper.go,
client-go/restmapper/{shortcut,category_expansion,discovery}.go
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class ResourceMapping:
    gvk: GroupVersionKind
    gvr: GroupVersionResource
    namespaced: bool
    singular: str
    verbs: tuple[str, ...]

    @property
    def qualified_kind(self) -> str:
        """`deployment.apps`, `pod`: as names are prefixed."""
        kind = self.gvk.kind.lower()
        return f"{kind}.{self.gvk.group}" if self.gvk.group else kind

    @property
    def resource_text(self) -> str:
        """Go's GroupVersionResource.String(): `apps/v1, Resource=deployments`."""
        return f"{self.gvr.group}/{self.gvr.version}, Resource={self.gvr.resource}"


class NoKindMatch(KubectlError):
    """No resource of the server has this kind and version."""

    def __init__(self, gvk: GroupVersionKind) -> None:
        super().__init__(f'no matches for kind "{gvk.kind}" in version "{gvk.api_version}"')


class Mapper:
    """Looks names up in discovery, asked for once and only when needed."""

    def __init__(self, client: Transport) -> None:
        self._client = client
        self._resources: list[Mapping[str, Any]] | None = None

    @property
    def resources(self) -> list[Mapping[str, Any]]:
        if self._resources is None:
            self._resources = list(self._client.resources())
        return self._resources

    def resolve(self, argument: str) -> ResourceMapping:
        """Raises: KubectlError in the server's name where nothing matches."""
        found = self.find(argument)
        if found is None:
            raise KubectlError(f'the server doesn\'t have a resource type "{argument.partition(".")[0]}"')
        return found

    def find(self, argument: str) -> ResourceMapping | None:
        name, _, group = argument.partition(".")
        version, _, rest = group.partition(".")
        found = None
        if rest:
            found = self._by_resource(name.lower(), rest, version)
        if found is None:
            found = self._by_resource(name.lower(), group)
        if found is None:
            for entry in self.resources:
                versioned = bool(rest) and entry["version"] == version and entry["group"] == rest
                if entry["kind"] == name and (versioned or not group or entry["group"] == group):
                    return mapping_of(entry)
        return found

    def _by_resource(self, name: str, group: str, version: str = "") -> ResourceMapping | None:
        if not name:
            return None
        for named in (_is_named, _is_short):
            candidates = [
                entry for entry in self.resources if named(entry, name) and (not version or entry["version"] == version)
            ]
            exact = [entry for entry in candidates if not group or entry["group"] == group]
            candidates = exact or [entry for entry in candidates if entry["group"].startswith(group)]
            if candidates:
                found, *others = map(mapping_of, candidates)
                if named is _is_short:
                    for other in dict.fromkeys(each.gvr.qualified for each in others):
                        if other != found.gvr.qualified:
                            self._client.warn(f'short name "{name}" could also match lower priority resource {other}')
                return found
        return None

    def for_kind(self, gvk: GroupVersionKind) -> ResourceMapping:
        """Raises: NoKindMatch."""
        for entry in self.resources:
            if entry["kind"] == gvk.kind and entry["group"] == gvk.group and gvk.version in ("", entry["version"]):
                return mapping_of(entry)
        raise NoKindMatch(gvk)

    def expand(self, argument: str) -> str:
        """Categories (`all`) in a comma-separated list of types, replaced by their members."""
        return ",".join(self._expanded(word) for word in argument.split(","))

    def _expanded(self, word: str) -> str:
        members: Iterator[GroupVersionResource] = (
            mapping_of(entry).gvr for entry in self.resources if word in (entry.get("categories") or ())
        )
        return ",".join(dict.fromkeys(member.qualified for member in members)) or word


def _is_named(entry: Mapping[str, Any], name: str) -> bool:
    return bool(entry["name"] == name or (entry.get("singularName") or entry["kind"].lower()) == name)


def _is_short(entry: Mapping[str, Any], name: str) -> bool:
    return name in (entry.get("shortNames") or ())


def mapping_of(entry: Mapping[str, Any]) -> ResourceMapping:
    group, version = entry["group"], entry["version"]
    return ResourceMapping(
        GroupVersionKind(group, version, entry["kind"]),
        GroupVersionResource(group, version, entry["name"]),
        entry["namespaced"],
        entry.get("singularName") or entry["kind"].lower(),
        tuple(entry.get("verbs") or ()),
    )


def split_api_version(api_version: str) -> tuple[str, str]:
    """(group, version)."""
    group, slash, version = api_version.rpartition("/")
    return (group, version) if slash else ("", api_version)


def gvk_of(obj: Mapping[str, Any]) -> GroupVersionKind:
    group, version = split_api_version(obj.get("apiVersion") or "")
    return GroupVersionKind(group, version, obj.get("kind") or "")


def kinds_in(mappings: Iterable[ResourceMapping]) -> int:
    """How many different kinds there are."""
    return len({mapping.gvk for mapping in mappings})
