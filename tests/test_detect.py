"""Which sources there are in what the user names, which format each is in, and what is refused in one line."""

import os
import socket
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.errors import Malformed, SourceError, TooLarge, UnknownFormat, Unreadable
from corpus.model import Conversation
from ingest.sources.formats import FORMATS, load_source, read_source
from ingest.sources.gather import gather
from ingest.sources.not_prose import describe_no_prose
from ingest.sources.sniff import list_json_keys
from ingest.sources.source import Failure, Hints, Source

TEXT = "A weasel is small, and that is what I meant by the word.\n\nNothing follows from its being small."
CONVOKIT = b'{"id": "a", "conversation_id": "a", "speaker": "ana", "reply_to": null, "text": "Small.", "meta": {}}\n'
ARTICLE = b'{"id": "x", "source": "blog", "title": "Weasels", "text": "Small.", "authors": ["Ana"]}\n'
GRAPHQL = b'{"data": {"post": {"result": {"_id": "abcdefghij1234567", "title": "W", "htmlBody": "<p>Small.</p>"}}}}'
FRONT = b"---\ntitle: Weasels\nauthor: Ana Ruiz\ndate: 2024-05-31\n---\n\n# One\n\nA weasel is *small*.\n"
API = (
    b"# Weasels\n\n* By [Ana](/users/ana)\n* 12 points\n* Post URL (HTML): [x](/posts/abcdefghij1234567/x)\n\nSmall.\n"
)


def only(content: bytes | str, **hints: object) -> tuple[str, list]:
    raw = content.encode() if isinstance(content, str) else content
    format_, loaded = load_source(Source(name="it", content=raw, hints=Hints(**hints)))
    return format_.name, list(loaded)


def failure_of(content: bytes) -> SourceError:
    (failure,) = only(content)[1]
    assert isinstance(failure, Failure)
    assert "\n" not in str(failure.error)
    return failure.error


def names(*arguments: Path | str) -> list[str]:
    found = gather([str(argument) for argument in arguments], Hints())
    return [Path(source.name).name if isinstance(source, Source) else f"! {source.error}" for source in found]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CONVOKIT, "convokit"),
        (ARTICLE, "alignment_dataset"),
        (GRAPHQL, "forum_magnum"),
        (FRONT, "markdown_file"),
        (API, "markdown_api"),
        (TEXT.encode(), "plain_text"),
        (b"{curly} things that are no JSON, and go on", "plain_text"),
        (b"--- a dash and no front matter\nkey: value", "plain_text"),
    ],
)
def test_a_format_is_known_by_its_content(content: bytes, name: str) -> None:
    found, loaded = only(content)
    assert found == name
    assert all(isinstance(each, Conversation) for each in loaded)
    assert only(b"\xef\xbb\xbf" + content)[0] == name
    assert load_source(Source(name="it", content=content))[0].rank > 0


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(FRONT)
    assert load_source(Source(name="x", path=path))[0].name == "markdown_file"


def test_every_format_has_a_name_of_its_own_and_plain_text_is_asked_last() -> None:
    assert len({format_.name for format_ in FORMATS}) == len(FORMATS)
    assert FORMATS[-1].name == "plain_text"


def test_keys_are_read_from_the_beginning_of_a_document_that_is_cut_off() -> None:
    head = b'[{"a": {"b": [1, {"c": "}"}]}, "d\\"e": 1, "text": "an unfinished "quoted'
    assert list_json_keys(head) == {"a", 'd\\"e', "text"}
    assert list_json_keys(head, depth=2) == {"b"}
    assert list_json_keys(b'{"a": "never ends') == {"a"}
    assert list_json_keys(b"\x00\xff not json") == frozenset()


