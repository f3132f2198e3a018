"""Terms that people argue with, and the senses in which they use them.

In go the claims and definitions of the record; out come findings of the kind "term" (`index.findings.findings.Term`),
the most argued with first, and `find_terms`, which finds them again in any text. To be imported by `index` only.

reading.py → termhood.py, acronyms.py → vocabulary.py → usages.py → vectors.py → clustering.py, division.py, labels.py →
inventory.py; study.py joins them; it is not imported here, because faces only need to find terms.
"""

from index.terms.matcher import Found, Matcher, find_terms

__all__ = ["Found", "Matcher", "find_terms"]
