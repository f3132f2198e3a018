"""Make votes and reactions small: ForumMagnum's `extendedScore`."""

# pyright: standard

from typing import Any


def compact_score(extended: Any) -> dict[str, Any]:
    """Keep what people did: agreement, counts, and for each reaction who gave it and which words they marked.

    Shape: {"agreement": 3, "reacts": {"crux": [{"by": "Ana", "type": "seconded", "quotes": ["…"]}]}}; the type
    "created" and zeros are left out. The EA Forum's counts stay as they are ({"agree": 8, "disagree": 6}).

    >>> compact_score({"agreement": 3, "approvalVoteCount": 0})
    {'agreement': 3}
    """
    if not isinstance(extended, dict):
        return {}
    compact: dict[str, Any] = {
        key: value
        for key, value in extended.items()
        if key != "reacts" and isinstance(value, int | float) and not isinstance(value, bool) and value
    }
    reacts = extended.get("reacts")
    if isinstance(reacts, dict):
        given = {
            name: [_compact_reaction(reaction) for reaction in people if isinstance(reaction, dict)]
            for name, people in reacts.items()
            if isinstance(people, list) and people
        }
        if given:
            compact["reacts"] = given
    return compact


def _compact_reaction(reaction: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if isinstance(reaction.get("displayName"), str):
        shown["by"] = reaction["displayName"]
    if reaction.get("reactType") not in (None, "created"):
        shown["type"] = reaction["reactType"]
    quotes = reaction.get("quotes")
    words = [quote for quote in quotes if isinstance(quote, str)] if isinstance(quotes, list) else []
    if words:
        shown["quotes"] = words
    return shown
