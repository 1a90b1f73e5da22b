"""`kubectl create clusterrole`. Source: kubectl/pkg/cmd/create/create_clusterrole.go"""

from __future__ import annotations

from k8s_magic.kubectl.command import Call
from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import rules
from k8s_magic.kubectl.writing.generated import bare, generator
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import GroupVersionResource
from k8s_magic.machinery.protocols import Transport

URL_VERBS = ("*", "get", "post", "put", "delete", "patch", "head", "options")


def _aggregation(call: Call) -> dict[str, str]:
    found = {}
    for pair in call.texts("aggregation-rule"):
        key, equals, value = pair.partition("=")
        if not equals:
            raise KubectlError(
                f'invalid argument "{pair}" for "--aggregation-rule" flag: malformed pair, expect string=string'
            )
        found[key.strip()] = value.strip()
    return dict(sorted(found.items()))


def check(call: Call, client: Transport, streams: Streams) -> None:
    urls = call.texts("non-resource-url")
    verbs, resources = rules.verbs(call), rules.resources(call)
    if _aggregation(call):
        if urls or verbs or resources or call.texts("resource-name"):
            raise KubectlError(
                "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames"
            )
        return
    if not verbs:
        raise KubectlError("at least one verb must be specified")
    if not resources and not urls:
        raise KubectlError("one of resource or nonResourceURL must be specified")
    if resources:
        rules.warn_of_verbs(call, streams)
        rules.check_resources(call, client)
    if urls:
        _check_urls(urls, verbs)


def _check_urls(urls: tuple[str, ...], verbs: list[str]) -> None:
    for verb in verbs:
        if verb not in URL_VERBS:
            raise KubectlError(f"invalid verb: '{verb}' for nonResourceURL")
    for url in urls:
        if url == "*":
            continue
        if not url.startswith("/"):
            raise KubectlError("nonResourceURL should start with /")
        if "*" in url[:-1]:
            raise KubectlError("nonResourceURL only supports wildcard matches when '*' is at the end")


def build(call: Call, client: Transport, streams: Streams) -> Object:
    found = bare(call, f"{rules.GROUP}/v1", "ClusterRole", namespaced=False)
    labels = _aggregation(call)
    if labels:
        return found | {"rules": None, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": labels}]}}
    return found | {"rules": rules.policy_rules(call, client, call.texts("non-resource-url"))}


COMMAND = generator(
    "clusterrole",
    build,
    GroupVersionResource(rules.GROUP, "v1", "clusterroles"),
    usage=(
        "clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] "
        "[--dry-run=server|client|none]"
    ),
    short="Make a ClusterRole",
    flags=(
        *rules.ROLE_FLAGS,
        Flag("non-resource-url", "slice", help="A path that the rule is about."),
        Flag("aggregation-rule", "slice", help="Labels of the ClusterRoles to combine, as key=value."),
    ),
    namespaced=False,
    check=check,
)
