"""From a query to the walk that answers it. Source: cli-runtime/pkg/resource/builder.go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from k8s_magic.kinds import by_gvk
from k8s_magic.kubectl.errors import Aggregate, Failure, KubectlError
from k8s_magic.kubectl.mapper import Mapper, ResourceMapping
from k8s_magic.kubectl.resources import arguments, visitors
from k8s_magic.kubectl.resources.info import Info, is_list
from k8s_magic.kubectl.resources.paths import Files
from k8s_magic.kubectl.resources.query import Query
from k8s_magic.kubectl.resources.result import Result
from k8s_magic.kubectl.resources.visitors import Walk
from k8s_magic.kubectl.streams import Streams
from k8s_magic.machinery import selectors
from k8s_magic.machinery.protocols import ListOptions, Transport, Watch
from k8s_magic.text.go_values import quoted

MISSING_RESOURCE = (
    "You must provide one or more resources by argument or filename.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'\n"
    "   '<resource> <name>'\n"
    "   '<resource>'"
)


def select(query: Query, client: Transport, streams: Streams, mapper: Mapper | None = None) -> Result:
    """Never raises: what is wrong with the query is the result's error."""
    result = Result(query)
    builder = _Builder(query, client, streams, mapper or Mapper(client), result)
    try:
        result.walk = builder.build()
    except Failure as error:
        result.error = error
    return result


