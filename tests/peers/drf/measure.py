"""Measures the service beside Django REST Framework on one PostgreSQL, and how many campaigns it generates a second.

    measure.py BINARY DIRECTORY VENV

Both answer the same two endpoints with the same JSON from the same rows; `wrk` asks with 32 clients in a closed loop,
one server after the other, and the medians of the rounds are printed. CPU is that of the web processes.
"""

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

BINARY, SCRATCH, VENV = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()
HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
ROUNDS, SECONDS = int(os.environ.get("ROUNDS", 5)), int(os.environ.get("SECONDS", 6))
BACKLINKS = 100_000
ROOT = "/api/v1/linker"


class Postgres:
    """A server of the comparison's own, on a Unix socket."""

    def __init__(self):
        bins = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self.bin = next((bin for bin in bins if (bin / "initdb").exists()), None) or Path(shutil.which("initdb")).parent
        self.directory = Path(tempfile.mkdtemp(prefix="linker-drf-"))
        self.as_user = []
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
        data = self.directory / "data"
        quiet = {"stdout": subprocess.DEVNULL, "cwd": "/"}
        initdb = [self.bin / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([*self.as_user, *initdb], check=True, **quiet)
        options = f"-k {self.directory} -c listen_addresses= -c shared_buffers=256MB"
        pg_ctl = [self.bin / "pg_ctl", "-D", data, "-w", "-l", self.directory / "log", "-o", options, "start"]
        subprocess.run([*self.as_user, *pg_ctl], check=True, **quiet)

    def sql(self, text, database="linker"):
        psql = [self.bin / "psql", "-h", self.directory, "-U", "postgres", "-d", database, "-qXAtc", text]
        return subprocess.run(psql, check=True, capture_output=True, text=True).stdout.strip()

    def stop(self):
        pg_ctl = [self.bin / "pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop"]
        subprocess.run([*self.as_user, *pg_ctl], check=False, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(self.directory, ignore_errors=True)


class Web:
    """A server and its processes."""

    def __init__(self, name, port, command, env):
        self.name, self.port = name, port
        self.log = open(SCRATCH / f"{name}.log", "w")
        self.process = subprocess.Popen(
            command, env=os.environ | env, stdout=self.log, stderr=self.log, start_new_session=True
        )
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{ROOT}/campaigns/1/", timeout=2)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{name} did not start: see {self.log.name}")

    def pids(self):
        found, new = [], [self.process.pid]
        while new:
            pid = new.pop()
            found.append(pid)
            children = Path(f"/proc/{pid}/task/{pid}/children")
            new += [int(child) for child in children.read_text().split()]
        return found

    def cpu(self):
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def rss(self):
        text = "".join(Path(f"/proc/{pid}/status").read_text() for pid in self.pids())
        return sum(int(kilobytes) for kilobytes in re.findall(r"VmRSS:\s+(\d+) kB", text)) / 1024

    def get(self, path, token):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=bearer(token))
        return json.load(urllib.request.urlopen(request))

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def bearer(token):
    return {"authorization": f"Bearer {token}", "content-type": "application/json"}


