"""Facts as they stand in facts.json."""

from typing import Any


def stated(name: str, value: Any, **more: Any) -> dict[str, Any]:
    """Return a fact of observed data; ``more`` changes what it says of itself."""
    base = {
        "unit": "sites",
        "interval": None,
        "bound": None,
        "sample": False,
        "note": "",
        "datasets": ["sites"],
    }
    return {"name": name, "value": value, "text": str(value)} | base | more
