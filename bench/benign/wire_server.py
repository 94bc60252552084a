"""Small servers of bench/wire_benign.py, in clear and with TLS: WebSocket telemetry, a wallet's server in the manner of Electrum,
an editor's language server. Usage: wire_server.py FOLDER web|wallet|editor ADDRESS PORT TLS_PORT
"""
import asyncio
import json
import logging
import random
import ssl
import sys

HEX = "0123456789abcdef"


def digits(n):
    return "".join(random.choices(HEX, k=n))


async def telemetry(socket, *_):
    async for text in socket:
        await socket.send(json.dumps({"id": json.loads(text).get("id"), "stored": True}))


def say(writer, message):
    writer.write(json.dumps(message).encode() + b"\n")


async def headers(writer):
    """A new block now and then, at times nobody chooses."""
    height = 800_000
    while True:
        await asyncio.sleep(random.expovariate(1 / 9))
        height += 1
        say(writer, {"jsonrpc": "2.0", "method": "blockchain.headers.subscribe", "params": [{"hex": digits(160), "height": height}]})


def wallet_answer(method):
    if method == "blockchain.headers.subscribe":
        return {"hex": digits(160), "height": 800_000}
    if method == "server.version":
        return ["ElectrumX 1.16.0", "1.4"]
    if method == "blockchain.scripthash.get_balance":
        return {"confirmed": 103_873_966, "unconfirmed": 0}
    return [] if method.endswith("history") else None


async def wallet(reader, writer):
    pushing = None
    try:
        while line := await reader.readline():
            request = json.loads(line)
            say(writer, {"jsonrpc": "2.0", "result": wallet_answer(request["method"]), "id": request["id"]})
            if request["method"] == "blockchain.headers.subscribe" and pushing is None:
                pushing = asyncio.create_task(headers(writer))
    except (OSError, ValueError):
        pass
    finally:
        if pushing:
            pushing.cancel()
        writer.close()


async def editor(reader, writer):
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            request = json.loads(await reader.readexactly(int(head.split(b":")[1])))
            body = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": {"contents": "int main()" * random.randint(1, 9)}}).encode()
            writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    except (OSError, ValueError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    logging.disable(logging.CRITICAL)
    folder, kind, address, port, tls_port = sys.argv[1:]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
    for at, tls in ((int(port), None), (int(tls_port), context)):
        if kind == "web":
            import websockets
            await websockets.serve(telemetry, address, at, ssl=tls, backlog=512)
        else:
            await asyncio.start_server(wallet if kind == "wallet" else editor, address, at, ssl=tls, backlog=512)
    await asyncio.Future()


asyncio.run(main())
