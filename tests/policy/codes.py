"""The codes by which a finding says why: of its reasons, of its advice, of any of its rows."""


def codes(rows):
    """The codes of rows, in their order."""
    return [row["code"] for row in rows]


def reasons(finding):
    """The codes of a finding's reasons."""
    return codes(finding.reasons)


def advised(finding):
    """The codes of what a finding advises."""
    return codes(finding.advice)
