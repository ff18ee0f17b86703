"""From nothing to an app that could answer: prints its processor seconds and megabytes. Imports little itself."""

import sys
from pathlib import Path
from time import process_time


def main() -> None:
    """Make the panel (``ours``) or its rival (``stock``) of a county that was built."""
    what, home = sys.argv[1], f"{sys.argv[2]}/{sys.argv[3]}"
    began = process_time()
    if what == "ours":
        from app import create_app

        create_app({"INSTANCE": home})
    else:
        from benchmarks import stock

        stock.create_app(f"sqlite:///{home}/{stock.FILE}")
    took = process_time() - began
    print(took, _megabytes())


def _megabytes() -> float:
    """The most this process has held; what a child inherits from its parent before it starts is not counted."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


main()
