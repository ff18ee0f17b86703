"""The law: words, dated figures, formulas and the calendar. Pure; no database, no web, no clock."""
