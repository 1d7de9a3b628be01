"""Who pays for whose work: floods from one place, and an honest reader and an honest sign-in beside them.

    CARILLON_BIN=target/release/carillon python3 bench/crowd.py

Each flood lasts for some seconds, in a process of its own, and comes from other addresses of this machine
(127.0.0.x, so Linux only) than the two who are honest: one reads a page again and again, one signs in again
and again. Of their requests at least 95 % are to be answered, and 95 % of those within a second. Prints both
for each flood, and ends with exit 1 when one is not so. `quiet` is the control: no flood at all.
"""

import argparse
import asyncio
import collections
import itertools
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import time
import urllib.parse

from audit import fill
from console import BIN, PASSWORD, Console, machine

ANSWERED, WITHIN = 95, 1.0
PATIENCE = 5.0
READER, GUEST, VIEWER = "reader", "guest", "viewer"
READERS_ADDRESS = "127.0.0.2"
# Each signs in seldom enough for the ten tries a minute that an address has.
GUESTS_ADDRESSES = [f"127.0.1.{last}" for last in range(1, 21)]
ATTACKER = "127.0.0.3"
ATTACKERS = [f"127.0.2.{last}" for last in range(1, 61)]
LEET = "4@8({[<369&#!1/|0$5+7%2"


class Client:
    """One connection at a time from one address."""

    def __init__(self, host, port, address):
        self.host, self.port, self.address, self.cookie = host, int(port), address, None
        self.reader = self.writer = None

    async def connect(self):
        self.close()
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port, local_addr=(self.address, 0))

    def close(self):
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None

    async def send(self, method, path, fields=None):
        """The status and the headers; by a new connection when the server closed the idle one."""
        was_open = self.writer is not None
        if not was_open:
            await self.connect()
        try:
            return await self.exchange(method, path, fields)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.close()
            if not was_open:
                raise
        await self.connect()
        return await self.exchange(method, path, fields)

    async def exchange(self, method, path, fields):
        body = urllib.parse.urlencode(fields or {}).encode()
        self.writer.write(self.head(method, path, len(body)) + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) if i else ("", line) for i, line in enumerate(head[:-2]))
        if "set-cookie" in headers:
            cookie = next(line for line in head if line.lower().startswith("set-cookie: "))
            self.cookie = cookie.split(": ", 1)[1].split(";")[0]
        if "chunked" in headers.get("transfer-encoding", ""):
            while size := int(await self.reader.readline(), 16):
                await self.reader.readexactly(size + 2)
            await self.reader.readexactly(2)
        else:
            await self.reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return int(head[0].split()[1]), headers

    def head(self, method, path, length):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept: text/html",
                 "Sec-Fetch-Site: same-origin"]
        if self.cookie:
            lines.append(f"Cookie: {self.cookie}")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {length}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    async def sign_in(self, name):
        form = {"username": name, "password": PASSWORD, "next": "/", "page": "/sign-in"}
        status, headers = await self.send("POST", "/api/session/sign-in", form)
        return (status, headers.get("location")) == (303, "/")


# The floods. Each is a function of a place to connect to, and goes on until it is cancelled.


async def again(act):
    """Goes on whatever the server makes of it."""
    while True:
        try:
            await act()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            await asyncio.sleep(0.01)


async def together(acts):
    await asyncio.gather(*(again(act) for act in acts))


def held(place, addresses, count, start):
    """Connections that say something and then wait for the other end to close them."""

    def one(address):
        async def act():
            client = Client(*place, address)
            await client.connect()
            try:
                client.writer.write(start(client))
                await client.writer.drain()
                await client.reader.read()
            finally:
                client.close()
            # A client that is refused comes back, but not at once: this is no race for processors.
            await asyncio.sleep(1)

        return act

    return together([one(address) for address in itertools.islice(itertools.cycle(addresses), count)])


def slow_bodies(place):
    return held(place, [ATTACKER], 600, lambda client: client.head("POST", "/api/session/sign-in", 20) + b"a")


def half_open(place):
    return held(place, [ATTACKER], 1000, lambda client: b"GET /sign-in HTTP/1.1\r\nHost: local")


def connections(place):
    return held(place, [ATTACKER], 3000, lambda client: b"")


def crafted(length=256):
    """A password that takes long to measure."""
    return "".join(random.choice(LEET) for _ in range(length))


def posting(place, address, path, fields):
    client = Client(*place, address)

    async def act():
        client.cookie = None
        await asyncio.wait_for(client.send("POST", path, fields()), PATIENCE * 4)

    return act


def crafted_set_up(place):
    def fields():
        return {"token": "a" * 43, "username": "somebody", "new_password": crafted()}

    return together([posting(place, address, "/api/session/setup", fields) for address in ATTACKERS])


def crafted_sign_in(place):
    def fields():
        return {"username": f"nobody-{random.random()}", "password": crafted(), "next": ""}

    return together([posting(place, address, "/api/session/sign-in", fields) for address in ATTACKERS])


def crafted_change(place):
    async def act(client):
        if not client.cookie:
            await client.sign_in(VIEWER)
        form = {"page": "/account", "current_password": "not it", "new_password": crafted()}
        await asyncio.wait_for(client.send("POST", "/api/account/password", form), PATIENCE * 4)

    clients = [Client(*place, address) for address in ATTACKERS[:16]]
    return together([lambda client=client: act(client) for client in clients])


def refused_forms(place):
    def fields():
        return {"page": "/embedded/us-east-1/create-app-instance", "name": "", "metadata": "m" * 900}

    return together([posting(place, ATTACKER, "/api/app-instances/create", fields) for _ in range(16)])


