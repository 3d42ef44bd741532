#!/usr/bin/env python3
"""Clients that open connections and do nothing with them: what they cost, and whether anybody else is answered.

    tests/faults/connections.py [--connections N] [PROGRAM]

Of each kind N are open at once (default 10,000; as many as `ulimit -n` allows here). `FAULT` where the service needs more
than 400 MiB, or a new connection's p95 is over a second. Exit code 1 then.
"""

import argparse
import resource
import sys
import time

from service import Fault, Home, Scratch, percentile, program

MEMORY, BAR, ASKED = 400, 1.0, 100
WHOLE = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
KINDS = {
    "nobody": None,
    "say nothing": b"",
    "half a head": WHOLE[:-4],
    "a long half head": WHOLE[:-2] + b"x: " + b"y" * 15_000,
    "asked once": WHOLE,
    "read no answer": b"GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n" * 4,
    "read no page": b"GET /api/docs/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n",
}


def opened(service, says, count):
    """Connections that say that, and then nothing."""
    connections = []
    for _ in range(count):
        connection = service.connect(patience=30)
        connection.sendall(says)
        connections.append(connection)
    return connections


def asked(service):
    """Seconds that each of some new connections waits for its answer."""
    times = []
    for _ in range(ASKED):
        client = service.client(patience=30)
        begun = time.monotonic()
        try:
            client.get("/healthz").be(200)
            times.append(time.monotonic() - begun)
        except (Fault, OSError):
            times.append(float("inf"))
        client.close()
    return times


def measured(kind, says, count, scratch, binary):
    """A line for one kind; whether the service did badly."""
    with scratch, Home(scratch, binary, "sqlite").serve("--log error") as service:
        connections = [] if says is None else opened(service, says, count)
        time.sleep(1)
        times = asked(service)
        p50, p95, most = (percentile(times, share) for share in (50, 95, 100))
        peak = service.memory()[1]
        bad = peak > MEMORY or p95 > BAR or not service.lives()
        verdict = "FAULT" if bad else "ok"
        print(f"  {kind:18} {peak:6.0f} MiB  p50 {p50:.3f}  p95 {p95:.3f}  max {most:.3f}  {verdict}", flush=True)
        for connection in connections:
            connection.close()
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="default: target/debug/igny8-linker")
    parser.add_argument("--connections", type=int, default=10_000, help="default: 10000")
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = options.connections if hard == resource.RLIM_INFINITY else min(options.connections, hard - 100)
    binary, failed = program(options.program), False
    print(f"{count} connections; MiB in use; seconds until a new connection is answered")
    with Scratch() as compiled:
        Home(compiled, binary, "sqlite").serve("--log error").kill()
        for kind, says in KINDS.items():
            failed |= measured(kind, says, count, Scratch(compiled.cache), binary)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
