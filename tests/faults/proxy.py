"""A way to PostgreSQL that takes its time, so that every point of a transaction is long enough to be hit.

    proxy.py SOCKET MILLISECONDS

Listens on a free port of this machine, says which, and passes everything on to the Unix socket, each way late by this
much. It ends when its standard input does.
"""

import asyncio
import contextlib
import pathlib
import subprocess
import sys


class Delay:
    """A proxy of its own process: what it does isn't held up by what its owner does."""

    def __init__(self, scratch, socket, milliseconds):
        command = [sys.executable, pathlib.Path(__file__).resolve(), socket, str(milliseconds)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        scratch.callback(self.end)
        self.port = int(self.process.stdout.readline())

    def end(self):
        self.process.kill()
        self.process.wait()


async def late(reader, writer, delay):
    """What comes is passed on after `delay` seconds, in its order; also that nothing more comes."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError):
        while some := await reader.read(65536):
            loop.call_later(delay, writer.write, some)
    loop.call_later(delay, writer.close)


async def main(socket, milliseconds):
    delay = float(milliseconds) / 1000

    async def accept(reader, writer):
        try:
            there, back = await asyncio.open_unix_connection(socket)
        except OSError:
            return writer.close()
        await asyncio.gather(late(reader, back, delay), late(there, writer, delay))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
