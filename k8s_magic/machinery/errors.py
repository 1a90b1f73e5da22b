"""What can go wrong, as the API says it.

    Unsupported          the simulation does not model this; one plain sentence
    ApiError             an answer of the API server, carrying the whole metav1.Status

Constructors have apimachinery's names and words. Source: apimachinery/pkg/api/errors/errors.go
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from k8s_magic.machinery.names import GroupVersionKind, GroupVersionResource


class Unsupported(Exception):
    """Behaviour that is not modelled. The message is one sentence a person can act on."""


class ApiError(Exception):
    """A failed API call.

    Shape: `status` is a metav1.Status: status, message, reason, details (name, group, kind, causes), code.
    """

    def __init__(self, status: dict[str, Any]) -> None:
        super().__init__(status.get("message", ""))
        self.status = status

    @property
    def reason(self) -> str:
        reason: str = self.status.get("reason", "")
        return reason

    @property
    def code(self) -> int:
        code: int = self.status.get("code", 500)
        return code

    @property
    def message(self) -> str:
        message: str = self.status.get("message", "")
        return message

    @property
    def is_not_found(self) -> bool:
        return self.reason == "NotFound"

    @property
    def is_conflict(self) -> bool:
        return self.reason == "Conflict"

    @property
    def is_already_exists(self) -> bool:
        return self.reason == "AlreadyExists"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One complaint of validation. `kind` is field.ErrorType's reason (`FieldValueInvalid`, …).

    `detail` is the whole text after `field: `, e.g. `Invalid value: 99999: must be between 1 and 65535`.
    Source: apimachinery/pkg/util/validation/field/errors.go
    """

    kind: str
    field: str
    detail: str

    def __str__(self) -> str:
        return f"{self.field}: {self.detail}"


def failure(code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> ApiError:
    status: dict[str, Any] = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "code": code,
    }
    if details is not None:
        status["details"] = details
    return ApiError(status)


def _details(resource: GroupVersionResource, name: str, **more: Any) -> dict[str, Any]:
    details: dict[str, Any] = {}
    if name:
        details["name"] = name
    if resource.group:
        details["group"] = resource.group
    details["kind"] = resource.resource
    return {**details, **more}


def not_found(resource: GroupVersionResource, name: str) -> ApiError:
    message = f'{resource.qualified} "{name}" not found'
    return failure(404, "NotFound", message, _details(resource, name))


def already_exists(resource: GroupVersionResource, name: str) -> ApiError:
    message = f'{resource.qualified} "{name}" already exists'
    return failure(409, "AlreadyExists", message, _details(resource, name))


def conflict(resource: GroupVersionResource, name: str, why: str) -> ApiError:
    message = f'Operation cannot be fulfilled on {resource.qualified} "{name}": {why}'
    return failure(409, "Conflict", message, _details(resource, name))


MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def bad_request(why: str) -> ApiError:
    return failure(400, "BadRequest", why)


def forbidden(resource: GroupVersionResource, name: str, why: str) -> ApiError:
    if not resource.resource:
        message = f"forbidden: {why}"
    elif not name:
        message = f"{resource.qualified} is forbidden: {why}"
    else:
        message = f'{resource.qualified} "{name}" is forbidden: {why}'
    return failure(403, "Forbidden", message, _details(resource, name))


def invalid(kind: GroupVersionKind, name: str, errors: Iterable[FieldError]) -> ApiError:
    """422 with one cause a complaint; several complaints are bracketed as ToAggregate does."""
    causes, texts = [], []
    for error in errors:
        causes.append({"reason": error.kind, "message": error.detail, "field": error.field})
        if str(error) not in texts:
            texts.append(str(error))
    qualified = f"{kind.kind}.{kind.group}" if kind.group else kind.kind
    message = f'{qualified} "{name}" is invalid'
    if texts:
        message += ": " + (texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]")
    details: dict[str, Any] = {"name": name}
    if kind.group:
        details["group"] = kind.group
    details |= {"kind": kind.kind, "causes": causes}
    return failure(422, "Invalid", message, details)


def expired(why: str) -> ApiError:
    return failure(410, "Expired", why)


def method_not_allowed(resource: GroupVersionResource, verb: str) -> ApiError:
    message = f'{verb} is not supported on resources of kind "{resource.qualified}"'
    return failure(405, "MethodNotAllowed", message, _details(resource, ""))


def resource_missing() -> ApiError:
    """404 for a path that no resource answers."""
    return failure(404, "NotFound", "the server could not find the requested resource", {})


def too_many_requests(why: str, retry_after_seconds: int = 0) -> ApiError:
    details: dict[str, Any] = {}
    if retry_after_seconds:
        details["retryAfterSeconds"] = retry_after_seconds
    return failure(429, "TooManyRequests", why, details)


def unsupported_media_type(why: str) -> ApiError:
    return failure(415, "UnsupportedMediaType", why)


def service_unavailable(why: str) -> ApiError:
    return failure(503, "ServiceUnavailable", why)


def internal_error(why: str) -> ApiError:
    details = {"causes": [{"message": why}]}
    return failure(500, "InternalError", f"Internal error occurred: {why}", details)
