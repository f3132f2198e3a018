"""Where two people talk past each other: exchanges in which they mean different things by one term.

In go the conversations of the record with their claims' vectors; out come findings of the kind "mismatch", the surest
first (`find.find_mismatches`). exchanges.py says who answers whom; cues.py and sentence_scorer.py which sentences are
about what a word means; conversation_view.py gives them to the exchange they belong to; term_choice.py says which term
it is about (of what term_candidates.py offers), kind.py in what way, exchange_scorer.py how likely it is,
description.py puts it in the people's words; implicit.py finds what nobody notices. The weights are learned by
bench/training/mismatches.
"""
