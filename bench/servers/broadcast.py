"""The baseline of the fan-out: `websockets.broadcast` and nothing else. `… broadcast PORT [SIZE]`."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from bench.servers.payload import SIZE, event_text

watching: set[ServerConnection] = set()
size = int(sys.argv[2]) if len(sys.argv) > 2 else SIZE


async def handle(connection: ServerConnection) -> None:
    """Whatever a client says is answered by one event to all."""
    watching.add(connection)
    # A client that leaves without a closing handshake is no fault here.
    with suppress(ConnectionClosed):
        async for _ in connection:
            broadcast(watching, event_text(time.monotonic(), size))
    watching.discard(connection)


async def main(port: int) -> None:
    async with serve(handle, "127.0.0.1", port, compression=None, ping_interval=None, backlog=1024):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