# What is refused


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"", Unreadable, "empty"),
        (b" \n\t\n", Unreadable, "blanks"),
        (b"\x7fELF\x02\x01\x00\x00", Unreadable, "NUL byte at offset 6"),
        (b"text \x00 and more", Unreadable, "NUL byte at offset 5"),
        (b"x" * 70_000 + b"\x00", Unreadable, "NUL byte at offset 70,000"),
        (b"caf\xe9 and more of it", Unreadable, "byte 3 (0xe9)"),
        (b"fine \xed\xa0\x80 surrogate", Unreadable, "byte 5"),
        (b"over\xc0\xaflong", Unreadable, "byte 4"),
        (b"PK\x03\x04zip", UnknownFormat, "unpack it first"),
        (b"\x1f\x8b\x08gzip", UnknownFormat, "unpack it first"),
        (b"\x28\xb5\x2f\xfdzstd", UnknownFormat, "unpack it first"),
        (b"BZh9", UnknownFormat, "unpack it first"),
        (b"\xfd7zXZ\x00", UnknownFormat, "unpack it first"),
        (b"a" * 257 + b"ustar\x00", UnknownFormat, "unpack it first"),
        (b"%PDF-1.7", UnknownFormat, "PDF"),
        (b"SQLite format 3\x00", UnknownFormat, "SQLite"),
        (b"<!DOCTYPE html><html><body>weasels</body></html>", UnknownFormat, "HTML page"),
        (b'{"weasels": 12}', UnknownFormat, "JSON of no shape"),
        (b'{"data": {"post": {"result": {"_id": "abc', Malformed, "JSON"),
        (b"---\ntitle: [unclosed\n---\ntext", Malformed, "YAML"),
        (b"---\ntitle: no end of it\n\ntext", Malformed, "does not end"),
        (b"[-]\n\nReply\n\nLoad More\n", Unreadable, "no text"),
    ],
)
def test_what_is_no_source_is_refused_in_one_line(content: bytes, kind: type[SourceError], said: str) -> None:
    error = failure_of(content)
    assert isinstance(error, kind)
    assert said in str(error)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read(encoding: str) -> None:
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff"
    name, (conversation,) = only(mark + "Weasels — small ones, 😀.".encode(encoding))
    assert (name, conversation.utterances[0].text) == ("plain_text", "Weasels — small ones, 😀.")
    assert isinstance(failure_of(mark + b"\x00\xd8\x41\x00" if encoding == "utf-16-le" else mark + b"\xd8"), Unreadable)


def test_yaml_that_unfolds_without_end_does_no_harm() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}]\n" for p, c in pairwise("abcdefghijklm"))
    (conversation,) = only(f"---\n{bomb}title: Weasels\n---\nSmall ones.")[1]
    assert conversation.title == "Weasels"
    deep = only("---\ntitle: " + "[" * 30_000 + "\n---\nSmall ones.")[1]
    assert isinstance(deep[0], Failure)


@pytest.mark.parametrize(
    "content", [b'{"id": ' * 100_000, b"[" * 200_000, b'{"text": "x", "speaker": 1e999}', b"{" * 9]
)
def test_hostile_json_ends_in_a_failure_or_in_text(content: bytes) -> None:
    for each in only(content)[1]:
        assert isinstance(each, Failure | Conversation)


@pytest.mark.parametrize("char", ["(", '"', "'", "😀", ".", "-", "@", "\n", ">", "#", "[-]", "\u0301", "\u202e", "a\n"])
def test_a_hundred_thousand_of_anything_is_read_quickly(char: str) -> None:
    began = time.process_time()
    for each in only(("Weasels. " + char * 100_000).encode())[1]:
        assert isinstance(each, Failure | Conversation)
    assert time.process_time() - began < 10


def test_a_post_above_the_limit_is_refused_by_name() -> None:
    (failure,) = only(b"---\ntitle: Long\n---\n" + b"word " * 250_000)[1]
    assert isinstance(failure.error, TooLarge)


# From arguments to sources


