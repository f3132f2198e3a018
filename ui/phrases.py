"""What people read on more than one face, worded once: numbers, counts, names, dates, and what is said of a finding.

Words only, no markup and no styles: a face puts them into its cells, cards and badges. Functions take plain values, so
that those who hold JSON and those who hold dataclasses say the same.
"""

# pyright: standard

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.findings.findings import MismatchCertainty, SideRole

UNATTRIBUTED = "unattributed"  # whose words nobody's name stands at
UNTITLED = "untitled"
MAY_BE_MISREAD = "may be misread"  # a term of a draft that readers use in another sense

# What is counted is called the same in a table's head, on a page and in a sentence.
_COLUMNS = {
    "quoted": "quoted by others",
    "utterances": "posts and comments",
    "conversations": "threads",
    "size": "claims",
}
_PLURALS = {"person": "people", "post or comment": "posts and comments"}

_ROLES = {
    SideRole.SAYS: "says what it means",
    SideRole.ASKS: "asks what it means",
    SideRole.REJECTS: "rejects it so",
    SideRole.ANSWERS: "answers",
    SideRole.USES: "does not say what it means",
}
MORE_PERHAPS = "Perhaps: nobody plainly asks for, gives or refuses a meaning"  # what heads the second list

# How a draft uses a term, by what that was told from (`TermUse.how`).
_DRAFT_SENSES = {
    "definition": "the sense that your definition fits",
    "usage": "the sense that your sentences fit best",
    "only": "the only sense that people here use",
    "unclear": "your draft leaves open which sense you mean",
}
_STANCES = {"stated": "says what it means", "disputed": "disputes a meaning", "asked": "asks what it means"}
_MORE_THAN_CHANCE = 0.05  # probability of so much difference among people who use a term alike

# The parts of a person's page: their headings, and what stands under some of them.
PERSON_TERMS = "Terms"
PERSON_THREADS = "Threads"
PERSON_DEFINITIONS = "What they mean by"
PERSON_RELATIONS = "Agreement and disagreement"
PERSON_RELATIONS_NOTE = "As replies open; most say neither, and are not counted."
PERSON_CREDENCES = "Probabilities they gave, newest first"
PERSON_CHANGES = "Changed their mind?"
PERSON_CHANGES_NOTE = "Two claims that say the same but for a “not” or the probability; the earlier first."
PERSON_RETRACTIONS = "Taken back, newest first"


# ---- numbers, counts, names, dates -------------------------------------------------------------------------------


def write_probability(value: float) -> str:
    """Return a probability in per cent, to one decimal. Only impossible is "0%", only certain is "100%".

    What is too close to an end for one decimal is said to be beyond it.

    >>> [write_probability(value) for value in (0.0, 0.0002, 0.005, 0.7, 1 / 3, 0.995, 0.99999, 1.0)]
    ['0%', '<0.1%', '0.5%', '70%', '33.3%', '99.5%', '>99.9%', '100%']
    """
    if value <= 0:
        return "0%"
    if value >= 1:
        return "100%"
    if value < 0.001:
        return "<0.1%"
    if value > 0.999:
        return ">99.9%"
    return f"{round(100 * value, 1):g}%"


def write_credence(low: float, high: float) -> str:
    """Return the probability that an author gave, or the range of it, by the rule of `write_probability`.

    >>> write_credence(0.7, 0.7), write_credence(0.1, 0.25), write_credence(0.0, 0.0004), write_credence(0.0004, 0.05)
    ('70%', '10–25%', '<0.1%', '<0.1–5%')
    """
    first, last = write_probability(low), write_probability(high)
    if first == last or (low <= 0 and last.startswith("<")):
        return last
    if high >= 1 and first.startswith(">"):
        return first
    return f"{first.removesuffix('%')}–{last}"


def write_certainty(certainty: str, score: float) -> str:
    """Return how sure a mismatch is: in which list it stands, and its score in per cent.

    >>> write_certainty("possible", 0.93), write_certainty("perhaps", 0.55)
    ('possible, 93%', 'perhaps, 55%')
    """
    return f"{MismatchCertainty(certainty).value}, {write_probability(score)}"


def make_plural(noun: str) -> str:
    """Return the plural of a noun that is counted on a page; a plural stays what it is.

    >>> [make_plural(noun) for noun in ("claim", "person", "people", "mismatch", "mismatches")]
    ['claims', 'people', 'people', 'mismatches', 'mismatches']
    """
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun in _PLURALS.values() or noun.endswith("s"):
        return noun
    return noun + ("es" if noun.endswith(("ch", "sh", "x")) else "s")


def write_count(number: int, noun: str) -> str:
    """Return a number with its noun, which is given in the singular.

    >>> write_count(1, "claim"), write_count(2000, "claim"), write_count(0, "person")
    ('1 claim', '2,000 claims', '0 people')
    """
    return f"{number:,} {noun if number == 1 else make_plural(noun)}"


