"""What one tenant can do to the others within its limits. Each asks for as much as the service lets it have: what is
refused as too large is asked for again with half of it."""

import collections
import contextlib
import http.client
import itertools
import json
import socket
import threading
import time
import types

import wire
from service import ROOT, TOP, Client, Fault

GOOD = (200, 201, 202)


class Patient(Client):
    """Waits for its turn where it asked too often: for what an attack needs first."""

    def send(self, *request):
        cut = 0
        for _ in range(1000):
            try:
                answer = super().send(*request)
                if answer.status != 429:
                    return answer
            # A refusal may come with the end of the connection; twice is as good as once here.
            except (OSError, http.client.HTTPException):
                cut += 1
                if cut == 3:
                    raise
            time.sleep(0.2)
        raise Fault(f"{request[:2]} is refused for ever")


class Attacker:
    """A tenant with several hands, until it is told to stop."""

    def __init__(self, address, tenant, silent, going, stop):
        self.address, self.tenant, self.silent, self.going, self.stop = address, tenant, silent, going, stop
        # What it was answered once it had begun, by status; and requests that were cut off before they were sent.
        self.answers = collections.Counter()

    def client(self, kind=Patient):
        return kind(self.address, self.tenant.token, patience=130)

    def on(self):
        return not self.stop.is_set()

    def hands(self, count, work):
        """Does it with so many hands at once, again and again, until it is told to stop."""

        def hand():
            client = self.client(Client)
            while self.on():
                try:
                    self.answers[work(client).status] += 1
                except (OSError, http.client.HTTPException):
                    self.answers["cut off"] += 1
                    client.close()
                    time.sleep(0.1)

        for _ in range(count):
            threading.Thread(target=hand, daemon=True).start()
        self.going.set()
        self.stop.wait()

    def largest(self, size, make):
        """What the largest request of these was answered that is let through; none where none is."""
        client = self.client()
        while size >= 1 and self.on():
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer = make(client, size)
                if answer.status in GOOD:
                    return answer
            size //= 2
        return None


def blueprint(**site):
    document = json.loads((TOP / "fixtures" / "blueprints" / "questdb-io.json").read_text())
    document["site"] |= site
    return document


def generates(attacker, document):
    """Plans at once, of a blueprint as large as it may be."""
    path = f"/blueprints/import/?site_id={attacker.tenant.site}"
    kept = attacker.largest(1 << 24, lambda client, size: client.post(path, document(size)))
    if kept is None:
        return
    body = attacker.tenant.generate() | {"blueprint_id": kept.data["id"]}
    attacker.hands(12, lambda client: client.post("/campaigns/generate/", body))


