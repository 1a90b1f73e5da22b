"""What only Windows Pods have, and what they cannot have.

Source: core/validation validateWindows and its neighbours
"""

from __future__ import annotations

import re

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

NOT_ON_WINDOWS = "cannot be set for a windows pod"
NOT_ON_LINUX = "windows options cannot be set for a linux pod"
_NETBIOS = re.compile(r'[^\\/:\*\?"<>|\.][^\\/:\*\?"<>|]{0,14}')
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_BAD_USER = re.compile(r'["/\\:;|=,\+\*\?<>@\[\]]')
# (where it stands, its name): of the Pod's security context, or of the Pod itself.
POD_FIELDS = (
    ("securityContext", "appArmorProfile"),
    ("securityContext", "seLinuxOptions"),
    ("", "hostUsers"),
    ("", "hostPID"),
    ("", "hostIPC"),
    ("securityContext", "seccompProfile"),
    ("securityContext", "fsGroup"),
    ("securityContext", "fsGroupChangePolicy"),
    ("securityContext", "sysctls"),
    ("", "shareProcessNamespace"),
    ("securityContext", "runAsUser"),
    ("securityContext", "runAsGroup"),
    ("securityContext", "supplementalGroups"),
    ("securityContext", "supplementalGroupsPolicy"),
    ("securityContext", "seLinuxChangePolicy"),
)
CONTAINER_FIELDS = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)


def options(obj: Object | None, path: str) -> Errors:
    """validateWindowsSecurityContextOptions."""
    if obj is None:
        return []
    found: Errors = []
    name = obj.get("gmsaCredentialSpecName")
    if name is not None:
        found += field.each(f"{path}.gmsaCredentialSpecName", name, words.dns_subdomain(name))
    credentials = obj.get("gmsaCredentialSpec")
    if credentials is not None and not credentials:
        message = "gmsaCredentialSpec cannot be an empty string"
        found.append(field.invalid(f"{path}.gmsaCredentialSpec", credentials, message))
    elif credentials is not None and len(credentials) > 64 * 1024:
        message = "gmsaCredentialSpec size must be under 64 KiB"
        found.append(field.invalid(f"{path}.gmsaCredentialSpec", credentials, message))
    user = obj.get("runAsUserName")
    if user is not None:
        found += [field.invalid(f"{path}.runAsUserName", user, message) for message in _user_name(user)]
    return found


def _user_name(value: str) -> list[str]:
    if not value:
        return ["runAsUserName cannot be an empty string"]
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        return ["runAsUserName cannot contain control characters"]
    if value.count("\\") > 1:
        return ["runAsUserName cannot contain more than one backslash"]
    domain, has_domain, user = value.rpartition("\\")
    found = []
    if len(domain) >= 256:
        found.append("runAsUserName's Domain length must be under 256 characters")
    if has_domain and not (_NETBIOS.fullmatch(domain) or _DOMAIN.fullmatch(domain)):
        found.append("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
    if not user:
        found.append("runAsUserName's User cannot be empty")
    elif len(user) > 104:
        found.append("runAsUserName's User length must not be longer than 104 characters")
    if user and not user.strip(". "):
        found.append("runAsUserName's User cannot contain only periods or spaces")
    if _BAD_USER.search(user):
        found.append("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")
    return found


def host_process(spec: Object, containers: list[tuple[Object, str]], path: str) -> Errors:
    """validateWindowsHostProcessPod."""
    found: Errors = []
    of_pod = _host_process(spec)
    number = 0
    for container, at in containers:
        own = _host_process(container)
        if of_pod is not None and own is not None and of_pod != own:
            message = f"pod hostProcess value must be identical if both are specified, was {str(of_pod).lower()}"
            found.append(field.invalid(f"{at}.securityContext.windowsOptions.hostProcess", own, message))
        number += bool(own or (own is None and of_pod))
    if number:
        if number != len(containers):
            message = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
            found.append(field.invalid(path, "", message))
        if not spec.get("hostNetwork"):
            message = "hostNetwork must be true if pod contains any hostProcess containers"
            found.append(field.invalid(f"{path}.hostNetwork", False, message))
    return found


def _host_process(obj: Object) -> bool | None:
    value: bool | None = ((obj.get("securityContext") or {}).get("windowsOptions") or {}).get("hostProcess")
    return value


def by_system(spec: Object, containers: list[tuple[Object, str]], path: str) -> Errors:
    """What the Pod's declared operating system rules out."""
    system = spec.get("os")
    if system is None:
        return []
    name = system.get("name", "")
    if not name:
        return [field.required(f"{path}.os.name")]
    if name not in ("linux", "windows"):
        return [field.unsupported(f"{path}.os", name, ("linux", "windows"))]
    context = spec.get("securityContext") or {}
    found: Errors = []
    if name == "linux":
        if context.get("windowsOptions") is not None:
            found.append(field.forbidden(f"{path}.securityContext.windowsOptions", NOT_ON_LINUX))
        for container, at in containers:
            if (container.get("securityContext") or {}).get("windowsOptions") is not None:
                found.append(field.forbidden(f"{at}.securityContext.windowsOptions", NOT_ON_LINUX))
        return found
    for where, part in POD_FIELDS:
        value = context.get(part) if where else spec.get(part)
        if value is not None and value is not False:
            at = f"{path}.{where}.{part}" if where else f"{path}.{part}"
            found.append(field.forbidden(at, NOT_ON_WINDOWS))
    for container, at in containers:
        own = container.get("securityContext") or {}
        found += [
            field.forbidden(f"{at}.securityContext.{part}", NOT_ON_WINDOWS)
            for part in CONTAINER_FIELDS
            if own.get(part) is not None
        ]
    return found
