"""The package `websockets` as a client of texts: texts.py SCENARIO ADDRESS PROMPT TOKENS. Prints one JSON object; docs/server.md describes the messages."""
import asyncio
import json
import sys

from websockets.asyncio.client import connect

scenario, address, prompt, count = sys.argv[1:]
REQUEST = json.dumps({"prompt": prompt, "max_tokens": int(count), "ignore_eos": True})


async def answer(connection):
    """The messages of one answer; the last has no index."""
    messages = []
    while not messages or "index" in messages[-1]:
        messages.append(json.loads(await connection.recv()))
    return messages


async def two():
    """The second request is sent before the first is answered."""
    async with connect(address) as connection:
        await connection.send(REQUEST)
        await connection.send(REQUEST)
        first, second = await answer(connection), await answer(connection)
        await connection.ping()
    assert first == second, (first, second)
    assert [message["index"] for message in first[:-1]] == list(range(int(count)))
    return {"text": "".join(message["text"] for message in first[:-1]), "end": first[-1]}


async def leave():
    """Closes after the first message."""
    async with connect(address) as connection:
        await connection.send(REQUEST)
        message = json.loads(await connection.recv())
    return {"text": message["text"], "code": connection.close_code}


async def wrong():
    async with connect(address) as connection:
        await connection.send("{")
        [refused] = await answer(connection)
        await connection.send(REQUEST)
        return {"error": refused["error"]["type"], "messages": len(await answer(connection))}


print(json.dumps(asyncio.run({"two": two, "leave": leave, "wrong": wrong}[scenario]())))
