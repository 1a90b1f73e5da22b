"""`kubectl delete`. Source: kubectl/pkg/cmd/delete/{delete,delete_flags}.go"""

from __future__ import annotations

from dataclasses import dataclass, replace

from k8s_magic.kubectl import shared_flags
from k8s_magic.kubectl.command import Call, Command
from k8s_magic.kubectl.errors import KubectlError, is_not_found
from k8s_magic.kubectl.flags import Flag
from k8s_magic.kubectl.resources import Query, Result, select
from k8s_magic.kubectl.streams import Streams
from k8s_magic.kubectl.writing import deleting
from k8s_magic.kubectl.writing.deleting import Deletion
from k8s_magic.machinery.errors import Unsupported
from k8s_magic.machinery.protocols import Transport


@dataclass(frozen=True, slots=True)
class Options:
    query: Query
    result: Result | None
    how: Deletion
    force: bool
    interactive: bool
    raw: str
    streams: Streams


def complete(call: Call, client: Transport, streams: Streams) -> Options:
    propagation = deleting.cascading(call, streams)
    everywhere = call.flag("all-namespaces")
    grace, force = call.number("grace-period"), call.flag("force")
    many = call.flag("all") or call.text("selector") or call.text("field-selector")
    ignore = call.flag("ignore-not-found")
    if many and not call.changed("ignore-not-found"):
        ignore = True
    if call.flag("now"):
        if grace != -1:
            raise KubectlError("--now and --grace-period cannot be specified together")
        grace = 1
    if grace == 0 and not force:
        # Deletion at once is dangerous: without --force a grace period of 0 means one second.
        grace = 1
    if force and grace < 0:
        grace = 0
    how = Deletion(
        propagation=propagation,
        grace=grace,
        wait=call.flag("wait"),
        timeout=call.seconds("timeout"),
        dry_run=shared_flags.dry_run(call, streams),
        output=call.text("output"),
        ignore_not_found=ignore,
        scope_warning=call.namespace_given and not everywhere,
    )
    query = Query(
        arguments=tuple(call.args),
        filenames=call.texts("filename"),
        kustomize=call.text("kustomize"),
        recursive=call.flag("recursive"),
        namespace=call.namespace,
        all_namespaces=everywhere,
        enforce=call.namespace_given,
        selector=call.text("selector"),
        field_selector=call.text("field-selector"),
        all=call.flag("all"),
        require_object=False,
        continue_on_error=True,
    )
    raw = call.text("raw")
    result = None
    if not raw:
        result = select(query, client, streams)
        result.check()
    return Options(query, result, how, force, call.flag("interactive"), raw, streams)


def validate(options: Options) -> None:
    how, query = options.how, options.query
    if how.output not in ("", "name"):
        raise KubectlError(f"unexpected -o output mode: {how.output}. We only support '-o name'")
    if query.all and query.selector:
        raise KubectlError("cannot set --all and --selector at the same time")
    if query.all and query.field_selector:
        raise KubectlError("cannot set --all and --field-selector at the same time")
    if how.grace == 0 and options.force:
        options.streams.err(f"Warning: {deleting.IMMEDIATE}\n")
    elif how.grace > 0 and options.force:
        raise KubectlError("--force and --grace-period greater than 0 cannot be specified together")
    if options.raw:
        raise Unsupported("delete --raw is not part of this simulation: name the objects instead")


def run(options: Options, client: Transport, streams: Streams) -> int:
    assert options.result is not None
    how = options.how
    if options.interactive:
        preview = select(options.query, client, streams)
        if how.ignore_not_found:
            preview.ignore = is_not_found
        found = preview.all()
        if not found:
            streams.out("No resources found\n")
            return 0
        streams.out(f"You are about to delete the following {len(found)} resource(s):\n")
        for info in found:
            streams.out(f"{deleting.kind_text(info.resource)}/{info.name}\n")
        streams.out("Do you want to continue? (y/N): ")
        words = streams.stdin.split()
        if not words or words[0].lower() != "y":
            streams.out("deletion is cancelled\n")
            return 0
        how = replace(how, only=frozenset(map(deleting.location, found)))
    deleting.delete_result(options.result, how, client, streams)
    return 0


COMMAND = Command(
    "delete",
    "Delete objects by file, by name or by labels",
    "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])",
    complete=complete,
    validate=validate,
    run=run,
    flags=(
        *shared_flags.FILENAME_FLAGS,
        shared_flags.SELECTOR,
        shared_flags.FIELD_SELECTOR,
        Flag("all", "bool", help="All objects of the types, in the namespace."),
        shared_flags.ALL_NAMESPACES,
        deleting.FORCE,
        deleting.CASCADE,
        Flag("now", "bool", help="End at once: the same as --grace-period=1."),
        deleting.GRACE_PERIOD,
        deleting.TIMEOUT,
        Flag("ignore-not-found", "bool", help="What is not there counts as deleted."),
        Flag("wait", "bool", default=True, help="Wait until the objects are gone."),
        Flag("output", short="o", help="`name` for shorter output.", candidates="name"),
        Flag("raw", help="A path to DELETE (not part of this simulation)."),
        Flag("interactive", "bool", short="i", help="Ask before deleting."),
        shared_flags.DRY_RUN,
    ),
    suggest_for=("rm", "remove"),
    arguments="kind/name",
)