def write_times(number: int) -> str:
    """Return how often something was done.

    >>> write_times(1), write_times(2), write_times(1200)
    ('once', 'twice', '1,200 times')
    """
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def write_day(moment: datetime | str | None) -> str:
    """Return the day of a time (or of one written as ISO 8601) as it is asked for in `since:`; "" where there is none.

    >>> write_day(datetime(2024, 3, 1, 12)), write_day("2024-03-01T12:00:00Z"), write_day(None)
    ('2024-03-01', '2024-03-01', '')
    """
    return f"{moment:%Y-%m-%d}" if isinstance(moment, datetime) else (moment or "")[:10]


def write_on_one_line(words: str) -> str:
    """Return words with every run of white space as one space.

    >>> write_on_one_line(" a title\\n\\nof two lines")
    'a title of two lines'
    """
    return " ".join(words.split())


def name_speaker(name: str | None) -> str:
    """Return a speaker's name, or what stands in its place."""
    return UNATTRIBUTED if name is None else name


def name_conversation(title: str | None) -> str:
    """Return a conversation's title on one line, or what stands in its place."""
    return write_on_one_line(title or "") or UNTITLED


def name_column(field: str) -> str:
    """Return what a field of the JSON is called at the head of a table.

    >>> name_column("conversations"), name_column("speaker_id")
    ('threads', 'speaker id')
    """
    return _COLUMNS.get(field, field.replace("_", " "))


def list_names(names: Sequence[str], total: int, most: int) -> str:
    """Return the first `most` of the names, and how many more of the `total` there are.

    >>> list_names(["Ilse", "Jun", "Amara"], 9, 2), list_names(["Ilse"], 1, 2)
    ('Ilse, Jun, and 7 more', 'Ilse')
    """
    shown = list(names[:most])
    more = total - len(shown)
    return ", ".join(shown + ([f"and {more:,} more"] if more > 0 else []))


# ---- claims ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Badge:
    """What a reader must not overlook at a claim: `kind` is quoted, reported, retracted or credence."""

    kind: str
    words: str
    meaning: str


def list_badges(
    attribution: str, quoted_by: str | None, holder: str | None, retracted: bool, credence: Sequence[float] | None
) -> list[Badge]:
    """Return whose words or whose view a claim is (if not its speaker's own), that it was taken back, how sure it is.

    >>> [badge.words for badge in list_badges("quoted", "Jun", None, True, (0.7, 0.7))]
    ['quoted by Jun', 'retracted', '70%']
    """
    badges = []
    if attribution == "quoted":
        whose = "The words are not those of the person who posted them"
        badges.append(Badge("quoted", f"quoted by {quoted_by or 'somebody'}", whose))
    if attribution == "reported":
        whose = "A view told in somebody else's words"
        badges.append(Badge("reported", f"on what {holder or 'somebody else'} thinks", whose))
    if retracted:
        badges.append(Badge("retracted", "retracted", "The author has taken this back"))
    if credence:
        badges.append(Badge("credence", write_credence(*credence), "The probability the author gives"))
    return badges


def describe_repetition(times: int, people: int) -> str:
    """Return how often nearly the same words were said, where it was more than once, "" else.

    `people` counts those who have a name.

    >>> describe_repetition(4, 3), describe_repetition(2, 1), describe_repetition(1, 1)
    ('said 4 times by 3 people', 'said twice', '')
    """
    by = f" by {write_count(people, 'person')}" if people > 1 else ""
    return f"said {write_times(times)}{by}" if times > 1 else ""


def describe_other_places(number: int) -> str:
    """Return in how many further places the same person's words stand, "" where in none.

    >>> describe_other_places(2)
    'also in 2 other places'
    """
    return f"also in {write_count(number, 'other place')}" if number else ""


def describe_thread(utterances: int, people: int, claims: int) -> str:
    """Return what stands in a thread.

    >>> describe_thread(4, 1, 9)
    '4 posts and comments by 1 person, 9 claims'
    """
    written = write_count(utterances, "post or comment")
    return f"{written} by {write_count(people, 'person')}, {write_count(claims, 'claim')}"


LOST_QUOTATION_MARKS = (
    "This copy lost its quotation marks: some paragraphs may be somebody else's words. "
    "Those that probably are, are credited to nobody."
)


def describe_base(claims: int, people: int, threads: int) -> str:
    """Return what a base holds.

    >>> describe_base(1167, 73, 42)
    '1,167 claims by 73 people in 42 threads'
    """
    return f"{write_count(claims, 'claim')} by {write_count(people, 'person')} in {write_count(threads, 'thread')}"


# ---- people ------------------------------------------------------------------------------------------------------


def describe_person(claims: int, utterances: int, conversations: int, quoted: int, first: str, last: str) -> str:
    """Return what a base holds of a person; `first` and `last` are days, "" where they are unknown.

    >>> describe_person(1, 12, 3, 2, "2023-01-02", "2024-03-04")
    '1 claim, 12 posts and comments in 3 threads, quoted by others twice, 2023-01-02 to 2024-03-04'
    """
    written = f"{write_count(utterances, 'post or comment')} in {write_count(conversations, 'thread')}"
    days = first if first == last else f"{first} to {last}"
    parts = [write_count(claims, "claim"), written]
    parts += [f"quoted by others {write_times(quoted)}"] if quoted else []
    return ", ".join(parts + ([days] if first and last else []))


