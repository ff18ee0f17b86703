"""What listens to every session, whatever page or command was loaded: it must stand before anything is written.

History, the guard over cases, what the desk counts, what a step settles, and the index of names each hear of what
is written through events of SQLAlchemy. The app loads this module; what it names may not wait for a page to ask for it.
"""

from workflows import audit, case_guard, desk_kept, household_tasks, names, pending, visit_settling

LISTENERS = (audit, case_guard, desk_kept, household_tasks, names, pending, visit_settling)
