"""Every kind of household event with its checks and what it writes."""

from policy.vocabulary import Happening
from workflows import household_acts_facts, household_acts_homes, household_acts_people
from workflows.household_scene import Act

ACTS: dict[Happening, Act] = {**household_acts_people.ACTS, **household_acts_homes.ACTS, **household_acts_facts.ACTS}
