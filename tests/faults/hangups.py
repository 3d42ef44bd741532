"""Clients that hang up at every point of every kind of write; then nothing may be left open, and everything must be
as clients were told, also after kill -9. PostgreSQL is behind a proxy that takes its time."""

from ledger import uncovered
from proxy import Delay
from storm import CLIENTS, Siege
from writes import EXCUSED, KINDS

# Each way, so that a transaction of six statements takes 25 ms, most of which is waiting.
DELAY_MS = 2
# Hang-ups at once, and then patient writes, before it is looked at what was left open.
BURST, PATIENT = 10, 2


def run(place, report, seed, count, rounds):
    with place.scratch() as scratch, Siege(place.home(scratch), seed) as siege:
        if place.postgres:
            siege.service.stop()
            database, server = siege.home.database(), place.postgres
            siege.home.reach(server.url(database, Delay(scratch, server.socket(), DELAY_MS).port))
            siege.again()
        forgotten = uncovered(siege.client(), EXCUSED)
        if forgotten:
            report.row("kinds of writes", "some are never made here", forgotten)
        # How long each kind takes, for those who hang up.
        siege.calm([*KINDS, siege.grants])
        for round in range(1, rounds + 1):
            if report.late():
                break
            faults = []
            while siege.hang_ups < count * round // rounds:
                faults += burst(siege)
            faults += siege.compared("after the storm")
            faults += siege.repeated()
            siege.killed()
            faults += siege.compared("after kill -9")
            report.row(f"hang-ups {siege.hang_ups}", siege.told(), faults)
            siege.refill()


def burst(siege):
    """Nobody waits for an answer; then somebody does, who must get what is true."""
    kinds = siege.few()
    siege.storm(BURST, share=1.0, kinds=kinds, clients=siege.rng.randint(2, CLIENTS // 2))
    left = siege.settled()
    siege.calm(siege.few() * PATIENT)
    names = ", ".join(kind.operation for kind in kinds)
    return [f"{left} connections are left in an open transaction after {names}"] if left else []
