"""What reads as text and is nobody's words: style sheets, programs, XML, JSON, encoded bytes, settings.

A source is refused only where next to nothing of its beginning could be prose: a post with a program in it is a post.
Comments in a program are words too, and are the reason to look at whole sources, never at single lines.
"""

import re
from collections.abc import Sequence
from itertools import islice

import orjson

from ingest.markup.code_lines import mark_code_lines

_LOOKED_AT = 1 << 16
_FEW_LINES = 400
_PROGRAM_SHARE = 0.7
_SPOKEN_SHARE = 0.15
_SAID = re.compile(r"[ \t]*[A-Z*\"“(](?:[^\s;{}=]+[ \t]+){5,}[^\s;{}=]*[.?!:”\")]*[ \t]*$")
_COMMENT = re.compile(r"\s*(?://|#(?![ \t]*\w+$)|/\*|\*(?:\s|/|$)|--\s|<!--|%|;;|\"\"\"|''')")
_MARKDOWN_SIGN = re.compile(r"\s*(?:#{1,6} |[*+-] |\d+[.)] |>)")
_STATEMENT = re.compile(
    r"\s*(?:(?:[\w$.\[\]'\"]+\s*(?:[-+*/|&?]{0,2}=|:=|=>)\s*\S.*|(?:return|throw|delete|yield|await)\b.*|[\w$.]+\(.*)"
    r"[;,{(]"
    r"|(?:export |default |async |static |public |private |protected |final )*"
    r"(?:function|class|interface|enum|struct|namespace)\b.*[{(:;}]|(?:const|let|var)\s+[\w${\[].*|import\s.*(?:;|['\"]\s*;?)|from\s+[\w.]+\s+import\s.*|package\s+[\w.]+;?"
    r"|using\s+[\w.]+;|use\s+[\w:]+;|#(?:include|define|if|ifdef|ifndef|endif|pragma|!/).*|def\s+\w+\s*\(.*|fn\s+\w+.*"
    r"|(?:else\s+)?(?:if|for|while|switch|catch|elif|except|with)\b\s*\(?.*[{:]|[})\]]+.*|(?:try|else|do|finally)\s*[{:]"
    r"|(?:SELECT|INSERT INTO|CREATE TABLE|DROP TABLE|ALTER TABLE|UPDATE|DELETE FROM|VALUES|LOCK TABLES|SET)\b.*[;,(]"
    r"|(?:case\b.*|default):|(?:public|private|static|void|int|char|float|double|bool|long|String)\s+[\w<>\[\]]+.*[;{(,]"
    r"|@\w+(?:\(.*\))?|\.{0,3}[\w$'\"-]+\s*:\s*\S.*,)\s*"
)
_SETTING = re.compile(r"\s*(?:\[[\w .:\"'/-]+\]|[\w.\"/-]+\s*=\s*\S?.*|[#;].*)")
_RULE = re.compile(r"(?:[-*_]?[\w-]+\s*:\s*[^:;{}]+(?::[^;{}]*)?\s*(?:;|$)\s*)*\s*")
_LONG_STRING = re.compile(r"(?ms)^[ \t]*(\"{3}|'{3}).*?\1")
_SCRIPT = re.compile(r"\bfunction\b|=>|\bvar |\bconst |\breturn\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_XML = re.compile(
    r"\s*(?:<\?xml\b|<!DOCTYPE\s+(?!html\b)\w|<([A-Za-z_][\w.-]*)(?::[\w.-]+)?(?:\s[^<>]{0,2000})?/?>)", re.I
)
_XML_ROOTS = frozenset(
    "svg rss feed urlset sitemapindex rdf opml kml gpx plist manifest project configuration note html5 xsl stylesheet"
    " wsdl definitions soap envelope response page mediawiki posts row users comments root math".split()
)
_HTML_NAMES = frozenset(
    "a abbr address article aside audio b bdi blockquote body br button canvas center cite code dd del details dfn div"
    " dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img"
    " input ins kbd label legend li link main mark meta nav noscript object ol option p picture pre q s samp script"
    " section select small source span strike strong style sub summary sup table tbody td template textarea tfoot th"
    " thead time title tr tt u ul var video wbr".split()
)
_ROBOTS = re.compile(r"(?i)(?:user-agent|disallow|allow|sitemap|crawl-delay|host):.*|#.*")
_LOGGED = re.compile(
    r"\W?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d\S*\W+(?:\S+\W+){0,2}?(?:INFO|DEBUG|WARN|WARNING|ERROR|TRACE|FATAL)\b.*"
)
_KEYED = re.compile(r"\s*(?:- )?(?P<key>[A-Za-z_][\w.-]{0,40}):(?:\s+(?P<value>\S.*)|\s*)|\s*- \S{1,60}|\s*#.*|---\s*")
_SIGNS = frozenset("{}[]()<>=;:\"'\\/|&_$+*!,.0123456789")