def describe_relation(agreements: int, disagreements: int) -> str:
    """Return how often two people agreed and disagreed.

    >>> describe_relation(1, 0)
    '1 agreement, 0 disagreements'
    """
    return f"{write_count(agreements, 'agreement')}, {write_count(disagreements, 'disagreement')}"


def name_stance(stance: str) -> str:
    """Return what somebody does who speaks of a term's meaning: states, disputes or asks for it."""
    return _STANCES[stance]


# ---- terms, mismatches, clusters, drafts -------------------------------------------------------------------------


def describe_term(uses: int, people: int, senses: int, divided: float | None) -> str:
    """Return how a term is used. `divided` is the probability that people differ in it by chance (`Term.divided`).

    >>> describe_term(3, 1, 1, None)
    '3 uses by 1 person, as far as can be told in one sense.'
    >>> describe_term(9, 4, 2, 0.01)
    '9 uses by 4 people, in 2 senses, and people differ in which they use by more than chance.'
    """
    counted = f"{write_count(uses, 'use')} by {write_count(people, 'person')}"
    if senses < 2:
        return f"{counted}, as far as can be told in one sense."
    differ = divided is not None and divided <= _MORE_THAN_CHANCE
    more = ", and people differ in which they use by more than chance" if differ else ""
    return f"{counted}, in {write_count(senses, 'sense')}{more}."


def describe_senses(number: int) -> str:
    """Return how many senses of a term can be told apart, for a table.

    >>> [describe_senses(number) for number in (0, 1, 2)]
    ['too few uses to tell', 'one sense', '2 senses']
    """
    return ("too few uses to tell", "one sense")[number] if number < 2 else write_count(number, "sense")


def describe_contest(exchanges: int) -> str:
    """Return in how many exchanges a term was used differently.

    >>> describe_contest(1)
    'used differently in 1 exchange'
    """
    return f"used differently in {write_count(exchanges, 'exchange')}"


def describe_role(role: str) -> str:
    """Return what a side of a mismatch does with the term, after the speaker's name.

    >>> describe_role("asks"), describe_role("uses")
    ('asks what it means', 'does not say what it means')
    """
    return _ROLES[SideRole(role)]


def describe_notice(noticed: bool) -> str:
    """Return whether somebody in an exchange says that the word is the problem."""
    return "noticed by them" if noticed else "not noticed by them"


def name_cluster(cluster_id: str | None, label: str) -> str:
    """Return what a cluster is called; the claims that are in none have no id."""
    return "in no cluster" if cluster_id is None else label or "unnamed"


def describe_cluster(size: int, people: int, unattributed: int) -> str:
    """Return how many claims by how many people are in a cluster.

    >>> describe_cluster(7, 3, 0), describe_cluster(1, 0, 1)
    ('7 claims, 3 people', '1 claim, 1 unattributed')
    """
    parts = [write_count(size, "claim")]
    parts += [write_count(people, "person")] if people else []
    return ", ".join(parts + ([f"{unattributed:,} {UNATTRIBUTED}"] if unattributed else []))


def describe_draft_sense(how: str, label: str | None) -> str:
    """Return in which sense a draft uses a term, and what that was told from.

    >>> describe_draft_sense("only", "a switch"), describe_draft_sense("unclear", "")
    ('the only sense that people here use: a switch', 'your draft leaves open which sense you mean')
    """
    return f"{_DRAFT_SENSES[how]}: {label}" if label else _DRAFT_SENSES[how]


def describe_draft(terms: int, risky: int, compared: int, close: int) -> str:
    """Return what a check found: of the terms that are argued with, those that may be misread; of the claims compared,
    those that have a predecessor.

    >>> describe_draft(7, 1, 3, 2).partition("; ")[0]
    '1 of 7 terms that people argue with may be read in another sense'
    >>> describe_draft(7, 1, 3, 2).partition("; ")[2]
    'something close to 2 of 3 claims was said before'
    """
    read = f"{risky:,} of {write_count(terms, 'term')} that people argue with may be read in another sense"
    return f"{read}; something close to {close:,} of {write_count(compared, 'claim')} was said before"


def describe_limit(compared: int, claimed: int) -> str:
    """Return that only the first claims of a draft were compared, "" where all were."""
    return f"only the first {compared:,} of {claimed:,} claims were compared" if compared < claimed else ""


def describe_shared_terms(terms: Sequence[str]) -> str:
    """Return which terms of a draft nobody is known to use in another sense, "" where there are none.

    >>> describe_shared_terms(["model", "goal"])
    'Used as everybody here uses it: model, goal'
    """
    return f"Used as everybody here uses it: {', '.join(terms)}" if terms else ""
