"""How long `carillon audit verify` takes for an audit of a million rows, and whether it names a row that was changed.

    CARILLON_BIN=target/release/carillon python3 bench/audit.py

Fills a database with rows that hang together, as the program would have written them, then verifies it in turn with two
controls: SQLite reading the same rows alone, and the hashing of as much text alone. See README.md beside this file.
"""

import argparse
import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = os.environ.get("CARILLON_BIN", "target/release/carillon")
ARN = "arn:aws:chime:us-east-1:123456789012:app-instance/0a1b2c3d-4e5f-4a6b-8c7d-0123456789ab"
COLUMNS = (
    "seq, entry, phase, at, operator, username, remote, request, connection, region, operation, resource,"
    " instance, input, before_values, failure, aws_request, prev_hash, hash"
)


def rows(count):
    """Pairs of an update that was begun and its outcome, chained: the rule is `Row::hash` of crates/backend."""
    previous = ""
    for seq in range(1, count + 1):
        at, entry = 1_700_000_000_000 + seq, f"{(seq + 1) // 2:032x}"
        if seq % 2:
            wanted = json.dumps({"AppInstanceUserArn": f"{ARN}/user/user-{seq}", "Name": f"User {seq}", "Metadata": "{}"})
            before = json.dumps({"Name": "User", "Metadata": ""})
            texts = [entry, "begun", "f" * 32, "ada", "192.0.2.1", "a" * 32, "aws", "us-east-1", "UpdateAppInstanceUser"]
            texts += [f"{ARN}/user/user-{seq}", ARN, wanted, before, None, None]
        else:
            texts = [entry, "succeeded", None, "", None, "", None, None, "", None, None, None, None, None, "b" * 36]
        parts = [previous, str(seq), str(at), *texts]
        text = "".join("-" if part is None else f"{len(part.encode())}:{part}" for part in parts)
        this = hashlib.sha256(text.encode()).hexdigest()
        yield (seq, texts[0], texts[1], at, *texts[2:], previous, this)
        previous = this


def fill(file, count):
    with sqlite3.connect(file) as data:
        marks = ", ".join("?" * 19)
        last = None

        def kept():
            nonlocal last
            for row in rows(count):
                last = row
                yield row

        data.executemany(f"INSERT INTO audit ({COLUMNS}) VALUES ({marks})", kept())
        data.execute("UPDATE audit_head SET seq = ?, hash = ?", [last[0], last[-1]])
    data.close()


def verify(folder):
    started = time.perf_counter()
    done = subprocess.run([BIN, "audit", "--data-dir", folder, "verify"], capture_output=True, text=True, check=False)
    return time.perf_counter() - started, done


def read_alone(file):
    started = time.perf_counter()
    with sqlite3.connect(file) as data:
        for _ in data.execute(f"SELECT {COLUMNS} FROM audit ORDER BY seq"):
            pass
    data.close()
    return time.perf_counter() - started


def hash_alone(count):
    text = b"x" * 700
    started = time.perf_counter()
    for _ in range(count):
        hashlib.sha256(text).hexdigest()
    return time.perf_counter() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # The first start makes the tables.
        _, done = verify(folder)
        file = Path(folder) / "carillon.sqlite3"
        if done.returncode or not file.is_file():
            sys.exit(f"{BIN} did not make {file}: {done.stderr}")
        started = time.perf_counter()
        fill(file, options.rows)
        size = file.stat().st_size / 2**20
        print(f"{options.rows:,} rows, {size:.0f} MiB, written in {time.perf_counter() - started:.0f} s")
        times = {"verify": [], "read": [], "hash": []}
        for _ in range(options.rounds):
            seconds, done = verify(folder)
            assert done.returncode == 0 and f"{options.rows} rows" in done.stdout, done
            times["verify"].append(seconds)
            times["read"].append(read_alone(file))
            times["hash"].append(hash_alone(options.rows))
        middle = {name: statistics.median(found) for name, found in times.items()}
        print("| | median | of reading alone |\n|---|--:|--:|")
        for name, what in [("verify", "audit verify"), ("read", "sqlite3 reads the rows"), ("hash", "hashlib hashes as much")]:
            print(f"| {what} | {middle[name]:.2f} s | {middle[name] / middle['read']:.2f} |")
        with sqlite3.connect(file) as data:
            data.execute("DROP TRIGGER audit_no_update")
            data.execute("UPDATE audit SET input = replace(input, 'User', 'Usurper') WHERE seq = ?", [options.rows // 2 + 1])
        data.close()
        _, done = verify(folder)
        print(f"one row changed: {done.stdout.strip()} (exit status {done.returncode})")
        assert done.returncode == 1 and f"row {options.rows // 2 + 1}" in done.stdout, done


if __name__ == "__main__":
    main()
