"""What clients were told, beside what the service says afterwards.

Kept: an answer of 2xx. Refused: any other answer, or a request that was never wholly sent. Unknown: no answer, or one
that says neither. What was kept must be there, what was refused must not be, what is unknown is there wholly or not
at all, and from the first comparison on it is known.
"""

import collections
import concurrent.futures
import functools

from service import Fault
from writes import KEPT, KINDS, REFUSED, UNKNOWN, mark_of

# Cents that an operation costs.
PRICES = {"campaign_generation": 200, "kpi_snapshot": 50, "dead_link_detection": 100, "backlink_audit": 100}

# 429: it opens nothing, as too many before it. There is no rate here that a good one would exceed.
OPENS, OPENS_NOT = {200}, {401, 429}


class State:
    """What the service says now, asked once; and what only the database tells."""

    def __init__(self, home, client, world):
        self.home, self.client, self.world = home, client, world
        self.twice = []
        self.me = client.get("/me/").be(200).data
        self.credits = client.list("/credits/")
        self.grants = self.by_mark(self.credits, "note")
        self.sites = self.by_mark(client.list("/sites/"), "name")
        tokens = client.list("/tokens/")
        self.tokens = self.by_mark(tokens, "name")
        self.revoked = {token["id"]: bool(token["revoked_at"]) for token in tokens}
        self.campaigns = {row["id"]: row for row in client.list("/campaigns/")}
        backlinks = client.list("/backlinks/")
        self.backlinks = {row["id"]: row for row in backlinks}
        # By the address of its source: its notes are changed later.
        created = [row | {"mark": row["source_url"].replace("https://", "")} for row in backlinks]
        self.by_notes = self.by_mark([row for row in created if "-a.example/" in row["mark"]], "mark")
        self.of_campaign = collections.Counter(row["campaign_id"] for row in backlinks)
        self.imported = collections.Counter(
            mark_of(row["source_url"]) for row in backlinks if ".example/mark-" in row["source_url"]
        )
        self.replacements = {row["id"]: mark_of(row["anchor_text"]) for row in backlinks}
        self.blueprints = self.by_mark(client.list(f"/blueprints/?site_id={world.shelf}"), "name")
        pages = client.list(f"/contents/?site_id={world.shelf}")
        self.pages = collections.Counter(mark_of(page["url"]) for page in pages)
        timeline = client.list(f"/campaigns/{world.ground}/kpi/")
        self.timeline = len(timeline)
        self.snapshots = {row["organic_traffic"]: row for row in timeline}
        metrics = home.sql(
            f"SELECT clicks, COUNT(*) FROM igny8_search_console_pages WHERE site_id = {world.shelf} GROUP BY 1"
        )
        self.metrics = {int(mark): int(rows) for mark, rows in metrics}
        self.checks = collections.defaultdict(set)
        for campaign, check in home.sql("SELECT campaign_id, id FROM igny8_backlink_checks"):
            self.checks[int(campaign)].add(int(check))
        pairs = client.get(f"/backlinks/replacements/?campaign_id={world.ground}").be(200).data["accepted"]
        self.accepted = {pair["backlink_id"]: pair["replacement"]["id"] for pair in pairs}
        self.paid = collections.Counter((row["operation"], row["campaign_id"]) for row in self.credits)

        secrets = [target.more["secret"] for target in world.targets if target.kind == "token"]
        written = [write.outcome.data for write in world.writes if write.kind.operation == "add_token"]
        secrets += [made["secret"] for made in written if made]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.opening = dict(zip(secrets, pool.map(self.opens, secrets), strict=True))

    def by_mark(self, rows, field):
        """Rows by the mark in a field; a mark that is there twice is noted."""
        found = {}
        for row in rows:
            mark = mark_of(row[field])
            if mark in found:
                self.twice.append(f"mark {mark} as {field} of {found[mark]['id']} and {row['id']}")
            if mark is not None:
                found[mark] = row
        return found

    def opens(self, secret):
        client = self.home.client(secret)
        answer = client.get("/me/").be(*OPENS, *OPENS_NOT)
        client.close()
        return answer.status in OPENS

    @functools.cache  # noqa: B019
    def plan(self, id):
        return self.client.get(f"/campaigns/{id}/plan/").be(200).body

    @functools.cached_property
    def generated(self):
        """Campaigns by the mark that they were planned with. An adjusted one has another: then it is known by its id."""
        found = {}
        for write in self.world.writes:
            if write.kind.operation == "generate_campaign" and write.outcome.data:
                found[write.mark] = write.outcome.data["id"] if write.outcome.data["id"] in self.campaigns else None
        known = set(found.values())
        for id in self.campaigns.keys() - known:
            overrides = self.plan(id)["overrides"]
            if "budget_max" in overrides:
                found[round(float(overrides["budget_max"]) * 100) - 200_000] = id
        return {mark: id for mark, id in found.items() if id is not None}

    def value(self, target):
        """What a target is now; a text with a blank in it where that is only half done."""
        match target.kind:
            case "token":
                opens, revoked = self.opening[target.more["secret"]], self.revoked.get(target.id)
                if opens == revoked:
                    return f"in the list {'revoked' if revoked else 'not revoked'}, yet it opens {'all' if opens else 'nothing'}"
                return "open" if opens else "revoked"
            case "campaign":
                row = self.campaigns.get(target.id, {"status": "not there"})
                links, planned = self.of_campaign[target.id], row.get("total_links_target")
                started = row["status"] != "draft"
                return (
                    row["status"] if links == planned * started else f"{row['status']} with {links} of {planned} links"
                )
            case "plan":
                plan, row = self.plan(target.id), self.campaigns[target.id]
                if plan["total_links_target"] != row["total_links_target"]:
                    return "another plan than row"
                return f"{float(plan['overrides'].get('budget_max', 0)):.2f}"
            case "backlink":
                row = self.backlinks.get(target.id)
                return mark_of(row["notes"]) if row else "not there"
            case "dead":
                made = self.accepted.get(target.id)
                return None if made is None else self.replacements.get(made, "accepted without a backlink")
            case "key":
                return self.client.get(f"/settings/fatgrid/?site_id={target.id}").be(200).data["configured"]
            case "checks":
                return len(self.checks[target.id])
            case "audits":
                return self.paid[("backlink_audit", target.id)]


