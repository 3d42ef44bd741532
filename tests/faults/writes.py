"""Every kind of write that the API takes, each with a mark of its own by which it is found again, whatever the client
was told of it."""

import dataclasses
import json
import random
import threading

from service import ROOT
from wire import ANSWERED, SILENT, Outcome

KEPT, REFUSED, UNKNOWN = "kept", "refused", "unknown"
# Writes of the description that no kind below makes, and why.
EXCUSED = {"lookup_domains": "asks a marketplace, and keeps only what that answered"}
# Rows of an import: all of them, or none.
LINES = 20


class Target:
    """Something that writes change, and what it may be now: one value, or more while nobody knows."""

    def __init__(self, kind, id, value, **more):
        self.kind, self.id, self.possible, self.more = kind, id, {value}, more
        # Writes in doubt since the last comparison, and those that were told to be done.
        self.story = []
        self.kept = self.unsure = 0

    def __str__(self):
        return f"{self.kind} {self.id}"


@dataclasses.dataclass
class Write:
    kind: "Kind"
    mark: int
    method: str
    path: str
    body: bytes | None
    headers: dict
    target: Target | None = None
    value: object = None
    outcome: Outcome | None = None
    verdict: str = ""
    # What the client was left with; the verdict becomes what a comparison found.
    told_first: str = ""
    reported: bool = False
    repeated: bool = False

    def __str__(self):
        to = f" to {self.target}" if self.target else ""
        return f"{self.kind.operation} #{self.mark}{to}, {self.told()}"

    def told(self):
        if self.outcome.what == ANSWERED:
            return f"answered {self.outcome.status}"
        return "never wholly sent" if self.verdict == REFUSED else "never answered"

    def learn(self, outcome, unsure):
        """`unsure`: statuses that say neither yes nor no."""
        self.outcome = outcome
        if outcome.what == SILENT or outcome.status in unsure:
            self.verdict = UNKNOWN
        else:
            self.verdict = KEPT if outcome.what == ANSWERED and outcome.status < 300 else REFUSED
        self.told_first = self.verdict
        if self.target is not None:
            self.kind.learn(self)


class World:
    """What there is to write to. Targets are lent to one write at a time; one in doubt rests until it is compared."""

    def __init__(self, one, seed):
        self.one, self.rng, self.lock = one, random.Random(seed), threading.Lock()
        self.marks, self.pools, self.targets = 0, {}, []
        # Characters that texts are filled up with, to fill a disk sooner.
        self.padding = 0

    def mark(self):
        with self.lock:
            self.marks += 1
            return self.marks

    def add(self, target):
        with self.lock:
            self.targets.append(target)
            self.pools.setdefault(target.kind, []).append(target)

    def lend(self, kind, fits=lambda _: True):
        with self.lock:
            pool = self.pools.get(kind, [])
            fit = [target for target in pool if len(target.possible) == 1 and fits(target)]
            if not fit:
                return None
            target = self.rng.choice(fit)
            pool.remove(target)
            return target

    def give_back(self, target):
        with self.lock:
            self.pools[target.kind].append(target)


class Kind:
    """A kind of write. `found` says whether a write's row is there: True, False, or a text where only half of it is."""

    operation, weight, pool = "", 1, None

    def ask(self, world, mark, client):
        """The write; None where there is nothing to do it to."""
        raise NotImplementedError

    def found(self, write, state):
        raise NotImplementedError

    def learn(self, write):
        if write.verdict == KEPT:
            write.target.possible = {write.value}
        elif write.verdict == UNKNOWN:
            write.target.possible = write.target.possible | {write.value}
        write.target.story.append(write)

    def made(self, write, world):
        """What was made can be written to in its turn."""

    def write(self, mark, method, path, body=None, headers=(), target=None, value=None):
        headers = dict(headers)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("content-type", "application/json")
        return Write(self, mark, method, ROOT + path, body, headers, target, value)


def name_of(world, mark, most=255):
    """A text that says the mark, as long as the world's padding asks and the field allows."""
    name = f"mark-{mark}-"
    return name + "x" * (min(world.padding, most) - len(name))


def mark_of(text):
    """The mark of such a text; None where it has none."""
    head, _, rest = text.partition("mark-")
    digits = rest.split("-")[0]
    return int(digits) if digits.isdigit() and (not head or head.endswith("/")) else None


class AddSite(Kind):
    operation, weight = "add_site", 2

    def ask(self, world, mark, client):
        return self.write(mark, "POST", "/sites/", {"name": name_of(world, mark), "domain": f"site{mark}.example"})

    def found(self, write, state):
        return write.mark in state.sites


