"""What checking links costs, beside lychee and beside a fetch that looks at nothing.

The server has core 1 and whoever is measured core 0. 10,000 pages of 5 to 200 KB on 1,000 hosts of this machine, a third
each in gzip, br and as they are (lychee takes no br and gets gzip); every link has a `#part` that its page has, as lychee
reads pages only then. CPU seconds are the process's own, of user and system; each figure is the median of the runs, which
take turns.
"""

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOSTS = 1000
TARGET = "https://target.example.com/"


def url(port, millis, number):
    third, fourth = divmod(number % HOSTS, 250)
    return f"http://127.1.{third}.{fourth + 1}:{port}/load/{millis}/{number}"


def measure(command, accept):
    """Wall and CPU seconds and the peak of memory in MB of a program on core 0, and what it printed."""
    with tempfile.TemporaryFile() as out:
        begun = time.monotonic()
        child = subprocess.Popen(["taskset", "-c", "0", *map(str, command)], stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    if child.returncode not in accept:
        sys.exit(f"{command[0]} ended with {child.returncode}: {text[-2000:]}")
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "rss": used.ru_maxrss / 1000}, text


class Peers:
    def __init__(self, args, port, folder):
        self.args, self.port, self.folder = args, port, folder

    def links(self, millis, name, line):
        file = self.folder / f"{name}-{millis}"
        if not file.exists():
            file.write_text("".join(line(url(self.port, millis, number)) for number in range(self.args.links)))
        return file

    def lychee(self, millis):
        links = self.links(millis, "links.txt", lambda page: f"{page}#part\n")
        options = "--include-fragments --max-concurrency 1000 --host-concurrency 1000 --host-request-interval 0ms"
        command = [self.args.lychee, *options.split(), "--max-retries", "0", "--no-progress", "--format", "json", links]
        run, text = measure(command, accept=[0])
        done = json.loads(text[text.index("{"):])
        if done["successful"] != self.args.links:
            sys.exit(f"lychee found {done['successful']} of {self.args.links} links")
        return run

    def ours(self, millis):
        links = self.links(millis, "links.csv", lambda page: f"{page},{TARGET}\n")
        text = links.read_text()
        if not text.startswith("source_url"):
            links.write_text("source_url,target_url\n" + text)
        options = "--concurrency 1000 --spacing 0 --no-confirm --format csv --unsafe-allow-loopback"
        # Exit code 1: some of the real pages ask not to be indexed, which makes a link less than it should be.
        run, text = measure([self.args.ours, "check", links, *options.split()], accept=[0, 1])
        verdicts = [row["verdict"] for row in csv.DictReader(text.splitlines())]
        if len(verdicts) != self.args.links or not set(verdicts) <= {"live", "degraded"}:
            sys.exit(f"ours: {len(verdicts)} verdicts: {({verdict: verdicts.count(verdict) for verdict in verdicts})}")
        return run

    def fetch(self, millis):
        return measure([self.args.fetch, self.port, self.args.links, 1000, millis], accept=[0])[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ["server", "ours", "fetch", "lychee"]:
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--links", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=["lychee", "ours", "fetch"])
    args = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20_000) if hard > 0 else soft, hard))
    server = subprocess.Popen(["taskset", "-c", "1", args.server], stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().split()[1])
        with tempfile.TemporaryDirectory() as folder:
            peers = Peers(args, port, Path(folder))
            # Makes the server's pages and the compiled component.
            for name in args.only:
                getattr(peers, name)(0)
            found = {}
            for _ in range(args.runs):
                for millis in [0, 200]:
                    for name in args.only:
                        if name == "ours" or millis == 0:
                            found.setdefault((name, millis), []).append(getattr(peers, name)(millis))
    finally:
        server.terminate()
    show({key: {unit: statistics.median(run[unit] for run in runs) for unit in runs[0]} for key, runs in found.items()},
         args.links)


def show(median, links):
    print(f"{'':22}{'us CPU a link':>15}{'links a second':>16}{'peak MB':>10}")
    for (name, millis), run in median.items():
        label = f"{name}, {millis} ms away"
        print(f"{label:22}{run['cpu'] / links * 1e6:>15.0f}{links / run['wall']:>16.0f}{run['rss']:>10.0f}")
    if not {("ours", 0), ("ours", 200), ("lychee", 0), ("fetch", 0)} <= median.keys():
        return
    ours, far, lychee, fetch = median["ours", 0], median["ours", 200], median["lychee", 0], median["fetch", 0]
    bars = [
        ("CPU, of lychee's", ours["cpu"] / lychee["cpu"], "<=", 0.6),
        ("CPU, of the fetch's", ours["cpu"] / fetch["cpu"], "<=", 2.7),
        ("rate, of lychee's", lychee["wall"] / ours["wall"], ">=", 1.5),
        ("peak memory, of lychee's", ours["rss"] / lychee["rss"], "<=", 0.5),
        ("rate 200 ms away, of that at 0", ours["wall"] / far["wall"], ">=", 0.85),
    ]
    print()
    missed = 0
    for what, ratio, order, bar in bars:
        met = ratio <= bar if order == "<=" else ratio >= bar
        missed += not met
        print(f"{what:32}{ratio:6.2f}  bar {order} {bar}  {'met' if met else 'MISSED'}")
    sys.exit(1 if missed else 0)


main()
