"""Tokens of service accounts: made by the token subresource, known again by a TokenReview.

The claims are the real ones. In place of an RSA signature stands a digest under the cluster's own key: nobody outside
verifies it, and a token that was changed or made elsewhere is told apart. The server itself lets nobody in by them.

Source: pkg/registry/core/serviceaccount/storage/token.go, pkg/serviceaccount/{claims,jwt}.go,
pkg/apis/authentication/{v1/defaults,validation/validation}.go
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any, NamedTuple

from k8s_magic.apiserver.access.users import AUTHENTICATED, SERVICE_ACCOUNT, service_account_groups
from k8s_magic.apiserver.core import Core
from k8s_magic.kinds.validation import field
from k8s_magic.machinery import errors
from k8s_magic.machinery.kind import Warn
from k8s_magic.machinery.label_syntax import quoted
from k8s_magic.machinery.meta import Object
from k8s_magic.machinery.names import (
    NODES,
    PODS,
    SECRETS,
    SERVICE_ACCOUNTS,
    GroupVersionKind,
    GroupVersionResource,
)
from k8s_magic.machinery.protocols import UserInfo, WriteOptions
from k8s_magic.sim import streams as chance
from k8s_magic.sim.time import SECOND

KIND = GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest")
# kubeadm's --service-account-issuer, which the server's audiences follow.
ISSUER = "https://kubernetes.default.svc.cluster.local"
ONE_HOUR, TEN_MINUTES, LONGEST = 3600, 600, 1 << 32
# What a Pod's projected volume asks for is made to last a year. Source: claims.go
PROJECTED, ONE_YEAR = 3607, 365 * 24 * 3600
# A clock may be so much wrong. Source: go-jose jwt.DefaultLeeway
LEEWAY = 60
BINDABLE = {"Pod": PODS, "Node": NODES, "Secret": SECRETS}
_EXTRA = "authentication.kubernetes.io/"


class Known(NamedTuple):
    """Whose a token is, and which of the audiences that were asked for it is meant for."""

    user: UserInfo
    audiences: list[str]


class TokenError(Exception):
    """A token that is not taken; the message is the real server's."""


