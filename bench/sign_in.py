"""Whether the time of a refused sign-in tells who has an account.

    CARILLON_BIN=target/release/carillon python3 bench/sign_in.py

Signs in with a wrong password as operators that there are and by names that nobody has, in turns
and in an order that is shuffled in every round. Each account is tried once, so that nobody is slowed
down. Prints both medians and the gap in percent of the smaller one, which is to be at most 15; and,
as a control, the gap between two halves of the unknown names, which is noise.
"""

import http.client
import json
import random
import statistics
import time
import urllib.parse

from console import Console, machine, read_options


def attempt(connection, name):
    body = urllib.parse.urlencode({"username": name, "password": "not the password", "next": ""})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    started = time.perf_counter()
    connection.request("POST", "/api/session/sign-in", body, headers)
    answer = connection.getresponse()
    text = answer.read()
    took = time.perf_counter() - started
    failure = json.loads(text)
    # Alike in everything but the ids, which are new each time.
    return took, (answer.status, json.dumps(failure.get("cause")), len(text))


def gap(one, other):
    one, other = statistics.median(one), statistics.median(other)
    return abs(one - other) / min(one, other) * 100


def main():
    options = read_options(__doc__)
    print(f"machine   {machine()}; seed {options.seed}")
    warm = 10
    known = [f"known-{number:05}" for number in range(options.rounds + warm)]
    took, answers = {"known": [], "unknown": [], "other": []}, set()
    with Console(known, role="Viewer") as console:
        connection = http.client.HTTPConnection(console.host, int(console.port))
        for number, name in enumerate(known):
            tries = [("known", name), ("unknown", f"nobody{number:05}"), ("other", f"no-one{number:05}")]
            random.shuffle(tries)
            for kind, tried in tries:
                seconds, answer = attempt(connection, tried)
                answers.add(answer)
                if number >= warm:
                    took[kind].append(seconds)
    for kind in ("known", "unknown"):
        print(f"{kind:9} median {statistics.median(took[kind]) * 1000:.2f} ms of {len(took[kind])}")
    print(f"gap       {gap(took['known'], took['unknown']):.1f} %")
    print(f"control   {gap(took['unknown'], took['other']):.1f} % between two halves of unknown names")
    print(f"answers   {len(answers)} kinds: {sorted(answers)}")


main()
