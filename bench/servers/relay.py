"""The baseline of drafting: passes every binary message on to the others, stores nothing. `… relay PORT`."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

connected: set[ServerConnection] = set()


async def handle(connection: ServerConnection) -> None:
    """One editor."""
    connected.add(connection)
    with suppress(ConnectionClosed):
        async for message in connection:
            broadcast(connected - {connection}, message)
    connected.discard(connection)


async def main(port: int) -> None:
    async with serve(handle, "127.0.0.1", port, compression=None, ping_interval=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
