"""The command: what to measure, on counties of which sizes, kept in which folder. Prints Markdown."""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir

from benchmarks import county, exchange, pages, panel, recalculation, report

WHAT = ("pages", "panel", "demo", "recalculation", "exchange")
FOLDER = Path(gettempdir()) / "doudi-benchmarks"


def main(words: Sequence[str] | None = None) -> None:
    """Measure what the words ask for and print it."""
    asked = _parser().parse_args(words)
    logging.getLogger("doudi").setLevel(logging.ERROR)
    print(report.machine())
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.what == "demo":
        built = [county.build(asked.folder, n) for n in asked.households or [3_000]]
        print(report.builds(built))
        return
    if asked.what == "recalculation":
        wanted = asked.households or [10_000, 100_000]
        built = [county.build(asked.folder, n, anew=False) for n in wanted]
        print(report.builds(built) if any(built) else "")
        print(recalculation.report(recalculation.measure(asked.folder, n, asked.apply) for n in wanted))
        return
    if asked.what == "exchange":
        for line in exchange.report(asked.folder, asked.members or [10_000, 100_000], asked.rounds, asked.rival):
            print(line, flush=True)
        return
    if asked.what == "panel":
        for line in panel.report(asked.folder, asked.members or [10_000, 100_000], asked.rounds, asked.postgres):
            print(line, flush=True)
        return
    sizes = [asked.small, *(asked.households or [100_000])]
    built = [made for made in (county.build(asked.folder, n, anew=False) for n in sizes) if made]
    if built:
        print(report.builds(built))
    found = {n: pages.walk(county.opened(asked.folder, n), asked.rounds, asked.only) for n in sizes}
    print(report.pages(found, asked.small))
    if asked.explain:
        print(report.plans(found[sizes[-1]]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=WHAT, nargs="?", default="pages")
    parser.add_argument("--households", type=int, action="append", help="a county's size; again for more of them")
    parser.add_argument("--small", type=int, default=3_000, help="the county each page is compared with")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"where counties are kept ({FOLDER})")
    parser.add_argument("--rounds", type=int, default=15, help="requests a median is taken of")
    parser.add_argument("--members", type=int, action="append", help="a roster's size; again for more of them")
    parser.add_argument(
        "--postgres", choices=("too", "alone"), nargs="?", const="too", help="measure the panel on PostgreSQL as well"
    )
    parser.add_argument("--rival", action="store_true", help="import by django-import-export as well (slow)")
    parser.add_argument("--only", default="", help="measure the pages whose name holds this")
    parser.add_argument("--apply", action="store_true", help="carry a recalculation out as well, and undo it")
    parser.add_argument("--explain", action="store_true", help="show the plan of each statement that walks far")
    return parser


if __name__ == "__main__":
    main()
