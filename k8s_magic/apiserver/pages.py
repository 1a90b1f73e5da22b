"""Lists in pieces: tokens, and which revision a list is of.

The pages of a list are all of the first page's revision, as etcd reads them. A past state is put together from the
present one and the table's history; where that does not reach back, the token has expired (the real server forgets by
the clock, five minutes after).

Source: apiserver/pkg/storage/{continue,interfaces}.go, …/storage/etcd3/{store,errors}.go, …/storage/errors.go
"""

from __future__ import annotations

import base64
import json
import posixpath
import string
from typing import NamedTuple

from k8s_magic.apiserver.store import Store, Table
from k8s_magic.machinery import errors
from k8s_magic.machinery.errors import ApiError
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.protocols import ListOptions

VERSION = "meta.k8s.io/v1"
LATEST = -1
_ALPHABET = frozenset(string.ascii_letters + string.digits + "-_")
_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)


class Start(NamedTuple):
    """Where a list begins: the first key, the revision it is of (0 is the present one), and that it must have."""

    key: str = ""
    revision: int = 0
    at_least: int = 0


def start_of(options: ListOptions) -> Start:
    """Raises: BadRequest."""
    asked = options.resource_version
    if options.continue_:
        key, revision = _decoded(options.continue_)
        if asked not in ("", "0"):
            raise errors.bad_request("specifying resource version is not allowed when using continue")
        return Start(key, max(revision, 0))
    if not asked:
        return Start()
    try:
        revision = int(asked)
    except ValueError:
        why = f'resourceVersion: Invalid value: "{asked}": strconv.ParseUint: parsing "{asked}": invalid syntax'
        raise errors.bad_request(f"invalid resource version: {why}") from None
    is_exact = options.resource_version_match == "Exact"
    is_old = not options.resource_version_match and options.limit > 0
    return Start("", revision) if is_exact or is_old else Start(at_least=revision)


def continue_after(key: str, revision: int) -> str:
    """The token of what comes after a key."""
    return _encoded(f"{key}\0", revision)


def _encoded(key: str, revision: int) -> str:
    token = json.dumps({"v": VERSION, "rv": revision, "start": key}, separators=(",", ":"))
    return base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")


def _decoded(token: str) -> tuple[str, int]:
    wrong = "continue key is not valid"
    at = next((at for at, letter in enumerate(token) if letter not in _ALPHABET), len(token))
    if at < len(token) or len(token) % 4 == 1:
        raise _invalid(f"{wrong}: illegal base64 data at input byte {at}")
    try:
        found = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError as problem:
        raise _invalid(f"{wrong}: {problem}") from None
    found = found if isinstance(found, dict) else {}
    version, revision, key = found.get("v", ""), found.get("rv", 0), found.get("start", "")
    if version != VERSION:
        raise _invalid(f"{wrong}: server does not recognize this encoded version {version}")
    if not isinstance(revision, int) or revision == 0:
        raise _invalid(f"{wrong}: incorrect encoded start resourceVersion (version {VERSION})")
    if not isinstance(key, str) or not key:
        raise _invalid(f"{wrong}: encoded start key empty (version {VERSION})")
    if posixpath.normpath(f"/{key.lstrip('/')}") != f"/{key.lstrip('/')}":
        raise _invalid(f"{wrong}: {key}")
    return key.lstrip("/"), revision


def _invalid(why: str) -> ApiError:
    return errors.bad_request(f"invalid continue token: {why}")


def check_reached(store: Store, start: Start) -> None:
    """Raises: Timeout for a revision that is yet to come."""
    asked = max(start.revision, start.at_least)
    if asked > store.revision:
        cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
        details = {"causes": [cause], "retryAfterSeconds": 1}
        message = f"Timeout: Too large resource version: {asked}, current: {store.revision}"
        raise errors.failure(504, "Timeout", message, details)


def check_kept(table: Table, start: Start) -> None:
    """Raises: Expired where the table's history does not reach back to a revision."""
    if start.revision >= table.forgotten:
        return
    if not start.key:
        raise errors.expired("The resourceVersion for the provided list is too old.")
    expired = errors.expired(_TOO_OLD)
    expired.status["metadata"] = {"continue": _encoded(start.key, LATEST)}
    raise expired


def past(table: Table, since: int) -> list[Object]:
    """A table's objects as they were at a revision that its history reaches back to."""
    found = {key: entry.object for key, entry in table.entries.items()}
    for revision, _, _, old, entry in reversed(table.history):
        if revision <= since:
            break
        if old is None:
            del found[entry.key]
        else:
            found[entry.key] = old
    return list(found.values())
