"""What a large upload takes of the server's memory, and what a list of many jobs takes of its time.

    CARILLON_BIN=target/release/carillon python3 bench/jobs.py upload list

- upload (R12): a file of 100,000 rows through the pages of an import: upload, columns, check. Prints the
  highest memory (VmHWM) above what the server had when it was idle.
- list: the pages of `/jobs` with ten jobs, and with a thousand that have a million rows together, in turns.
"""

import os
import re
import sqlite3
import statistics
import time

from console import Console, Reader, run_parts

LIST = "/embedded/us-east-1/app-instances"
NAME = "ann"
BOUNDARY = "a-boundary-of-a-bench"
OPTIONS = ("--region", "us-east-1", "--sign-in-limit", "1000000")


def instance(reader):
    """The page of a new AppInstance."""
    _, form = reader.get("/embedded/us-east-1/create-app-instance", "identity")
    token = re.search(r'name="token" value="([^"]+)"', form.decode()).group(1)
    fields = {"scope": "embedded/us-east-1", "token": token, "name": "Bench", "metadata": "", "page": LIST}
    return reader.post("/api/app-instances/create", fields).split("?")[0]


def file(rows):
    lines = [f"user-{n},User number {n},m-{n},{n % 365 + 1},team-{n % 7}" for n in range(rows)]
    return "\n".join(["user_id,name,metadata,expires_days,tag:team", *lines, ""]).encode()


def upload(options):
    content = file(options.rows)
    with Console([NAME], role="Admin", options=OPTIONS) as dashboard:
        reader = Reader(dashboard, NAME)
        page = instance(reader)
        reader.get(f"{page}/import-users")
        time.sleep(2)
        idle, before = dashboard.memory("VmRSS"), dashboard.memory("VmHWM")
        head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="users.csv"\r\n'
                "Content-Type: text/csv\r\n\r\n").encode()
        body = head + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        started = time.perf_counter()
        answer, _ = reader.ask("POST", f"{page}/import-users/file", body, f"multipart/form-data; boundary={BOUNDARY}")
        took = time.perf_counter() - started
        columns = answer.getheader("Location") or ""
        assert columns.endswith("/columns"), (answer.status, columns)
        print(f"upload  {options.rows:,} rows, {len(content) / 1e6:.1f} MB in {took:.1f} s: memory at most "
              f"{dashboard.memory('VmHWM') - idle:.1f} MiB above idle ({idle:.1f} MiB; {before:.1f} at its highest before)")
        reader.get(columns)
        started = time.perf_counter()
        check = columns.removesuffix("columns") + "check"
        _, found = reader.get(check, "identity")
        while f"{options.rows:,} rows can be planned" not in re.sub("<[^>]*>", "", found.decode()):
            assert time.perf_counter() - started < 120, found
            time.sleep(0.5)
            _, found = reader.get(check, "identity")
        print(f"upload  checked after {time.perf_counter() - started:.1f} s: memory at most "
              f"{dashboard.memory('VmHWM') - idle:.1f} MiB above idle")


class Filled(Console):
    """With jobs that ended, before it starts."""

    def __init__(self, jobs, items):
        super().__init__([NAME], role="Admin", options=OPTIONS)
        self.jobs, self.items = jobs, items

    def add(self, name):
        super().add(name)
        database = sqlite3.connect(os.path.join(self.folder.name, "carillon.sqlite3"))
        arn = "arn:aws:chime:us-east-1:123456789012:app-instance/00000000-0000-4000-8000-000000000000"
        now = int(time.time() * 1000)
        each = self.items // self.jobs
        with database:
            for number in range(self.jobs):
                job, at = f"{number:022}", now - number * 60_000
                jobs = dict(id=job, kind="import-users", connection="embedded", region="us-east-1", instance=arn,
                            username=NAME, request="", input="null", state="done", epoch=1, lease_until=0,
                            created_at=at, planned_at=at, started_at=at, ended_at=at, total=each, will=each, skip=0,
                            cannot=0, unsure=0, calls=each, done=each - 1, skipped=0, failed=1, unknown=0, pace=0)
                put(database, "jobs", jobs)
                rows = ((job, n, f"{arn}/user/user-{n}", "{}", "will", "done", 1, 1, 0) for n in range(each))
                database.executemany("INSERT INTO job_items (job, row, resource, change, verdict, state, step, "
                                     "attempts, not_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        database.close()


def put(database, table, values):
    names = ", ".join(values)
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


def walk(reader):
    """The addresses of all pages of the list."""
    found, path = [], "/jobs"
    while path:
        found.append(path)
        _, page = reader.get(path, "identity")
        following = re.search(r'<a rel="next" href="([^"]+)"', page.decode())
        path = following and following.group(1).replace("&amp;", "&")
    return found


def list_of_jobs(options):
    with Filled(10, 10_000) as few, Filled(1000, 1_000_000) as many:
        small, large = Reader(few, NAME), Reader(many, NAME)
        pages = walk(large)
        assert len(pages) > 10, pages
        print(f"list    {len(pages)} pages of 1,000 jobs with 1,000,000 rows, beside 10 jobs; {options.rounds} rounds")
        took = {path: [] for path in ["few", "mine", *pages]}
        for _ in range(options.rounds):
            took["few"].append(small.get("/jobs")[0])
            took["mine"].append(large.get("/jobs?whose=mine")[0])
            for path in pages:
                took[path].append(large.get(path)[0])
        middle = {path: statistics.median(seconds) for path, seconds in took.items()}
        worst = max(pages, key=middle.get)
        for name, path in [("first", pages[0]), ("last", pages[-1]), ("slowest", worst), ("mine, none", "mine")]:
            print(f"list    {name:10} {middle[path] * 1000:5.1f} ms, {middle[path] / middle['few']:.2f} of the page with ten")


PARTS = {"upload": upload, "list": list_of_jobs}


run_parts(__doc__, PARTS, rows=100_000, rounds=50)