class AddToken(Kind):
    operation, weight = "add_token", 3

    def ask(self, world, mark, client):
        return self.write(mark, "POST", "/tokens/", {"name": name_of(world, mark), "role": "write"})

    def found(self, write, state):
        there = write.mark in state.tokens
        if there and write.outcome.data and not state.tokens[write.mark]["revoked_at"]:
            if not state.opening[write.outcome.data["secret"]]:
                return "it is in the list, and opens nothing"
        return there

    def made(self, write, world):
        made = write.outcome.data
        if made:
            world.add(Target("token", made["id"], "open", secret=made["secret"]))


class RevokeToken(Kind):
    operation, weight, pool = "revoke_token", 4, "token"

    def ask(self, world, mark, client):
        target = world.lend("token", lambda token: token.possible == {"open"})
        return target and self.write(mark, "DELETE", f"/tokens/{target.id}/", target=target, value="revoked")


class Generate(Kind):
    operation, weight = "generate_campaign", 3

    def ask(self, world, mark, client):
        body = world.one.generate(overrides={"budget_max": budget(mark)})
        return self.write(mark, "POST", "/campaigns/generate/", body, {"idempotency-key": f"generate-{mark}"})

    def found(self, write, state):
        return write.mark in state.generated

    def made(self, write, world):
        if write.outcome.data:
            # Not both: a completed campaign can't be adjusted.
            id, adjusted = write.outcome.data["id"], write.mark % 2
            world.add(Target("plan", id, budget(write.mark)) if adjusted else Target("campaign", id, "draft"))


def budget(mark):
    return f"{2000 + mark / 100:.2f}"


class Turn(Kind):
    """A campaign's status."""

    pool, weight = "campaign", 1

    def __init__(self, operation, verb, sources, value, weight=1):
        self.operation, self.verb, self.sources, self.value, self.weight = operation, verb, sources, value, weight

    def ask(self, world, mark, client):
        target = world.lend("campaign", lambda campaign: campaign.possible <= self.sources)
        return target and self.write(
            mark, "POST", f"/campaigns/{target.id}/{self.verb}/", target=target, value=self.value
        )


class Adjust(Kind):
    operation, weight, pool = "adjust_campaign", 2, "plan"

    def ask(self, world, mark, client):
        target = world.lend("plan")
        if target is None:
            return None
        etag = tag(client, f"/campaigns/{target.id}/", world, target)
        body = {"overrides": {"budget_max": budget(mark)}}
        return etag and self.write(
            mark, "PUT", f"/campaigns/{target.id}/", body, {"if-match": etag}, target, budget(mark)
        )


def tag(client, path, world, target):
    """The version to change; None, and nothing is lent, where the service can't say."""
    etag = None
    try:
        etag = client.get(path).headers.get("etag")
    except Exception:
        client.close()
    if etag is None:
        world.give_back(target)
    return etag


class AddBacklink(Kind):
    operation, weight = "add_backlink", 4

    def ask(self, world, mark, client):
        body = world.link | {"notes": name_of(world, mark, 4000), "source_url": f"https://mark-{mark}-a.example/post"}
        return self.write(mark, "POST", "/backlinks/", body, {"idempotency-key": f"backlink-{mark}"})

    def found(self, write, state):
        row = state.by_notes.get(write.mark)
        if row and write.outcome.data and row["id"] != write.outcome.data["id"]:
            return f"it is backlink {row['id']}, and not {write.outcome.data['id']} as was said"
        return row is not None

    def made(self, write, world):
        # Some are left as they are: nobody changes their notes.
        if write.outcome.data and write.mark % 2:
            world.add(Target("backlink", write.outcome.data["id"], write.mark))


class UpdateBacklink(Kind):
    operation, weight, pool = "update_backlink", 4, "backlink"

    def ask(self, world, mark, client):
        target = world.lend("backlink")
        if target is None:
            return None
        etag = tag(client, f"/backlinks/{target.id}/", world, target)
        body = {"notes": name_of(world, mark, 4000)}
        return etag and self.write(mark, "PUT", f"/backlinks/{target.id}/", body, {"if-match": etag}, target, mark)


class Replace(Kind):
    operation, pool = "replace_backlink", "dead"

    def ask(self, world, mark, client):
        target = world.lend("dead", lambda dead: dead.possible == {None})
        body = {"anchor_text": f"mark-{mark}-", "source_url": "https://instead.example/"}
        return target and self.write(mark, "POST", f"/backlinks/{target.id}/replace/", body, target=target, value=mark)


class Snapshot(Kind):
    operation, weight = "record_snapshot", 2

    def ask(self, world, mark, client):
        path = f"/campaigns/{world.ground}/kpi/snapshot/"
        return self.write(mark, "POST", path, {"organic_traffic": mark}, {"idempotency-key": f"kpi-{mark}"})

    def found(self, write, state):
        return write.mark in state.snapshots


