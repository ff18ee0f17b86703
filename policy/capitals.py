"""Amounts in the capital characters of receipts and letters, which nobody can alter with one stroke."""

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def capitals(fen: int) -> str:
    """Return 分 as letters write them: 79000 is 人民币柒佰玖拾元整; raise ValueError below zero."""
    if fen < 0:
        raise ValueError(f"no capital characters for a negative amount: {fen}")
    whole, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    if not rest:
        return f"人民币{_whole(whole) or '零'}元整"
    head = f"{_whole(whole)}元" if whole else ""
    tenths = f"{DIGITS[jiao]}角" if jiao else "零" if head else ""
    return f"人民币{head}{tenths}{f'{DIGITS[cents]}分' if cents else '整'}"


def _whole(number: int) -> str:
    """Characters of a whole amount, empty for none; empty places in between are read as one 零."""
    text, gap, group = "", False, 0
    parts: list[tuple[int, str]] = []
    while number:
        number, part = divmod(number, 10_000)
        parts.append((part, GROUPS[group]))
        group += 1
    for part, unit in reversed(parts):
        if not part:
            gap = True
            continue
        if text and (gap or part < 1000):
            text += "零"
        text, gap = text + _group(part) + unit, False
    return text


def _group(part: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = part // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return text
