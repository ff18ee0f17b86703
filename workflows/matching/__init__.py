"""比对: departments' lists against our people, in both directions."""
