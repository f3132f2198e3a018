"""What the elements, classes and addresses in forum HTML mean; pure tables and rules, no walking."""

import re

DROPPED = frozenset(
    "applet area audio base button canvas dialog embed frame frameset head iframe img input link map meta nav noembed "
    "noframes noscript object param progress script select source style svg template textarea title track "
    "video".split()
)
BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
EMPHASIS = {"em": "em", "i": "em", "b": "strong", "strong": "strong"}
CODE = frozenset({"code", "kbd", "samp", "tt", "var"})
STRUCK = frozenset({"del", "s", "strike"})
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|e|o|a|ème|TM|SM|®|™)\Z")
_NOTE = r"(?:fn|footnote|user-content-fn|ftn|_ftn)"
FOOTNOTE_LINK = re.compile(rf"[^#\s]*#(?P<id>{_NOTE}(?!-?ref)[^#]*)")
FOOTNOTE_BACK = re.compile(rf"[^#\s]*#{_NOTE}-?ref[-:]?(?P<id>[^#:]*)")
BACK_LINKS = 'a[href*="fnref"], a[href*="footnote-ref"], a[href*="footnoteref"], a[href*="ftnref"]'
BACK_MARK = re.compile(r"\W*(?:(?:back|return|jump|up)\b.{0,20})?\W*", re.IGNORECASE)
MARK = re.compile(r"\[?\s*(\w{1,6}|[*†‡§]{1,3})\s*\]?")
FOOTNOTE_ID = re.compile(r"^(?:user-content-)?(?:fn|footnote)[-:]?")

SKIPPED_CLASSES = frozenset(
    {
        "footnote-back-link",
        "footnote-backref",
        "footnote-backlink",
        "elicit-binary-prediction",  # the word in it is "Prediction"
        "mjx-assistive-mml",
        "MJX_Assistive_MathML",
        "katex-html",
        "link-post-link",  # GreaterWrong's words "Link post"
    }
)
AS_WRITTEN = "as-written"  # characters in it are no signs
SPOILERS = frozenset({"spoiler", "spoilers", "spoiler-v2"})
FOOTNOTE_SECTIONS = frozenset({"footnotes", "footnote-section", "footnotes-list"})
EMBEDS = frozenset(
    {
        "metaculus-preview",
        "manifold-preview",
        "metaforecast-preview",
        "owid-preview",
        "strawpoll-embed",
        "ck-poll",
        "viewpoints-preview",
        "youtube-preview",
        "lwartifacts-preview",
        "thoughtSaverFrameWrapper",
        "calendly-preview",
        "neuronpedia-preview",
        "estimaker-preview",
        "review-results-table",
    }
)
FLOW_IN_CELL = "blockquote, ul, ol, pre, table, h1, h2, h3, h4, h5, h6, p + p, div + div"
SAFE_ADDRESS = re.compile(r"(?:https?:|mailto:|/|#|\?|[^:]*$)", re.IGNORECASE)

_POWER_AFTER = re.compile(r"(?:[\d)\]$]|(?<![^\W\d_])[^\W\d_])\Z")  # a number, a bracket, a letter alone
_NOTE_AFTER = re.compile(r"(?:[.,;:!?”’\"']|[^\W\d_]{4})\Z")  # a sentence, or a word that is no unit
_NUMERAL = re.compile(r"[-−+]?\d")


def choose_sign(raised: bool, words: str, tail: str) -> str:
    """Say what stands between `tail` and the raised or lowered words after it: "^", "_", nothing, "[" for a footnote.

    10<sup>6</sup> must not read as 106, nor x<sub>i</sub> as xi, nor 101<sub>2</sub> as 1012; but 1<sup>st</sup> is 1st
    and H<sub>2</sub>O is H2O.
    """
    if not raised:
        return "_" if tail[-1:].isalnum() and (tail[-1:].isdigit() or not words[:1].isdigit()) else ""
    if re.fullmatch(r"\[\w{1,4}\]", words) or (re.fullmatch(r"\d{1,2}", words) and _NOTE_AFTER.search(tail)):
        return "["
    if _ORDINAL.match(words) or not tail.strip():
        return ""
    if tail[-1].isspace():
        return "^" if tail.rstrip()[-1:].isdigit() and _NUMERAL.match(words) else ""
    return "^" if _POWER_AFTER.search(tail) or _NUMERAL.match(words) else ""


def read_number(written: str | None, otherwise: int) -> int:
    """Read a list number; forums hold any rubbish there."""
    written = (written or "").strip()
    return int(written) if re.fullmatch(r"-?\d{1,9}", written) else otherwise
