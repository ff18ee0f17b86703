"""Rosters in and out: reading strange files safely, cleaning rows, recognising the offices' layouts."""
