"""What operators notice, and what AWS is asked, while AWS is not there or does not answer.

    CARILLON_BIN=target/release/carillon end2end/.venv/bin/python bench/outage.py gone hung

- gone (R4): every call fails for a minute, under 20 pages a second and an import that runs. Prints what reached the
  emulator after the first 5 s beside what the pages ask for when all is well, how long a page took to say that it
  failed, and how long after the end the last page failed.
- hung (R5): one operation never answers. Prints how long its page takes, how long other pages take meanwhile, and
  whether the server has as many open files as before, 15 s after the end.
"""

import concurrent.futures
import queue
import statistics
import subprocess
import time
from pathlib import Path

from console import Reader, run_parts
from service import NAME, Bench, dashboard, page_of

A_SECOND = 20


class Crowd:
    """Asks for a page so many times a second, whether it is answered or not."""

    def __init__(self, console, path):
        self.console, self.path = console, path
        first = Reader(console, NAME)
        self.free = queue.SimpleQueue()
        for _ in range(60):
            self.free.put(Reader(console, NAME, first.cookie))
        self.pool = concurrent.futures.ThreadPoolExecutor(60)
        self.asked = []

    def ask(self):
        reader, began = self.free.get(), time.time()
        try:
            status = reader.ask("GET", self.path)[0].status
        except OSError:
            status = 0
            reader = Reader(self.console, NAME, reader.cookie)
        self.free.put(reader)
        return began, time.time() - began, status

    def during(self, seconds, rate=A_SECOND):
        until, due = time.time() + seconds, time.time()
        while time.time() < until:
            self.asked.append(self.pool.submit(self.ask))
            due += 1 / rate
            time.sleep(max(0, due - time.time()))

    def answers(self):
        return [asked.result() for asked in self.asked]


def requests(bench):
    return sum(counted["requests"] for counted in bench.emulator.stats()["operations"].values())


def gone(options):
    with Bench() as bench, dashboard(bench) as console:
        crowd = Crowd(console, page_of(bench))
        before = requests(bench)
        crowd.during(10)
        crowd.answers()
        offered = (requests(bench) - before) / 10
        job = subprocess.Popen(**bench.command(bench.file(options.rows), "--rate", "user-writes=50,all=none"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while bench.creates()["requests"] < 100:
            time.sleep(0.1)
        began = time.time()
        bench.emulator.fault("*", code="ServiceUnavailableException")
        crowd.during(options.seconds)
        bench.emulator.settings(faults=[])
        ended = time.time()
        crowd.during(15)
        answers = crowd.answers()
        arrivals = bench.emulator.stats()["arrivals"]
        arrived = [by["requests"] for second, by in arrivals.items() if began + 5 < int(second) < ended - 1]
        failed = [(at, took) for at, took, status in answers if status != 200]
        normal = max((at + took - ended for at, took in failed), default=0)
        lower = [took for at, took, status in answers if status == 200 and at < began]
        print(f"gone    {options.seconds} s, {A_SECOND} pages a second that are {offered:.1f} calls: "
              f"{statistics.mean(arrived):.1f} calls a second arrived after the first 5 s, "
              f"{(statistics.mean(arrived) - 2) / offered:.2f} of what was asked for when the job's 2 are left out")
        print(f"gone    {len(failed):,} of {len(answers):,} pages failed, after {max(took for _, took in failed):.1f} s at "
              f"most, {statistics.median(took for _, took in failed):.2f} s as a rule "
              f"({statistics.median(lower):.3f} s when all is well); the last {normal:.1f} s after the end")
        made = bench.count()
        time.sleep(10)
        print(f"gone    the job makes {(bench.count() - made) / 10:.0f} users a second after the end, of 40 that it may")
        job.kill()
        job.wait()


def hung(_):
    with Bench() as bench, dashboard(bench) as console:
        page = page_of(bench)
        files = Path(f"/proc/{console.process.pid}/fd")
        other = Crowd(console, page)
        other.during(3)
        other.answers()
        time.sleep(1)
        before = len(list(files.iterdir()))
        bench.emulator.fault("ListAppInstanceUsers", kind="hang")
        stuck = Crowd(console, f"{page}/users")
        other = Crowd(console, page)
        with concurrent.futures.ThreadPoolExecutor(2) as both:
            for each in (both.submit(stuck.during, 20, 2), both.submit(other.during, 20, 10)):
                each.result()
        slow, quick = stuck.answers(), [took for _, took, status in other.answers() if status == 200]
        bench.emulator.settings(faults=[])
        print(f"hung    the page that hangs: {min(took for _, took, _ in slow):.1f} to {max(took for _, took, _ in slow):.1f} s, "
              f"status {sorted({status for _, _, status in slow})}; {len(quick)} of {len(other.asked)} other pages "
              f"meanwhile, p99 {statistics.quantiles(quick, n=100)[-1] * 1000:.0f} ms")
        for crowd in (stuck, other):
            while not crowd.free.empty():
                crowd.free.get().connection.close()
        time.sleep(15)
        print(f"hung    {before} open files before, {len(list(files.iterdir()))} 15 s after")


PARTS = {"gone": gone, "hung": hung}


run_parts(__doc__, PARTS, rows=10_000, seconds=60)
