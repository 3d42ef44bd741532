"""Clients that hang up at every point of every kind of write; then nothing may be left open, and everything must be
as clients were told, also after kill -9. PostgreSQL is behind a proxy that takes its time."""

import collections
import concurrent.futures

from ledger import OPENS, OPENS_NOT, uncovered
from proxy import Delay
from storm import CLIENTS, Siege
from writes import EXCUSED, KEPT, KINDS

# Each way, so that a transaction of six statements takes 25 ms, most of which is waiting.
DELAY_MS = 2
# Hang-ups at once, and then patient writes, before it is looked at what was left open.
BURST, PATIENT = 15, 1
# Who can come in: of these writes least of all may be said to be done that aren't.
TOKENS = [kind for kind in KINDS if kind.operation in ("add_token", "revoke_token")]
# Readers at once: more than the service has connections.
ASKED = 8


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
    names = ", ".join(kind.operation for kind in kinds)
    faults = [f"{left} connections are left in an open transaction after {names}"] if left else []
    faults += seen(siege, siege.calm(TOKENS * 2))
    siege.calm(siege.few() * PATIENT)
    return faults


def seen(siege, writes):
    """What is done is done for everybody: a token opens, or doesn't, whichever connection to the database is asked."""

    def ask(secret):
        client = siege.service.client(secret)
        status = client.get("/me/").status
        client.close()
        return status

    due = {}
    for write in writes:
        if write.verdict == KEPT:
            revoked = write.target is not None
            secret = write.target.more["secret"] if revoked else write.outcome.data["secret"]
            # One that was made just now may be revoked by the next.
            due[secret] = (OPENS_NOT if revoked else OPENS, write)
    faults = []
    with concurrent.futures.ThreadPoolExecutor(ASKED) as pool:
        for secret, (statuses, write) in due.items():
            answers = collections.Counter(pool.map(ask, [secret] * ASKED))
            if not answers.keys() <= statuses:
                faults.append(f"{write}: its token is then answered {dict(answers)}")
    return faults
