"""Failures are worded as kubectl words them."""

from __future__ import annotations

import pytest

from k8s_magic.kubectl.errors import (
    Aggregate,
    CommandExit,
    KubectlError,
    Raw,
    filter_out,
    is_not_found,
    render,
    with_source,
)
from k8s_magic.machinery import errors, names
from k8s_magic.machinery.errors import FieldError, Unsupported
from k8s_magic.machinery.names import GroupVersionKind

MISSING = errors.not_found(names.PODS, "x")
DEPLOYMENT = GroupVersionKind("apps", "v1", "Deployment")


def invalid(*fields: str) -> errors.ApiError:
    complaints = [FieldError("FieldValueInvalid", field, "must not be so") for field in fields]
    return errors.invalid(DEPLOYMENT, "web", complaints)


@pytest.mark.parametrize(
    ("failure", "text", "code"),
    [
        (KubectlError("no"), "error: no\n", 1),
        (Raw("The connection was refused"), "The connection was refused\n", 1),
        (Unsupported("this is not modelled"), "error: this is not modelled\n", 1),
        (CommandExit(7, "command terminated with exit code 7"), "command terminated with exit code 7\n", 7),
        (CommandExit(1), "", 1),
        (MISSING, 'Error from server (NotFound): pods "x" not found\n', 1),
        (invalid("spec.a"), 'The Deployment "web" is invalid: spec.a: must not be so\n', 1),
        (
            invalid("spec.a", "spec.b", "spec.a"),
            'The Deployment "web" is invalid: \n* spec.a: must not be so\n* spec.b: must not be so\n',
            1,
        ),
        (
            errors.failure(422, "Invalid", "the server rejected our request"),
            "The request is invalid: the server rejected our request\n",
            1,
        ),
        (Aggregate([KubectlError("one")]), "error: one\n", 1),
        (Aggregate([Aggregate([KubectlError("one")])]), "one\n", 1),
        (Aggregate([KubectlError("one"), MISSING]), 'one\nError from server (NotFound): pods "x" not found\n', 1),
        (
            with_source("creating", "a.yaml", MISSING),
            'Error from server (NotFound): error when creating "a.yaml": pods "x" not found\n',
            1,
        ),
        (with_source("creating", "a.yaml", KubectlError("no")), 'error: error when creating "a.yaml": no\n', 1),
    ],
)
def test_text_and_code(failure: Exception, text: str, code: int) -> None:
    assert render(failure) == (text, code)


def test_aggregate_as_one_text() -> None:
    errors_ = [KubectlError("a"), Aggregate([KubectlError("b"), KubectlError("a")])]
    assert str(Aggregate(errors_)) == "[a, b]"
    assert str(Aggregate([KubectlError("a"), KubectlError("a")])) == "a"


def test_filter_out_keeps_the_rest() -> None:
    both = Aggregate([MISSING, KubectlError("other")])
    left = filter_out(both, is_not_found)
    assert isinstance(left, Aggregate)
    assert [str(error) for error in left.errors] == ["other"]
    assert filter_out(Aggregate([MISSING]), is_not_found) is None