def test_a_folder_is_read_in_order_without_what_is_no_source(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/c.txt", ".hidden", "README.md", "LICENSE", "license.txt", "a.meta.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("" if name.endswith("toml") else TEXT)
    assert names(tmp_path) == ["a.txt", "b.txt", "c.txt"]
    assert names(tmp_path / "README.md", tmp_path / ".hidden") == ["README.md", ".hidden"]


def test_a_corpus_folder_is_one_source(tmp_path: Path) -> None:
    (tmp_path / "corpus" / "gold").mkdir(parents=True)
    (tmp_path / "corpus" / "utterances.jsonl").write_bytes(CONVOKIT)
    (tmp_path / "corpus" / "gold" / "labels.jsonl").write_text("{}")
    (tmp_path / "z.txt").write_text(TEXT)
    assert names(tmp_path) == ["corpus", "z.txt"]


def test_a_sidecar_fills_what_the_command_line_leaves_open(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.meta.toml").write_text('author = "Ana Ruiz"\ntitle = "From the file"\ndate = 2024-05-31')
    (source,) = gather([str(tmp_path)], Hints(title="From the command line"))
    assert source.hints == Hints("Ana Ruiz", "From the command line", None, datetime(2024, 5, 31, tzinfo=UTC))
    (conversation,) = read_source(source)
    assert {u.speaker.name for u in conversation.utterances} == {"Ana Ruiz"}
    assert conversation.utterances[0].posted_at == datetime(2024, 5, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("author = Ana", "not TOML"),
        ('auther = "Ana"', "unknown key 'auther'"),
        ("author = 7", "author must be a string"),
        ('date = "soon"', "date 'soon'"),
        ("title = '" + "x" * 70_000 + "'", "larger than"),
    ],
)
def test_a_faulty_sidecar_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.txt.meta.toml").write_text(content)
    (failure,) = gather([str(tmp_path)], Hints())
    assert said in str(failure.error)
    assert "a.txt.meta.toml" in str(failure.error)


def test_a_sidecar_says_which_column_is_what(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text(f'Q1,Q2,Q3\nAna,4,"{TEXT[:56]}"\n')
    sidecar = tmp_path / "w.csv.meta.toml"
    sidecar.write_text('map = "text=Q3,speaker=Q1"')
    (source,) = gather([str(tmp_path)], Hints())
    (conversation,) = load_source(source)[1]
    assert conversation.utterances[0].speaker.name == "Ana"
    sidecar.write_text('map = "words=Q3"')
    (failure,) = gather([str(tmp_path)], Hints())
    assert "text=body" in str(failure.error)


def test_standard_input_is_a_source() -> None:
    (source,) = gather(["-"], Hints(author="Ana"), BytesIO(TEXT.encode()))
    (conversation,) = read_source(source)
    assert conversation.utterances[0].speaker.name == "Ana"
    assert source.key == next(gather(["-"], Hints(), BytesIO(TEXT.encode()))).key
    assert isinstance(next(gather(["-"], Hints())), Failure)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes among files")
def test_pipes_sockets_devices_and_loops_are_named_and_never_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "text.txt").write_text(TEXT)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        found = names(tmp_path, "/dev/zero", tmp_path / "nowhere")
    said = "\n".join(found)
    assert all(word in said for word in ("a named pipe", "a socket", "a device", "link to a folder", "No such file"))
    assert "symbolic link" in said or "Too many" in said
    assert found.count("text.txt") == 1


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.txt").write_text(TEXT)
    (tmp_path / "folder" / "link.txt").symlink_to(tmp_path / "text.txt")
    assert names(tmp_path / "folder") == ["link.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_no_permission_is_named(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT)
    (tmp_path / "text.txt").chmod(0)
    (failure,) = (each for source in gather([str(tmp_path)], Hints()) for each in read_source(source))
    assert "Permission denied" in str(failure.error)


def test_names_with_odd_characters_are_shown_on_one_line(tmp_path: Path) -> None:
    odd = ["--rf", "line\nbreak.txt", "esc\x1b[31m.txt", "ünï.txt"]
    for name in odd:
        (tmp_path / name).write_text(TEXT)
    broken = os.fsencode(tmp_path) + b"/broken\xff.txt"
    with open(broken, "w") as stream:
        stream.write(TEXT)
    sources = list(gather([str(tmp_path)], Hints()))
    assert all(source.name.isprintable() for source in sources)
    assert len(sources) == 5
    assert all(isinstance(each, Conversation) for source in sources for each in read_source(source))
    assert all(source.key.encode("utf-8") for source in sources)


def test_an_address_of_no_known_forum_is_a_failure_that_says_what_to_do() -> None:
    (source,) = gather(["https://forum.example/posts/x"], Hints())
    (failure,) = read_source(source)
    assert "CROSSTALK_ALLOW_HOSTS=forum.example" in str(failure.error)


# What a browser, a system or a program left there


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-be", "utf-8-sig"])
@pytest.mark.parametrize("content", [CONVOKIT, ARTICLE, GRAPHQL, FRONT, API])
def test_every_format_is_known_in_every_encoding_of_unicode(content: bytes, encoding: str) -> None:
    plain, expected = only(content)
    mark = {"utf-16-be": b"\xfe\xff", "utf-32-be": b"\x00\x00\xfe\xff"}.get(encoding, b"")
    assert only(mark + content.decode().encode(encoding)) == (plain, expected)
    assert only(content.decode().encode("utf-16-le")) == (plain, expected)  # as RFC 4627 tells it without a mark


def test_a_corpus_folder_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "utterances.jsonl").write_text(CONVOKIT.decode(), encoding="utf-16")
    (tmp_path / "conversations.json").write_text('{"a": {"meta": {"title": "Weasels"}}}', encoding="utf-16")
    (conversation,) = load_source(Source(name="c", path=tmp_path))[1]
    assert (conversation.title, conversation.utterances[0].text) == ("Weasels", "Small.")


PROGRAM = "// Weasels are small, and nobody ever doubted that.\nvar a = b || [];\nfunction f() {\n  a.push(1);\n}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("body{color:red}\n.x{font:1px}\n", "style sheet"),
        ("@media (max-width: 9px) {\n  .weasel:hover {\n    color: red;\n    margin: 0 auto;\n  }\n}\n", "style sheet"),
        (PROGRAM, "program"),
        (
            '!function(e,t){"use strict";var n=e.q||{};n.a=[1,2];t(n)}(window,function(e){return e.a.map(r=>r+1)});'
            * 3,
            "program",
        ),
        (
            '"""Weasels are small."""\nimport re\nfrom os import path\n\ndef size(w):\n    return path.join(w, "x")\n',
            "program",
        ),
        ("#include <stdio.h>\n/* Weasels\n   are small. */\nint main(void) {\n  return 0;\n}\n", "program"),
        ("#!/bin/sh\n# Weasels are small, as everybody knows.\nls\n", "program"),
        ("INSERT INTO posts VALUES (1, 'Weasels are small.');\nINSERT INTO posts VALUES (2, 'So?');\n", "program"),
        ('<?xml version="1.0"?><urlset><url><loc>https://x.example</loc></url></urlset>', "XML"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><text>Some words</text></svg>', "XML"),
        ('["Weasels are small.", "So they are."]', "JSON"),
        ("[1, 2, 3]\n[4, 5, 6]\n", "JSON"),
        ("VGhlIHdlYXNlbCBpcyBzbWFsbCwgYW5kIHRoYXQgaXMgd2hhdCBJIG1lYW50\n" * 4, "base64"),
        ("data:text/plain;base64,VGhlIHdlYXNlbCBpcyBzbWFsbCwgYW5kIHRoYXQgaXMgd2hhdCBJIG1lYW50", "base64"),
        ("[weasel]\nsize = small\n; a remark about what weasels are\ncolour = brown\n", "settings"),
        ("User-agent: *\nDisallow: /weasels/\nSitemap: https://x.example/sitemap.xml\n", "settings"),
        ("name: weasel\nversion: 1\nlicence: none\nauthors:\n  - ana\nsize: small\n", "settings"),
        ("2024-05-01 10:00:00,123 INFO weasel started\n2024-05-01 10:00:01,123 ERROR weasel is small\n" * 2, "log"),
        ("diff --git a/w.txt b/w.txt\n--- a/w.txt\n+++ b/w.txt\n@@ -1 +1 @@\n-Weasels are small.\n+So?\n", "program"),
        ("<weasels><weasel>They are small.</weasel></weasels>", "XML"),
        ("{\\rtf1\\ansi Weasels are small.}", "rich text"),
    ],
)
def test_what_is_nobody_s_words_is_refused_by_what_it_is(content: str, said: str) -> None:
    error = failure_of(content.encode())
    assert isinstance(error, UnknownFormat)
    assert said in str(error)


