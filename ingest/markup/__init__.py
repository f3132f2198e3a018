"""HTML, Markdown or plain text in; words with exact passages out.

    Markup(text, passages)     the words as a reader sees them, and what each stretch of them is
    read_html(html)            what a browser would show, as blocks
    read_markdown(markdown)    the same for Markdown; `dialect="arbital"` knows that site's links and widgets
    read_text(text)            plain text and mail: paragraphs, `>` quotes
    split_dialogue(html)       the messages of a LessWrong dialogue, several authors in one body

Rules of the text: blocks stand one blank line apart, items of one list and rows of one table one newline apart. Signs
of markup are gone, the number of a numbered item is in its passage's note. Math is its TeX source between $ or $$. A
footnote's text stands at the end; its mark, "[1]", stays. Images, rules, scripts and styles leave nothing.
"""

from ingest.markup.dialogue import DialogueMessage, split_dialogue
from ingest.markup.html import read_html
from ingest.markup.markdown import read_markdown
from ingest.markup.text import read_text
from ingest.markup.writer import Markup

__all__ = ["DialogueMessage", "Markup", "read_html", "read_markdown", "read_text", "split_dialogue"]
