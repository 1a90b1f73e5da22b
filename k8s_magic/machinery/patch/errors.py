"""How a patch fails, in apimachinery's words."""

from __future__ import annotations


class PatchError(ValueError):
    """A patch that cannot be applied or made.

    `reason` says what the API server answers: BadRequest (400), Invalid (422, where it hides the message behind
    "the server rejected our request due to an error in our request") or InternalError (500).
    Source: apiserver/pkg/endpoints/handlers/patch.go
    """

    def __init__(self, message: str, reason: str = "InternalError") -> None:
        super().__init__(message)
        self.reason = reason


class ConflictError(PatchError):
    """Two sides changed the same field in different ways."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "Conflict")
