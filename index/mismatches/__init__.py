"""Where two people talk past each other: exchanges in which they mean different things by one term.

In go the conversations of the record with their claims' vectors; out come findings of the kind "mismatch", one for each
dispute, the best first (`find.find_mismatches`). exchanges.py says who answers whom; cues.py and sentence_scorer.py
which sentences are about what a word means; conversation_view.py gives them to the exchange they belong to;
exchange_scorer.py says how likely it is, kind.py in what way. What is shown is a card (card.py): signals.py finds the
plain signs with the phrase at issue, glosses.py what somebody says it means, side_passages.py the passages of both
sides; without a sign term_choice.py tells the term (of what term_candidates.py offers). folding.py makes one of the
exchanges of a dispute (related_terms.py), and orders them; implicit.py finds what nobody notices. The weights are
learned by bench/training/mismatches.
"""
