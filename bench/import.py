"""Users by the thousand: `carillon import` beside boto3, and under whatever goes wrong.

    CARILLON_BIN=target/release/carillon end2end/.venv/bin/python bench/import.py speed faults lost kill polite

Each part starts an emulator of its own over a temporary folder, and prints its figures and its seed:

- speed: `carillon import --run`, audited and durable, beside boto3 one after another, with 10 and with 32
  threads, with its legacy and its standard retries; all against the same emulator, in one run. And with a
  limit R: how much of what a job may take of it (four fifths) it takes.
- faults (R1): 22 % of the calls go wrong: throttled, 500, 503, reset before and after the commit, hung.
- lost (R2): the answer to the first try of each create is lost after the commit.
- kill (R6): SIGKILL at seeded times while a job runs; the same command goes on.
- polite (R17): the rates that AWS publishes; a page meanwhile, and the time left that is told.
"""

import contextlib
import random
import re
import sqlite3
import statistics
import subprocess
import threading
import time

from console import run_parts
from service import BOTO, Bench, boto, worlds


def speed(options):
    rows = options.rows
    best = 0
    with Bench() as bench:
        for mode, threads in BOTO:
            share = rows // 5 if threads == 1 else rows // 2
            instance = worlds.instance(bench.emulator.client())

            def create(client, number, instance=instance):
                client.create_app_instance_user(
                    AppInstanceArn=instance, AppInstanceUserId=f"user-{number}", Name=f"User number {number}",
                    Metadata=f"m-{number}", ClientRequestToken=f"boto-{number}",
                    Tags=[{"Key": "team", "Value": f"team-{number % 7}"}])

            rate = boto(bench, mode, threads, range(share), create)
            best = max(best, rate)
            print(f"speed   boto3, {mode} retries, {threads:2} threads: {rate:7.0f} users a second ({share:,} users)")
        path = bench.file(rows)
        seconds, said, _ = bench.run(path, "--rate", "none")
        assert bench.is_exact(rows), "the set is not exact"
        rate = rows / seconds
        print(f"speed   carillon import --run:         {rate:7.0f} users a second ({said[0]}, {seconds:.1f} s, "
              f"the start of the program and the plan included): {rate / best:.2f} of the best boto3; "
              f"{rows / span(bench):.0f} from the first call to the last")
    for limit in (100, 300):
        with Bench() as bench:
            rows = limit * 20
            path = bench.file(rows)
            _, _, ran = bench.run(path, "--rate", f"user-writes={limit},all=none")
            took = span(bench)
            share = (rows - 1) / took
            print(f"speed   limit of {limit} a second: {share:.1f}, {share / (limit * 0.8):.3f} of a job's four fifths "
                  f"({ran.stdout.strip()})")


def span(bench):
    """Seconds from the first create that began to the last that ended, by the audit."""
    with contextlib.closing(sqlite3.connect(bench.data / "carillon.sqlite3")) as database:
        first, last = database.execute(
            "SELECT MIN(at), MAX(at) FROM audit WHERE job IS NOT NULL OR phase = 'succeeded'").fetchone()
        return (last - first) / 1000


def faults(options):
    def fault(kind, chance, **more):
        return {"operation": "CreateAppInstanceUser", "kind": kind, "probability": chance, **more}

    rows = options.rows
    # Each is tried on what those before it left, so that together they are 10, 5, 2, 2, 2 and 1 of 100 calls.
    shares, left, list_of_faults = [
        ("error", 0.10, {"code": "ThrottledClientException"}),
        ("error", 0.05, {"code": "ServiceUnavailableException"}),
        ("error", 0.02, {"code": "ServiceFailureException"}),
        ("reset", 0.02, {}),
        ("reset", 0.02, {"after_commit": True}),
        ("hang", 0.01, {"milliseconds": 6000}),
    ], 1.0, []
    for kind, share, more in shares:
        list_of_faults.append(fault(kind, share / left, **more))
        left -= share
    with Bench() as bench:
        bench.emulator.settings(faults=list_of_faults, seed=options.seed, rates={"*": {"per_second": 200}})
        path = bench.file(rows)
        seconds, said, ran = bench.run(path, "--rate", "all=200,user-writes=none")
        calls = bench.creates()["requests"]
        audit = bench.audit()
        bench.emulator.settings(faults=[])
        print(f"faults  seed={options.seed} {rows:,} rows in {seconds:.0f} s: {said}, exit {ran.returncode}; exact: "
              f"{bench.is_exact(rows)}; audit: {audit}; {calls:,} creates, {calls / rows:.3f} a row")


