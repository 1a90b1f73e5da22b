"""As whom a request is made, and whether they may make it.

Source: apiserver/pkg/endpoints/filters/impersonation/impersonation.go, …/endpoints/request/requestinfo.go
"""

from __future__ import annotations

from urllib.parse import unquote

from tornado.httputil import HTTPHeaders

from k8s_magic.apiserver import ApiServer
from k8s_magic.apiserver.access import ADMIN, impersonated
from k8s_magic.client.inprocess import VERBS, named_by
from k8s_magic.httpapi import queries
from k8s_magic.httpapi.paths import Target
from k8s_magic.machinery.protocols import UserInfo

EXTRA = "impersonate-extra-"


def user_of(headers: HTTPHeaders) -> UserInfo:
    """Raises: BadRequest for groups, uid or extra without a user."""
    extra: dict[str, tuple[str, ...]] = {}
    for name, value in headers.get_all():
        if name.lower().startswith(EXTRA):
            key = unquote(name.lower().removeprefix(EXTRA))
            extra[key] = (*extra.get(key, ()), value)
    name, uid = headers.get("Impersonate-User", ""), headers.get("Impersonate-Uid", "")
    groups = tuple(headers.get_list("Impersonate-Group"))
    return impersonated(UserInfo(name, groups, uid, extra)) if name or groups or uid or extra else ADMIN


def check(
    server: ApiServer, user: UserInfo, method: str, path: str, target: Target | None, query: queries.Query
) -> None:
    """Raises: Forbidden."""
    if user is ADMIN:
        return
    if target is None:
        server.authorize_path(user, method.lower(), path)
        return
    verb, name = VERBS.get(method, ""), target.name
    if target.is_watch:
        verb = "watch"
    elif not name and verb == "get":
        verb = "watch" if queries.is_set(query, "watch") else "list"
        name = named_by(queries.reading(query, table=False, managed_fields=False))
    elif not name and verb == "delete":
        verb = "deletecollection"
    server.authorize(user, verb, target.resource, target.namespace, name, target.subresource)
