""""As code": what the dashboard shows is run as it stands, and all languages must do the same.

The texts come from the program `snippets` of the crate `domain`, which has the ARNs of a seeded emulator from us. Each
text runs against its own copy of that seed: the command line with the AWS CLI in bash, the Python with boto3, and the
JSON as the arguments of a direct call. Answers and what is then there must be equal.
"""

import collections
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from dateutil.tz import tzlocal, tzutc

import model
import world as worlds
from emulator import ACCESS_KEY, ACCOUNT, REGION, SECRET_KEY, Emulator

LANGUAGES = {"cli", "python", "rust", "json", "iam"}
# The cases of the program. An operation has those in which its input differs.
CASES = ["quotes", "least", "traps"]
# Members that every case has another text for.
TEXTS = {"Name", "Metadata", "Tags", "TagKeys"}
# Members that are settings, which are there or not.
SETTINGS = {"AppInstanceRetentionSettings", "ExpirationSettings"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def program():
    """The compiled example `snippets`."""
    path = os.environ.get("CARILLON_SNIPPETS")
    if not path:
        raise RuntimeError(
            "set CARILLON_SNIPPETS to the program that `cargo build -p domain --example snippets` makes"
        )
    return path


@pytest.fixture(scope="module")
def seed(tmp_path_factory):
    """The data folder of a world at rest, and the world."""
    folder = tmp_path_factory.mktemp("seed") / "data"
    emulator = Emulator(folder)
    client = emulator.client()
    world = worlds.build(emulator, client)
    world.everything = worlds.everything(client)
    emulator.stop()
    return folder, world


@pytest.fixture(scope="module")
def texts(seed):
    """`{(operation, case): {language: text}}`."""
    world = seed[1]
    values = {
        "instance": world.instance,
        "other_instance": world.other_instance,
        "user": world.user,
        "plain_user": world.plain_user,
        "bot": world.bot,
        "endpoint": world.endpoint,
        "pinpoint": worlds.pinpoint(),
        "lex_alias": worlds.alias(),
    }
    printed = subprocess.run(
        [program()], input=json.dumps(values), capture_output=True, check=True, text=True, timeout=60
    ).stdout
    found = collections.defaultdict(dict)
    # Not `splitlines`: there are other ends of lines in the texts.
    for line in printed.removesuffix("\n").split("\n"):
        entry = json.loads(line)
        found[entry["operation"], entry["case"]][entry["language"]] = entry["text"]
    return dict(found)


@pytest.fixture(scope="module")
def emulators(seed, tmp_path_factory):
    """One for each way to make the call, so that the ways run at the same time."""
    started = Fleet(seed[0], tmp_path_factory.mktemp("copies"))
    yield started
    started.stop()


class Fleet:
    """Emulators over copies of the seed, each used for one call and then made anew."""

    WAYS = ("direct", "cli", "python")

    def __init__(self, seed, folder):
        self.seed, self.folder, self.count, self.running = seed, folder, 0, {}

    def fresh(self):
        self.stop()
        self.count += 1
        for way in self.WAYS:
            copy = self.folder / f"{way}-{self.count}"
            shutil.copytree(self.seed, copy)
            self.running[way] = Emulator(copy)
        return self.running

    def stop(self):
        for emulator in self.running.values():
            emulator.kill()
            shutil.rmtree(emulator.data_dir)
        self.running = {}


def environment(emulator, home):
    """What a person has set who uses the AWS CLI: credentials and an address, and no Region."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        "PATH": path,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_ENDPOINT_URL_CHIME_SDK_IDENTITY": emulator.url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(command, emulator, home):
    done = subprocess.run(
        command, env=environment(emulator, home), cwd=home, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run_cli(text, emulator, home):
    printed = run(["bash", "-euo", "pipefail", "-c", text], emulator, home)
    return json.loads(printed) if printed.strip() else {}


def run_python(text, emulator, home):
    # The text prints the answer the way Python shows it, times included.
    printed = run([sys.executable, "-c", text], emulator, home)
    names = {"datetime": datetime, "tzlocal": tzlocal, "tzutc": tzutc}
    answer = eval(printed, names)  # noqa: S307 - what our own program printed
    answer.pop("ResponseMetadata")
    return answer


def run_direct(operation, text, client):
    answer = model.call(client, operation, json.loads(text))
    answer.pop("ResponseMetadata")
    return answer


class Normal:
    """Makes what two emulators did comparable: ids and times that are not of the seed are new ones, no more."""

    def __init__(self, seed):
        text = json.dumps(seed, default=self._milliseconds)
        self.known_ids = set(UUID.findall(text))
        self.known_times = set(re.findall(r"time-(\d+)", text))

    @staticmethod
    def _milliseconds(time):
        return f"time-{round(time.timestamp() * 1000)}"

    def form(self, value):
        """Equal for values that differ in new ids and times only."""
        text = json.dumps(self._times(value), sort_keys=True)
        new = []

        def name(match):
            found = match.group()
            if found in self.known_ids:
                return found
            if found not in new:
                new.append(found)
            return f"new-{new.index(found)}"

        return json.loads(UUID.sub(name, text))

    def _times(self, value, name=""):
        if isinstance(value, dict):
            return {key: self._times(member, key) for key, member in value.items()}
        if isinstance(value, list):
            return [self._times(item, name) for item in value]
        if isinstance(value, datetime.datetime):
            return self._time(round(value.timestamp() * 1000))
        if name.endswith("Timestamp"):
            # The CLI prints the number of the wire.
            return self._time(round(float(value) * 1000))
        return value

    def _time(self, milliseconds):
        return f"time-{milliseconds}" if str(milliseconds) in self.known_times else "time-new"


def cases(operation):
    members = set(model.operation(operation).input_shape.members)
    return CASES if members & TEXTS else CASES[:2] if members & SETTINGS else CASES[:1]


PAIRS = [(name, case) for name in model.operations() for case in cases(name)]


def test_every_operation_has_a_text_in_every_language(texts):
    assert sorted(texts) == sorted(PAIRS)
    assert all(set(found) == LANGUAGES for found in texts.values())


@pytest.mark.parametrize(("operation", "case"), PAIRS)
def test_all_languages_do_the_same(operation, case, texts, seed, emulators, tmp_path):
    text, world = texts[operation, case], seed[1]
    running = emulators.fresh()
    # Here, because boto3 makes clients in one thread at a time only.
    clients = {way: emulator.client() for way, emulator in running.items()}

    with ThreadPoolExecutor(3) as pool:
        jobs = {
            "direct": pool.submit(run_direct, operation, text["json"], clients["direct"]),
            "cli": pool.submit(run_cli, text["cli"], running["cli"], tmp_path),
            "python": pool.submit(run_python, text["python"], running["python"], tmp_path),
        }
        answers = {way: job.result() for way, job in jobs.items()}
        states = dict(zip(clients, pool.map(worlds.everything, clients.values())))

    normal = Normal(world.everything)
    for way in ("cli", "python"):
        assert normal.form(answers[way]) == normal.form(answers["direct"]), text[way]
        assert normal.form(states[way]) == normal.form(states["direct"]), text[way]
    # And it is the call that was meant: this operation once, and nothing but reading after it.
    is_write = model.operation(operation).http["method"] != "GET"
    assert (normal.form(states["direct"]) != normal.form(world.everything)) == is_write
    for way, emulator in running.items():
        stats = emulator.stats()["operations"]
        assert stats[operation]["errors"] == 0, way
        if is_write:
            assert stats[operation]["requests"] == 1, way


def test_the_comparison_can_tell_apart(seed):
    """New ids and times are equal to each other and to nothing of the seed."""
    normal = Normal(seed[1].everything)
    now = datetime.datetime.now(tzutc())
    old = seed[1].everything[seed[1].instance]["described"]["CreatedTimestamp"]

    def form(text, time):
        return normal.form({"Name": text, "CreatedTimestamp": time})

    one, other = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
    assert form(one, now) == form(other, now.timestamp() + 5)
    assert form(one, now) != form(one, old)
    assert form(one, now) != form(seed[1].instance[-36:], now)
    assert form(one, now) != form("x", now)
    assert form(f"{one} {one}", now) != form(f"{one} {other}", now)


def test_the_policy_allows_the_operation_on_its_resource(texts, seed):
    """IAM cannot be run here; its form and the names in it can be checked."""
    known = {f"chime:{name}" for name in model.operations()} | {"mobiletargeting:GetApp"}
    places = (f"arn:aws:chime:{REGION}:{ACCOUNT}:", f"arn:aws:mobiletargeting:{REGION}:{ACCOUNT}:")
    for (operation, _), text in texts.items():
        policy = json.loads(text["iam"])

        assert policy["Version"] == "2012-10-17"
        (statement,) = policy["Statement"]
        assert statement["Effect"] == "Allow"
        assert f"chime:{operation}" in statement["Action"]
        assert set(statement["Action"]) <= known
        assert statement["Resource"]
        assert all(arn == "*" or arn.startswith(places) for arn in statement["Resource"])
        # On everything only where the service takes nothing else (Service Authorization Reference).
        creates = {"CreateAppInstance", "CreateAppInstanceUser", "CreateAppInstanceBot"}
        assert (statement["Resource"] == ["*"]) == (operation in creates | {"ListAppInstances"})
