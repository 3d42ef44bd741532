"""The service under attack, started as an operator would, and a PostgreSQL of its own. Every script here uses this.

with Scratch() as scratch:
    home = Home(scratch, program, "sqlite")          # or "postgres"
    one = home.tenant("one")                         # account, site, blueprint, an admin's token
    with home.serve("--rate 0") as service:
        service.client(one.token).get("/me/")
"""

import contextlib
import dataclasses
import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = "/api/v1/linker"
TOP = pathlib.Path(__file__).resolve().parents[2]
# Longer than anything takes on a machine that has much else to do.
PATIENCE = 120
# For tests: 32 bytes.
SECRET_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Fault(Exception):
    """What the service must not do."""


class Scratch(contextlib.ExitStack):
    """A folder that is gone at the end, with everything that was started or mounted in it."""

    def __init__(self, cache=None):
        """`cache`: of another scratch, where the component is compiled already."""
        super().__init__()
        # `timeout` ends a script that takes too long by this; whatever it started must not outlive it.
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit("told to stop")))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="linker-faults-"))
        # PostgreSQL has a user of its own, whose data lies in here.
        self.folder.chmod(0o755)
        self.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.count = 0
        # Compiled once for all; only its owner may write there.
        self.cache = cache or self.path("cache")
        self.cache.mkdir(mode=0o700, exist_ok=True)

    def path(self, name):
        self.count += 1
        return self.folder / f"{name}{self.count}"

    def disk(self, mebibytes, owner=None):
        """A small file system; None where this machine lets nobody mount one."""
        place = self.path("disk")
        place.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0755", "tmpfs", place]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            return None
        self.callback(subprocess.run, ["umount", "--lazy", place])
        if owner:
            shutil.chown(place, owner)
        return place


class Answer:
    """What was answered: `status`, `headers`, `body` (of JSON, else text), and after how many `seconds`."""

    def __init__(self, status, headers, text, seconds):
        self.status, self.seconds = status, seconds
        self.headers = {name.lower(): value for name, value in headers}
        # Bytes of the text on the wire.
        self.size = len(text)
        is_json = self.headers.get("content-type") == "application/json"
        self.body = json.loads(text) if is_json and text else text.decode(errors="replace")

    @property
    def data(self):
        return self.body["data"]

    def be(self, *statuses):
        if self.status not in statuses:
            raise Fault(f"{self.status} where {' or '.join(map(str, statuses))} was due: {str(self.body)[:300]}")
        return self


