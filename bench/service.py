"""An emulator with an AppInstance, for the benchmarks of many users: what they start, and what boto3 needs for the same."""

import concurrent.futures
import contextlib
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from console import BIN, Console

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "end2end" / "contract"))
os.environ.setdefault("CARILLON_EMULATE", f"{BIN} emulate")

import world as worlds  # noqa: E402
from botocore.config import Config  # noqa: E402
from emulator import ACCESS_KEY, SECRET_KEY, SERVICE, Emulator, session  # noqa: E402

NAME = "ann"
# How boto3 is asked: its retries, and how many threads.
BOTO = [("legacy", 1), ("legacy", 10), ("legacy", 32), ("standard", 10), ("standard", 32)]


class Bench:
    """An emulator, an AppInstance, and a folder for the console."""

    def __init__(self, flags=()):
        self.folder = tempfile.TemporaryDirectory()
        self.data = Path(self.folder.name) / "console"
        self.emulator = Emulator(Path(self.folder.name) / "emulator", flags=flags)
        self.instance = worlds.instance(self.emulator.client())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.emulator.stop()
        self.folder.cleanup()

    def file(self, rows):
        path = Path(self.folder.name) / "users.csv"
        with open(path, "w", encoding="utf-8") as file:
            file.write("user_id,name,metadata,tag:team\n")
            file.writelines(f"user-{n},User number {n},m-{n},team-{n % 7}\n" for n in range(rows))
        return path

    def command(self, path, *options):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CARILLON_")}
        environment |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                        "AWS_EC2_METADATA_DISABLED": "true"}
        arguments = [BIN, "import", str(path), "--instance", self.instance, "--run", "--backend", "aws",
                     "--endpoint-url", self.emulator.url, "--account-id", "123456789012",
                     "--data-dir", str(self.data), "--log", "off", *options]
        return {"args": arguments, "env": environment, "text": True}

    def run(self, path, *options):
        """Runs the import to its end: the seconds, and the last line."""
        started = time.perf_counter()
        ran = subprocess.run(**self.command(path, *options), capture_output=True, check=False)
        seconds = time.perf_counter() - started
        if ran.returncode not in (0, 1) or not ran.stdout:
            raise SystemExit(ran.stderr)
        return seconds, ran.stdout.strip().splitlines()[-1:], ran

    def count(self, kind="users"):
        return self.emulator.control("GET", f"digest?instance={self.instance}")["kinds"][kind]["count"]

    def is_exact(self, rows):
        """Whether the users are those of the file, and no others."""
        ids = sorted(f"user-{n}".encode() for n in range(rows))
        wanted = hashlib.sha256(b"".join(each + b"\n" for each in ids)).hexdigest()
        found = self.emulator.control("GET", f"digest?instance={self.instance}")["kinds"]["user_ids"]
        return found["sha256"] == wanted

    def creates(self):
        return self.emulator.control("GET", "stats")["operations"].get("CreateAppInstanceUser", {"requests": 0})

    def audit(self):
        """The rows of the audit for creates, by phase."""
        with contextlib.closing(sqlite3.connect(self.data / "carillon.sqlite3")) as database:
            rows = database.execute(
                "SELECT o.phase, COUNT(*) FROM audit b JOIN audit o ON o.entry = b.entry AND o.phase <> 'begun' "
                "WHERE b.phase = 'begun' AND b.operation = 'CreateAppInstanceUser' GROUP BY o.phase")
            return dict(rows.fetchall())

    def whole(self):
        """What the database says of itself."""
        with contextlib.closing(sqlite3.connect(self.data / "carillon.sqlite3")) as database:
            check = database.execute("PRAGMA integrity_check").fetchone()[0]
            return check == "ok" and not database.execute("PRAGMA foreign_key_check").fetchall()


@contextlib.contextmanager
def dashboard(bench, rate="all=none"):
    """A console that keeps its data where the command of the bench looks for them."""
    os.environ |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                   "AWS_EC2_METADATA_DISABLED": "true"}
    options = ("--backend", "aws", "--endpoint-url", bench.emulator.url, "--account-id", "123456789012",
               "--region", "us-east-1", "--sign-in-limit", "1000000", "--rate", rate)
    with Console([NAME], role="Admin", options=options) as console:
        bench.data = Path(console.folder.name)
        yield console


def page_of(bench):
    return f"/aws/us-east-1/app-instances/{bench.instance.rsplit('/', 1)[1]}"


def boto(bench, mode, threads, numbers, call):
    """How many times a second boto3 gets through `call(client, number)`."""
    config = Config(retries={"mode": mode, "total_max_attempts": 5}, max_pool_connections=threads)
    client = session(ACCESS_KEY, SECRET_KEY, None, "us-east-1").client(
        SERVICE, endpoint_url=bench.emulator.url, config=config)
    started = time.perf_counter()
    if threads == 1:
        for number in numbers:
            call(client, number)
    else:
        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda number: call(client, number), numbers))
    return len(numbers) / (time.perf_counter() - started)
