"""Tell lines of program text from lines of prose, in plain text that has no mark for code.

A line is code where its form says so whatever the words are (a statement's keyword and its colon, a call that is
assigned, a diff's sign before an indented line, a frame of a traceback); comments, closing brackets and indented
lines are code beside such a line. Prose is what people argue with: in doubt a line is prose.
"""

import re
from collections.abc import Sequence

_SIGNED = r"(?:[+-][ \t]+|[+-](?=[a-z_]+\())?"  # as in a diff
_NAME = r"[A-Za-z_]\w*"
_PATH = rf"{_NAME}(?:\.{_NAME}|\[[^\]\s]*\]|\(\))*"
_STATEMENT = re.compile(
    rf"[ \t]*{_SIGNED}[ \t]*(?:"
    rf"(?:async )?def {_NAME} ?\(|class {_NAME} ?(?:\([^)]*\))? ?[:{{]|@{_NAME}(?:\.{_NAME})*(?:\(.*\))?$"
    rf"|(?:from {_PATH} )?import {_PATH}(?: as {_NAME})?(?:, ?{_PATH}(?: as {_NAME})?)*;?(?: *#.*)?$"
    r"|(?=.*[=.()\[\]_'\"<>])(?:(?:el)?if|while|for|with|except)\b.*[)\]'\"\w]:(?: *#.*)?$"
    r"|(?:else|try|finally|except)\s*:(?: *#.*)?$"
    rf"|(?:return|raise|yield|del|assert|print|global)\b *(?:[(\[{{'\"]|{_PATH}[(\[.]|{_NAME}$).*"
    rf"|(?:(?={_NAME}[._\[]|[a-z_]{{3}}|[A-Z_]{{4}}){_PATH})(?:, ?{_PATH})* ?[-+*/|&]?= ?(?:[\w\"'(\[{{]|-\d).*"
    rf"|(?={_NAME}[._]){_PATH}\((?:.*\)|.*,|)\)?[;,]?(?: *[#/]{{1,2}}.*)?$"
    r"|(?:public|private|static|void|int|char|const|struct|var|let|function)\b.*[;{(]$"
    r"|#(?:include|define|ifdef|endif|!/)"
    r"|(?:</?[A-Za-z][\w:-]*(?:\s[^<>@]*[\"'])?\s*/?>\s*(?:[\w.:-]{1,20}(?: [\w.:-]{1,20})?(?=<))?)+$(?<!<email>)"
    r"|(?:\$|%|#|>>>|\.\.\.|In \[\d+\]:) [a-z./~_-]+\b[^.?!]*$(?<![a-z] [a-z]{4}$)"
    r")"
)
_TRACE = re.compile(
    r"\s*(?:File \".*\", line \d+|Traceback \(most recent call last\)|---+ <?[a-z ]*exception[a-z ]*>? ---+"
    r"|exceptions?\.\w+|(?:\w+\.)*\w+(?:Error|Exception|Warning)\b:? ?|@@ [-+,\d ]+ @@|Index: \S+$|(?:---|\+\+\+) \S+\s"
    r"|\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d(?::\d\d)?(?:[,.+-]\S+)? (?:\w+ )?\[)"
)
_BESIDE = re.compile(
    r"\s*[+-]?\s*(?:#|//|/?\*|\"\"\"|'''|[)\]}]+[;,:]?\s*$|\.\.\.\s*$|pass\b|break\b|continue\b"
    rf"|{_PATH}\(.*\)?[;,]?$|{_PATH} ?=|[-+]?\s*</?\w)|\s{{4,}}\S|\t"
)
_UNSAID = re.compile(r"([\"']).*?\1|#.*|//.*")  # strings and comments, which may hold words
_LONGEST = 400  # characters: longer lines are prose, or nobody reads them
_SENTENCE = re.compile(r"[A-Z][a-z]+(?:,? [A-Za-z']+){4,}|(?: [a-z']+,?){6,}")
_PROSE_ASSIGNED = re.compile(r"[ \t]*[A-Za-z]+ ?= ?(?:[a-z]+[ .,]){3,}|.* (?:is|are|the|that|which|would) ")


def mark_code_lines(lines: Sequence[str]) -> list[bool]:
    """Return for each line of a paragraph whether it is program text.

    >>> mark_code_lines(["I ran", "    x = f(1)", "    # twice", "and it hung."])
    [False, True, True, False]
    """
    sure = [_is_code(line) for line in lines]
    if not any(sure):
        return sure
    marked = list(sure)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        beside = False
        for index in order:
            beside = sure[index] or (beside and bool(_BESIDE.match(lines[index][:_LONGEST])))
            marked[index] = marked[index] or beside
    return marked


def _is_code(line: str) -> bool:
    if len(line) > _LONGEST:
        return False
    if _TRACE.match(line):
        return True
    if not _STATEMENT.match(line) or _PROSE_ASSIGNED.match(line):
        return False
    return not _SENTENCE.search(_UNSAID.sub("", line))
