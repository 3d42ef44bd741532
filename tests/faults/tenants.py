#!/usr/bin/env python3
"""Two tenants: one attacks within its limits, the other works as on any day. Nothing of the first may cost the second
more than a second, p95 of each of its calls under each attack, nor the machine more than 400 MiB.

    tests/faults/tenants.py [--seconds N] [--database sqlite|postgres|both] [--only ATTACK] [PROGRAM]

Attackers are processes of the lowest priority: their work is done on other machines in earnest, the service's here.
A call that is refused or has no answer counts as one that takes for ever.
"""

import argparse
import contextlib
import multiprocessing
import os
import socket
import sys
import threading
import time

import attacks
from service import Home, Scratch, percentile, program

BAR = 1.0
# MiB that the service may take, ever.
MEMORY = 400
# A check of five good links takes 0.2 s alone.
CHECKED_WITHIN = 60.0
NEVER = float("inf")
# As many requests a second as the service allows a token; the victim keeps within it too.
PACE = 12


class Victim:
    """Its usual calls, one after the other."""

    def __init__(self, service, tenant, port):
        self.client, self.tenant, self.port, self.number = service.client(tenant.token, patience=10), tenant, port, 0
        self.times, self.refusals = {}, {}
        post = lambda path, body=None: self.client.post(path, body).be(200, 201).data  # noqa: E731
        made = post("/campaigns/generate/", tenant.generate())
        self.campaign = made["id"]
        post(f"/campaigns/{self.campaign}/activate/")
        page = self.client.get(f"/contents/?site_id={tenant.site}").be(200).body["results"][0]
        self.page = page["url"]
        link = {"target_content_id": page["id"], "anchor_text": "the best", "anchor_type": "generic"}
        self.link = link | {"link_type": "guest_post"}
        self.backlink = post("/backlinks/", self.link | {"campaign_id": self.campaign})["id"]
        self.checked = post("/campaigns/generate/", tenant.generate())["id"]
        for host in range(1, 6):
            source = {"source_url": f"http://127.0.1.{host}:{port}/", "status": "live", "date_live": "2026-01-05"}
            post("/backlinks/", self.link | source | {"campaign_id": self.checked})

    def round(self):
        campaign, generate = self.campaign, self.tenant.generate()
        self.call("generate", "POST", "/campaigns/generate/", generate)
        self.call("month/current", "GET", f"/campaigns/{campaign}/month/current/")
        self.call("campaigns", "GET", "/campaigns/")
        self.call("backlinks", "GET", f"/backlinks/?campaign_id={campaign}")
        read = self.call("backlink", "GET", f"/backlinks/{self.backlink}/")
        if read:
            etag = {"if-match": read.headers["etag"]}
            self.call("update", "PUT", f"/backlinks/{self.backlink}/", {"notes": f"note {self.number}"}, etag)
        self.call("snapshot", "POST", f"/campaigns/{campaign}/kpi/snapshot/", {"dr": 30})
        self.call("tipping point", "GET", f"/tipping-point/?campaign_id={campaign}")
        self.call("disavow", "GET", f"/backlinks/disavow/?campaign_id={campaign}")
        self.number += 1
        lines = [f"https://v{self.number}-{line}.example/,{self.page},An anchor,planned" for line in range(20)]
        text = "\n".join(["source_url,target_url,anchor_text,status", *lines]).encode()
        self.call("import", "POST", f"/backlinks/import/?campaign_id={campaign}", text, {"content-type": "text/csv"})

    def call(self, name, method, path, body=None, headers=()):
        begun = time.monotonic()
        try:
            answer = self.client.send(method, path, body, headers)
        except Exception as error:
            answer, why = None, type(error).__name__
        else:
            why = str(answer.status)
        spent = time.monotonic() - begun
        good = answer is not None and answer.status < 300
        self.times.setdefault(name, []).append(spent if good else NEVER)
        if not good:
            self.refusals[(name, why)] = self.refusals.get((name, why), 0) + 1
        time.sleep(max(0.0, 1 / PACE - spent))
        return answer if good else None

    def check(self):
        """Seconds until its five links are looked at; NEVER where that takes too long."""
        begun = time.monotonic()
        check = self.client.post("/backlinks/check/", {"campaign_id": self.checked}).be(202).data["id"]
        while time.monotonic() - begun < CHECKED_WITHIN:
            if self.client.get(f"/backlinks/check/{check}/").be(200).data["done"] == 5:
                return time.monotonic() - begun
            time.sleep(0.5)
        return NEVER


