"""A redis server behind a port: RESP by bytes, and whole commands from redis-cli inside the simulation."""

from __future__ import annotations

from k8s_magic.runtime.contract import Conversation, Handler, HttpRequest, HttpResponse, NetworkError, decoded, encoded
from k8s_magic.runtime.redis import replies
from k8s_magic.runtime.redis.replies import BadProtocol, Failure, Status
from k8s_magic.runtime.redis.store import Store

# How redis-cli asks a server over the simulated network: an exchange of its own, not HTTP. Bodies are RESP.
PROTOCOL = "REDIS"


class RedisServer:
    """contract.Speaker."""

    __slots__ = ("store",)

    def __init__(self, store: Store) -> None:
        self.store = store

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises: NetworkError for HTTP, which is not spoken here."""
        if request.method != PROTOCOL:
            raise NetworkError("empty")
        return HttpResponse(200, decoded(RedisConversation(self.store).receive(encoded(request.body))))

    def converse(self, source_ip: str, serve: Handler) -> Conversation:
        return RedisConversation(self.store)


class RedisConversation:
    """contract.Conversation."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._client = store.connect()
        self._held = bytearray()
        self.has_ended = False
        self.problem = ""

    def receive(self, data: bytes) -> bytes:
        self._held += data
        said = bytearray()
        while not self.has_ended:
            try:
                words = replies.take(self._held)
            except BadProtocol as problem:
                said += replies.encode(Failure(str(problem)))
                self.has_ended = True
                break
            if words is None:
                break
            name = words[0].lower()
            if name in ("post", "host:"):
                self.has_ended = True  # a page in a browser may be made to ask: it gets nothing
            elif name == "quit":
                said += replies.encode(Status("OK"))
                self.has_ended = True
            else:
                said += replies.encode(self._store.execute(self._client, words))
        if self.has_ended:
            self._held.clear()
        return bytes(said)