def large_brand(attacker):
    generates(attacker, lambda size: blueprint(brand="Brand " * (size * 14 // 16 // 6)))


def large_blueprint(attacker):
    def document(size):
        whole = blueprint()
        page = whole["pages"][-1]
        more = range(size >> 9)
        # Beyond the ids that the fixture has.
        whole["pages"] += [page | {"id": 10_000 + id, "url": f"https://questdb.io/more/{id}/"} for id in more]
        return whole

    generates(attacker, document)


def campaign(attacker, client):
    """A started campaign, a page of it, and what a backlink needs."""
    id = client.post("/campaigns/generate/", attacker.tenant.generate()).be(201).data["id"]
    page = client.get(f"/contents/?site_id={attacker.tenant.site}").be(200).body["results"][0]
    link = {"campaign_id": id, "target_content_id": page["id"], "anchor_text": "x", "anchor_type": "generic"}
    return id, page["url"], link | {"link_type": "guest_post"}


def large_notes(attacker):
    client = attacker.client()
    id, _, link = campaign(attacker, client)
    noted = attacker.largest(14 << 20, lambda client, size: client.post("/backlinks/", link | {"notes": "n" * size}))
    size = len(noted.data["notes"]) if noted else 0
    for _ in range(39):
        with contextlib.suppress(OSError, http.client.HTTPException):
            client.post("/backlinks/", link | {"notes": "n" * size})
    attacker.hands(12, lambda client: client.get(f"/backlinks/?campaign_id={id}&page_size=1000"))


def imports(attacker, header, line):
    client = attacker.client()
    id, page, _ = campaign(attacker, client)
    line = line.replace(b"PAGE", page.encode())
    text = header + b"\n" + line * ((63 << 20) // len(line))
    path = f"/backlinks/import/?campaign_id={id}"
    attacker.hands(4, lambda client: client.send("POST", path, text, {"content-type": "text/csv"}))


def two_byte_lines(attacker):
    imports(attacker, b"source_url,target_url,anchor_text,status", b"a\n")


def large_imports(attacker):
    """Lines that are good, so that they are written."""
    client = attacker.client()
    lines = "\n".join(f"https://questdb.io/{'x' * 20}/{line},{line},5000,2%,8.4" for line in range(900_000))
    text = f"Top pages,Clicks,Impressions,CTR,Position\n{lines}\n".encode()[: 63 << 20]
    path = f"/metrics/import/?site_id={attacker.tenant.site}&from=2026-10-01&to=2026-10-31"
    client.close()
    attacker.hands(4, lambda client: client.send("POST", path, text, {"content-type": "text/csv"}))


def unfinished_bodies(attacker):
    """As much of a body as is taken, and never its end."""
    headers = {"content-type": "text/csv", "content-length": str(64 << 20)}
    path = f"{ROOT}/metrics/import/?site_id={attacker.tenant.site}&from=2026-10-01&to=2026-10-31"
    head = wire.request(attacker.address, "POST", path, attacker.tenant.token, None, headers)
    part = b"x" * (1 << 20)

    def unfinished(_):
        with socket.create_connection(attacker.address, timeout=5) as connection:
            connection.sendall(head)
            for _ in range(60):
                connection.sendall(part)
            connection.settimeout(130)
            heard = connection.recv(4096)
            return types.SimpleNamespace(status=wire.read(heard, 0).status or "silent")

    attacker.hands(200, unfinished)


def large_campaign(attacker):
    """As many backlinks as one campaign takes, and all that looks at each of them."""
    client = attacker.client()
    id, page, _ = campaign(attacker, client)
    path = f"/backlinks/import/?campaign_id={id}"

    def linked(client, count):
        lines = (f"https://h{line}.example/,{page},An anchor {line},dead,2026-01-05" for line in range(count))
        text = "\n".join(["source_url,target_url,anchor_text,status,date_live", *lines]).encode()
        return client.send("POST", path, text, {"content-type": "text/csv"})

    attacker.largest(20_000, linked)
    about = f"?campaign_id={id}"
    gets = [f"/backlinks/{of}/{about}" for of in ("replacements", "disavow", "export")]
    gets += [f"/campaigns/{id}/month/current/", f"/tipping-point/{about}", f"/backlinks/{about}&page_size=1000&page=20"]
    works = [lambda client, path=path: client.get(path) for path in gets]
    works += [lambda client: client.post("/backlinks/audit/", {"campaign_id": id})] * 4
    works += [lambda client: client.post("/backlinks/check/", {"campaign_id": id})]
    turn = itertools.cycle(works)
    attacker.hands(12, lambda client: next(turn)(client))


def large_documents(attacker):
    """A blueprint as large as it may be, brought again and again, and the plan of it read."""
    client, plans = attacker.client(), []
    path = f"/blueprints/import/?site_id={attacker.tenant.site}"
    document = blueprint()
    page = document["pages"][-1]
    # Beyond the ids that the fixture has.
    pages = [page | {"id": 10_000 + id, "url": f"https://questdb.io/more/{id}/"} for id in range(100_000)]

    def larger(size):
        return document | {"pages": document["pages"] + pages[:size]}

    def planned(client, size):
        kept = client.post(path, larger(size))
        if kept.status not in GOOD:
            return kept
        plan = client.post("/campaigns/generate/", attacker.tenant.generate() | {"blueprint_id": kept.data["id"]})
        if plan.status in GOOD:
            plans.append((plan.data["id"], larger(size)))
        return plan

    attacker.largest(len(pages), planned)
    if not plans:
        return
    id, whole = plans[0]
    text, kind = json.dumps(whole).encode(), {"content-type": "application/json"}
    edits = {"overrides": {"budget_max": "3000.00"}}
    works = [
        lambda client: client.get(f"/campaigns/{id}/"),
        lambda client: client.get(f"/campaigns/{id}/plan/"),
        lambda client: client.send("POST", path, text, kind),
        lambda client: client.put(f"/campaigns/{id}/", client.get(f"/campaigns/{id}/").headers.get("etag", ""), edits),
    ]
    turn = itertools.cycle(works)
    attacker.hands(12, lambda client: next(turn)(client))


def silent_pages(attacker):
    client = attacker.client()
    ids = []
    for number in range(24):
        id, page, _ = campaign(attacker, client)
        # More at once than the service fetches.
        hosts = [f"http://127.1.{number}.{host + 1}:{attacker.silent}/" for host in range(100)]
        lines = [f"{host},{page},An anchor,live,2026-01-05" for host in hosts]
        text = "\n".join(["source_url,target_url,anchor_text,status,date_live", *lines]).encode()
        path = f"/backlinks/import/?campaign_id={id}"
        kept = client.send("POST", path, text, {"content-type": "text/csv"}).be(200).data
        assert kept["imported"] == len(hosts), kept
        ids.append(id)

    def check(client):
        for id in ids:
            answer = client.post("/backlinks/check/", {"campaign_id": id})
            attacker.answers[answer.status] += 1
        time.sleep(1)
        return answer

    # All of them wait before anybody else asks.
    check(client)
    attacker.hands(1, check)


def unread_answers(attacker):
    """Asks for long answers, and reads nothing of them."""
    client = attacker.client()
    id, _, link = campaign(attacker, client)
    for _ in range(60):
        client.post("/backlinks/", link | {"notes": "n" * 5000})
    text = wire.request(
        attacker.address, "GET", f"{ROOT}/backlinks/?campaign_id={id}&page_size=1000", attacker.tenant.token
    )

    def unread(_):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.connect(attacker.address)
            connection.sendall(text)
            attacker.stop.wait(60)
            return types.SimpleNamespace(status="unread")

    attacker.hands(50, unread)


ALL = [
    large_brand,
    large_blueprint,
    large_notes,
    two_byte_lines,
    large_imports,
    large_campaign,
    large_documents,
    unfinished_bodies,
    silent_pages,
    unread_answers,
]