def compare(home, service, world, when):
    """Every way in which the service's state isn't what clients were told."""
    home.client = lambda token: service.client(token)
    client = service.client(world.one.token)
    try:
        state = State(home, client, world)
    except (Fault, OSError) as error:
        return [f"{when}: the service can't be asked what it has: {error}"]
    faults = [*rows(world, state), *targets(world, state), *accounts(world, state)]
    if home.kind == "sqlite" and home.sql("PRAGMA integrity_check") != [["ok"]]:
        faults.append("SQLite finds its file damaged")
    client.close()
    return [f"{when}: {fault}" for fault in faults]


def rows(world, state):
    for write in world.writes:
        if write.target is not None or write.reported:
            continue
        there = write.kind.found(write, state)
        due = {KEPT: (True,), REFUSED: (False,), UNKNOWN: (True, False)}[write.verdict]
        if there not in due:
            write.reported = True
            yield f"{write}: {ABOUT.get(there, there)}"
        elif write.verdict == UNKNOWN:
            write.verdict = KEPT if there else REFUSED


ABOUT = {True: "it is there", False: "it is not there"}


def targets(world, state):
    for target in world.targets:
        actual, told = state.value(target), "; ".join(str(write) for write in target.story[-3:])
        if target.kind in ("checks", "audits"):
            due, lacking = (
                range(target.kept, target.kept + target.unsure + 1),
                state.paid[(PAID[target.kind], target.id)],
            )
            if actual not in due or lacking != actual:
                yield f"{target}: {actual} rows, {lacking} paid, {due.start} to {due.stop - 1} due; {told}"
            target.kept, target.unsure = actual, 0
            # Also those that nobody was told of: one of them that still waits is given again.
            target.more["checks"] = set(state.checks[target.id])
        else:
            if actual not in target.possible:
                expected = " or ".join(map(str, target.possible))
                yield f"{target}: is {actual} and not {expected}; {told}"
            target.possible = {actual}
        target.story.clear()


PAID = {"checks": "dead_link_detection", "audits": "backlink_audit"}


def accounts(world, state):
    """Credits and campaigns, whatever anybody was told."""
    cents = lambda text: round(float(text) * 100)  # noqa: E731
    balance = 0
    for entry in reversed(state.credits):
        balance += cents(entry["amount"])
        if cents(entry["balance_after"]) != balance:
            yield f"credits entry {entry['id']} says {entry['balance_after']} are left, its sum is {balance / 100:.2f}"
            break
        if -cents(entry["amount"]) != PRICES.get(entry["operation"], -cents(entry["amount"])):
            yield f"credits entry {entry['id']}: {entry['operation']} for {entry['amount']}"
    if cents(state.me["credits"]) != balance:
        yield f"{state.me['credits']} credits are left, and the movements' sum is {balance / 100:.2f}"
    paid = {
        campaign: count for (operation, campaign), count in state.paid.items() if operation == "campaign_generation"
    }
    for id in paid.keys() | state.campaigns.keys():
        if (paid.get(id), id in state.campaigns) != (1, True):
            yield f"campaign {id} is {'there' if id in state.campaigns else 'not there'}, and paid {paid.get(id, 0)} times"
    snapshots = state.paid[("kpi_snapshot", world.ground)]
    if snapshots != state.timeline:
        yield f"{state.timeline} snapshots, {snapshots} paid"
    yield from (f"there twice: {twice}" for twice in state.twice)
    # A row that nobody asked for would be found by no write above.
    known = {write.mark for write in world.writes}
    for name in ("sites", "tokens", "by_notes", "blueprints", "snapshots", "imported", "grants"):
        strange = [mark for mark in getattr(state, name) if mark is not None and mark not in known]
        if strange:
            yield f"{name} that nobody asked for: {strange[:5]}"


def uncovered(client, excused):
    """Operations of the description that change something, and that no kind of write here makes."""
    paths = client.get("/api/openapi.json").be(200).body["paths"]
    writing = {
        operation["operationId"] for path in paths.values() for method, operation in path.items() if method != "get"
    }
    return sorted(writing - {kind.operation for kind in KINDS} - excused.keys())
