"""Terms that people argue with, and the senses in which they use them.

In go the claims and definitions of the record; out come findings of the kind "term" (`index.findings.findings.Term`),
the most argued with first, and `Matcher`, which finds them again in any text. To be imported by `index` only.

record_view.py → termhood.py, acronyms.py → vocabulary.py → occurrences.py → usage_vectors.py → context_model.py,
sense_induction.py, stated_senses.py, permutation_test.py, labels.py → sense_inventory.py; find.py joins them; it is not
imported here, because faces only need to find terms.
"""

from index.terms.matcher import Matcher, TermMatch

__all__ = ["Matcher", "TermMatch"]
