"""Where two people talk past each other: exchanges in which they mean different things by one term.

In go the conversations of the record with their claims' vectors; out come findings of the kind "mismatch", the surest
first. exchanges.py says who answers whom; cues.py and negotiation.py which sentences are about what a word means;
thread.py gives them to the exchange they belong to; scoring.py weighs it; at_issue.py and sides.py
say what it is about.
"""

from index.mismatches.find import study

__all__ = ["study"]
