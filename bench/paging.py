"""What a page of ListAppInstanceUsers costs: the first, the middle and the last of 100,000 users.

In instructions that SQLite runs, which are the same on every machine, and in time, of which only the ratios within one
run mean something. See README.md beside this file.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

CONTRACT = Path(__file__).resolve().parent.parent / "end2end" / "contract"
sys.path.insert(0, str(CONTRACT))

import world as worlds  # noqa: E402
from emulator import Emulator  # noqa: E402

PAGE = 50


def page(client, app_instance, token):
    more = {"NextToken": token} if token else {}
    return client.list_app_instance_users(AppInstanceArn=app_instance, MaxResults=PAGE, **more)


def tokens(client, app_instance):
    """The token of every page, that of the first being None."""
    found, token = [], None
    while True:
        found.append(token)
        token = page(client, app_instance, token).get("NextToken")
        if token is None:
            return found


def cost(emulator, client, app_instance, token):
    """Instructions and seconds of one page."""
    before = emulator.stats()["sqlite_steps"]
    started = time.perf_counter()
    page(client, app_instance, token)
    seconds = time.perf_counter() - started
    return emulator.stats()["sqlite_steps"] - before, seconds


def places(emulator, client, users):
    """Fills an instance; the tokens of its first, middle and last page."""
    app_instance = worlds.instance(client)
    started = time.perf_counter()
    emulator.control("POST", "seed", {"app_instance_arn": app_instance, "users": users})
    seeded = time.perf_counter() - started
    started = time.perf_counter()
    found = tokens(client, app_instance)
    walked = time.perf_counter() - started
    assert len(found) == -(-users // PAGE)
    print(f"{users:,} users: seeded in {seeded:.1f} s, {len(found):,} pages read in {walked:.1f} s")
    return {
        (users, "first"): (app_instance, found[0]),
        (users, "middle"): (app_instance, found[len(found) // 2]),
        (users, "last"): (app_instance, found[-1]),
    }


def measure(emulator, client, pages, rounds):
    """The median cost of each page. They take turns, so that a slow moment of the machine hits all of them."""
    costs = {name: [] for name in pages}
    for _ in range(rounds):
        for name, (app_instance, token) in pages.items():
            costs[name].append(cost(emulator, client, app_instance, token))
    return {
        name: (statistics.median(steps for steps, _ in found), statistics.median(s for _, s in found))
        for name, found in costs.items()
    }


def last_page_by_offset(emulator, users):
    """The control: the same page found by counting rows, which is what the emulator must not do."""
    steps = 0

    def count():
        nonlocal steps
        steps += 10

    with sqlite3.connect(f"file:{emulator.data_dir}/emulator.sqlite3?mode=ro", uri=True) as data:
        data.set_progress_handler(count, 10)
        data.execute(
            "SELECT user_id, name, metadata, created_ms FROM app_instance_user WHERE app_instance ="
            " (SELECT max(id) FROM app_instance) ORDER BY created_ms, user_id LIMIT 50 OFFSET ?",
            [users - PAGE],
        ).fetchall()
    return steps


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator(Path(folder) / "data")
        try:
            client = emulator.client()
            pages = places(emulator, client, 1_000) | places(emulator, client, options.users)
            costs = measure(emulator, client, pages, options.rounds)
            control = last_page_by_offset(emulator, options.users)
        finally:
            emulator.stop()
    first = costs[1_000, "first"][1]
    print()
    print("| users | page | SQLite instructions | median time | of the first page of 1,000 |")
    print("|--:|--|--:|--:|--:|")
    for (users, name), (steps, seconds) in costs.items():
        print(f"| {users:,} | {name} | {steps:.0f} | {seconds * 1000:.2f} ms | {seconds / first:.2f} |")
    print(f"| {options.users:,} | last, by OFFSET (control) | {control} | | |")


if __name__ == "__main__":
    main()
