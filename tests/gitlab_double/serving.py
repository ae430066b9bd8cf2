"""The double on loopback, for clients that want a socket."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from tests.gitlab_double.answering import Reply
from tests.gitlab_double.sending import Incoming


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the 5 of the standard library a client of many threads waits a second to connect
    reply: Callable[[Incoming], Reply]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be acknowledged
    server: _Server

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.reply(Incoming(self.command, self.path, headers, self.rfile.read(length)))
        if reply.breaks is not None and reply.breaks != "cut":
            self._drop()
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.header("content-length") is None and reply.status not in (204, 304):
            self.send_header("content-length", str(len(reply.content)))
        self.end_headers()
        if reply.breaks == "cut":
            self.wfile.write(reply.content[: len(reply.content) // 2])
            self._drop()
            return
        self.wfile.write(reply.content)

    def _drop(self) -> None:
        """Reset the connection: nothing more is sent, not even that it ends."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _answer  # noqa: N815 - the server looks for these names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has above
        """Say nothing."""


class Served:
    """A server of its own thread, on a port of its own; it stops with its context."""

    def __init__(self, reply: Callable[[Incoming], Reply]) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.reply = reply
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> str:
        """Begin, and give the address."""
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
