"""Disks that fill up under load, and are given room again: a small file system, a limit of file sizes, a quota."""

import errno
import time

from service import Fault, Home, Postgres, wait
from storm import Siege
from writes import KEPT, KINDS, REFUSED

# What a full disk is answered with.
FULL = (503, 507)
# Within which `/readyz` must tell, and within which the service goes on once there is room.
TELLS, GOES_ON = 2, 10
SMALL = [kind for kind in KINDS if kind.operation in ("add_site", "add_token", "add_backlink")]
# So many refusals in a row are a full disk, and not one write that is larger than what is left.
IN_A_ROW = 30


class Volume:
    """A small file system, filled by a file of ballast."""

    name, returns = "file system", True

    def __init__(self, scratch, kind, program, seed):
        server = Postgres(scratch) if kind == "postgres" else None
        place = scratch.disk(40 if server else 24, server and server.user)
        if place is None:
            raise PermissionError("nobody may mount a file system here")
        self.ballast, url = place / "ballast", f"sqlite:{place / 'linker.db'}"
        if server:
            (place / "space").mkdir(mode=0o700)
            chown(place / "space", server.user)
            server.sql(f"CREATE TABLESPACE small LOCATION '{place / 'space'}'")
            url = server.url(server.database("TABLESPACE small"))
        self.siege = Siege(Home(scratch, program, kind, url, server), seed)

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


def chown(place, user):
    import shutil

    if user:
        shutil.chown(place, user)


class Limit:
    """SQLite: no file may grow any more."""

    name, returns = "file size", True

    def __init__(self, scratch, kind, program, seed):
        self.home = Home(scratch, program, kind)
        self.siege = Siege(self.home, seed)

    def fill(self):
        sizes = [path.stat().st_size for path in self.home.folder.glob("linker.db*")]
        self.siege.service.largest_file(max(sizes) + self.siege.rng.randrange(100_000))

    def free(self):
        self.siege.service.largest_file(None)


class Quota(Limit):
    """SQLite: `--max-database`. Room returns with another start."""

    name, returns = "--max-database", False

    def fill(self):
        self.siege.service.stop()
        mebibytes = (self.home.folder / "linker.db").stat().st_size // (1 << 20) + 1
        self.siege.again(f"--max-database {mebibytes}")

    def free(self):
        self.siege.service.stop()
        self.siege.again()


def run(scratch, program, kind, report, seed, count):
    disks = [Volume, Limit, Quota, Volume, Limit] if kind == "sqlite" else [Volume]
    for round in range(1, count + 1):
        if report.late():
            break
        make = disks[(round - 1) % len(disks)]
        name = f"full disk {round}, {make.name}"
        try:
            disk = make(scratch, kind, program, seed + round)
        except PermissionError as error:
            report.skip(name, str(error))
            continue
        faults = besiege(disk)
        report.row(name, disk.siege.told(), faults)
        disk.siege.end()


def besiege(disk):
    siege, faults = disk.siege, []
    siege.storm(40)
    faults += siege.compared("before")
    siege.world.padding = 2000
    disk.fill()
    begun = len(siege.world.writes)
    siege.storm(3000, until=lambda: is_full(siege), seconds=30)
    # The small ones find the last room.
    siege.storm(3000, until=lambda: is_full(siege, begun), kinds=SMALL, seconds=30)
    faults += while_full(siege)
    faults += [f"while the disk was full: {line}" for line in siege.wrongly_refused(begun, FULL)]
    siege.world.padding = 0
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


def is_full(siege, since=0):
    latest = siege.world.writes[since:][-IN_A_ROW:]
    return len(latest) == IN_A_ROW and all(write.verdict != KEPT for write in latest)


def while_full(siege):
    """Refused writes are no secret to `/readyz`, and reads go on."""
    client, faults = siege.client(), []
    if not is_full(siege):
        yield_ = siege.world.writes[-1]
        faults.append(f"while the disk was full: writes are kept for ever, the last was {yield_}")
    begun, lies = time.monotonic(), True
    while lies and time.monotonic() - begun < TELLS:
        lies = False
        if not small(siege, client) and siege.service.ready():
            # Between two refusals it said that it can write.
            lies = not small(siege, client)
        time.sleep(0.1)
    if lies:
        faults.append(f"while the disk was full: /readyz says 200 for {TELLS} s while writes are refused")
    for path in ("/healthz", "/me/", "/campaigns/", "/backlinks/?page_size=10", "/credits/"):
        try:
            answer = client.get(path)
            if answer.status != 200 or answer.seconds > 2:
                faults.append(f"while the disk was full: GET {path} was answered {answer.status} after {answer.seconds:.1f} s")
        except OSError as error:
            faults.append(f"while the disk was full: GET {path}: {error}")
    client.close()
    return faults


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
