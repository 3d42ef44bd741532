"""Many clients at once: some patient, some who hang up; and what they need to write to."""

import collections
import functools
import random
import subprocess
import threading
import time

import wire
from ledger import compare
from service import wait
from wire import ANSWERED, SILENT, HangUp, Outcome
from writes import KEPT, KINDS, REFUSED, UNKNOWN, Kind, Target, World, budget, name_of

CLIENTS = 10
# How many different kinds a burst is made of. With all of them at once, one write heals what another broke.
FEW = 4
# Of campaigns that no write here made.
FURNISHED = budget(299_900)
# What a service says that can't do it now. 504 says neither yes nor no, as does no answer.
UNSURE = frozenset({504})


class Grant(Kind):
    """Credits come by the command line, another process on the same database."""

    operation = "credits grant"

    def __init__(self, home):
        self.home = home

    def ask(self, world, mark, client):
        return self.write(mark, "CLI", "")

    def send(self, world, write, hang_up):
        command = [self.home.program, "credits", "grant", "--account", str(world.one.account), "10"]
        command += ["--note", name_of(world, write.mark)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=self.home.environment, cwd=self.home.folder, **quiet) as process:
            try:
                said = process.communicate(timeout=hang_up and hang_up.wait)[1]
            except subprocess.TimeoutExpired:
                process.kill()
                return Outcome(SILENT)
        return Outcome(ANSWERED, 200 if process.returncode == 0 else 503, error=said)

    def found(self, write, state):
        return write.mark in state.grants


