"""Run as a process of its own: people who look at one page again and again, and how long each look took.

`python -m tests.benchmarks.looking PORT PATH COOKIE CLIENTS SECONDS` prints the milliseconds of all looks.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def main(port: int, path: str, cookie: str, clients: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(clients) as pool:
        looks = [pool.submit(look, port, path, cookie, until) for _ in range(clients)]
        print(json.dumps([length for one in looks for length in one.result()]))


def look(port: int, path: str, cookie: str, until: float) -> list[float]:
    took = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        begun = time.monotonic()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        took.append(1000 * (time.monotonic() - begun))
        if answer.status != 200:
            raise RuntimeError(f"Look at the page: it was answered with {answer.status}.")
    connection.close()
    return took


if __name__ == "__main__":
    port, path, cookie, clients, seconds = sys.argv[1:]
    main(int(port), path, cookie, int(clients), float(seconds))
