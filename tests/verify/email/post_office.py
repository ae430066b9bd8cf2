"""A real mail server on this machine: what is sent to it is kept as it arrived."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class PostOffice:
    """Where it listens, and every message as received, byte for byte."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the server's own name
        """Keep one message."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(content)
        return "250 kept"

    def send(self, eml: str) -> bytes:
        """Send a message to it over SMTP, and give it as it arrived."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="localhost") as client:
            client.sendmail("security@acme.example", ["notices@acme.example"], eml)
        return self.received[-1]


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Run the server until the block ends."""
    office, loop = PostOffice(), asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(office, hostname="localhost", loop=loop), "127.0.0.1", 0)
    )
    office.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield office
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_rest(loop))
        loop.close()


async def _rest(loop: asyncio.AbstractEventLoop) -> None:
    pending = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
