"""A lean client that keeps connections open and posts on all of them at once; the same for every server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import orjson


async def _post_for(port: int, head: bytes, body: bytes, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = 0
    while time.monotonic() < end:
        writer.write(head + body)
        await writer.drain()
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(answer.decode(errors="replace"))
        length = int(answer.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        done += 1
    writer.close()
    return done


def posts_per_second(
    port: int, path: str, body: object, headers: Mapping[str, str], clients: int, seconds: float
) -> float:
    """How many posts a second `clients` connections get answered, each waiting for its answer before the next."""
    content = orjson.dumps(body)
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def crowd() -> float:
        start = time.monotonic()
        done = await asyncio.gather(*(_post_for(port, head, content, start + seconds) for _ in range(clients)))
        return sum(done) / (time.monotonic() - start)

    return asyncio.run(crowd())