class Client:
    """One connection, kept open; not to be shared between threads."""

    def __init__(self, address, token=None, patience=PATIENCE):
        self.address, self.token, self.patience, self.connection = address, token, patience, None

    def send(self, method, path, body=None, headers=()):
        """The answer; OSError or HTTPException where there is none. Paths below the API's root may leave that out."""
        if not path.startswith(("/api/", "/healthz", "/readyz", "/metrics")):
            path = ROOT + path
        headers = {"authorization": f"Bearer {self.token}"} | dict(headers) if self.token else dict(headers)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("content-type", "application/json")
        begun = time.monotonic()
        if self.connection is None:
            self.connection = http.client.HTTPConnection(*self.address, timeout=self.patience)
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read(), time.monotonic() - begun)
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        return answer

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body=None, headers=()):
        return self.send("POST", path, body, headers)

    def put(self, path, etag, body):
        return self.send("PUT", path, body, {"if-match": etag})

    def list(self, path):
        """Every row of a list, page after page."""
        rows, following = [], path + ("&" if "?" in path else "?") + "page_size=1000"
        while following:
            page = self.get(following).be(200).body
            rows += page["results"]
            following = page["next"]
        return rows

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Service:
    """A running `igny8-linker serve`; killed at the end of its `with`."""

    def __init__(self, command, environment, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        with open(folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        begun = time.monotonic()
        said = self.process.stdout.readline()
        found = re.match(r"listening at http://([\d.]+):(\d+),", said)
        if not found:
            self.kill()
            raise Fault(f"it doesn't start: {said}{self.log()[-2000:]}")
        self.address, self.started_in = (found[1], int(found[2])), time.monotonic() - begun

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    @property
    def pid(self):
        return self.process.pid

    def client(self, token=None, patience=PATIENCE):
        return Client(self.address, token, patience)

    def connect(self, patience=PATIENCE):
        """A bare connection, for what no good client does."""
        return socket.create_connection(self.address, timeout=patience)

    def ready(self):
        """Whether `/readyz` says that it can work."""
        client = self.client(patience=10)
        try:
            return client.get("/readyz").status == 200
        finally:
            client.close()

    def lives(self):
        return self.process.poll() is None

    def largest_file(self, size):
        """Bytes that no file may outgrow, as by `ulimit -f`; None for no limit."""
        hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))

    def memory(self):
        """MiB in use now, and the most that ever were."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) / 1024 for name in ("VmRSS", "VmHWM"))

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def stop(self, within=60):
        """SIGTERM; seconds that it took to end well."""
        begun = time.monotonic()
        self.process.terminate()
        try:
            status = self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise Fault(f"it doesn't end within {within} s of SIGTERM") from None
        if status != 0:
            raise Fault(f"it ended with {status}: {self.log()[-2000:]}")
        return time.monotonic() - begun

    def kill(self):
        """SIGKILL."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Postgres:
    """A server on a Unix socket. It ends with whoever started it, however that ends: its keeper's input closes then."""

    KEEPER = """
        go() { "$BIN/postgres" -D "$DATA" -k "$DIR" -p 5432 -c listen_addresses= -c max_connections=200 >>"$DIR/log" 2>&1 & }
        "$BIN/initdb" -D "$DATA" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$DIR/log" 2>&1 || exit 1
        go; echo up
        while read -r order; do
          case $order in
            down) kill -QUIT $! 2>/dev/null; wait $!; echo down;;
            up) go; echo up;;
          esac
        done
        kill -QUIT $! 2>/dev/null; wait $!
    """

    def __init__(self, scratch, data=None):
        """`data`: a folder of another disk for all that it keeps."""
        places = [*sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
        places += [pathlib.Path(place) for place in os.environ.get("PATH", "").split(":")]
        whole = lambda place: all((place / name).exists() for name in ("initdb", "postgres", "psql"))  # noqa: E731
        self.bin = next(filter(whole, places), None)
        if self.bin is None:
            raise SystemExit("there is no PostgreSQL server: `apt-get install postgresql`, or put initdb into PATH")
        self.folder, self.databases = scratch.path("pg"), 0
        self.folder.mkdir()
        self.user, become = None, []
        if os.geteuid() == 0:
            # It refuses to run as root.
            known = pathlib.Path("/etc/passwd").read_text()
            self.user = "postgres" if re.search("^postgres:", known, re.M) else "nobody"
            shutil.chown(self.folder, self.user)
            become = ["runuser", "-u", self.user, "--"]
        places = {"BIN": str(self.bin), "DIR": str(self.folder), "DATA": str(data or self.folder / "data")}
        self.keeper = subprocess.Popen(
            [*become, "sh", "-c", self.KEEPER],
            env=os.environ | places,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        scratch.callback(self.end)
        self.heard("up")

    def heard(self, what):
        if self.keeper.stdout.readline().strip() != what:
            raise SystemExit(f"PostgreSQL: {(self.folder / 'log').read_text(errors='replace')[-2000:]}")
        if what == "up":
            wait("PostgreSQL answers", lambda: self.sql("SELECT 1", check=False) == "1")

    def order(self, what):
        """`down`, as a crash would, or `up`."""
        print(what, file=self.keeper.stdin, flush=True)
        self.heard(what)

    def end(self):
        with contextlib.suppress(OSError):
            self.order("down")
        self.keeper.stdin.close()
        try:
            self.keeper.wait(10)
        except subprocess.TimeoutExpired:
            self.keeper.kill()

    def sql(self, text, database="postgres", check=True):
        """What a query answers, a row a line, `|` between fields."""
        psql = [self.bin / "psql", "-h", self.folder, "-U", "postgres", "-d", database, "-qXAtc", text]
        done = subprocess.run(psql, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise SystemExit(f"psql: {text}: {done.stderr}")
        return done.stdout.strip()

    def database(self, more=""):
        """A new one; its name."""
        self.databases += 1
        name = f"faults{self.databases}"
        self.sql(f"CREATE DATABASE {name} {more}")
        return name

    def url(self, database, port=None):
        """Over its socket, or through a proxy at a port of this machine."""
        host = str(self.folder).replace("/", "%2F") + ":5432" if port is None else f"127.0.0.1:{port}"
        return f"postgres://postgres@{host}/{database}?sslmode=disable"

    def socket(self):
        return self.folder / ".s.PGSQL.5432"


class Tenant:
    """Somebody with a site and a blueprint of it."""

    def __init__(self, account, site, token, blueprint=None):
        self.account, self.site, self.token, self.blueprint = account, site, token, blueprint

    def generate(self, **more):
        return {"site_id": self.site, "blueprint_id": self.blueprint, "country_code": "PK"} | more


class Home:
    """A database and the program over it. `kind` is `sqlite` or `postgres`; `url` another place for it."""

    def __init__(self, scratch, program, kind, url=None, postgres=None):
        self.scratch, self.program, self.kind = scratch, pathlib.Path(program).resolve(), kind
        self.folder, self.postgres = scratch.path("home"), postgres
        self.folder.mkdir()
        if kind == "postgres" and url is None:
            self.postgres = postgres or Postgres(scratch)
            url = self.postgres.url(self.postgres.database())
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("IGNY8_LINKER_")}
        own = {"IGNY8_LINKER_SECRET_KEY": SECRET_KEY, "IGNY8_CACHE_DIR": str(scratch.cache)}
        self.environment = inherited | own
        self.reach(url or f"sqlite:{self.folder / 'linker.db'}")

    def reach(self, url):
        """The same database by another way."""
        self.url = self.environment["IGNY8_LINKER_DATABASE_URL"] = url

    def database(self):
        """PostgreSQL's name of it."""
        return re.search(r"/(\w+)\?", self.url)[1]

    def run(self, *line):
        """A command of the program; what it said to standard output, and to standard error."""
        done = subprocess.run(
            [self.program, *line], env=self.environment, cwd=self.folder, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise Fault(f"{' '.join(map(str, line))}: {done.stderr}")
        return done.stdout.strip(), done.stderr

    def tenant(self, name, blueprint="questdb-io", credits=None):
        """Another account; `credits`: it is charged, and has these."""
        limited = [] if credits is None else ["--limited"]
        token, said = self.run("init", "--another", "--account", name, "--site", name, *limited)
        account, site = map(int, re.search(r"account (\d+) .*, site (\d+) ", said).groups())
        owner = ["--account", str(account)]
        if credits is not None:
            self.run("credits", "grant", *owner, str(credits))
        file = TOP / "fixtures" / "blueprints" / f"{blueprint}.json"
        kept = self.run("import", "blueprint", *owner, "--site", str(site), file)[0]
        return Tenant(account, site, token, int(re.match(r"blueprint (\d+)", kept)[1]))

    def serve(self, flags=""):
        command = [self.program, "serve", "--listen", "127.0.0.1:0", *flags.split()]
        return Service(command, self.environment, self.folder)

    def sql(self, text):
        """Beside the service, for what no request tells: rows of texts."""
        if self.kind == "postgres":
            answer = self.postgres.sql(text, self.database())
            return [line.split("|") for line in answer.splitlines()]
        import sqlite3

        path = self.url.removeprefix("sqlite:")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
            return [[str(value) for value in row] for row in connection.execute(text)]


@dataclasses.dataclass
class Place:
    """What attacks have in common: where the component is compiled, the binary, the kind of database, and its server."""

    cache: pathlib.Path
    program: pathlib.Path
    kind: str
    postgres: Postgres | None = None

    def scratch(self):
        return Scratch(self.cache)

    def home(self, scratch, url=None):
        return Home(scratch, self.program, self.kind, url, self.postgres)


def wait(what, check, within=60, every=0.05):
    """Asks until it is so; seconds that it took."""
    begun = time.monotonic()
    while not check():
        if time.monotonic() - begun > within:
            raise Fault(f"in vain for {within} s: {what}")
        time.sleep(every)
    return time.monotonic() - begun


def percentile(numbers, share):
    """The smallest that this share of them isn't above."""
    ordered = sorted(numbers)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0.0


def program(given=None):
    """The binary to attack: as given, else the debug build."""
    path = pathlib.Path(given or TOP / "target" / "debug" / "igny8-linker").resolve()
    if not path.exists():
        raise SystemExit(f"there is no {path}: `cargo build -p igny8-linker`")
    return path
