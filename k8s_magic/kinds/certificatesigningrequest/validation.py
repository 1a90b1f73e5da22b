"""Source: pkg/apis/certificates/validation/validation.go

Our simplification: the inside of a request (ASN.1) is not looked at.
"""

from __future__ import annotations

import re
from base64 import b64decode

from k8s_magic.kinds.validation import field, metadata, words
from k8s_magic.kinds.validation.field import Errors
from k8s_magic.machinery.label_syntax import quoted
from k8s_magic.machinery.meta import Object

USAGES = (
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
)
LEGACY_SIGNER = "kubernetes.io/legacy-unknown"
SIGNER_FORM = "must be a fully qualified domain and path of the form 'example.com/signer-name'"
_PEM = re.compile(rb"^-----BEGIN CERTIFICATE REQUEST-----\s.*?-----END CERTIFICATE REQUEST-----\s*$", re.M | re.S)


def validate(obj: Object) -> Errors:
    found = metadata.validate(obj, namespaced=False, name=lambda name: [])
    spec = obj["spec"]
    request = spec.get("request") or ""
    if not _PEM.search(b64decode(request)):
        found.append(field.invalid("spec.request", request, "PEM block type must be CERTIFICATE REQUEST"))
    usages = spec.get("usages") or []
    if not usages:
        found.append(field.required("spec.usages"))
    for position, usage in enumerate(usages):
        if usage not in USAGES:
            found.append(field.unsupported(f"spec.usages[{position}]", usage, USAGES))
    for position, usage in enumerate(usages):
        if usage in usages[:position]:
            found.append(field.duplicate(f"spec.usages[{position}]", usage))
    signer = spec.get("signerName", "")
    if signer == LEGACY_SIGNER:
        message = "the legacy signerName is not allowed via this API version"
        found.append(field.invalid("spec.signerName", signer, message))
    else:
        found += signer_name(signer, "spec.signerName")
    seconds = spec.get("expirationSeconds")
    if seconds is not None and seconds < 600:
        message = "may not specify a duration less than 600 seconds (10 minutes)"
        found.append(field.invalid("spec.expirationSeconds", seconds, message))
    return found


def validate_update(new: Object, old: Object) -> Errors:
    found = validate(new) + metadata.validate_update(new, old)
    return found + field.immutable(new["spec"], old["spec"], "spec")


def signer_name(name: str, path: str) -> Errors:
    if not name:
        return [field.required(path)]
    domain, slash, rest = name.partition("/")
    if not slash or "/" in rest:
        return [field.invalid(path, name, SIGNER_FORM)]
    found: Errors = []
    labels = domain.split(".")
    for label in labels:
        messages = words.dns_label(label)
        found += [field.invalid(path, domain, f"validating label {quoted(label)}: {one}") for one in messages]
        if messages:
            break
    if len(labels) < 2:
        message = "should be a domain with at least two segments separated by dots"
        found.append(field.invalid(path, domain, message))
    for label in rest.split("."):
        messages = words.dns_subdomain(label)
        found += [field.invalid(path, rest, f"validating label {quoted(label)}: {one}") for one in messages]
        if messages:
            break
    return found
