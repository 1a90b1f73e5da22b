"""Security contexts of Pods and containers.

Source: core/validation validatePodSpecSecurityContext, ValidateSecurityContext
"""

from __future__ import annotations

from k8s_magic.kinds.pod import windows
from k8s_magic.kinds.validation import field, paths, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

SECCOMP = ("Localhost", "RuntimeDefault", "Unconfined")
_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
SYSCTL = rf"({_SEGMENT}[\./])*{_SEGMENT}"
SYSCTL_LIMIT = 253
# Source: component-helpers/node/util/sysctl
IPC_SYSCTLS = ("kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced", "kernel.msgmax")
IPC_PREFIXES = ("kernel.sem", "fs.mqueue.", "kernel.msg")


def pod(context: Object, spec: Object, path: str) -> Errors:
    found: Errors = []
    found += _ids(context, ("fsGroup", "runAsUser", "runAsGroup"), path)
    for position, group in enumerate(context.get("supplementalGroups") or ()):
        found += field.each(f"{path}.supplementalGroups[{position}]", group, words.user_or_group_id(group))
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        message = "ShareProcessNamespace and HostPID cannot both be enabled"
        found.append(field.invalid(f"{path}.shareProcessNamespace", True, message))
    found += _sysctls(context.get("sysctls") or (), spec, f"{path}.sysctls")
    policy = context.get("fsGroupChangePolicy")
    if policy is not None and policy not in ("Always", "OnRootMismatch"):
        found.append(field.unsupported(f"{path}.fsGroupChangePolicy", policy, ("Always", "OnRootMismatch")))
    found += seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    found += windows.options(context.get("windowsOptions"), f"{path}.windowsOptions")
    found += app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")
    policy = context.get("supplementalGroupsPolicy")
    if policy is not None and policy not in ("Merge", "Strict"):
        found.append(field.unsupported(f"{path}.supplementalGroupsPolicy", policy, ("Merge", "Strict")))
    policy = context.get("seLinuxChangePolicy")
    if policy is not None and policy not in ("MountOption", "Recursive"):
        found.append(field.unsupported(f"{path}.seLinuxChangePolicy", policy, ("MountOption", "Recursive")))
    return found


def _ids(context: Object, names: tuple[str, ...], path: str) -> Errors:
    found: Errors = []
    for name in names:
        value = context.get(name)
        if value is not None:
            found += field.each(f"{path}.{name}", value, words.user_or_group_id(value))
    return found


def _sysctls(sysctls: list[Object] | tuple[()], spec: Object, path: str) -> Errors:
    found: Errors = []
    seen: set[str] = set()
    for position, sysctl in enumerate(sysctls):
        at, name = f"{path}[{position}].name", sysctl.get("name", "")
        if not name:
            found.append(field.required(at))
        elif len(name) > SYSCTL_LIMIT or not words.matches(SYSCTL, name):
            message = f"must have at most {SYSCTL_LIMIT} characters and match regex ^{SYSCTL}$"
            found.append(field.invalid(at, name, message))
        elif name in seen:
            found.append(field.duplicate(at, name))
        dotted = name.replace("/", ".")
        if spec.get("hostNetwork") and dotted.startswith("net."):
            found.append(field.invalid(at, name, "may not be specified when 'hostNetwork' is true"))
        elif spec.get("hostIPC") and (dotted in IPC_SYSCTLS or dotted.startswith(IPC_PREFIXES)):
            found.append(field.invalid(at, name, "may not be specified when 'hostIPC' is true"))
        seen.add(name)
    return found


def container(context: Object, path: str, *, host_users: bool) -> Errors:
    found = _ids(context, ("runAsUser", "runAsGroup"), path)
    mount = context.get("procMount")
    if mount is not None:
        if mount not in ("Default", "Unmasked"):
            found.append(field.unsupported(f"{path}.procMount", mount, ("Default", "Unmasked")))
        if host_users and mount == "Unmasked":
            message = "`hostUsers` must be false to use `Unmasked`"
            found.append(field.invalid(f"{path}.procMount", mount, message))
    found += seccomp(context.get("seccompProfile"), f"{path}.seccompProfile")
    if context.get("allowPrivilegeEscalation") is False:
        shown = internal(context)
        if context.get("privileged"):
            message = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
            found.append(field.invalid(path, shown, message))
        if "CAP_SYS_ADMIN" in ((context.get("capabilities") or {}).get("add") or ()):
            message = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"
            found.append(field.invalid(path, shown, message))
    found += windows.options(context.get("windowsOptions"), f"{path}.windowsOptions")
    found += app_armor(context.get("appArmorProfile"), f"{path}.appArmorProfile")
    return found


def internal(context: Object) -> Object:
    """The context as the server's internal type prints it: every field, by its Go name."""
    names = {
        "Capabilities": "capabilities",
        "Privileged": "privileged",
        "SELinuxOptions": "seLinuxOptions",
        "WindowsOptions": "windowsOptions",
        "RunAsUser": "runAsUser",
        "RunAsGroup": "runAsGroup",
        "RunAsNonRoot": "runAsNonRoot",
        "ReadOnlyRootFilesystem": "readOnlyRootFilesystem",
        "AllowPrivilegeEscalation": "allowPrivilegeEscalation",
        "ProcMount": "procMount",
        "SeccompProfile": "seccompProfile",
        "AppArmorProfile": "appArmorProfile",
    }
    shown = {go: context.get(name) for go, name in names.items()}
    if shown["Capabilities"] is not None:
        shown["Capabilities"] = {"Add": shown["Capabilities"].get("add"), "Drop": shown["Capabilities"].get("drop")}
    return shown


def seccomp(profile: Object | None, path: str) -> Errors:
    if profile is None:
        return []
    found: Errors = []
    type_, localhost = profile.get("type", ""), profile.get("localhostProfile")
    if not type_:
        found.append(field.required(f"{path}.type", "type is required when seccompProfile is set"))
    elif type_ not in SECCOMP:
        found.append(field.unsupported(f"{path}.type", type_, SECCOMP))
    at = f"{path}.localhostProfile"
    if type_ == "Localhost":
        if localhost is None:
            found.append(field.required(at, "must be set when seccomp type is Localhost"))
        else:
            found += paths.descending(localhost, at)
    elif localhost is not None:
        shown = {"Type": type_, "LocalhostProfile": localhost}
        found.append(field.invalid(at, shown, "can only be set when seccomp type is Localhost"))
    return found


def app_armor(profile: Object | None, path: str) -> Errors:
    if profile is None:
        return []
    type_, localhost = profile.get("type", ""), profile.get("localhostProfile")
    at = f"{path}.localhostProfile"
    if type_ == "Localhost":
        if not localhost:
            return [field.required(at, "must be set when AppArmor type is Localhost")]
        found: Errors = []
        if localhost != localhost.strip():
            found.append(field.invalid(at, localhost, "must not be padded with whitespace"))
        if len(localhost) > 4095:
            found.append(field.too_long(at, 4095))
        return found
    if type_ in ("RuntimeDefault", "Unconfined"):
        if localhost is not None:
            return [field.invalid(at, localhost, "can only be set when AppArmor type is Localhost")]
        return []
    if not type_:
        return [field.required(f"{path}.type", "type is required when appArmorProfile is set")]
    return [field.unsupported(f"{path}.type", type_, SECCOMP)]
