"""How text is cut into tokens: spaCy's English rules, moved towards the treebank and towards forum writing.

Runs of `!` and `?` are one token, words with a prefix ("e-mail", "non-trivial") are not cut at the hyphen, and a
bracketed note mark, an arrow or a comparison sign stands alone. Only regular expressions over single
white-space-free chunks are added, each linear in the chunk.
"""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

HYPHEN_PREFIXES = (
    *("a", "e", "x", "t", "co", "re", "un", "de", "bi", "ex", "mid", "non", "pre", "pro", "sub", "tri", "uni", "out"),
    *("anti", "auto", "mini", "meta", "mega", "post", "semi", "over", "cyber", "hyper", "inter", "intra"),
    *("macro", "micro", "multi", "neuro", "quasi", "super", "ultra", "under", "pseudo", "counter"),
)
RUNS = (r"[!?]{2,}", r"\*{2,}", r"={2,}", r"_{2,}", r"~{2,}", r"-{2,}", r"[<>]{2,}")
SIGNS = (r"<", r">", r"=", r"~", r"→", r"≈", r"≤", r"≥", r"±", r"-(?=[^\d\W])", r"/(?=\w)")
ENDS = (r"<", r">", r"=", r"~", r"→", r"-", r"/")
INSIDE = (
    r"[!?]{2,}",
    r"(?<=\w)[!?](?=[^\W\d])",
    r"(?<=[\w)\]])-{2,}(?=\w)",
    r"(?<=\w)[()\[\]]+(?=\w)",
    r"(?<=[^\W\d])-(?=\d)",
    r"(?<=[\d%])[–—](?=[\d.])",
    r"[\[\]→≈≤≥]",
    r"(?<=[^\W\d]{2})[.!?](?=[\"”’)]?\[\w)",
    r"(?<=[.!?,])[\"”’)](?=\[\w)",
)
WHOLE_IN_SPACY_ONLY = ("and/or",)
ABBREVIATIONS = (
    *("etc.", "cf.", "vs.", "viz.", "al.", "ext.", "Capt.", "Drs.", "approx.", "fig.", "Fig.", "eq.", "Eq.", "sec."),
    *("Sec.", "ch.", "Ch.", "eds.", "vol.", "Vol.", "pp.", "resp.", "esp.", "incl.", "w.r.t.", "a.k.a.", "P.S."),
    *("Mon.", "Tue.", "Tues.", "Wed.", "Thu.", "Thur.", "Thurs.", "Fri.", "b/c", "w/o", "w/", "s/he", "N.B."),
)


def set_rules(nlp: "Language") -> None:
    """Change the tokenizer of an English pipeline in place; its rules are saved with the pipeline."""
    from spacy.symbols import ORTH
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

    tokenizer = cast("Tokenizer", nlp.tokenizer)
    defaults = {
        part: [cast(str, rule) for rule in getattr(nlp.Defaults, part) or ()]
        for part in ("prefixes", "infixes", "suffixes")
    }
    either_case = "".join(rf"(?<!\b{prefix})(?<!\b{prefix.capitalize()})" for prefix in HYPHEN_PREFIXES)
    infixes = [
        infix.replace("(?<=[", either_case + "(?<=[", 1) if is_hyphen_rule(infix) else infix
        for infix in defaults["infixes"]
    ]
    infixes += INSIDE
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    tokenizer.prefix_search = compile_prefix_regex([*RUNS, *defaults["prefixes"], *SIGNS]).search
    tokenizer.suffix_search = compile_suffix_regex([*RUNS, *defaults["suffixes"], *ENDS]).search
    rules = dict(tokenizer.rules)
    for chunk in WHOLE_IN_SPACY_ONLY:
        rules.pop(chunk, None)
    rules.update({chunk: [{ORTH: chunk}] for chunk in ABBREVIATIONS})
    tokenizer.rules = rules


def is_hyphen_rule(infix: str) -> bool:
    """Whether a rule of spaCy's cuts a word at its hyphen."""
    return "(?:-|–|—" in infix or "HYPHENS" in infix
