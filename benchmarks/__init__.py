"""How fast the panel is in a county of any size: `python -m benchmarks pages`, `demo` and `recalculation`."""
