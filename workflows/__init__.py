"""What may happen: the state machine and one function per verb; the only code that writes a stage or an amount."""
