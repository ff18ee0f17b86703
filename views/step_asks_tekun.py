"""What the steps of 特困 ask for, where they differ from those of other schemes or are its own."""

from views.step_ask import Ask

ASKS: tuple[Ask, ...] = ()