def describe_no_prose(head: bytes) -> str | None:
    """Say what a source is that holds no prose, and what to do; None where somebody may have said what it holds.

    >>> describe_no_prose(b"body{color:red}\\n.x{font:1px}\\n")
    "a style sheet (CSS), nobody's words; leave it out"
    """
    text = head[:_LOOKED_AT].decode("utf-8", "ignore").removeprefix("\ufeff")
    for sign, description in _DESCRIPTIONS:
        if sign(text):
            return description
    return None


def _is_xml(text: str) -> bool:
    match = _XML.match(text)
    if match is None:
        return False
    if match[1] is None or match[1].lower() in _XML_ROOTS:
        return True
    return match[1].lower() not in _HTML_NAMES and text.rstrip().endswith(f"</{match[1]}>")


def _is_encoded(text: str) -> bool:
    """Tell whether it is base64: long unbroken lines of its alphabet that no word or address could be."""
    if text.startswith(("-----BEGIN CERT", "-----BEGIN PUBLIC", "-----BEGIN PGP PUBLIC", "-----BEGIN RSA")):
        return True
    text = text.split(";base64,", 1)[1] if text.startswith("data:") and ";base64," in text[:200] else text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    encoded = [line for line in lines if _BASE64.fullmatch(line) and _is_mixed(line)]
    return sum(map(len, encoded)) > 0.8 * sum(map(len, lines)) > 0


def _is_mixed(line: str) -> bool:
    return sum(char.isupper() for char in line) > 3 < sum(char.islower() for char in line)


def _is_json(text: str) -> bool:
    """Tell whether it is JSON of bare values, in lists or on lines: objects are told by how they begin."""
    if not text.lstrip().startswith(("[", "{", '"')):
        return False
    for piece in (text, *islice((line for line in text.split("\n") if line.strip()), 1)):
        try:
            if not isinstance(orjson.loads(piece), str) or piece == text:
                return True
        except orjson.JSONDecodeError:
            continue
    return False


def _drop_comments(text: str) -> str:
    """Drop what stands between /* and */; what is never closed stays."""
    pieces: list[str] = []
    begins = 0
    while (start := text.find("/*", begins)) >= 0 and (end := text.find("*/", start + 2)) >= 0:
        pieces.append(text[begins:start])
        begins = end + 2
    return "".join((*pieces, text[begins:]))


def _is_style_sheet(text: str) -> bool:
    """Tell whether nearly all of it is rules: a selector, and properties with values in braces."""
    text = _drop_comments(text).strip()
    if _SCRIPT.search(text):
        return False
    if not text.startswith(("@", ".", "#", ":", "*", "[")) and not re.match(
        r"[\w-]+[\w\s,.#:>*+~\[\]=\"'()-]{0,500}\{", text
    ):
        return False
    rules = text.replace("{", "}").split("}")[:2000]
    if len(rules) < 2:
        return bool(re.match(r"@(?:import|charset)\s", text))
    declarations = [part for part in rules if ":" in part]
    held = sum(len(part) for part in declarations if _is_declarations(part))
    others = sum(len(part) for part in rules if len(part.split()) > 25 and not _is_declarations(part))
    return held > 0 and text.count("{") >= 1 and others <= 0.1 * len(text) and held >= 0.3 * len(text)


def _is_declarations(part: str) -> bool:
    return all(
        re.fullmatch(r"\s*[^\s:;{}]{1,100}\s*:[^{}]*|\s*", declaration) for declaration in part.split(";")[:500]
    ) and not re.search(r"[.?!]\s+[A-Z]", part)


