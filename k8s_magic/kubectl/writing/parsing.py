"""What people type for labels, ports, pairs and quantities, in the words of kubectl's own parsers.

Source: kubectl/pkg/generate/generate.go, pkg/cmd/util/helpers.go, pkg/cmd/create/create_service.go,
apimachinery/pkg/util/validation/validation.go
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from k8s_magic.kubectl.errors import KubectlError
from k8s_magic.machinery import quantity
from k8s_magic.machinery.quantity import QuantityError

INT32_MAX = 2**31 - 1
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_ENV_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
_DATA_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_PORT_NAME = re.compile(r"[-a-z0-9]+")
_HAS_LETTER = re.compile(r"[a-z]")
# Source: github.com/distribution/reference regexp.go (ReferenceRegexp)
_PART = r"[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?:{_DOMAIN}/)?{_PART}(?:/{_PART})*(?::[\w][\w.-]{{0,127}})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?",
    re.ASCII,
)
IntOrString = int | str


def is_image(text: str) -> bool:
    """Whether it has the form of an image's name."""
    return _REFERENCE.fullmatch(text) is not None


def labels(text: str) -> dict[str, str]:
    """`a=b,c=d`. Raises: KubectlError."""
    if not text:
        raise KubectlError("no label spec passed")
    found = {}
    for spec in text.split(","):
        parts = spec.split("=")
        if len(parts) != 2:
            raise KubectlError(f"unexpected label spec: {spec}")
        if not parts[0]:
            raise KubectlError("unexpected empty label key")
        found[parts[0]] = parts[1]
    return found


def integer(text: str) -> int:
    """strconv.Atoi. Raises: KubectlError."""
    if _INTEGER.fullmatch(text) is None:
        raise KubectlError(f'strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)


def int_or_string(text: str) -> IntOrString:
    """intstr.Parse."""
    if _INTEGER.fullmatch(text) is not None and -INT32_MAX - 1 <= int(text) <= INT32_MAX:
        return int(text)
    return text


def port(text: str) -> int:
    """netutils.ParsePort, 0 allowed. Raises: KubectlError."""
    if not text.isascii() or not text.isdigit():
        raise KubectlError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if int(text) > 65535:
        raise KubectlError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


def port_pair(text: str) -> tuple[int, IntOrString]:
    """`80:8080` or `80:http` or `80`: (port, targetPort). Raises: KubectlError."""
    parts = text.split(":")
    number = port(parts[0])
    if len(parts) == 1:
        return number, number
    if _INTEGER.fullmatch(parts[1]) is not None:
        target = int(parts[1])
        if not 1 <= target <= 65535:
            raise KubectlError("must be between 1 and 65535, inclusive")
        return number, target
    errors = port_name_errors(parts[1])
    if errors:
        raise KubectlError(",".join(errors))
    return number, parts[1]


def port_name_errors(name: str) -> list[str]:
    """IsValidPortName."""
    errors = []
    if len(name) > 15:
        errors.append("must be no more than 15 characters")
    if _PORT_NAME.fullmatch(name) is None:
        errors.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if _HAS_LETTER.search(name) is None:
        errors.append("must contain at least one letter (a-z)")
    if "--" in name:
        errors.append("must not contain consecutive hyphens")
    if name[:1] == "-" or name[-1:] == "-":
        errors.append("must not begin or end with a hyphen")
    return errors


def env_name_errors(name: str) -> list[str]:
    """IsEnvVarName."""
    errors = []
    if _ENV_NAME.fullmatch(name) is None:
        errors.append(
            "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and "
            "must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', "
            f"regex used for validation is '{_ENV_NAME.pattern}')"
        )
    return errors + _dot_errors(name)


def key_errors(name: str) -> list[str]:
    """IsConfigMapKey."""
    errors = ["must be no more than 253 characters"] if len(name) > 253 else []
    if _DATA_KEY.fullmatch(name) is None:
        errors.append(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
            f"'KEY_NAME',  or 'key-name', regex used for validation is '{_DATA_KEY.pattern}')"
        )
    return errors + _dot_errors(name)


def _dot_errors(name: str) -> list[str]:
    if name in (".", ".."):
        return [f"must not be '{name}'"]
    return ["must not start with '..'"] if name.startswith("..") else []


def pairs(arguments: Sequence[str], kind: str, *, removable: bool = False) -> tuple[dict[str, str], list[str]]:
    """(`key=value` pairs, keys of `key-`). Raises: KubectlError with all that is neither."""
    found: dict[str, str] = {}
    removed: list[str] = []
    invalid: list[str] = []
    for argument in arguments:
        key, equals, value = argument.partition("=")
        if equals and key:
            found[key] = value
        elif removable and argument.endswith("-") and argument != "-":
            removed.append(argument[:-1])
        else:
            invalid.append(argument)
    if invalid:
        raise KubectlError(f"invalid {kind} format: {', '.join(invalid)}")
    return found, removed


def resources_and_pairs(arguments: Sequence[str], kind: str) -> tuple[list[str], list[str]]:
    """The leading resource arguments and the pairs after them. Raises: KubectlError for a resource among the pairs."""
    resources: list[str] = []
    found: list[str] = []
    for argument in arguments:
        is_pair = ("=" in argument and argument[0] != "=") or (argument.endswith("-") and argument != "-")
        if is_pair:
            found.append(argument)
        elif not found:
            resources.append(argument)
        else:
            raise KubectlError(f"all resources must be specified before {kind} changes: {argument}")
    return resources, found


def resource_list(text: str) -> dict[str, str]:
    """`cpu=1,memory=1Gi` with canonical quantities. Raises: KubectlError."""
    found = {}
    for statement in text.split(",") if text else ():
        parts = statement.split("=")
        if len(parts) != 2:
            raise KubectlError(f"Invalid argument syntax {statement}, expected <resource>=<value>")
        try:
            found[parts[0]] = str(quantity.parse(parts[1]))
        except QuantityError as error:
            raise KubectlError(str(error)) from None
    return dict(sorted(found.items()))
