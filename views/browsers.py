"""A browser and its system in two words, so that people know their sessions apart."""

BROWSERS = (
    ("Edg", "Edge"),
    ("QQBrowser", "QQ"),
    ("360", "360"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """Such as "Edge, Windows"; a dash for what is not known."""
    found = [_first(agent, names) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name) or "—"


def _first(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in agent), "")
