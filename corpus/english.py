"""Words of English that many rules share: said once, so that no two rules mean another thing by them.

A rule takes these and adds what is its own; a list that is a rule by itself (cues, verbs of speaking) stands beside it.
"""

# Articles, pronouns, prepositions, conjunctions and auxiliaries that carry no content wherever they stand: the core
# that all rules for content words leave out.
FUNCTION_WORDS = frozenset(
    "a an the this that it its they we you i my your our their who which what when not and or but if then than so "
    "as at by for from in into of on to with about is are was were be been do does did have has had can could "
    "will would just there".split()
)
