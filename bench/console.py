"""A dashboard of its own for a benchmark: a temporary folder, operators, a free port.

Somebody who reads it, and the options of a benchmark that goes in rounds. Used by other benchmarks; does
nothing by itself.
"""

import argparse
import http.client
import os
import random
import re
import signal
import subprocess
import tempfile
import time
import urllib.parse

BIN = os.environ.get("CARILLON_BIN", "target/release/carillon")
PASSWORD = "a bench has four legs"
FORM = "application/x-www-form-urlencoded"


def machine():
    """How much of a machine the figures are of."""
    with open("/proc/meminfo", encoding="ascii") as info:
        memory = int(info.readline().split()[1]) / 1024 / 1024
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB"


def read_options(description):
    """Reads the options of a benchmark that shuffles in every round; the seed repeats its order."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    return options


def run_parts(description, parts, **numbers):
    """Runs the parts that were named, or all; each number is an option."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=list(parts), metavar="PART")
    for name, number in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=number)
    options = parser.parse_args()
    print(f"machine {machine()}; {BIN}")
    for part in options.parts:
        parts[part](options)


class Console:
    """`with Console(names) as console`: running, and with an operator of each name."""

    def __init__(self, names, role="Operator", options=("--sign-in-limit", "1000000")):
        self.names, self.role, self.options = names, role, options

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.prepare()
        for name in self.names:
            self.add(name)
        arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir", self.folder.name,
                     *self.options, "--log", "error"]
        self.process = subprocess.Popen([BIN, *arguments], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        address = line.strip().removeprefix("dashboard ready at http://")
        self.host, self.port = address.rsplit(":", 1)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.folder.cleanup()

    def prepare(self):
        """Puts something into the folder before there is an operator; nothing here."""

    def add(self, name):
        command = [BIN, "operator", "add", name, "--role", self.role, "--data-dir", self.folder.name]
        subprocess.run(command, input=PASSWORD, text=True, stdout=subprocess.DEVNULL, check=True)

    def memory(self, which):
        """A line of /proc/…/status in MiB: VmRSS now, VmHWM at its highest."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(which)) / 1024


class Reader:
    """Keeps a connection and a session, which can be that of another, and asks as a browser without scripts does."""

    def __init__(self, dashboard, name, cookie=""):
        self.connection = http.client.HTTPConnection(dashboard.host, int(dashboard.port))
        self.cookie = cookie
        if cookie:
            return
        fields = {"username": name, "password": PASSWORD, "next": "", "page": "/sign-in"}
        answer, _ = self.ask("POST", "/api/session/sign-in", urllib.parse.urlencode(fields), FORM)
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def ask(self, method, path, body=None, kind=None, encoding="identity"):
        """The answer and what it holds, whatever its status is."""
        headers = {"Accept": "text/html", "Accept-Encoding": encoding, "Cookie": self.cookie,
                   "Sec-Fetch-Site": "same-origin"}
        if kind:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def get(self, path, encoding="br"):
        """The seconds, and the page."""
        started = time.perf_counter()
        answer, body = self.ask("GET", path, encoding=encoding)
        took = time.perf_counter() - started
        assert answer.status == 200, (path, answer.status)
        return took, body

    def post(self, path, fields):
        """Sends a form, and answers where it leads."""
        answer, _ = self.ask("POST", path, urllib.parse.urlencode(fields), FORM)
        assert answer.status == 303, (path, answer.status)
        return answer.getheader("Location")

    def find(self, path, link):
        """The first address on a page that looks so."""
        _, body = self.get(path, "identity")
        return re.search(f'href="({link})"', body.decode()).group(1)
