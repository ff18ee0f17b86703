"""Addresses of pages that other families of pages keep."""

from flask import url_for


def case_url(benefit_id: int) -> str:
    """The case page of a benefit."""
    return url_for("case.page", id=benefit_id)