class Tokens:
    def __init__(self, core: Core) -> None:
        self._core = core

    # -- making

    def request(
        self, resource: GroupVersionResource, namespace: str, name: str, body: Any, options: WriteOptions, warn: Warn
    ) -> Object:
        """A TokenRequest's answer. Raises: NotFound, Invalid, Conflict, BadRequest."""
        core = self._core
        asked = core.decode_as(KIND, body, options.field_validation, warn)
        metadata, spec = asked["metadata"], asked.setdefault("spec", {})
        for part, actual in (("name", name), ("namespace", namespace)):
            if metadata.get(part, actual) != actual:
                detail = f"must match the service account {part} if specified"
                raise errors.invalid(KIND, name, [field.invalid(f"metadata.{part}", metadata[part], detail)])
        account = core.entry(resource, namespace, name).object
        uid = account["metadata"]["uid"]
        if metadata.get("uid", uid) != uid:
            why = f"the UID in the token request ({metadata['uid']}) does not match the UID of the service account"
            raise errors.conflict(GroupVersionResource(KIND.group, "v1", KIND.kind), name, f"{why} ({uid})")
        spec["audiences"] = audiences = spec.get("audiences") or [ISSUER]
        if (seconds := spec.get("expirationSeconds")) is None:
            seconds = spec["expirationSeconds"] = ONE_HOUR
        spec.setdefault("boundObjectRef", None)
        at = "spec.expirationSeconds"
        if seconds < TEN_MINUTES:
            complaint = field.invalid(at, seconds, "may not specify a duration less than 10 minutes")
            raise errors.invalid(KIND, "", [complaint])
        if seconds > LONGEST:
            complaint = field.invalid(at, seconds, "may not specify a duration larger than 2^32 seconds")
            raise errors.invalid(KIND, "", [complaint])
        private: Object = {"namespace": namespace, "serviceaccount": {"name": name, "uid": uid}}
        private |= self._bound(spec["boundObjectRef"], namespace, name)
        now = self._now()
        lasts = seconds
        if "pod" in private and seconds == PROJECTED and set(audiences) <= {ISSUER}:
            private["warnafter"] = now + seconds
            lasts = ONE_YEAR
        claims = {
            "aud": audiences,
            "exp": now + lasts,
            "iat": now,
            "iss": ISSUER,
            "jti": chance.uid(core.streams.stream("apiserver/tokens")),
            "kubernetes.io": private,
            "nbf": now,
            "sub": f"{SERVICE_ACCOUNT}{namespace}:{name}",
        }
        return {
            "kind": KIND.kind,
            "apiVersion": KIND.api_version,
            "metadata": {"name": name, "namespace": namespace, "uid": uid, "creationTimestamp": core.now_text()},
            "spec": spec,
            "status": {"token": self._signed(claims), "expirationTimestamp": core.after_text(seconds)},
        }

    def _bound(self, ref: Object | None, namespace: str, account: str) -> Object:
        """The claims of the object that a token is bound to."""
        if ref is None:
            return {}
        kind, name = ref.get("kind", ""), ref.get("name", "")
        group, _, version = ref.get("apiVersion", "").rpartition("/")
        resource = BINDABLE.get(kind) if not group else None
        if resource is None:
            words = f"{group}/{version}, Kind={kind}"
            raise errors.bad_request(f"cannot bind token to object of type {words}")
        found = self._core.entry(resource, "" if kind == "Node" else namespace, name).object
        if kind == "Pod" and found["spec"].get("serviceAccountName", "") != account:
            why = f"cannot bind token for serviceaccount {quoted(account)} to pod running with different serviceaccount"
            raise errors.bad_request(f"{why} name.")
        uid = found["metadata"]["uid"]
        if ref.get("uid") and ref["uid"] != uid:
            why = (
                f"the UID in the bound object reference ({ref['uid']}) does not match the UID in record. "
                "The object might have been deleted and then recreated"
            )
            raise errors.conflict(GroupVersionResource("", "v1", kind), name, why)
        claims = {kind.lower(): {"name": name, "uid": uid}}
        node = found["spec"].get("nodeName") if kind == "Pod" else None
        if node:
            claims["node"] = {"name": node}
            if (obj := self._core.table(NODES).get("", node)) is not None:
                claims["node"]["uid"] = obj["metadata"]["uid"]
        return claims

    def _now(self) -> int:
        """Seconds since 1970."""
        return int(self._core.times.epoch.timestamp()) + self._core.kernel.now // SECOND

    # -- reading

    def known(self, text: str, wanted: list[str]) -> Known:
        """Whose a token is. Raises: TokenError."""
        wanted = wanted or [ISSUER]
        claims = self._claims(text)
        audiences = [each for each in claims["aud"] if each in wanted]
        if not audiences:
            shown = [f"[{' '.join(quoted(each) for each in group)}]" for group in (claims["aud"], wanted)]
            raise TokenError(f"token audiences {shown[0]} is invalid for the target audiences {shown[1]}")
        now = self._now()
        if now - LEEWAY > claims["exp"]:
            raise TokenError("service account token has expired")
        private = claims["kubernetes.io"]
        namespace, account = private["namespace"], private["serviceaccount"]
        found = self._core.table(SERVICE_ACCOUNTS).get(namespace, account["name"])
        if found is None:
            raise TokenError(f"serviceaccounts {quoted(account['name'])} not found")
        uid = found["metadata"]["uid"]
        if uid != account["uid"]:
            raise TokenError(f"service account UID ({uid}) does not match claim ({account['uid']})")
        self._check_bound(private, namespace)
        extra = {"credential-id": (f"JTI={claims['jti']}",)}
        for part in ("pod", "node"):
            if part in private:
                extra |= {f"{part}-{key}": (value,) for key, value in private[part].items()}
        user = UserInfo(
            claims["sub"],
            (*service_account_groups(namespace), AUTHENTICATED),
            uid,
            {_EXTRA + key: extra[key] for key in sorted(extra)},
        )
        return Known(user, audiences)

    def _check_bound(self, private: Object, namespace: str) -> None:
        for part, resource in (("secret", SECRETS), ("pod", PODS), ("node", NODES)):
            ref = private.get(part)
            if ref is None or (part == "node" and "pod" in private):
                continue
            found = self._core.table(resource).get("" if part == "node" else namespace, ref["name"])
            if found is None:
                raise TokenError("service account token has been invalidated")
            uid = found["metadata"]["uid"]
            if uid != ref["uid"]:
                word = "Secret" if part == "secret" else part
                raise TokenError(f"{word} UID ({uid}) does not match service account {part} ref claim ({ref['uid']})")

    # -- the wire form

    def _signed(self, claims: Object) -> str:
        head = {"alg": "RS256", "kid": self._key_id()}
        text = ".".join(_coded(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        return f"{text}.{self._signature(text)}"

    def _claims(self, text: str) -> dict[str, Any]:
        parts = text.split(".")
        head, claims = (_part(part) for part in (*parts, "", "")[:2])
        if len(parts) != 3 or head is None or claims is None or claims.get("iss") != ISSUER:
            raise TokenError("invalid bearer token")
        if head.get("kid") != self._key_id():
            raise TokenError("invalid signature, no keys found")
        if parts[2] != self._signature(".".join(parts[:2])):
            raise TokenError("go-jose/go-jose: error in cryptographic primitive")
        return claims

    def _key(self) -> bytes:
        return hashlib.sha256(f"{self._core.streams.seed}/apiserver/sa.key".encode()).digest()

    def _key_id(self) -> str:
        return _coded(hashlib.sha256(self._key()).digest())

    def _signature(self, text: str) -> str:
        # As long as an RSA signature of 2,048 bits.
        return _coded(hashlib.shake_256(self._key() + text.encode()).digest(256))


def _coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _part(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