def lost(options):
    rows = 500
    with Bench() as bench:
        bench.emulator.settings(faults=[{"operation": "CreateAppInstanceUser", "kind": "reset", "after_commit": True,
                                         "first_only": True}])
        path = bench.file(rows)
        seconds, said, _ = bench.run(path, "--rate", "none")
        seen = bench.emulator.control("GET", "stats")["client_request_tokens"]["seen"]
        print(f"lost    {rows} rows in {seconds:.0f} s: {said}; exact: {bench.is_exact(rows)}; tokens by how often they "
              f"were seen: {seen}; audit: {bench.audit()}")


def kill(options):
    chance = random.Random(options.seed)
    rows = options.rows
    with Bench() as bench:
        path = bench.file(rows)
        on = []
        for number in range(options.kills):
            before = bench.creates()["requests"]
            started = time.perf_counter()
            child = subprocess.Popen(**bench.command(path, "--rate", "user-writes=400,all=none"),
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # Going on: the first create after the start.
            while bench.creates()["requests"] == before and child.poll() is None:
                time.sleep(0.01)
            on.append(time.perf_counter() - started)
            time.sleep(chance.uniform(0.05, 1.2))
            child.kill()
            child.wait()
            assert bench.whole(), f"the database after kill {number}"
        made = bench.count()
        seconds, said, ran = bench.run(path, "--rate", "none")
        calls = bench.creates()["requests"]
        print(f"kill    seed={options.seed} {options.kills} kills ({made:,} of {rows:,} users made by then): {said}, exit "
              f"{ran.returncode}; exact: {bench.is_exact(rows)}; audit: {bench.audit()}; {calls - rows} creates more "
              f"than rows; going on after {max(on[1:] or on):.1f} s at most, {statistics.median(on):.1f} s as a rule "
              f"(the first with its plan {on[0]:.1f} s)")


def polite(options):
    rows = 1200
    with Bench(flags=["--realistic"]) as bench:
        path = bench.file(rows)
        client = bench.emulator.client(checked=False)
        waits, stop = [], threading.Event()

        def interactive():
            while not stop.wait(1.0):
                started = time.perf_counter()
                client.describe_app_instance(AppInstanceArn=bench.instance)
                waits.append(time.perf_counter() - started)

        page = threading.Thread(target=interactive)
        page.start()
        child = subprocess.Popen(**bench.command(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        told, began = [], None
        for line in child.stderr:
            found = re.search(r"running: ([\d,]+) of .* about (\d+) s", line)
            if found:
                began = began or time.perf_counter()
                told.append((time.perf_counter(), int(found.group(2))))
        child.wait()
        ended = time.perf_counter()
        stop.set()
        page.join()
        arrivals = bench.emulator.control("GET", "stats")["arrivals"]
        creates = {int(second): by["operations"].get("CreateAppInstanceUser") for second, by in arrivals.items()}
        creates = {second: by for second, by in creates.items() if by}
        sent = sum(by["requests"] for by in creates.values())
        throttled = sum(by["throttled"] for by in creates.values())
        length = max(creates) - min(creates) + 1
        rate = (sent - throttled) / length
        middle = [(at, left) for at, left in told if 0.1 < (at - began) / (ended - began) < 0.9]
        wrong = [abs(left - (ended - at)) / (ended - at) for at, left in middle]
        print(f"polite  {rows} rows: {child.stdout.read().strip().splitlines()[-1:]}; {rate:.2f} creates a second of the "
              f"8 that are a job's ({rate / 8:.3f}); {throttled / sent:.2%} throttled; a read meanwhile p95 "
              f"{statistics.quantiles(waits, n=20)[-1] * 1000:.0f} ms; time left wrong by {max(wrong):.0%} at most, "
              f"{statistics.median(wrong):.0%} as a rule, between a tenth and nine tenths of the way")


PARTS = {"speed": speed, "faults": faults, "lost": lost, "kill": kill, "polite": polite}


if __name__ == "__main__":
    run_parts(__doc__, PARTS, rows=10_000, kills=20, seed=1)
