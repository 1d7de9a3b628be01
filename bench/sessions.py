"""A thousand people who are signed in at once: how long their pages take, and whose they are.

    CARILLON_BIN=target/release/carillon python3 bench/sessions.py

Every session has an operator of its own, whose name stands on every page, and a connection of its
own. Each opens a page, reads for a while, and opens the next; one in twenty sends a form that is
refused and comes back with what was typed, which holds the name too. Ends with exit 1 when an
answer was a server error, when a page lacked the name, or when it held the name of somebody else.

Prints how many requests there were, their times (client included, which shares the processors), and
the server's memory.
"""

import argparse
import asyncio
import collections
import random
import re
import statistics
import sys
import time
import urllib.parse

from console import PASSWORD, Console, machine

LIST = "/embedded/us-east-1/app-instances"
PAGES = ["/account"] * 10 + [LIST] * 5 + ["/"] * 4
FORM = "form"
NAME = re.compile(r"person-\d{5}-[0-9a-f]{8}")


class Person:
    """One connection, one session."""

    def __init__(self, console, name):
        self.console, self.name, self.cookie = console, name, None

    async def connect(self):
        self.reader, self.writer = await asyncio.open_connection(self.console.host, self.console.port)

    async def send(self, method, path, fields=None):
        """Sends a request; by a new connection when the server closed the idle one, as browsers do."""
        try:
            return await self.exchange(method, path, fields)
        except (asyncio.IncompleteReadError, ConnectionError) as closed:
            if getattr(closed, "partial", b""):
                raise
        self.writer.close()
        await self.connect()
        return await self.exchange(method, path, fields)

    async def exchange(self, method, path, fields):
        body = urllib.parse.urlencode(fields or {}).encode()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.console.host}:{self.console.port}",
                "Accept: text/html", "Sec-Fetch-Site: same-origin"]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        status = int(head[0].split()[1])
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:-2])}
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0]
        return status, headers, await self.body(headers)

    async def body(self, headers):
        if "chunked" not in headers.get("transfer-encoding", ""):
            return (await self.reader.readexactly(int(headers.get("content-length", 0)))).decode()
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return body.decode()

    async def sign_in(self):
        form = {"username": self.name, "password": PASSWORD, "next": "/", "page": "/sign-in"}
        status, headers, _ = await self.send("POST", "/api/session/sign-in", form)
        if (status, headers.get("location")) != (303, "/"):
            raise SystemExit(f"{self.name} could not sign in: {status} {headers.get('location')}")


class Seen:
    """What everybody saw."""

    def __init__(self):
        self.seconds, self.statuses, self.wrong = [], collections.Counter(), []

    async def page(self, person, path):
        started = time.perf_counter()
        status, _, body = await person.send("GET", path)
        self.seconds.append(time.perf_counter() - started)
        self.judge(person, path, status, 200, body)
        names = set(NAME.findall(body))
        if status == 200 and names != {person.name}:
            self.wrong.append(f"{path} of {person.name} names {names or 'nobody'}")

    async def form(self, person):
        fields = {"page": "/embedded/us-east-1/create-app-instance", "scope": "embedded/us-east-1", "token": person.name, "name": "",
                  "metadata": f"typed by {person.name}"}
        started = time.perf_counter()
        status, headers, _ = await person.send("POST", "/api/app-instances/create", fields)
        self.seconds.append(time.perf_counter() - started)
        self.judge(person, "the form", status, 303, "")
        if status == 303:
            await self.page(person, headers["location"])

    def judge(self, person, what, status, expected, body):
        self.statuses[status] += 1
        if status != expected:
            self.wrong.append(f"{what} of {person.name}: {status} {body[:200]}")


async def use(person, seen, until, think):
    await asyncio.sleep(random.uniform(0, think))
    while time.perf_counter() < until:
        choice = random.choice([*PAGES, FORM])
        await (seen.form(person) if choice == FORM else seen.page(person, choice))
        await asyncio.sleep(random.uniform(0, 2 * think))


async def measure(console, options):
    people = [Person(console, name) for name in console.names]
    # As many as wait for a password to be looked at without being told to come back.
    doors = asyncio.Semaphore(16)

    async def enter(person):
        async with doors:
            await person.connect()
            await person.sign_in()

    started = time.perf_counter()
    await asyncio.gather(*map(enter, people))
    took = time.perf_counter() - started
    print(f"sign-in   {len(people):,} sessions in {took:.1f} s, {took / len(people) * 1000:.0f} ms each")
    seen = Seen()
    started = time.perf_counter()
    until = started + options.seconds
    await asyncio.gather(*(use(person, seen, until, options.think) for person in people))
    took = time.perf_counter() - started
    times = statistics.quantiles(seen.seconds, n=1000)
    print(f"requests  {len(seen.seconds):,} in {took:.0f} s, {len(seen.seconds) / took:.0f} each second; "
          f"statuses {dict(seen.statuses)}")
    print(f"time      p50 {times[499] * 1000:.1f} ms, p95 {times[949] * 1000:.1f} ms, "
          f"p99 {times[989] * 1000:.1f} ms, longest {max(seen.seconds) * 1000:.0f} ms")
    print(f"memory    {console.memory('VmRSS'):.0f} MiB, at most {console.memory('VmHWM'):.0f} MiB")
    print(f"wrong     {len(seen.wrong)} answers")
    for told in seen.wrong[:20]:
        print(f"          {told}")
    return not seen.wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5, help="seconds between two pages, on average")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    names = [f"person-{number:05}-{random.getrandbits(32):08x}" for number in range(options.sessions)]
    print(f"machine   {machine()}; seed {options.seed}")
    with Console(names) as console:
        if not asyncio.run(measure(console, options)):
            sys.exit(1)


main()
