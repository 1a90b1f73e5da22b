"""A schema written by hand, for tests of patches that need no kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Small:
    type: str = ""
    format: str = ""
    ref: str = ""
    is_map: bool = False
    properties: dict[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    default: Any = None
    item: Any = None
    patch_strategy: tuple[str, ...] = ()
    patch_merge_key: str = ""
    list_type: str = ""
    list_map_keys: tuple[str, ...] = ()
    map_type: str = ""
    values: Any = None

    def field(self, name: str) -> Any:
        return self.values if self.is_map else self.properties.get(name)


STRING = Small("string")
INTEGER = Small("integer")
STRINGS = Small("object", is_map=True, values=STRING)


def keyed(item: Small, *keys: str, strategy: tuple[str, ...] = ("merge",)) -> Small:
    return Small(
        "array",
        item=item,
        patch_strategy=strategy,
        patch_merge_key=keys[0],
        list_type="map",
        list_map_keys=keys,
    )


def listed(item: Small) -> Small:
    return Small("array", item=item, list_type="atomic")


def scalars(item: Small = STRING) -> Small:
    return Small("array", item=item, patch_strategy=("merge",), list_type="set")


def struct(ref: str, **properties: Small) -> Small:
    return Small("object", ref=ref, properties=properties)


PORT = struct("ContainerPort", name=STRING, containerPort=INTEGER, protocol=Small("string", default="TCP"))
ENV = struct("EnvVar", name=STRING, value=STRING)
CONTAINER = struct(
    "Container",
    name=STRING,
    image=STRING,
    args=listed(STRING),
    env=keyed(ENV, "name"),
    ports=keyed(PORT, "containerPort", "protocol"),
)
VOLUME = struct("Volume", name=STRING, emptyDir=Small("object"), hostPath=struct("HostPath", path=STRING))
POD_SPEC = struct(
    "PodSpec",
    containers=keyed(CONTAINER, "name"),
    volumes=keyed(VOLUME, "name", strategy=("merge", "retainKeys")),
    nodeSelector=Small("object", is_map=True, values=STRING, map_type="atomic"),
)
STRATEGY = Small(
    "object",
    ref="DeploymentStrategy",
    patch_strategy=("retainKeys",),
    properties={"type": STRING, "rollingUpdate": struct("RollingUpdate", maxSurge=INTEGER)},
)
METADATA = struct(
    "ObjectMeta", name=STRING, namespace=STRING, labels=STRINGS, annotations=STRINGS, finalizers=scalars()
)
DEPLOYMENT = struct(
    "Deployment",
    apiVersion=STRING,
    kind=STRING,
    metadata=METADATA,
    spec=struct(
        "DeploymentSpec",
        replicas=INTEGER,
        strategy=STRATEGY,
        paused=Small("boolean"),
        template=struct("PodTemplateSpec", metadata=METADATA, spec=POD_SPEC),
    ),
    status=struct("DeploymentStatus", replicas=INTEGER, readyReplicas=INTEGER),
)