class Siege:
    """A database, its service, and the ledger of what clients were told. `seed` decides all but the timing."""

    def __init__(self, home, seed, flags="--rate 0 --log warn"):
        self.home, self.flags = home, flags
        self.rng = random.Random(seed)
        self.one = home.tenant("one", "local-business", credits=100_000)
        self.world = World(self.one, seed)
        self.world.writes = []
        self.grants = Grant(home)
        self.usual, self.hang_ups, self.strange, self.answers = {}, 0, {}, {}
        self.service = home.serve(flags)
        self.furnish()

    def client(self):
        return self.service.client(self.one.token)

    def furnish(self):
        """What the kinds of writes need: a campaign for backlinks, one each for checks and audits, keys' sites."""
        world, client = self.world, self.client()
        post = lambda path, body=None: client.post(path, body).be(200, 201, 202).data  # noqa: E731
        ground = post("/campaigns/generate/", self.one.generate())
        world.ground = ground["id"]
        post(f"/campaigns/{world.ground}/activate/")
        page = client.get(f"/contents/?site_id={self.one.site}").be(200).body["results"][0]
        world.page, link = page["url"], {"campaign_id": world.ground, "target_content_id": page["id"]}
        world.link = link | {"anchor_text": "the best", "anchor_type": "partial_match", "link_type": "guest_post"}
        world.shelf = post("/sites/", {"name": "Imports", "domain": "shelf.example"})["id"]
        for _ in range(4):
            world.add(Target("key", post("/sites/", {"name": "Keys"})["id"], False))
        for kind in ("checks", "audits"):
            for _ in range(3):
                id = post("/campaigns/generate/", self.one.generate())["id"]
                post("/backlinks/", world.link | {"campaign_id": id, "source_url": "https://audited.example/"})
                world.add(Target(kind, id, 0))
        self.refill()

    def refill(self):
        """Tokens to revoke, campaigns to start, dead backlinks to replace: as many as a storm needs."""
        world, client = self.world, self.client()
        short = lambda kind, value, many: (
            many
            - sum(  # noqa: E731
                target.kind == kind and target.possible == {value} for target in world.targets
            )
        )
        for _ in range(short("token", "open", 40)):
            made = client.post("/tokens/", {"name": "to revoke", "role": "write"}).be(201).data
            world.add(Target("token", made["id"], "open", secret=made["secret"]))
        for _ in range(short("campaign", "draft", 8)):
            world.add(
                Target("campaign", client.post("/campaigns/generate/", self.one.generate()).be(201).data["id"], "draft")
            )
        for _ in range(4 - sum(target.kind == "plan" for target in world.targets)):
            # Not a mark's budget: that is where a campaign is known by that was never answered.
            made = client.post("/campaigns/generate/", self.one.generate(overrides={"budget_max": FURNISHED})).be(201)
            world.add(Target("plan", made.data["id"], FURNISHED))
            client.post(f"/campaigns/{made.data['id']}/activate/").be(200)
        for _ in range(short("dead", None, 6)):
            live = world.link | {"status": "live", "source_url": "https://dead.example/", "date_live": "2026-01-05"}
            made = client.post("/backlinks/", live).be(201)
            id = made.data["id"]
            client.put(f"/backlinks/{id}/", made.headers["etag"], {"status": "dead"}).be(200)
            world.add(Target("dead", id, None))
        client.close()

    def storm(self, count, share=0.0, until=lambda: False, kinds=None, seconds=60, unsure=UNSURE, clients=CLIENTS):
        """`count` writes by many clients, a share of whom hang up, until `until` says that it is enough."""
        left, lock = [count], threading.Lock()
        deadline, broken = time.monotonic() + seconds, []

        def work(seed):
            rng, client = random.Random(seed), self.client()
            try:
                while time.monotonic() < deadline and not until():
                    with lock:
                        left[0] -= 1
                        if left[0] < 0:
                            break
                    self.write(rng, client, kinds, rng.random() < share, unsure)
            except BaseException as error:
                broken.append(error)
            client.close()

        threads = [threading.Thread(target=work, args=(self.rng.random(),)) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if broken:
            raise broken[0]

    def few(self):
        """Some kinds of writes, others each time."""
        return self.rng.sample(KINDS, self.rng.randint(1, FEW))

    def write(self, rng, client, kinds=None, hangs_up=False, unsure=UNSURE, learns=False):
        """One write of a kind that has something to be done to."""
        kinds = kinds or [*KINDS, self.grants]
        kind = rng.choices(kinds, [kind.weight for kind in kinds])[0]
        mark = self.world.mark()
        write = kind.ask(self.world, mark, client)
        if write is None:
            return None
        hang_up = HangUp.anywhere(rng, self.usual.get(kind.operation, 0.05)) if hangs_up else None
        begun = time.monotonic()
        send = functools.partial(kind.send, self.world) if hasattr(kind, "send") else self.send
        outcome = send(write, hang_up)
        write.learn(outcome, unsure)
        with self.world.lock:
            self.world.writes.append(write)
            self.hang_ups += hangs_up
            if learns and outcome.what == ANSWERED:
                spent = time.monotonic() - begun
                before = self.usual.get(kind.operation, spent)
                self.usual[kind.operation] = before + (spent - before) / 4
            if outcome.what == ANSWERED:
                self.answers[outcome.status] = self.answers.get(outcome.status, 0) + 1
            if (
                outcome.what == ANSWERED
                and 400 <= outcome.status < 500
                and outcome.status != 402
                or outcome.status == 500
            ):
                # Every write here is one that the service must be able to do.
                self.strange.setdefault((kind.operation, outcome.status), outcome.error)
        if write.verdict == KEPT:
            kind.made(write, self.world)
        if write.target is not None:
            self.world.give_back(write.target)
        return write

    def settled(self):
        """Waits until nothing that was begun is at work any more; connections that are in an open transaction then."""
        if self.home.kind != "postgres":
            time.sleep(0.2)
            return 0
        quiet, left, begun = 0, [], time.monotonic()
        while quiet < 3 and time.monotonic() - begun < 4:
            busy = self.home.postgres.sql(f"SELECT state FROM pg_stat_activity WHERE {self.mine()} AND state <> 'idle'")
            left = [state for state in busy.split("\n") if state.startswith("idle in transaction")]
            quiet = 0 if busy else quiet + 1
            time.sleep(0.02)
        return len(left)

    def calm(self, kinds):
        """A patient client's writes, one after the other; how long each takes is how long it usually does."""
        client, rng = self.client(), random.Random(self.rng.random())
        writes = [self.write(rng, client, [kind], learns=True) for kind in kinds]
        client.close()
        return [write for write in writes if write is not None]

    def repeated(self):
        """What nobody knows of is asked for again with its key: it is done once, whether it had been or not."""
        faults = []
        for write in self.world.writes:
            if write.told_first != UNKNOWN or "idempotency-key" not in write.headers or write.repeated:
                continue
            write.repeated, had = True, write.verdict
            write.outcome = self.send(write)
            write.verdict = write.told_first = KEPT
            due = (200, 201) if had == KEPT else (201,)
            if write.outcome.status not in due:
                faults.append(f"repeated with its key: {write}: {write.outcome.error}")
            elif had == REFUSED:
                write.kind.made(write, self.world)
        return faults

    def send(self, write, hang_up=None):
        address, token = self.service.address, self.one.token
        text = wire.request(address, write.method, write.path, token, write.body, write.headers)
        return wire.send(address, text, hang_up)

    def compared(self, when):
        """What isn't as clients were told, a line each."""
        faults = compare(self.home, self.service, self.world, when)
        faults += [
            f"{when}: {operation} was answered {status}: {error}" for (operation, status), error in self.strange.items()
        ]
        self.strange.clear()
        return faults

    def again(self, flags=""):
        """Another start, over what is there; with more flags."""
        self.service = self.home.serve(f"{self.flags} {flags}")

    def killed(self):
        """kill -9, and once the database knows of it another start."""
        self.service.kill()
        if self.home.kind == "postgres":
            self.gone()
        self.again()

    def gone(self):
        mine = f"SELECT COUNT(*) FROM pg_stat_activity WHERE {self.mine()}"
        wait("PostgreSQL lets go of the connections", lambda: self.home.postgres.sql(mine) == "0", 30)

    def mine(self):
        return f"datname = '{self.home.database()}' AND application_name = 'igny8-linker'"

    def wrongly_refused(self, since, statuses):
        """Refusals that are none of these, counted, each with an example."""
        wrong = collections.defaultdict(list)
        for write in self.world.writes[since:]:
            if write.told_first == REFUSED and write.outcome.status not in (None, *statuses):
                wrong[(write.kind.operation, write.outcome.status)].append(write.outcome.error)
        self.strange.clear()
        return [
            f"{operation} was answered {status} {len(said)} times: {said[0]}"
            for (operation, status), said in wrong.items()
        ]

    def told(self):
        """The ledger in a few words."""
        counts = collections.Counter(write.told_first for write in self.world.writes)
        words = ", ".join(f"{counts[word]} {word}" for word in (KEPT, REFUSED, UNKNOWN))
        return f"{len(self.world.writes)} writes: {words}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.service.kill()
