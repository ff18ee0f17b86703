"""How fast the panel is in a county of any size: `python -m benchmarks pages` and `python -m benchmarks demo`."""