def wrk(web, path, token, clients, script=None):
    """Requests a second, the 99th percentile in milliseconds, CPU milliseconds a request."""
    before = web.cpu()
    command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", "--latency", "--timeout", "30s"]
    command += ["-H", f"authorization: Bearer {token}", *(["-s", script] if script else [])]
    said = subprocess.run([*command, f"http://127.0.0.1:{web.port}{path}"], capture_output=True, text=True, check=True)
    said = said.stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{web.name} refused requests:\n{said}")
    requests = int(re.search(r"(\d+) requests in", said)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    p99 = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
    return rate, p99, (web.cpu() - before) * 1000 / requests


def post(web, path, token, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{web.port}{path}", json.dumps(body).encode(), bearer(token), method="POST"
    )
    return json.load(urllib.request.urlopen(request))["data"]


def run(*command, env):
    return subprocess.run([BINARY, *command], check=True, capture_output=True, text=True, env=os.environ | env).stdout


def main():
    SCRATCH.mkdir(parents=True, exist_ok=True)
    postgres = Postgres()
    try:
        compare(postgres)
    finally:
        postgres.stop()


def compare(postgres):
    postgres.sql("CREATE DATABASE linker", "postgres")
    host = str(postgres.directory)
    env = {
        "IGNY8_LINKER_DATABASE_URL": f"postgres://postgres@{host.replace('/', '%2F')}:5432/linker",
        "IGNY8_LINKER_LOG": "warn",
        "PGHOST": host,
        "PGDATABASE": "linker",
    }
    token = run("init", "--site", "QuestDB", env=env).strip()
    run("import", "blueprint", "--site", "1", TOP / "fixtures/blueprints/questdb-io.json", env=env)
    ours = Web("service", 18080, [BINARY, "serve", "--listen", "127.0.0.1:18080", "--rate", "0"], env)
    time.sleep(2)
    idle = ours.rss()
    body = {"site_id": 1, "blueprint_id": 1, "country_code": "USA"}
    campaign = post(ours, f"{ROOT}/campaigns/generate/", token, body)["id"]
    postgres.sql(f"""
        INSERT INTO igny8_sag_backlinks (created_at, updated_at, account_id, site_id, campaign_id, blueprint_id,
            target_content_id, target_url, target_tier, source_url, source_domain, source_dr, source_traffic, anchor_text,
            anchor_type, link_type, marketplace, cost, quality_score, country_relevant, date_ordered, date_live, status,
            notes)
        SELECT now(), now(), 1, 1, {campaign}, 1, 1 + n % 100, 'https://questdb.io/page/' || n, 'T' || 1 + n % 5,
            'https://site' || n || '.example/post/', 'site' || n || '.example', n % 100, n * 7 % 90000, 'anchor ' || n,
            'branded', 'guest_post', 'manual', (n % 50000)::numeric / 100, n % 12, true, '2026-01-05', '2026-02-01', 'live', ''
        FROM generate_series(1, {BACKLINKS}) n""")
    postgres.sql("VACUUM ANALYZE")
    gunicorn = [VENV / "bin/gunicorn", "-w", "2", "-b", "127.0.0.1:18081", "--chdir", HERE, "service:application"]
    theirs = Web("drf", 18081, gunicorn, env)
    paths = {
        "campaign detail": f"{ROOT}/campaigns/{campaign}/",
        "backlinks, 100 of 100,000": f"{ROOT}/backlinks/?campaign_id={campaign}&page_size=100&ordering=id",
    }
    try:
        for path in paths.values():
            same(ours.get(path, token), theirs.get(path, token))
        print(f"idle: {idle:.0f} MiB RSS (bar: under 60)")
        for name, path in paths.items():
            rounds = {"service": [], "drf": []}
            for _ in range(ROUNDS):
                for web in (ours, theirs):
                    rounds[web.name].append(wrk(web, path, token, 32))
            show(name, *(median(rounds[web]) for web in ("service", "drf")))
        script = SCRATCH / "generate.lua"
        headers = ", ".join(f'["{name}"] = "{value}"' for name, value in bearer(token).items())
        script.write_text(f"wrk.method = 'POST'\nwrk.body = '{json.dumps(body)}'\nwrk.headers = {{ {headers} }}\n")
        rate, p99, cpu = median([wrk(ours, f"{ROOT}/campaigns/generate/", token, 64, script) for _ in range(ROUNDS)])
        print(f"generate, 64 clients: {rate:.0f}/s (bar: 200), p99 {p99:.0f} ms, {cpu:.2f} ms CPU each")
        half = postgres.sql(
            "SELECT count(*) FROM igny8_sag_campaigns c LEFT JOIN igny8_campaign_plans p ON p.campaign_id = c.id WHERE p.id IS NULL"
        )
        print(f"campaigns: {postgres.sql('SELECT count(*) FROM igny8_sag_campaigns')}, without a plan: {half}")
    finally:
        ours.stop()
        theirs.stop()


def same(ours, theirs):
    for answer in (ours, theirs):
        answer.pop("request_id")
        # Django writes whole URLs.
        answer.pop("next", None)
    if ours != theirs:
        for name in ours.get("data", ours.get("results", [{}])[0]):
            pair = [(a.get("data") or a["results"][0]).get(name) for a in (ours, theirs)]
            if pair[0] != pair[1]:
                print(f"{name}: {str(pair[0])[:80]} / {str(pair[1])[:80]}")
        raise SystemExit("the two do not answer the same JSON")


def median(rounds):
    return tuple(statistics.median(figures) for figures in zip(*rounds))


def show(name, ours, theirs):
    print(f"{name}, 32 clients, medians of {ROUNDS} rounds of {SECONDS} s")
    for who, (rate, p99, cpu) in (("service", ours), ("drf", theirs)):
        print(f"  {who:8} {rate:8.0f}/s   p99 {p99:7.1f} ms   {cpu:7.3f} ms CPU a request")
    print(f"  ratio    {ours[0] / theirs[0]:8.1f}x       {ours[1] / theirs[1]:7.2f}x      {ours[2] / theirs[2]:7.3f}x")


main()
