"""Jobs that each end in another way, started beside each other in one way of starting."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys

import job


def main() -> None:
    """Read the jobs as JSON, {ending: token}; tell, likewise, with which exit code each ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("via", choices=["fork", "forkserver", "spawn"])
    parser.add_argument("url")
    told = parser.parse_args()
    context = multiprocessing.get_context(told.via)
    if told.via == "forkserver":
        context.set_forkserver_preload(["job"])
    children = {
        ending: context.Process(target=job.run, args=(options(ending, told.url, token),))
        for ending, token in json.load(sys.stdin).items()
    }
    for child in children.values():
        child.start()
    for child in children.values():
        child.join()
    json.dump({ending: child.exitcode for ending, child in children.items()}, sys.stdout)


def options(ending: str, url: str, token: str) -> argparse.Namespace:
    """What `job.py` would have read from its command line."""
    return argparse.Namespace(
        ending=ending, url=url, token=token, wait=False, marks=None, seconds=5.0
    )


if __name__ == "__main__":
    main()
