"""What `kubectl explain` is asked for: `deployments.apps.spec.replicas` -> Deployment, [spec, replicas].

Source: kubectl/pkg/explain/explain.go (SplitAndParseResourceRequest, …WithMatchingPrefix)
"""

from __future__ import annotations

from k8s_magic.kubectl.errors import KubectlError, Raw
from k8s_magic.kubectl.mapper import Mapper, ResourceMapping, mapping_of
from k8s_magic.machinery.protocols import Transport
from k8s_magic.text import jsonpath_parse
from k8s_magic.text.jsonpath_parse import Field, ListNode, Node

FIRST = "first"
ALL = "all"


def by_version(argument: str, client: Transport) -> tuple[ResourceMapping, list[str]]:
    """Every word after the first is a field: with --api-version no group may stand between."""
    steps = _steps(argument)
    found = _candidates(steps, client)
    return found[0], _fields(steps[1:], ALL)


def by_name(argument: str, client: Transport) -> tuple[ResourceMapping, list[str]]:
    """The first resource whose full name the argument begins with; else the first that is called so."""
    steps = _steps(argument)
    found = _candidates(steps, client)
    for mapping in found:
        rest = argument.removeprefix(mapping.gvr.qualified)
        if rest != argument:
            return mapping, _fields(_steps(rest)[1:], FIRST) if rest else []
    return found[0], _fields(steps[1:], FIRST)


def _candidates(steps: list[Node], client: Transport) -> list[ResourceMapping]:
    if not steps or not isinstance(steps[0], Field):
        raise KubectlError("invalid jsonpath syntax, first node must be field node")
    name = steps[0].name
    if not name:
        raise KubectlError("a resource must be present, got: /, Resource=")
    mapper = Mapper(client)
    first = mapper.find(name)
    if first is None:
        raise Raw(f'the server doesn\'t have a resource type "{name}"')
    named = [mapping_of(entry) for entry in mapper.resources if entry["name"] == first.gvr.resource]
    return sorted(named, key=lambda mapping: mapping != first)


def _steps(text: str) -> list[Node]:
    """Raises: KubectlError in client-go's words."""
    try:
        parts = jsonpath_parse.parse("{." + text.removesuffix(".") + "}").nodes
    except jsonpath_parse.JsonPathError as error:
        raise KubectlError(str(error)) from None
    if len(parts) != 1 or not isinstance(parts[0], ListNode):
        raise KubectlError("must pass in 1 jsonpath string")
    return parts[0].nodes


def _fields(steps: list[Node], which: str) -> list[str]:
    for step in steps:
        if not isinstance(step, Field):
            said = "all nodes must be field nodes" if which == ALL else "first node must be field node"
            raise KubectlError(f"invalid jsonpath syntax, {said}")
    return [step.name for step in steps if isinstance(step, Field)]
