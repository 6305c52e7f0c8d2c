"""A vendor's protocol on this machine, to talk to: ``python -m agents_plugins_test rime``."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from agents_plugins_test.vendors import VENDORS, open_server


def main() -> None:
    """Serve until the standard input ends; the first line of the output tells where, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m agents_plugins_test", description=__doc__)
    parser.add_argument("vendor", choices=sorted(VENDORS))
    asyncio.run(_serve(parser.parse_args().vendor))


async def _serve(vendor: str) -> None:
    async with open_server(vendor) as server:
        print(json.dumps({"url": server.url}), flush=True)  # noqa: T201 - it is what was asked for
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    main()
