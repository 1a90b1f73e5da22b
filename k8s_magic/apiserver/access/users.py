"""Users as the server knows them.

Source: apiserver/pkg/authentication/user/user.go, …/serviceaccount/util.go, …/endpoints/filters/impersonation
"""

from __future__ import annotations

import re

from k8s_magic.machinery import errors, label_syntax
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import UserInfo

MASTERS = "system:masters"
AUTHENTICATED, UNAUTHENTICATED = "system:authenticated", "system:unauthenticated"
ANONYMOUS = "system:anonymous"
SERVICE_ACCOUNT = "system:serviceaccount:"
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
# As recorded of the control plane that the project is compared with.
ADMIN = UserInfo("kubernetes-admin", (MASTERS, AUTHENTICATED))


def service_account(username: str) -> tuple[str, str] | None:
    """The namespace and name of the service account that a user name stands for."""
    parts = username.removeprefix(SERVICE_ACCOUNT).split(":") if username.startswith(SERVICE_ACCOUNT) else []
    if len(parts) != 2 or _LABEL.fullmatch(parts[0]) is None or label_syntax.subdomain_errors(parts[1]):
        return None
    return parts[0], parts[1]


def service_account_groups(namespace: str) -> tuple[str, ...]:
    return "system:serviceaccounts", f"system:serviceaccounts:{namespace}"


def impersonated(asked: UserInfo) -> UserInfo:
    """The user that impersonation headers make. Raises: BadRequest for groups, uid or extra without a user."""
    if not asked.username:
        raise errors.bad_request(f"requested [{' '.join(_references(asked))}] without impersonating a user")
    groups = asked.groups
    account = service_account(asked.username)
    if account is not None and not groups:
        groups = service_account_groups(account[0])
    if asked.username == ANONYMOUS:
        if UNAUTHENTICATED not in groups:
            groups = (*groups, UNAUTHENTICATED)
    elif AUTHENTICATED not in groups and UNAUTHENTICATED not in groups:
        groups = (*groups, AUTHENTICATED)
    return asked._replace(groups=groups)


def _references(asked: UserInfo) -> list[str]:
    """What is asked for, as Go prints ObjectReferences: kind, namespace, name, uid, version, revision, field."""
    found = [f"{{Group  {group}    }}" for group in asked.groups]
    version = "authentication.k8s.io/v1"
    found += [f"{{UserExtra  {value}  {version}  {key}}}" for key, values in asked.extra.items() for value in values]
    return [*found, f"{{UID  {asked.uid}  {version}  }}"] if asked.uid else found


def wire(user: UserInfo) -> Object:
    """authenticationv1.UserInfo."""
    found: Object = {"username": user.username}
    if user.uid:
        found["uid"] = user.uid
    if user.groups:
        found["groups"] = list(user.groups)
    if user.extra:
        found["extra"] = {key: list(values) for key, values in user.extra.items()}
    return found
