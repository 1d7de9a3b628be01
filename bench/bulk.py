"""Bulk actions of the console beside boto3: tags on thousands of users, and deleting them.

    CARILLON_BIN=target/release/carillon end2end/.venv/bin/python bench/bulk.py tag delete

Each part makes users, and does the same to as many of them with boto3, one after another, with 10 and with 32 threads,
with its legacy and its standard retries; and through the pages of the console: ticks them in the list, plans, and runs
the plan. All against the same emulator, in one run. What the console does is audited, and it reads each user before the
plan and again before the call; what boto3 does is neither.
"""

import contextlib
import sqlite3
import subprocess
import time

from console import Reader, run_parts
from service import BOTO, NAME, Bench, boto, dashboard, page_of

ON_A_PAGE = 50


def user(bench, number):
    return f"{bench.instance}/user/user-{number}"


def fill(bench, rows):
    """Makes the users of the file."""
    subprocess.run(**bench.command(bench.file(rows), "--rate", "none"), capture_output=True, check=True)


def until(bench, job, state):
    """Waits until a job is so far."""
    started = time.perf_counter()
    with contextlib.closing(sqlite3.connect(bench.data / "carillon.sqlite3")) as database:
        while database.execute("SELECT state FROM jobs WHERE id = ?", (job,)).fetchone()[0] != state:
            assert time.perf_counter() - started < 600, f"the job is not {state}"
            time.sleep(0.02)


def through_pages(bench, numbers, act, fields, count):
    """Ticks users in the list, plans, and runs the plan: the seconds until it is there, and until it is done."""
    with dashboard(bench, "none") as console:
        reader = Reader(console, NAME)
        of = {"target": f"aws {bench.instance}", "list": "users"}
        for at in range(0, len(numbers), ON_A_PAGE):
            page = [f"user/user-{number}" for number in numbers[at:at + ON_A_PAGE]]
            rows = {f"{name}[{at}]": row for name in ("shown", "row") for at, row in enumerate(page)}
            reader.post("/api/selection/keep", of | rows | {"page": f"{page_of(bench)}/users"})
        started = time.perf_counter()
        job = reader.post("/api/selection/plan", of | {"act": act} | fields).removeprefix("/jobs/")
        until(bench, job, "planned")
        planned = time.perf_counter() - started
        started = time.perf_counter()
        reader.post("/api/jobs/start", {"id": job, "confirm_count": count})
        until(bench, job, "done")
        return planned, time.perf_counter() - started


def compare(name, bench, options, call, act, fields, count=""):
    """Prints what boto3 and the console get through a second, each with users of its own."""
    best, share = 0, options.rows // (len(BOTO) + 1)
    for at, (mode, threads) in enumerate(BOTO):
        mine = range(at * share, (at + 1) * share)
        rate = boto(bench, mode, threads, mine, call)
        best = max(best, rate)
        print(f"{name:7} boto3, {mode} retries, {threads:2} threads: {rate:7.0f} users a second ({share:,} users)")
    mine = range(len(BOTO) * share, (len(BOTO) + 1) * share)
    planned, ran = through_pages(bench, mine, act, fields, count)
    print(f"{name:7} the console: {share / ran:7.0f} users a second ({share:,} users), {share / ran / best:.2f} of the "
          f"best boto3; {share / (planned + ran):.0f} with the plan, which took {planned:.1f} s")


def tag(options):
    with Bench() as bench:
        fill(bench, options.rows)

        def call(client, number):
            client.tag_resource(ResourceARN=user(bench, number), Tags=[{"Key": "wave", "Value": "one"}])

        compare("tag", bench, options, call, "tag", {"tag_key[0]": "wave", "tag_value[0]": "one"})
        tagged = [bench.emulator.client().list_tags_for_resource(ResourceARN=user(bench, number))["Tags"]
                  for number in range(0, options.rows, 97)]
        print(f"tag     {sum({'Key': 'wave', 'Value': 'one'} in tags for tags in tagged)} of {len(tagged)} looked at have it")


def delete(options):
    with Bench() as bench:
        fill(bench, options.rows)

        def call(client, number):
            client.delete_app_instance_user(AppInstanceUserArn=user(bench, number))

        count = str(options.rows // (len(BOTO) + 1))
        compare("delete", bench, options, call, "delete", {}, count)
        print(f"delete  {bench.count()} users are left of {options.rows:,}")


if __name__ == "__main__":
    run_parts(__doc__, {"tag": tag, "delete": delete}, rows=12_000)