def audit_filters(place):
    async def act(client):
        if not client.cookie:
            await client.sign_in(VIEWER)
        query = random.choice(["resource", "operator", "operation"])
        path = f"/audit?{query}=nothing-{random.random()}&outcome=failed"
        path = random.choice([path, path.replace("/audit?", "/audit/export.csv?")])
        await asyncio.wait_for(client.send("GET", path), PATIENCE * 4)

    clients = [Client(*place, ATTACKER) for _ in range(16)]
    # One session, as one person has: the others use the first one's.
    async def share():
        while not await clients[0].sign_in(VIEWER):
            await asyncio.sleep(1)
        for client in clients:
            client.cookie = clients[0].cookie
        await together([lambda client=client: act(client) for client in clients])

    return share()


FLOODS = {
    "quiet": None,
    "slow-bodies": slow_bodies,
    "half-open": half_open,
    "connections": connections,
    "crafted-set-up": crafted_set_up,
    "crafted-sign-in": crafted_sign_in,
    "crafted-change": crafted_change,
    "refused-forms": refused_forms,
    "audit-filters": audit_filters,
}


def flood(name, place, seconds):
    """In a process of its own, so that it does not slow the clocks of the honest."""
    raise_descriptors()

    async def bounded():
        try:
            await asyncio.wait_for(FLOODS[name](place), seconds)
        except asyncio.TimeoutError:
            pass

    asyncio.run(bounded())


def raise_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Seen:
    """What happened to the requests of somebody honest."""

    def __init__(self):
        self.seconds, self.others = [], collections.Counter()

    async def one(self, client, ask):
        started = time.perf_counter()
        try:
            told = await asyncio.wait_for(ask, PATIENCE)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            client.close()
            told = type(error).__name__
        if told is True:
            self.seconds.append(time.perf_counter() - started)
        else:
            self.others[told] += 1

    @property
    def share(self):
        return 100 * len(self.seconds) / max(1, len(self.seconds) + self.others.total())

    @property
    def p95(self):
        times = sorted(self.seconds)
        return times[int(len(times) * 0.95)] if times else float("inf")

    def is_well(self):
        return self.share >= ANSWERED and self.p95 <= WITHIN

    def __str__(self):
        others = f" {dict(self.others)}" if self.others else ""
        return f"{self.share:5.1f} % of {len(self.seconds) + self.others.total():4}, p95 {self.p95 * 1000:5.0f} ms{others}"


async def read(client):
    status, _ = await client.send("GET", "/account")
    return True if status == 200 else status


async def enter(client):
    client.cookie = None
    status, headers = await client.send("POST", "/api/session/sign-in", {
        "username": GUEST, "password": PASSWORD, "next": "/", "page": "/sign-in"})
    location = headers.get("location", "").split("?")[0]
    return True if (status, location) == (303, "/") else f"{status} {location}"


async def beside(place, reader, seconds, addresses):
    """The honest, for some seconds."""
    reads, entries = Seen(), Seen()
    until = time.perf_counter() + seconds

    async def reading():
        while time.perf_counter() < until:
            await reads.one(reader, read(reader))
            await asyncio.sleep(0.1)

    async def entering():
        while time.perf_counter() < until:
            client = Client(*place, next(addresses))
            await entries.one(client, enter(client))
            client.close()
            await asyncio.sleep(0.5)

    await asyncio.gather(reading(), entering())
    return reads, entries


async def measure(console, names, seconds):
    place = (console.host, console.port)
    addresses = itertools.cycle(GUESTS_ADDRESSES)
    reader = Client(*place, READERS_ADDRESS)
    if not await reader.sign_in(READER):
        raise SystemExit("the reader could not sign in")
    # Addresses that signed in before are let through where strangers are not.
    for address in GUESTS_ADDRESSES:
        guest = Client(*place, address)
        await enter(guest)
        guest.close()
    is_well = True
    for name in names:
        attacker = None
        if FLOODS[name]:
            attacker = multiprocessing.Process(target=flood, args=(name, place, seconds + 2))
            attacker.start()
            # It is there when the honest begin.
            await asyncio.sleep(2)
        reads, entries = await beside(place, reader, seconds, addresses)
        if attacker:
            # A flood that is told to stop may go on with what it has begun.
            attacker.terminate()
            attacker.join()
        well = reads.is_well() and entries.is_well()
        is_well = is_well and well
        print(f"{name:16} reads {reads}; signs in {entries}; {console.memory('VmRSS'):.0f} MiB"
              f"{'' if well else '   <- not as it should be'}", flush=True)
        # What is held for the flood is let go, and its tries count no longer.
        await asyncio.sleep(12)
    return is_well


class Crowded(Console):
    """A dashboard with a long audit, and the limits that everybody has."""

    def __init__(self, rows):
        super().__init__([READER, GUEST, VIEWER], role="Viewer", options=())
        self.rows = rows

    def prepare(self):
        subprocess.run([BIN, "operator", "list", "--data-dir", self.folder.name], stdout=subprocess.DEVNULL, check=True)
        fill(os.path.join(self.folder.name, "carillon.sqlite3"), self.rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="how long each flood lasts")
    parser.add_argument("--rows", type=int, default=300_000, help="rows of the audit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("floods", nargs="*", choices=[*FLOODS, []], help="only these")
    options = parser.parse_args()
    random.seed(options.seed)
    raise_descriptors()
    print(f"machine   {machine()}; seed {options.seed}, {options.rows:,} rows")
    with Crowded(options.rows) as console:
        is_well = asyncio.run(measure(console, options.floods or FLOODS, options.seconds))
    print(f"answered  {'at least' if is_well else 'not everywhere'} {ANSWERED} % of what the honest asked, "
          f"p95 within {WITHIN:.0f} s")
    if not is_well:
        sys.exit(1)


if __name__ == "__main__":
    main()
