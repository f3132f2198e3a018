"""Where two people talk past each other: exchanges in which they mean different things by one term.

In go the conversations of the record with their claims' vectors; out come findings of the kind "mismatch", the surest
first. exchanges.py says who answers whom; cues.py and negotiation.py which sentences are about what a word means;
thread.py gives them to the exchange they belong to; at_issue.py says which term it is about (of what proposals.py
offers), kinds.py in what way, scoring.py how likely it is, sides.py puts it in the people's words; implicit.py finds
what nobody notices. lessons.py, exchange_lessons.py and train.py learn the weights.
"""

from index.mismatches.find import study

__all__ = ["study"]