class _Builder:
    def __init__(self, query: Query, client: Transport, streams: Streams, mapper: Mapper, result: Result) -> None:
        self._query = query
        self._client = client
        self._mapper = mapper
        self._result = result
        self._errors: list[Exception] = []
        self._namespace = "" if query.all_namespaces else query.namespace
        self._files = Files(query, client, streams, None if query.local else self._mapper)
        self._types = list(query.types)
        self._names: list[str] = []
        self._tuples: list[tuple[str, str]] = []
        self._selector: str | None = query.selector.strip() or None
        self._field_selector: str | None = query.field_selector.strip() or None
        self._options = ListOptions(
            table=query.table, include_object=query.include_object, managed_fields=query.managed_fields
        )

    def build(self) -> Walk:
        query = self._query
        self._files.read_names()
        self._errors += self._files.errors
        if query.all and (self._selector or self._field_selector):
            self._errors.append(KubectlError("setting 'all' parameter but found a non empty selector. "))
        try:
            self._read_arguments()
        except KubectlError as error:
            self._errors.append(error)
        if self._errors:
            raise Aggregate(self._errors)
        if query.all:
            self._selector = self._selector or ""
        walk = self._choose()
        if query.flatten:
            walk = visitors.flattened(walk, self._file_mapper)
        if query.continue_on_error:
            walk = visitors.continued(walk)
        return visitors.decorated(walk, self._steps())

    @property
    def _file_mapper(self) -> Mapper | None:
        return None if self._query.local else self._mapper

    def _steps(self) -> Iterator[visitors.Step]:
        if self._query.default_namespace:
            yield self._set_namespace
        if self._query.enforce:
            yield self._require_namespace
        yield _filter_namespace
        if self._query.require_object:
            yield _retrieve_lazy
        if self._query.scheme and not self._query.local:
            yield self._require_known

    def _require_known(self, info: Info) -> None:
        gvk = info.resource.gvk
        if by_gvk(gvk) is None:
            raise KubectlError(
                f"no kind {quoted(gvk.kind)} is registered for version {quoted(gvk.api_version)} in scheme "
                f"{quoted(self._query.scheme)}"
            )

    def _set_namespace(self, info: Info) -> None:
        if info.namespaced and not info.namespace:
            info.set_namespace(self._namespace)

    def _require_namespace(self, info: Info) -> None:
        if not info.namespaced:
            return
        if not info.namespace:
            info.set_namespace(self._namespace)
        elif info.namespace != self._namespace:
            raise KubectlError(
                f"the namespace from the provided object {quoted(info.namespace)} does not match the namespace "
                f"{quoted(self._namespace)}. You must pass '--namespace={info.namespace}' to perform this operation."
            )

    # Words

    def _read_arguments(self) -> None:
        query = self._query
        for name in query.names:
            named = arguments.split_name(name)
            if named is None and not query.default_type:
                raise KubectlError(f"the argument {quoted(name)} must be RESOURCE/NAME")
            self._tuples.append(named or (query.default_type, name))
        words = arguments.normalized(query.arguments)
        if arguments.are_combined(words):
            self._tuples += [named for word in words if (named := arguments.split_name(word)) is not None]
            return
        if not words:
            return
        kinds = words[0] if query.local else self._mapper.expand(words[0])
        self._types += arguments.split_types(kinds)
        self._names += words[1:]
        if len(words) == 1 and self._selector is None and query.empty_selector:
            self._selector = ""

    # What to visit

    def _choose(self) -> Walk:
        if self._files.walks:
            return self._by_paths()
        if self._selector is not None or self._field_selector is not None:
            return self._by_selector()
        if self._tuples:
            return self._by_tuple()
        if self._names:
            return self._by_name()
        if self._types:
            for kind in self._types:
                self._mapper.resolve(kind)
            raise KubectlError("resource(s) were provided, but no name was specified")
        raise KubectlError(MISSING_RESOURCE)

    def _by_paths(self) -> Walk:
        result, query, walks = self._result, self._query, self._files.walks
        result.single_item_implied = self._files.single
        result.targets_single_items = True
        if self._types:
            raise KubectlError(
                "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
            )
        if self._tuples:
            raise KubectlError("resource/name arguments cannot be provided when a path is specified")
        walk = visitors.eager(walks) if query.continue_on_error else visitors.sequence(walks)
        if query.flatten:
            walk = visitors.flattened(walk, self._file_mapper)
        if query.latest:
            steps = [self._set_namespace, self._retrieve] if query.default_namespace else [self._retrieve]
            walk = visitors.decorated(walk, steps)
        if self._selector is not None:
            try:
                selector = selectors.parse(self._selector)
            except selectors.SelectorError as error:
                raise KubectlError(f"the provided selector {quoted(self._selector)} is not valid: {error}") from None
            walk = visitors.filtered(walk, selector)
        result.sources = [self._watch_found] * len(walks)
        return walk

    def _retrieve(self, info: Info) -> None:
        if is_list(info.object):
            raise KubectlError(
                "watch is only supported on individual resources and resource collections, "
                "but a list of resources is found"
            )
        if info.name:
            info.options = self._options
            info.get()

    def _watch_found(self, resource_version: str) -> Watch:
        found = self._result.all()
        if len(found) != 1:
            raise KubectlError(
                "watch is only supported on individual resources and resource collections - "
                f"{len(found)} resources were found"
            )
        return self._watch_one(found[0], resource_version)

    def _watch_one(self, info: Info, resource_version: str) -> Watch:
        options = ListOptions(
            field_selector=f"metadata.name={info.name}",
            resource_version=resource_version,
            timeout=self._query.timeout,
            table=self._options.table,
            include_object=self._options.include_object,
            managed_fields=self._options.managed_fields,
        )
        return self._client.watch(info.resource.gvr, info.namespace, options=options)

    def _by_selector(self) -> Walk:
        if self._names:
            raise KubectlError("name cannot be provided when a selector is specified")
        if self._tuples:
            raise KubectlError("selectors and the all flag cannot be used when passing resource/name arguments")
        if not self._types:
            raise KubectlError("at least one resource must be specified to use a selector")
        if self._query.subresource:
            raise KubectlError("subresource cannot be used when bulk resources are specified")
        options = ListOptions(
            label_selector=self._selector or "",
            field_selector=self._field_selector or "",
            limit=self._query.chunk,
            table=self._query.table,
            include_object=self._query.include_object,
            managed_fields=self._query.managed_fields,
        )
        walks: list[Walk] = []
        for mapping in self._type_mappings():
            info = Info(self._client, mapping, self._scope(mapping), "")
            walks.append(visitors.listed(self._client, info, options))
            self._result.sources.append(self._list_watch(mapping, options))
        return visitors.eager(walks) if self._query.continue_on_error else visitors.sequence(walks)

    def _list_watch(self, mapping: ResourceMapping, options: ListOptions) -> Callable[[str], Watch]:
        def watch(resource_version: str) -> Watch:
            asked = ListOptions(
                label_selector=options.label_selector,
                field_selector=options.field_selector,
                resource_version=resource_version,
                timeout=self._query.timeout,
                table=options.table,
                include_object=options.include_object,
                managed_fields=options.managed_fields,
            )
            return self._client.watch(mapping.gvr, self._scope(mapping), options=asked)

        return watch

    def _scope(self, mapping: ResourceMapping) -> str:
        return self._namespace if mapping.namespaced else ""

    def _type_mappings(self) -> list[ResourceMapping]:
        if len(self._types) > 1 and self._query.single_type:
            raise KubectlError("you may only specify a single resource type")
        found = {mapping.gvk: mapping for mapping in map(self._mapper.resolve, self._types)}
        self._result.mappings = list(found.values())
        return self._result.mappings

    def _named(self, mapping: ResourceMapping, name: str) -> Info:
        if mapping.namespaced and not self._namespace:
            if self._query.all_namespaces:
                raise KubectlError("a resource cannot be retrieved by name across all namespaces")
            raise KubectlError("namespace may not be empty when retrieving a resource by name")
        info = Info(self._client, mapping, self._scope(mapping), name)
        info.subresource = self._query.subresource
        info.options = self._options
        self._result.sources.append(lambda version: self._watch_one(info, version))
        return info

    def _by_tuple(self) -> Walk:
        self._result.single_item_implied = len(self._tuples) == 1
        self._result.targets_single_items = True
        if self._types:
            raise KubectlError("you may not specify individual resources and bulk resources in the same call")
        mappings = {kind: self._mapper.resolve(kind) for kind, _ in self._tuples}
        self._result.mappings = list({mapping.gvr: mapping for mapping in mappings.values()}.values())
        if len(self._result.mappings) > 1 and self._query.single_type:
            raise KubectlError("you may only specify a single resource type")
        walks = [visitors.single(self._named(mappings[kind], name)) for kind, name in self._tuples]
        return visitors.eager(walks) if self._query.continue_on_error else visitors.sequence(walks)

    def _by_name(self) -> Walk:
        self._result.single_item_implied = len(self._names) == 1
        self._result.targets_single_items = True
        if not self._types:
            raise KubectlError("you must provide a resource and a resource name together")
        if len(self._types) > 1:
            raise KubectlError("you must specify only one resource")
        mapping = self._type_mappings()[0]
        return visitors.sequence([visitors.single(self._named(mapping, name)) for name in self._names])


def _filter_namespace(info: Info) -> None:
    if not info.namespaced and info.namespace:
        info.set_namespace("")


def _retrieve_lazy(info: Info) -> None:
    if info.object is None:
        info.get()
