"""Senses: whether a term is used alike in two places, and whether a use matches a definition.

In go texts with the place of a term in each, and definitions; out come vectors of uses, and calibrated probabilities.
The weights are small deltas on the default encoder, learned by `python -m bench.training.senses.train` (uses and
definitions) and `python -m bench.training.senses.context_training` (what a place calls for); MODEL_CARD.md says from
what, and how good they are. To be imported by what compares the words of people: `index` and the faces above it.
"""

from index.senses.sense_encoder import SenseEncoder, TermGloss

__all__ = ["SenseEncoder", "TermGloss"]
