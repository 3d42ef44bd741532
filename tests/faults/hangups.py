"""Clients that hang up at every point of every kind of write; then nothing may be left open, and everything must be
as clients were told, also after kill -9. PostgreSQL is behind a proxy that takes its time."""

from proxy import Delay
from service import Home, Postgres
from storm import Siege

# Each way, so that a transaction of six statements takes 40 ms, most of which is waiting.
DELAY_MS = 3
PATIENT_SHARE = 1 / 3


def run(scratch, program, kind, report, seed, count, rounds):
    if kind == "postgres":
        server = Postgres(scratch)
        database = server.database()
        port = Delay(scratch, server.socket(), DELAY_MS).port
        home = Home(scratch, program, kind, server.url(database, port), server)
    else:
        home = Home(scratch, program, kind)
    siege = Siege(home, seed)
    # How long each kind takes, for those who hang up.
    siege.calm(rounds=2, revocations=0)
    for round in range(1, rounds + 1):
        if report.late():
            break
        goal = count * round // rounds
        siege.storm(4 * count, 1 - PATIENT_SHARE, lambda goal=goal: siege.hang_ups >= goal)
        left = siege.settled()
        faults = [f"{left} connections are left in an open transaction"] if left else []
        siege.calm()
        faults += siege.compared("after the storm")
        siege.killed()
        faults += siege.compared("after kill -9")
        report.row(f"hang-ups {siege.hang_ups}", siege.told(), faults)
        siege.refill()
    siege.end()
