"""What the server weighs, what a page costs AWS, and how 100,000 users list.

    CARILLON_BIN=target/release/carillon python3 bench/server.py

Starts an emulator and a dashboard that calls it. Prints

- the server's memory (PSS of /proc, so Linux only): after its first start, which hashes a password, idle
  after another start, after a sign-in, after many pages;
- the calls of each page that reached the emulator, by its own statistics;
- for 100,000 users: every page of the list by its "Next" link, and the time of the last pages as a
  ratio of the first; then back, and the details of a user of the last page.

Counts do not depend on the machine; of the times only the ratio means something.
"""

import argparse
import http.cookiejar
import html
import json
import os
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

BIN = os.environ.get("CARILLON_BIN", "target/release/carillon")
EMULATOR = "http://127.0.0.1:8791"
CONSOLE = "http://127.0.0.1:8792"
PASSWORD = "a bench has four legs"
LIST = "/aws/us-east-1/app-instances"
# How many pages of each end of the list are compared.
COMPARED = 50


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1024


def ready(address):
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=1)
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{EMULATOR}/_emulator/{path}", data)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def calls():
    return {name: counted["requests"] for name, counted in control("stats")["operations"].items()}


class Browser:
    """Follows redirects and keeps cookies, as a browser without scripts does."""

    def __init__(self):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path):
        request = urllib.request.Request(CONSOLE + path, headers={"Accept": "text/html"})
        return self.opener.open(request).read().decode()

    def post(self, path, fields):
        headers = {"Accept": "text/html", "Origin": CONSOLE, "Sec-Fetch-Site": "same-origin"}
        body = urllib.parse.urlencode(fields).encode()
        answer = self.opener.open(urllib.request.Request(CONSOLE + path, data=body, headers=headers))
        answer.read()
        return urllib.parse.urlsplit(answer.url).path


def create(browser, name):
    """The path and the ARN of a new AppInstance."""
    token = re.search(r'name="token" value="([^"]+)"', browser.get("/aws/us-east-1/create-app-instance")).group(1)
    fields = {"scope": "aws/us-east-1", "token": token, "name": name, "metadata": "", "page": LIST}
    path = browser.post("/api/app-instances/create", fields)
    return path, "arn:aws:chime:us-east-1:123456789012:app-instance/" + path.rsplit("/", 1)[1]


def cost_of_pages(browser, instance, user):
    pages = [LIST, instance, f"{instance}/users?size=50", user, f"{user}/endpoints", f"{instance}/admins",
             f"{instance}/bots", f"{instance}/retention", f"{instance}/tags", f"{instance}/activity", "/audit"]
    for page in pages:
        before = calls()
        browser.get(page)
        made = {name: count - before.get(name, 0) for name, count in calls().items()}
        shown = ", ".join(f"{name} {count}" for name, count in sorted(made.items()) if count)
        page = page.replace(user, "USER").replace(instance, "INSTANCE")
        print(f"calls   {page:30} {shown or 'none'}")


def link(page, rel):
    found = re.search(rf'<a rel="{rel}" href="([^"]+)"', page)
    return found and html.unescape(found.group(1))


def walk(browser, instance):
    """Every page of the users, forward; then two back, and a user of the last page."""
    path, pages, seconds, seen = f"{instance}/users?size=50", 0, [], 0
    while path:
        started = time.perf_counter()
        page = browser.get(path)
        seconds.append(time.perf_counter() - started)
        pages, last, path = pages + 1, page, link(page, "next")
        seen += page.count("data-late=")
    first, end = statistics.median(seconds[:COMPARED]), statistics.median(seconds[-COMPARED:])
    print(f"walk    {seen:,} users on {pages:,} pages in {sum(seconds):.0f} s; "
          f"the last {COMPARED} pages take {end / first:.2f} of the first {COMPARED}")
    back = browser.get(link(last, "prev"))
    assert link(back, "next"), "the page before the last has a next page"
    user = re.search(r'<a href="([^"]+/users/[^"]+)" title="([^"]+)"', last)
    details = browser.get(html.unescape(user.group(1)))
    assert user.group(2) in details
    print(f"walk    back to the page before the last, and the details of {user.group(2)} opened")


def idle(server, when):
    ready(f"{CONSOLE}/livez")
    time.sleep(3)
    print(f"memory  {when:22}{pss(server.pid):6.1f} MiB PSS")


def measure(server, users):
    browser = Browser()
    browser.get("/sign-in")
    browser.post("/api/session/sign-in",
                 {"username": "admin", "password": PASSWORD, "next": "/", "page": "/sign-in"})
    time.sleep(1)
    print(f"memory  after a sign-in       {pss(server.pid):6.1f} MiB PSS")
    instance, arn = create(browser, "Bench")
    control("seed", {"app_instance_arn": arn, "users": users})
    some = re.search(r'<a href="([^"]+/users/[^"]+)" title=', browser.get(f"{instance}/users"))
    cost_of_pages(browser, instance, html.unescape(some.group(1)))
    walk(browser, instance)
    time.sleep(3)
    print(f"memory  after those pages     {pss(server.pid):6.1f} MiB PSS")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--users", type=int, default=100_000)
    users = options.parse_args().users
    with tempfile.TemporaryDirectory() as folder:
        password = os.path.join(folder, "password")
        with open(password, "w", encoding="utf-8") as file:
            file.write(PASSWORD)
        environment = os.environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        started = []

        def start(*arguments):
            started.append(subprocess.Popen([BIN, *arguments], stdout=subprocess.DEVNULL, env=environment))
            return started[-1]

        try:
            start("emulate", "--data-dir", f"{folder}/emulator", "--listen", EMULATOR.removeprefix("http://"))
            ready(f"{EMULATOR}/_emulator/health")
            serve = ["serve", "--backend", "aws", "--endpoint-url", EMULATOR, "--region", "us-east-1",
                     "--listen", CONSOLE.removeprefix("http://"), "--data-dir", folder,
                     "--insecure-cookie", "--log", "error", "--admin-password-file", password]
            server = start(*serve)
            idle(server, "after the first start")
            server.send_signal(signal.SIGTERM)
            server.wait()
            server = start(*serve)
            idle(server, "idle")
            measure(server, users)
        finally:
            for process in reversed(started):
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                    process.wait()


main()
