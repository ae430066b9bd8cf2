"""The double as a transport of httpx2: no socket, and broken connections as httpx2 tells of them.

httpx2 has a transport for WSGI applications, but WSGI decodes the path: an encoded slash could not be told from a plain
one, and that is one of the things clients get wrong (s2).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import httpx2

from tests.gitlab_double.answering import Reply
from tests.gitlab_double.sending import Incoming


class DoubleTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """For `httpx2.Client` and `httpx2.AsyncClient`."""

    def __init__(self, reply: Callable[[Incoming], Reply]) -> None:
        self._reply = reply

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request of a client."""
        request.read()
        return _response(request, self._replied(request))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request of an asynchronous client."""
        await request.aread()
        return _response(request, self._replied(request))

    def _replied(self, request: httpx2.Request) -> Reply:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return self._reply(Incoming(request.method, request.url.raw_path.decode(), headers, request.content))


def _response(request: httpx2.Request, reply: Reply) -> httpx2.Response:
    if reply.breaks == "refused":
        raise httpx2.ConnectError("Connection refused", request=request)
    if reply.breaks == "reset":
        raise httpx2.ReadError("Connection reset by peer", request=request)
    if reply.breaks == "timeout":
        raise httpx2.ReadTimeout("The read operation timed out", request=request)
    if reply.breaks == "cut":
        return httpx2.Response(reply.status, headers=reply.headers, stream=_Half(request, reply.content))
    return httpx2.Response(reply.status, headers=reply.headers, content=reply.content)


class _Half(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """Half an answer, and then no more."""

    def __init__(self, request: httpx2.Request, content: bytes) -> None:
        self._request, self._half = request, content[: len(content) // 2]

    def __iter__(self) -> Iterator[bytes]:
        yield self._half
        raise httpx2.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        raise httpx2.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )
