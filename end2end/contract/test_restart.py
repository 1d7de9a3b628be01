"""What was answered with success is on disk: the process is killed right after, and started again."""

import shutil
import sqlite3
import threading
import time

import pytest

import model
import world as worlds
from emulator import Emulator

WRITES = [name for name in model.operations() if model.operation(name).http["method"] != "GET"]
# Of these, the data goes later than the answer; see the tests of life cycles.
CREATES = sorted(model.with_token())


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A world at rest: its data folder, to be copied, and its ARNs."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    emulator = Emulator(folder)
    world = worlds.build(emulator, emulator.client())
    emulator.stop()
    return folder, world


@pytest.fixture
def emulator(seeded, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(seeded[0], folder)
    started = Emulator(folder)
    yield started
    started.stop()


@pytest.fixture
def world(seeded):
    return seeded[1]


def killed_and_started(emulator):
    emulator.kill()
    emulator.restart()
    return emulator.client()


@pytest.mark.parametrize("name", WRITES)
def test_a_write_survives_a_kill_right_after_its_answer(name, emulator, world):
    client = emulator.client()
    before = worlds.everything(client)

    model.call(client, name, worlds.calls(world)[name][0])

    # Not read before the kill: reading could be what makes it durable.
    assert worlds.everything(killed_and_started(emulator)) != before


@pytest.mark.parametrize("name", CREATES)
def test_a_retry_after_a_restart_makes_nothing_new(name, emulator, world):
    client = emulator.client()
    arguments = {**worlds.calls(world)[name][0], "ClientRequestToken": "once"}
    first = model.call(client, name, arguments)

    client = killed_and_started(emulator)
    before = worlds.everything(client)
    second = model.call(client, name, arguments)

    assert {**second, "ResponseMetadata": 0} == {**first, "ResponseMetadata": 0}
    assert worlds.everything(client) == before


def test_all_is_the_same_after_a_kill_and_after_a_stop(emulator):
    before = worlds.everything(emulator.client())

    assert worlds.everything(killed_and_started(emulator)) == before
    emulator.stop()
    assert emulator.process.returncode == 0
    emulator.restart()
    assert worlds.everything(emulator.client()) == before


def test_a_page_goes_on_after_a_restart(emulator, world):
    client = emulator.client()
    whole = client.list_app_instance_users(AppInstanceArn=world.instance)["AppInstanceUsers"]
    first = client.list_app_instance_users(AppInstanceArn=world.instance, MaxResults=1)

    client = killed_and_started(emulator)
    rest = client.list_app_instance_users(
        AppInstanceArn=world.instance, NextToken=first["NextToken"]
    )

    assert first["AppInstanceUsers"] + rest["AppInstanceUsers"] == whole


def test_a_kill_among_many_writers_loses_nothing_that_was_answered(emulator, world):
    answered, started = [], threading.Event()

    def write(client):
        while True:
            try:
                answered.append(worlds.user(client, world.instance))
            except Exception:  # noqa: BLE001 - the connection breaks in one of many ways
                return
            if len(answered) > 50:
                started.set()

    threads = [threading.Thread(target=write, args=(emulator.client(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert started.wait(30)

    emulator.kill()
    for thread in threads:
        thread.join()
    emulator.restart()

    found = worlds.listed(
        emulator.client(), "list_app_instance_users", "AppInstanceUsers", AppInstanceArn=world.instance
    )
    assert {user["AppInstanceUserArn"] for user in found} >= set(answered)
    assert len(answered) > 50


def test_a_deletion_that_was_answered_goes_on_after_a_restart(emulator, world):
    client = emulator.client()
    emulator.control("POST", "seed", {"app_instance_arn": world.instance, "users": 20_000})
    client.delete_app_instance(AppInstanceArn=world.instance)

    client = killed_and_started(emulator)

    names = [found["AppInstanceArn"] for found in client.list_app_instances()["AppInstances"]]
    assert names == [world.other_instance]
    with pytest.raises(client.exceptions.ForbiddenException):
        client.describe_app_instance_user(AppInstanceUserArn=world.user)
    wait_until_purged(emulator)


def wait_until_purged(emulator):
    """The API never shows what is left, so the file is asked."""
    tables = ["app_instance_user", "app_instance_bot", "app_instance_admin", "endpoint", "tag"]
    question = "SELECT " + " + ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    deadline = time.monotonic() + 30
    with sqlite3.connect(f"file:{emulator.data_dir}/emulator.sqlite3?mode=ro", uri=True) as data:
        while (left := data.execute(question).fetchone()[0]) > 0:
            assert time.monotonic() < deadline, f"{left} rows are left"
            time.sleep(0.05)
