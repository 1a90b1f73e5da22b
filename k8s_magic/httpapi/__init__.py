"""The API server's door to the network: HTTP as client-go speaks it, on loopback, behind a token.

Owns the listener and its thread, paths and negotiation, the documents of discovery and OpenAPI, streams (watch, log,
exec, port-forward). Refuses to know how a cluster is made: it gets an ApiServer and the Gate by which everything from
outside enters. May import client, apiserver, kinds, machinery.

`listener.HttpApi` is imported by whoever serves, when it serves: tornado and certificates cost a notebook's first cell
a tenth of a second, and most never serve.
"""
