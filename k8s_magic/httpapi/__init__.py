"""The API server's door to the network: HTTP as client-go speaks it, on loopback, behind a token.

Owns the listener and its thread, paths and negotiation, the documents of discovery and OpenAPI, streams (watch, log,
exec, port-forward). Refuses to know how a cluster is made: it gets an ApiServer and the Gate by which everything from
outside enters. May import client, apiserver, kinds, machinery.
"""

from k8s_magic.httpapi.gate import Gate
from k8s_magic.httpapi.listener import HttpApi

__all__ = ["Gate", "HttpApi"]
