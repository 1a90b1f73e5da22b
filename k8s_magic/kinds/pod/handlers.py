"""Probes and lifecycle hooks. Source: pkg/apis/core/validation/validation.go validateHandler and its callers"""

from __future__ import annotations

from k8s_magic.kinds.validation import field, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.meta import Object

ONE_HANDLER = "may not specify more than 1 handler type"
PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")


def port(value: int | str, path: str) -> Errors:
    """ValidatePortNumOrName."""
    if isinstance(value, int):
        return field.each(path, value, words.port_number(value))
    return field.each(path, value, words.port_name(value))


def handler(obj: Object, names: tuple[str, ...], grace: int | None, path: str) -> Errors:
    found: Errors = []
    has_one = False
    for name in names:
        action = obj.get(name)
        if action is None:
            continue
        at = f"{path}.{name}"
        if has_one:
            found.append(field.forbidden(at, ONE_HANDLER))
            continue
        has_one = True
        found += _action(name, action, grace, at)
    if not has_one:
        found.append(field.required(path, "must specify a handler type"))
    return found


def _action(name: str, action: Object, grace: int | None, path: str) -> Errors:
    if name == "exec":
        return [] if action.get("command") else [field.required(f"{path}.command")]
    if name == "httpGet":
        return _http(action, path)
    if name == "sleep":
        seconds = action.get("seconds", 0)
        if grace is not None and not 0 <= seconds <= grace:
            message = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
            return [field.invalid(path, seconds, message)]
        return []
    return port(action.get("port", 0), f"{path}.port")


def _http(action: Object, path: str) -> Errors:
    found: Errors = []
    if not action.get("path"):
        found.append(field.required(f"{path}.path"))
    found += port(action.get("port", 0), f"{path}.port")
    if action.get("scheme") not in ("HTTP", "HTTPS"):
        found.append(field.unsupported(f"{path}.scheme", action.get("scheme", ""), ("HTTP", "HTTPS")))
    for header in action.get("httpHeaders") or ():
        found += field.each(f"{path}.httpHeaders", header["name"], words.header_name(header["name"]))
    return found


def probes(container: Object, grace: int | None, path: str) -> Errors:
    """The three probes in upstream's order."""
    found: Errors = []
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.get(name)
        if probe is None:
            continue
        at = f"{path}.{name}"
        found += _probe(probe, grace, at)
        own_grace = probe.get("terminationGracePeriodSeconds")
        if name == "readinessProbe":
            if own_grace is not None:
                message = "must not be set for readinessProbes"
                found.append(field.invalid(f"{at}.terminationGracePeriodSeconds", own_grace, message))
        elif probe.get("successThreshold", 0) != 1:
            found.append(field.invalid(f"{at}.successThreshold", probe.get("successThreshold", 0), "must be 1"))
    return found


def _probe(probe: Object, grace: int | None, path: str) -> Errors:
    found = handler(probe, PROBE_HANDLERS, grace, path)
    for name in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"):
        found += field.not_negative(probe.get(name, 0), f"{path}.{name}")
    own_grace = probe.get("terminationGracePeriodSeconds")
    if own_grace is not None and own_grace <= 0:
        found.append(field.invalid(f"{path}.terminationGracePeriodSeconds", own_grace, "must be greater than 0"))
    return found


def lifecycle(container: Object, grace: int | None, path: str) -> Errors:
    hooks = container.get("lifecycle")
    if hooks is None:
        return []
    found: Errors = []
    for name in ("postStart", "preStop"):
        if hooks.get(name) is not None:
            found += handler(hooks[name], HOOK_HANDLERS, grace, f"{path}.lifecycle.{name}")
    return found