@pytest.mark.parametrize(
    "content",
    [
        "I ran this and it hung:\n\n    x = f(1);\n    y = g(x);\n\nWhat is wrong with it? I have no idea at all.",
        "# Weasels\n\n```python\nimport weasel\nweasel.size()\n```\n\nIt says that they are small.",
        "Ana: Are weasels small?\nBen: They are; I have seen one.\nAna: Then we agree (for once).",
        "[1] says that weasels are small, and [2] that they are not.",
        '"Weasels are small," said Ana.',
        "<3 weasels. They are small, and I like them for it.",
        "if weasels are small, then so be it:\nI shall not argue;\nfor what is small\nmay yet be tall.",
        "ana: are they?\nben: they are\nana: small?\nben: small\nana: oh",
        "Summary: weasels are small.\nQuestion: are they?\nAnswer: they are, and I have seen it.\nDoubt: none.",
        "@ana said that weasels are small { which I doubt }; so there.",
        "Options:\n* small = short\n* large = long\n\nI would choose the first of these.",
    ],
)
def test_what_somebody_said_is_not_refused_for_its_signs(content: str) -> None:
    (conversation,) = only(content)[1]
    assert isinstance(conversation, Conversation)


@pytest.mark.parametrize(
    "piece", ["/* ", '"""\n', "a{b:c}", "x = 1;\n", "<a ", "[a]\n", "a: b\n", "a,b,c\n", "\tb\n", "{"]
)
def test_signs_of_programs_are_looked_for_quickly(piece: str) -> None:
    began = time.process_time()
    describe_no_prose((piece * 50_000).encode())
    describe_no_prose(("Weasels. " + piece * 50_000).encode())
    assert time.process_time() - began < 5


@pytest.mark.parametrize("ending", ["_files", "-Dateien", "_fichiers", "_archivos", "_файлы"])
def test_the_folder_that_a_browser_saves_beside_a_page_is_passed_over(tmp_path: Path, ending: str) -> None:
    beside = tmp_path / f"Über Wiesel{ending}"
    (beside / "deeper").mkdir(parents=True)
    (tmp_path / "Über Wiesel.htm").write_text("<html>")
    for name in ("a.js", "frame.html", "deeper/b.css"):
        (beside / name).write_text(TEXT)
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "z.txt"):
        (tmp_path / name).write_text(TEXT)
    assert names(tmp_path) == ["z.txt", "Über Wiesel.htm"]
    assert names(beside) == ["a.js", "b.css", "frame.html"]


def test_a_folder_that_only_is_called_like_one_is_read(tmp_path: Path) -> None:
    for name in ("weasel.txt", "weasel_files/a.txt", "page.html", "page_replies/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    assert names(tmp_path) == ["page.html", "b.txt", "weasel.txt", "a.txt"]
