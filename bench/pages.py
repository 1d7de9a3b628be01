"""What each page takes in one build beside another.

    CARILLON_OTHER=old/carillon CARILLON_BIN=target/release/carillon python3 bench/pages.py

Starts two dashboards of this build and one of the other, each with the demonstration and an Admin who is
signed in, and asks each of them for the same pages, in turns and in an order that is shuffled in every
round. Prints for each page the median of both builds, the ratio of this one to the other, and, as a
control, the ratio of the two dashboards of this build, which is noise; and how many bytes the page has
(brotli). Of the times only the ratios mean something.
"""

import os
import random
import re
import statistics

import console
from console import Console, Reader, machine, read_options

OPTIONS = ("--demo", "--sign-in-limit", "1000000", "--region", "us-east-1")
NAME = "ann"
LIST = "/embedded/us-east-1/app-instances"


def pages(reader):
    instance = reader.find(LIST, f"{LIST}/[0-9a-f-]{{36}}")
    user = reader.find(f"{instance}/users", f"{instance}/users/[^\"/?]*[0-9a-f.%][^\"/?]*")
    return {
        "overview": "/",
        "account": "/account",
        "operators": "/operators",
        "audit log": "/audit",
        "AppInstances": LIST,
        "create AppInstance": "/embedded/us-east-1/create-app-instance",
        "AppInstance": instance,
        "users": f"{instance}/users",
        "user": user,
        "admins": f"{instance}/admins",
        "bots": f"{instance}/bots",
    }


def started(binary):
    console.BIN = binary
    return Console([NAME], role="Admin", options=OPTIONS)


def main():
    options = read_options(__doc__)
    print(f"machine  {machine()}; {options.rounds} rounds, seed {options.seed}")
    this, other = console.BIN, os.environ["CARILLON_OTHER"]
    with started(this) as one, started(this) as twin, started(other) as before:
        readers = {"this": Reader(one, NAME), "twin": Reader(twin, NAME), "other": Reader(before, NAME)}
        # Each has made its own ids.
        addresses = {name: pages(reader) for name, reader in readers.items()}
        took, size = {}, {}
        for number in range(options.rounds + 20):
            asked = [(name, page) for name in readers for page in addresses[name]]
            random.shuffle(asked)
            for name, page in asked:
                seconds, body = readers[name].get(addresses[name][page])
                size[name, page] = len(body)
                if number >= 20:
                    took.setdefault((name, page), []).append(seconds)
    middle = {key: statistics.median(times) * 1000 for key, times in took.items()}
    print(f"{'page':20} {'other':>8} {'this':>8} {'ratio':>6} {'control':>8} {'bytes':>7} {'other':>7}")
    for page in addresses["this"]:
        of_this, of_other = middle["this", page], middle["other", page]
        print(f"{page:20} {of_other:5.2f} ms {of_this:5.2f} ms {of_this / of_other:6.2f} "
              f"{middle['twin', page] / of_this:8.2f} {size['this', page]:7} {size['other', page]:7}")


main()
