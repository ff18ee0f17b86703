"""The lawful steps of a benefit, one table for each scheme; ``workflows.machine`` puts them together."""
