"""Disks that fill up under load, and are given room again: a small file system, a limit of file sizes, a quota."""

import errno
import http.client
import os
import shutil
import time

from service import Fault, wait
from storm import Siege
from writes import KEPT, KINDS, REFUSED

# What a full disk is answered with.
FULL = (503, 507)
# Seconds within which `/readyz` must tell, for which it is looked at then, and within which the service goes on once
# there is room.
TELLS, STAYS, GOES_ON = 2, 7, 10
SMALL = [kind for kind in KINDS if kind.operation in ("add_site", "add_token", "revoke_token", "update_backlink")]
# Of which one is kept where there is room for any.
TRIES = 8
# So many refusals in a row are a full disk, and not one write that is larger than what is left.
IN_A_ROW = 20


class Volume:
    """A small file system, filled by a file of ballast."""

    name = "file system"

    def __init__(self, place, scratch, seed):
        server = place.postgres
        folder = scratch.disk(40 if server else 24, server and server.user)
        if folder is None:
            raise PermissionError("nobody may mount a file system here")
        self.ballast, url = folder / "ballast", f"sqlite:{folder / 'linker.db'}"
        if server:
            space, name = folder / "space", f"small{seed}"
            space.mkdir(mode=0o700)
            shutil.chown(space, server.user or os.getuid())
            server.sql(f"CREATE TABLESPACE {name} LOCATION '{space}'")
            database = server.database(f"TABLESPACE {name}")
            scratch.callback(
                lambda: (server.sql(f"DROP DATABASE {database} (FORCE)"), server.sql(f"DROP TABLESPACE {name}"))
            )
            url = server.url(database)
        self.siege = Siege(place.home(scratch, url), seed)

    def fill(self):
        room = self.siege.rng.randrange(200_000)
        with open(self.ballast, "wb", buffering=0) as file:
            try:
                while file.write(bytes(65536)):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            file.truncate(max(0, file.tell() - room))

    def free(self):
        self.ballast.unlink()


class Limit:
    """SQLite: no file may grow any more."""

    name = "file size"

    def __init__(self, place, scratch, seed):
        self.home = place.home(scratch)
        self.siege = Siege(self.home, seed)

    def fill(self):
        sizes = [path.stat().st_size for path in self.home.folder.glob("linker.db*")]
        self.siege.service.largest_file(max(sizes) + self.siege.rng.randrange(100_000))

    def free(self):
        self.siege.service.largest_file(None)


class Quota(Limit):
    """SQLite: `--max-database`. Room returns with another start."""

    name = "--max-database"

    def fill(self):
        self.siege.service.stop()
        mebibytes = (self.home.folder / "linker.db").stat().st_size // (1 << 20) + 1
        self.siege.again(f"--max-database {mebibytes}")

    def free(self):
        self.siege.service.stop()
        self.siege.again()


def run(place, report, seed, count, short):
    disks = [Volume] if place.postgres else [Volume, Limit, Quota, Volume, Limit]
    for round in range(1, count + 1):
        if report.late():
            break
        make = disks[(round - 1) % len(disks)]
        name = f"full disk {round}, {make.name}"
        with place.scratch() as scratch:
            try:
                disk = make(place, scratch, seed + round)
            except PermissionError as error:
                report.skip(name, str(error))
                continue
            with disk.siege:
                # What a balancer sees takes longest.
                faults = besiege(disk, 0 if short and round > 1 else STAYS)
                report.row(name, disk.siege.told(), faults)


def besiege(disk, stays):
    siege, faults = disk.siege, []
    siege.storm(40)
    siege.world.padding = 2000
    disk.fill()
    begun = len(siege.world.writes)
    siege.storm(3000, until=lambda: is_full(siege, begun), seconds=15)
    # The small ones find the last room.
    siege.world.padding = 0
    after = len(siege.world.writes)
    siege.storm(3000, until=lambda: is_full(siege, after), kinds=SMALL, seconds=15)
    faults += while_full(siege, stays)
    faults += [f"while the disk was full: {line}" for line in siege.wrongly_refused(begun, FULL)]
    disk.free()
    try:
        wait("writes are kept again, and /readyz says so", lambda: goes_on(siege), GOES_ON)
    except Fault as fault:
        faults.append(f"with room again: {fault}")
    siege.storm(40)
    faults += siege.compared("with room again")
    try:
        siege.service.stop()
    except Fault as fault:
        faults.append(str(fault))
        siege.service.kill()
    siege.again()
    faults += siege.compared("after another start")
    siege.storm(40)
    siege.killed()
    faults += siege.compared("after kill -9")
    return faults


def is_full(siege, since):
    """Many refusals in a row; or very many, where here and there one still finds room."""
    refused = [write.verdict == REFUSED for write in siege.world.writes[since:]]
    return refused[-IN_A_ROW:].count(True) == IN_A_ROW or refused.count(True) > 5 * IN_A_ROW


def while_full(siege, stays):
    """Refused writes are no secret to `/readyz`, which says so until one can be kept again; and reads go on."""
    client, faults = siege.client(), []
    if REFUSED not in (write.verdict for write in siege.world.writes[-IN_A_ROW:]):
        faults.append(f"writes are kept for ever, the last was {siege.world.writes[-1]}")
    # After a refusal, soon; and then while nobody writes, which is what a balancer that heard 503 sees to.
    for seconds, writes in ((TELLS, True), (stays, False)):
        begun, lies = time.monotonic(), []
        while time.monotonic() - begun < seconds:
            if writes or siege.world.writes[-1].verdict == KEPT:
                small(siege, client)
            # What was kept is no refusal to tell of.
            refused = siege.world.writes[-1].verdict != KEPT
            lies.append(refused and siege.service.ready() and not kept(siege, client))
            time.sleep(0.2)
        # PostgreSQL keeps a small change where the page of its row has room, which is of no use to other tables.
        once = siege.home.kind == "postgres"
        if lies and (lies[-1] if writes else lies.count(True) > once):
            after = f"{lies.count(True)} times within {seconds} s of a refusal"
            faults.append(f"/readyz said 200 {after}, and the next {TRIES} small writes were refused")
    for path in ("/healthz", "/me/", "/campaigns/", "/backlinks/?page_size=10", "/credits/"):
        try:
            answer = client.get(path)
            if answer.status != 200 or answer.seconds > 2:
                faults.append(f"GET {path} was answered {answer.status} after {answer.seconds:.1f} s")
        except (OSError, http.client.HTTPException) as error:
            faults.append(f"GET {path}: {error!r}")
    client.close()
    return [f"while the disk was full: {fault}" for fault in faults]


def kept(siege, client):
    """Whether one of some small writes is kept."""
    return any(small(siege, client) for _ in range(TRIES))


def small(siege, client):
    """Whether a small write is kept."""
    write = siege.write(siege.rng, client, SMALL)
    return write is not None and write.verdict == KEPT


def goes_on(siege):
    client = siege.client()
    try:
        return all([small(siege, client) for _ in range(5)]) and siege.service.ready()
    finally:
        client.close()
