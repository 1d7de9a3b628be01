"""Starts `carillon emulate` and speaks to its control plane.

The tests know the emulator as a program and an address only; nothing here looks into it.
"""

import functools
import json
import os
import queue
import shlex
import signal
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request

import boto3
from botocore.config import Config

import model

SERVICE = "chime-sdk-identity"
ACCOUNT = "123456789012"
REGION = "us-east-1"
OTHER_REGION = "eu-central-1"
# Not the defaults, so that a program that ignores its options is noticed.
ACCESS_KEY = "AKIACONTRACT"
SECRET_KEY = "contract/secret+key"
START_SECONDS = 30


def command():
    """The program under test and its first arguments."""
    text = os.environ.get("CARILLON_EMULATE")
    if not text:
        raise RuntimeError('set CARILLON_EMULATE, for example to "target/debug/carillon emulate"')
    return shlex.split(text)


@functools.cache
def session(access_key, secret_key, token, region):
    """Kept, because each new session reads the models of AWS again."""
    return boto3.session.Session(access_key, secret_key, token, region)


class Emulator:
    """A running emulator over one data folder."""

    def __init__(self, data_dir, account=ACCOUNT, session_token=None, flags=()):
        self.data_dir = data_dir
        self.account = account
        self.session_token = session_token
        self.flags = flags
        self._start()

    def _start(self):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CARILLON_")}
        options = {
            "--listen": "127.0.0.1:0",
            "--data-dir": str(self.data_dir),
            "--account-id": self.account,
            "--access-key-id": ACCESS_KEY,
            "--secret-access-key": SECRET_KEY,
        }
        if self.session_token:
            options["--session-token"] = self.session_token
        arguments = [word for option in options.items() for word in option] + list(self.flags)
        self.process = subprocess.Popen(
            command() + arguments, stdout=subprocess.PIPE, env=inherited, text=True
        )
        self.url = self._first_line().rsplit(" ", 1)[-1]

    def _first_line(self):
        lines = queue.Queue()
        threading.Thread(
            target=lambda: lines.put(self.process.stdout.readline()), daemon=True
        ).start()
        try:
            line = lines.get(timeout=START_SECONDS).strip()
        except queue.Empty:
            line = "nothing"
        if not line.startswith("emulator ready at http://127.0.0.1:"):
            self.kill()
            raise RuntimeError(f"the emulator did not say that it is ready, it said: {line!r}")
        return line

    def kill(self):
        """Takes the process away without a chance to tidy up."""
        self.process.kill()
        self._wait()

    def stop(self):
        """Asks the process to end, as a terminal does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self._wait()

    def _wait(self):
        self.process.wait(timeout=START_SECONDS)
        self.process.stdout.close()

    def restart(self, account=None):
        """Starts again over the same data, on another port."""
        self.account = account or self.account
        self._start()

    def client(
        self,
        region=REGION,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        token=None,
        retries=1,
        checked=True,
    ):
        """A boto3 client whose every answer is held against the model of the service, unless it is not to be."""
        config = Config(
            retries={"mode": "standard", "total_max_attempts": retries},
            connect_timeout=5,
            read_timeout=30,
            # As many as the threads of a test that calls at once.
            max_pool_connections=20,
        )
        client = session(access_key, secret_key, token, region).client(
            SERVICE, endpoint_url=self.url, config=config
        )
        answers = []
        client.meta.events.register(f"before-parse.{SERVICE}.*", model.checker(answers, checked))
        client.answers = answers
        return client

    def control(self, method, path, body=None):
        """Calls the control plane."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def reset(self):
        self.control("POST", "reset")

    def settings(self, **settings):
        return self.control("PUT", "settings", settings)

    def fault(self, operation, code=None, kind="error", times=None, after_commit=False, **more):
        """Lets calls of an operation fail."""
        fault = {"operation": operation, "kind": kind, "after_commit": after_commit, **more}
        if code:
            fault["code"] = code
        if times is not None:
            fault["times"] = times
        self.settings(faults=[fault])

    def move_clock(self, days):
        """Sets how far the clock of the emulator is ahead."""
        self.control("PUT", "clock", {"offset_seconds": int(days * 86400)})

    def sweep(self):
        """Removes expired users now; says how many."""
        return self.control("POST", "sweep")["expired_users"]

    def stats(self):
        return self.control("GET", "stats")

    def digest(self, app_instance=None):
        """Hashes of all that there is, or of one AppInstance."""
        query = "?" + urllib.parse.urlencode({"instance": app_instance}) if app_instance else ""
        return self.control("GET", f"digest{query}")