@contextlib.contextmanager
def web():
    """Two servers: one of good pages, and one that takes connections and says nothing."""
    page = b"<!doctype html><title>Page</title><p>A page."
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (
        len(page),
        page,
    )
    good, silent = (socket.create_server(("0.0.0.0", 0), backlog=500) for _ in range(2))
    kept = []

    def serve(server, speak):
        with contextlib.suppress(OSError):
            while True:
                connection = server.accept()[0]
                if speak:
                    with connection, contextlib.suppress(OSError):
                        connection.settimeout(2)
                        connection.recv(65536)
                        connection.sendall(answer)
                else:
                    kept.append(connection)

    for server, speak in ((good, True), (silent, False)):
        threading.Thread(target=serve, args=(server, speak), daemon=True).start()
    try:
        yield good.getsockname()[1], silent.getsockname()[1]
    finally:
        for server in (good, silent):
            server.shutdown(socket.SHUT_RDWR)
            server.close()


def attacked(attack, service, tenant, silent, going, stop, tell):
    """In a process of its own."""
    os.nice(19)
    attacker = attacks.Attacker(service.address, tenant, silent, going, stop)
    attack(attacker)
    tell.send(dict(attacker.answers))


def measure(home, attack, seconds, failed):
    with web() as (port, silent), home.serve("--unsafe-allow-loopback --check-spacing 0.2 --log error") as service:
        victim = Victim(service, home.tenant("victim"), port)
        attacker = home.tenant("attacker")
        going, stop = multiprocessing.Event(), multiprocessing.Event()
        told, tell = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=attacked, args=(attack, service, attacker, silent, going, stop, tell))
        checked, answers = None, {}
        try:
            if attack is not None:
                process.start()
                # What it needs first takes some time.
                if not going.wait(300):
                    raise SystemExit(f"the attack {attack.__name__} doesn't begin")
                time.sleep(1)
            if attack is attacks.silent_pages:
                checked = victim.check()
            begun = time.monotonic()
            while time.monotonic() - begun < seconds or not victim.number:
                victim.round()
            stop.set()
            if attack is not None and told.poll(20):
                answers = told.recv()
        finally:
            if attack is not None:
                # It has a copy of every descriptor of ours, the one that ends PostgreSQL among them.
                process.kill()
                process.join()
        lives, peak = service.lives(), 0
        if lives:
            now, peak = service.memory()
    name = f"{home.kind}, attack: {attack.__name__.replace('_', ' ') if attack else 'nothing'}"
    print(f"\n{name}; answered {', '.join(f'{count} x {status}' for status, count in answers.items()) or 'nothing'}")
    if not lives:
        failed.append(f"{name}: the service is dead")
    else:
        print(f"  memory {now:.0f} MiB, at most {peak:.0f} MiB  {'FAULT' if peak > MEMORY else 'ok'}")
    if peak > MEMORY:
        failed.append(f"{name}: {peak:.0f} MiB")
    tabulate(name, victim, checked, failed)


def tabulate(name, victim, checked, failed):
    print(f"  {'call':14} {'n':>4} {'p50':>8} {'p95':>8} {'max':>8}  seconds")
    rows = [(call, times, BAR) for call, times in victim.times.items()]
    if checked is not None:
        rows.append(("check of five", [checked], CHECKED_WITHIN))
    for call, times, bar in rows:
        p50, p95, most = (percentile(times, share) for share in (50, 95, 100))
        bad = p95 > bar
        refused = ", ".join(f"{count} x {why}" for (of, why), count in victim.refusals.items() if of == call)
        print(
            f"  {call:14} {len(times):4} {p50:8.3f} {p95:8.3f} {most:8.3f}  {'FAULT' if bad else 'ok'}  {refused}",
            flush=True,
        )
        if bad:
            failed.append(f"{name}: {call}: p95 {p95:.3f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="default: target/debug/igny8-linker")
    parser.add_argument("--seconds", type=float, default=20, help="of each attack; default: 20")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--only", choices=[attack.__name__ for attack in attacks.ALL], action="append")
    options = parser.parse_args()
    binary, failed = program(options.program), []
    print(f"{binary}, {len(os.sched_getaffinity(0))} cores")
    with Scratch() as compiled:
        # Once, by a command: the compiler takes more memory than the service may.
        Home(compiled, binary, "sqlite").tenant("nobody")
        for kind in ("sqlite", "postgres") if options.database == "both" else (options.database,):
            for attack in [None, *attacks.ALL]:
                if options.only and (attack is None or attack.__name__ not in options.only):
                    continue
                with Scratch(compiled.cache) as scratch:
                    measure(Home(scratch, binary, kind), attack, options.seconds, failed)
    for row in failed:
        print(f"failed: {row}")
    return 1 if failed else 0


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    sys.exit(main())
