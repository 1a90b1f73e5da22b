"""One request for objects, documents or logs: from path, query and headers to the API server's verbs and back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

from k8s_magic.apiserver import metrics
from k8s_magic.apiserver.access import ADMIN
from k8s_magic.client import node_calls
from k8s_magic.httpapi import answers, impersonation, paths, proxying, queries, watching
from k8s_magic.httpapi.answers import Form
from k8s_magic.httpapi.documents import Documents
from k8s_magic.httpapi.gate import ACTOR, Backend
from k8s_magic.httpapi.guard import Guard
from k8s_magic.httpapi.paths import Target
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError, Unsupported
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import PODS
from k8s_magic.machinery.protocols import ListOptions
from k8s_magic.runtime.contract import encoded

# Source: apiserver/pkg/server/config.go (MaxRequestBodyBytes)
MAX_BODY = 3 * 1024 * 1024
# Who wrote what is worked out when it is asked for; for longer lists it is left out. Our simplification.
MANAGED_LISTS = 500
LOG = logging.getLogger(__name__)


class ApiHandler(RequestHandler):
    def initialize(self, backend: Backend, guard: Guard, documents: Documents) -> None:
        self.backend = backend
        self.guard = guard
        self.documents = documents
        self.warnings: list[str] = []
        self.form = Form()
        self.is_gone = False
        self.user = ADMIN

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-cache, private")

    def prepare(self) -> None:
        # The clock of the answers is the cluster's own.
        times, kernel = self.backend.server.times, self.backend.server.kernel
        self.set_header("Date", format_datetime(times.epoch + timedelta(microseconds=kernel.now), usegmt=True))

    def check_xsrf_cookie(self) -> None:
        """There are no cookies: the token is in a header."""

    @property
    def query(self) -> dict[str, str]:
        return {name: values[-1].decode(errors="replace") for name, values in self.request.query_arguments.items()}

    # -- one method as the other

    async def get(self) -> None:
        await self._answer()

    async def head(self) -> None:
        await self._answer()

    async def post(self) -> None:
        await self._answer()

    async def put(self) -> None:
        await self._answer()

    async def patch(self) -> None:
        await self._answer()

    async def delete(self) -> None:
        await self._answer()

    async def options(self) -> None:
        await self._answer()

    async def _answer(self) -> None:
        try:
            refusal = self.guard.refusal(self.request.headers)
            if refusal is not None:
                raise refusal
            if len(self.request.body) > MAX_BODY:
                raise errors.failure(413, "RequestEntityTooLarge", f"Request entity too large: limit is {MAX_BODY}")
            await self._route()
        except ApiError as problem:
            self._fail(problem)
        except Unsupported as problem:
            self._fail(errors.failure(501, "NotImplemented", f"{str(problem).rstrip('.')} (not simulated)"))
        except StreamClosedError:
            self.is_gone = True
        except asyncio.CancelledError:
            # The server ends: so does a stream, as one that has said all.
            if not self._headers_written:
                raise
        except Exception as problem:
            LOG.exception("%s %s", self.request.method, self.request.path)
            self._fail(errors.internal_error(f"{type(problem).__name__}: {problem}"))

    def _fail(self, problem: ApiError) -> None:
        if self._headers_written:
            return
        if problem.status == errors.resource_missing().status:
            # A path that nothing answers. Source: apiserver/pkg/server/handler.go (NotFoundHandler)
            self.text("404 page not found\n", 404)
            return
        details = problem.status.get("details") or {}
        if details.get("retryAfterSeconds"):
            self.set_header("Retry-After", str(details["retryAfterSeconds"]))
        self._send(problem.status, problem.code, Form(self.form.media))

    def _send(self, obj: Any, code: int = 200, form: Form | None = None) -> None:
        form = self.form if form is None else form
        self.set_status(code)
        for text in self.warnings:
            self.add_header("Warning", answers.warning(text))
        self.set_header("Content-Type", form.media)
        self.finish(answers.encode(obj, form, pretty=queries.is_set(self.query, "pretty")))

    def text(self, body: str, code: int = 200) -> None:
        self.set_status(code)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(body)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    # -- routes

    async def _route(self) -> None:
        path = self.request.path
        target = paths.parse(path)
        self.user = impersonation.user_of(self.request.headers)
        with self.backend.gate.look():
            method = self.request.method or ""
            impersonation.check(self.backend.server, self.user, method, path, target, self.query)
        if method in ("GET", "HEAD"):
            with self.backend.gate.look():
                found = self.documents.find(path, self.request.headers.get("Accept", ""), self.request.query)
            if found is not None:
                self.set_status(found.code)
                self.set_header("Content-Type", found.media)
                if found.etag:
                    self.set_header("Etag", found.etag)
                self.finish(found.body)
                return
        if target is None:
            raise errors.resource_missing()
        if target.subresource == "proxy":
            await proxying.answer(self, target)
            return
        if target.subresource == "log":
            await self._pod_log(target)
            return
        self.form = answers.negotiate(self.request.headers.get("Accept", ""))
        await self._verb(target)

    async def _verb(self, target: Target) -> None:
        method = self.request.method
        if method in ("GET", "HEAD"):
            if target.is_watch or queries.is_set(self.query, "watch"):
                await watching.stream(self, target)
            else:
                self._send(self._read(target))
        elif method == "POST":
            await self._create(target)
        elif method == "PUT" and target.name:
            body = self._body()
            options = queries.writing(self.query, self.agent)
            self._send_object(
                await self._change("update", target, target.name, body, subresource=target.subresource, options=options)
            )
        elif method == "PATCH" and target.name:
            content_type = self.request.headers.get("Content-Type", "")
            body, patch_type = queries.patch_of(self.request.body, content_type, target.resource)
            options = queries.writing(self.query, self.agent)
            if patch_type == "apply" and not self.query.get("fieldManager"):
                raise _no_manager()
            exists = patch_type != "apply" or self._exists(target)
            answer = await self._change(
                "patch", target, target.name, body, patch_type, subresource=target.subresource, options=options
            )
            self._send_object(answer, 200 if exists else 201)
        elif method == "DELETE" and not target.subresource:
            await self._delete(target)
        else:
            raise errors.failure(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {}
            )

    @property
    def agent(self) -> str:
        return self.request.headers.get("User-Agent", "") or ACTOR

    def _body(self) -> Any:
        return queries.body_of(self.request.body, self.request.headers.get("Content-Type", ""))

    def _exists(self, target: Target) -> bool:
        with self.backend.gate.look():
            return self.backend.server.informer(target.resource).get(target.namespace, target.name) is not None

    async def _change(self, verb: str, target: Target, *positional: Any, **named: Any) -> Object:
        answer = await self.backend.change(
            verb, target.resource, target.namespace, *positional, warn=self.warn, **named
        )
        return self._managed(target, answer) if verb in ("create", "update", "patch") else answer

    def _managed(self, target: Target, answer: Object) -> Object:
        """What was written, with its managers: other people's clients expect them in every answer."""
        metadata = answer.get("metadata") or {}
        if target.subresource not in ("", "status") or "uid" not in metadata or "dryRun" in self.query:
            return answer
        server, options = self.backend.server, ListOptions(managed_fields=True)
        try:
            with self.backend.gate.look():
                now = server.get(ACTOR, target.resource, target.namespace, metadata["name"], options=options)
        except ApiError:
            return answer  # it is gone already
        return now if now["metadata"]["resourceVersion"] == metadata.get("resourceVersion") else answer

    def _send_object(self, obj: Object, code: int = 200) -> None:
        self._send(answers.shaped(obj, self.form), code)

    def _read(self, target: Target) -> Object:
        server = self.backend.server
        is_table = self.form.shape == "Table"
        with self.backend.gate.look():
            if target.name:
                options = queries.reading(self.query, table=is_table, managed_fields=not target.subresource)
                answer = server.get(
                    ACTOR, target.resource, target.namespace, target.name,
                    subresource=target.subresource, options=options, warn=self.warn,
                )  # fmt: skip
                return answer if is_table else answers.shaped(answer, self.form)
            wants_managers = (
                target.resource.group != metrics.GROUP
                and self.query.get("includeObject") != "None"
                and len(server.informer(target.resource)) <= MANAGED_LISTS
            )
            options = queries.reading(self.query, table=is_table, managed_fields=wants_managers)
            answer = server.list(ACTOR, target.resource, target.namespace, options=options, warn=self.warn)
            return answer if is_table else answers.shaped(answer, self.form)

    async def _create(self, target: Target) -> None:
        body = self._body()
        options = queries.writing(self.query, self.agent)
        server = self.backend.server
        if server.is_review(target.resource):
            # Nothing changes by it: it is no part of the history.
            with self.backend.gate.look():
                answer = server.create(
                    ACTOR, target.resource, target.namespace, body, options=options, warn=self.warn, user=self.user
                )
            self._send_object(answer, 201)
            return
        answer = await self._change(
            "create", target, body, name=target.name, subresource=target.subresource, options=options
        )
        self._send_object(answer, 201)

    async def _delete(self, target: Target) -> None:
        options = queries.deleting(self.query, self._body())
        if target.name:
            self._send_object(await self._change("delete", target, target.name, options=options))
            return
        selection = queries.reading(self.query, table=False, managed_fields=False)
        self._send_object(await self._change("delete_collection", target, options=options, selection=selection))

    # -- what the kubelets answer

    async def _pod_log(self, target: Target) -> None:
        if target.resource != PODS or self.request.method != "GET":
            raise errors.resource_missing()
        options = queries.logs(self.query)
        gate = self.backend.gate
        with gate.look():
            chunks = node_calls.log_chunks(self.backend.server, target.namespace, target.name, options)
        self.set_header("Content-Type", "text/plain")
        with gate.look():
            parts, is_open = _take(chunks)
        self.write(encoded("".join(parts)))
        while is_open and not self.is_gone:
            await self.flush()
            found: list[str] = []
            await self.backend.until(_more(chunks, found, self), seconds=watching.LONGEST)
            is_open = not found or found[-1] is not None
            self.write(encoded("".join(text for text in found if text)))
        await self.finish()

    def on_connection_close(self) -> None:
        self.is_gone = True
        self.backend.hurry()


def _take(chunks: Any) -> tuple[list[str], bool]:
    """What a log holds now, and whether more may come."""
    found: list[str] = []
    for chunk in chunks:
        if chunk is None:
            return found, True
        found.append(chunk)
    return found, False


def _more(chunks: Any, found: list[Any], handler: ApiHandler) -> Callable[[], bool]:
    """Looks for more of a log; its end is noted as None."""

    def ready() -> bool:
        if handler.is_gone:
            return True
        parts, is_open = _take(chunks)
        found.extend(parts if is_open else [*parts, None])
        return bool(found)

    return ready


def _no_manager() -> ApiError:
    cause = {
        "reason": "FieldValueRequired",
        "message": "Required value: is required for apply patch",
        "field": "fieldManager",
    }
    message = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
    return errors.failure(422, "Invalid", message, {"group": "meta.k8s.io", "kind": "PatchOptions", "causes": [cause]})