class Counted(Kind):
    """What leaves a row that has nothing of ours in it: rows are counted, those of each campaign."""

    def learn(self, write):
        write.target.kept += write.verdict == KEPT
        write.target.unsure += write.verdict == UNKNOWN
        write.target.story.append(write)


class Check(Counted):
    operation, weight, pool = "check_backlinks", 2, "checks"

    def ask(self, world, mark, client):
        target = world.lend("checks")
        return target and self.write(mark, "POST", "/backlinks/check/", {"campaign_id": target.id}, target=target)

    def learn(self, write):
        super().learn(write)
        # One that waits is given again: it counts once.
        if write.verdict == KEPT and write.outcome.data:
            known = write.target.more.setdefault("checks", set())
            write.target.kept -= write.outcome.data["id"] in known
            known.add(write.outcome.data["id"])


class Audit(Counted):
    operation, pool = "audit_backlinks", "audits"

    def ask(self, world, mark, client):
        target = world.lend("audits")
        return target and self.write(mark, "POST", "/backlinks/audit/", {"campaign_id": target.id}, target=target)


class PutKey(Kind):
    operation, pool = "put_fatgrid_key", "key"

    def ask(self, world, mark, client):
        target = world.lend("key")
        body = {"key": f"fg_test_{mark:08}", "site_id": target.id} if target else None
        return target and self.write(mark, "PUT", "/settings/fatgrid/", body, target=target, value=True)


class ForgetKey(Kind):
    operation, pool = "forget_fatgrid_key", "key"

    def ask(self, world, mark, client):
        target = world.lend("key", lambda key: key.possible == {True})
        return target and self.write(
            mark, "DELETE", f"/settings/fatgrid/?site_id={target.id}", target=target, value=False
        )


class ImportBlueprint(Kind):
    operation = "import_blueprint"

    def ask(self, world, mark, client):
        address = f"https://mark-{mark}-.example/"
        page = {"content_type": "page", "content_structure": "landing_page", "status": "published", "word_count": 900}
        pages = [page | {"id": id, "url": f"{address}{id or ''}", "title": f"Page {id}"} for id in range(1, LINES + 1)]
        pages[0] |= {"url": address, "content_type": "homepage"}
        site = {"id": 1, "name": name_of(world, mark, 200), "brand": "A site", "homepage_url": address}
        body = {"id": 1, "site": site, "clusters": [], "pages": pages}
        return self.write(mark, "POST", f"/blueprints/import/?site_id={world.shelf}", body)

    def found(self, write, state):
        # Pages come first, and stay where the blueprint doesn't come.
        there, pages = write.mark in state.blueprints, state.pages.get(write.mark, 0)
        return f"{pages} of its {LINES} pages" if there and pages != LINES else there


class ImportMetrics(Kind):
    operation = "import_metrics"

    def ask(self, world, mark, client):
        lines = [f"https://mark-{mark}-.example/{line},{mark},5000,2%,8.4" for line in range(LINES)]
        path = f"/metrics/import/?site_id={world.shelf}&from=2026-10-01&to=2026-10-31"
        body = "\n".join(["Top pages,Clicks,Impressions,CTR,Position", *lines, ""]).encode()
        return self.write(mark, "POST", path, body, {"content-type": "text/csv"})

    def found(self, write, state):
        return all_or_none(state.metrics.get(write.mark, 0))


def all_or_none(rows):
    return rows == LINES if rows in (0, LINES) else f"{rows} of {LINES} rows"


class ImportBacklinks(Kind):
    operation = "import_backlinks"

    def ask(self, world, mark, client):
        page = world.page
        lines = [f"https://b{line}.example/mark-{mark}-,{page},An anchor,planned" for line in range(LINES)]
        body = "\n".join(["source_url,target_url,anchor_text,status", *lines, ""]).encode()
        path = f"/backlinks/import/?campaign_id={world.ground}"
        return self.write(mark, "POST", path, body, {"content-type": "text/csv"})

    def found(self, write, state):
        return all_or_none(state.imported.get(write.mark, 0))


KINDS = [
    AddSite(),
    AddToken(),
    RevokeToken(),
    Generate(),
    Turn("activate_campaign", "activate", {"draft", "paused"}, "active", 2),
    Turn("pause_campaign", "pause", {"active"}, "paused"),
    Turn("complete_campaign", "complete", {"paused"}, "completed"),
    Adjust(),
    AddBacklink(),
    UpdateBacklink(),
    Replace(),
    Snapshot(),
    Check(),
    Audit(),
    PutKey(),
    ForgetKey(),
    ImportBlueprint(),
    ImportMetrics(),
    ImportBacklinks(),
]
