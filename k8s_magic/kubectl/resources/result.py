"""What a query found, to be walked once. Source: cli-runtime/pkg/resource/result.go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from k8s_magic.kubectl import errors
from k8s_magic.kubectl.errors import Failure, KubectlError
from k8s_magic.kubectl.mapper import ResourceMapping
from k8s_magic.kubectl.resources.info import Info, is_list
from k8s_magic.kubectl.resources.query import Query
from k8s_magic.kubectl.resources.visitors import Walk
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import Watch


@dataclass(slots=True)
class Result:
    """`infos` answers what was found together with the error, as several commands go on with what there is."""

    query: Query
    walk: Walk | None = None
    error: Exception | None = None  # before anything was visited
    single_item_implied: bool = False
    targets_single_items: bool = False
    sources: list[Callable[[str], Watch]] = field(default_factory=list)
    mappings: list[ResourceMapping] = field(default_factory=list)
    ignore: Callable[[Exception], bool] | None = None
    _infos: list[Info] | None = None

    def check(self) -> None:
        if self.error is not None:
            raise self.error

    def visit(self, act: Callable[[Info], None]) -> None:
        """Call `act` with each object; errors (also of `act`) are raised as the query's kind of walk has it."""
        self.check()
        assert self.walk is not None

        def visitor(info: Info | None, error: Exception | None) -> None:
            if error is not None:
                raise error
            assert info is not None
            act(info)

        try:
            self.walk(visitor)
        except Failure as error:
            left = errors.filter_out(error, self.ignore) if self.ignore else error
            if left is not None:
                raise left from None

    def infos(self) -> tuple[list[Info], Exception | None]:
        if self._infos is None:
            found: list[Info] = []
            failed: Exception | None = None
            try:
                self.visit(found.append)
            except Failure as error:
                failed = error
            self._infos, self.error = found, failed
        return self._infos, self.error

    def all(self) -> list[Info]:
        found, error = self.infos()
        if error is not None:
            raise error
        return found

    def object(self) -> Object:
        """The one object, or a v1 List of what was found."""
        found = self.all()
        objects = [info.object for info in found if info.object is not None]
        if len(objects) == 1 and (self.single_item_implied or is_list(objects[0]) or "rows" in objects[0]):
            return objects[0]
        versions = {info.resource_version for info in found if info.object is not None}
        version = versions.pop() if len(versions) == 1 else ""
        return {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": version}, "items": objects}

    def watch(self, resource_version: str) -> Watch:
        self.check()
        if len(self.sources) != 1:
            raise KubectlError("you may only watch a single resource or type of resource at a time")
        return self.sources[0](resource_version)
