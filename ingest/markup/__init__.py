"""HTML, Markdown or plain text in; words with exact passages out.

    Markup(text, passages)     the words as a reader sees them, and what each stretch of them is
    from_html(html)            what a browser would show, as blocks
    from_markdown(markdown)    the same for Markdown; `dialect="arbital"` knows that site's links and widgets
    from_text(text)            plain text and mail: paragraphs, `>` quotes
    turns(html)                the messages of a LessWrong dialogue, several authors in one body

Rules of the text: blocks stand one blank line apart, items of one list and rows of one table one newline apart. Signs
of markup are gone, the number of a numbered item is in its passage's note. Math is its TeX source between $ or $$. A
footnote's text stands at the end; its mark, "[1]", stays. Images, rules, scripts and styles leave nothing.
"""

from ingest.markup.dialogue import Turn, turns
from ingest.markup.html import from_html
from ingest.markup.markdown import from_markdown
from ingest.markup.text import from_text
from ingest.markup.writer import Markup

__all__ = ["Markup", "Turn", "from_html", "from_markdown", "from_text", "turns"]