def _is_program(text: str) -> bool:
    """Tell whether the lines are a program's: statements, and comments among them."""
    if text.startswith(("#!/", "diff --git ")):
        return True
    text = _LONG_STRING.sub("", _drop_comments(text))
    lines = [line for line in islice(text.split("\n"), _FEW_LINES) if line.strip()]
    if not lines or any(line.lstrip().startswith(("```", "~~~")) for line in lines):
        return False
    known = mark_code_lines(lines)
    statements = [
        (is_known or _STATEMENT.fullmatch(line[:1000]) is not None) and not _MARKDOWN_SIGN.match(line)
        for line, is_known in zip(lines, known, strict=True)
    ]
    comments = [_COMMENT.match(line) is not None for line in lines]
    code_or_prose = sum(len(line) for line, is_comment in zip(lines, comments, strict=True) if not is_comment)
    coded = sum(
        len(line)
        for line, is_statement, is_comment in zip(lines, statements, comments, strict=True)
        if is_statement and not is_comment
    )
    spoken = sum(
        len(line)
        for line, is_statement, is_comment in zip(lines, statements, comments, strict=True)
        if not is_statement and not is_comment and _SAID.match(line[:1000])
    )
    return (
        sum(statements) >= 2 and coded >= _PROGRAM_SHARE * code_or_prose > 0 and spoken < _SPOKEN_SHARE * code_or_prose
    )


def _is_dense(text: str) -> bool:
    """Tell whether it is a program without spaces (minified), or a table of numbers and signs."""
    sample = text[:20_000]
    spaces = sum(char.isspace() for char in sample)
    signs = sum(char in _SIGNS for char in sample)
    return len(sample) >= 80 and signs >= 0.2 * len(sample) and spaces <= 0.12 * len(sample) and _has_code_signs(sample)


def _has_code_signs(sample: str) -> bool:
    return sum(sample.count(sign) for sign in ("){", "};", "=>", "();", "function(", "={", ":{", '":')) >= 2


def _is_settings(text: str) -> bool:
    """Tell whether it is settings or a log: sections in brackets, names with values, what robots may read."""
    lines = [line for line in islice(text.split("\n"), _FEW_LINES) if line.strip()]
    if not lines:
        return False
    if all(_ROBOTS.fullmatch(line[:1000].strip()) for line in lines) and not lines[0].startswith("#"):
        return True
    if len(lines) > 2 and all(_LOGGED.fullmatch(line[:1000]) for line in lines):
        return True
    sections = sum(bool(re.fullmatch(r"\s*\[[\w .:\"'/-]+\]\s*", line)) for line in lines)
    values = sum(bool(re.match(r"\s*[\w.\"/-]+\s*=", line)) for line in lines)
    if sections >= 1 and values >= 1 and all(_SETTING.fullmatch(line[:1000]) for line in lines):
        return True
    return _is_keyed(lines)


def _is_keyed(lines: Sequence[str]) -> bool:
    """Tell whether it is YAML: keys, hardly one of them twice (names in a dialogue come again), and no sentences."""
    matches = [_KEYED.fullmatch(line[:1000].rstrip()) for line in lines]
    keys = [match["key"] for match in matches if match is not None and match["key"]]
    values = [match["value"] or "" for match in matches if match is not None]
    return (
        len(keys) >= 4
        and all(match is not None for match in matches)
        and len(set(keys)) >= 0.7 * len(keys)
        and sum(key[0].islower() for key in keys) >= 0.8 * len(keys)
        and not any(len(value.split()) > 8 or value.endswith((".", "!", "?")) for value in values)
    )


_DESCRIPTIONS = (
    (_is_xml, "XML of no shape that is known; save the page or the feed that it belongs to"),
    (_is_json, "JSON of no shape that is known: no objects with a text in them"),
    (_is_encoded, "encoded bytes (base64), nobody's words; decode it first"),
    (_is_style_sheet, "a style sheet (CSS), nobody's words; leave it out"),
    (_is_settings, "settings or a log, nobody's words; leave it out"),
    (_is_program, "a program's source, nobody's words; leave it out"),
    (_is_dense, "a program's source, nobody's words; leave it out"),
)
