"""Labels for 140 threads of a mailing list, with their threads.

`python -m bench.training.mail_corpus TWISTED_MAIL OUT`.

TWISTED_MAIL is the unpacked corpus (ConvoKit). OUT will hold the threads that were read, as a corpus of their own to
ingest (`OUT/threads`), and `OUT/mismatches.jsonl`, the labels with ids and words, as `bench.mismatches` and
`bench.training.mismatches.train` read them. The project itself holds places only (`bench/gold/mail/`), no text.
"""

import argparse
import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parents[1] / "gold" / "mail"


def main() -> None:
    """Read the command line and write both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    lines = (asked.corpus / "utterances.jsonl").read_text(encoding="utf-8").splitlines()
    mails = [json.loads(line) for line in lines]
    chosen = {mails[number]["conversation_id"] for number in json.loads((_HERE / "threads.json").read_bytes())}
    threads = asked.out / "threads"
    threads.mkdir(parents=True, exist_ok=True)
    kept = [line for line, mail in zip(lines, mails, strict=True) if mail["conversation_id"] in chosen]
    (threads / "utterances.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for name in ("corpus.json", "speakers.json"):
        (threads / name).write_bytes((asked.corpus / name).read_bytes())
    every = json.loads((asked.corpus / "conversations.json").read_bytes())
    (threads / "conversations.json").write_text(json.dumps({id_: every[id_] for id_ in every if id_ in chosen}))
    labels = [json.loads(line) for line in (_HERE / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [label | {side: _side(label[side], mails) for side in ("a", "b")} for label in labels]
    (asked.out / "mismatches.jsonl").write_text("".join(json.dumps(label) + "\n" for label in told))
    print(f"{len(kept)} mails in {len(chosen)} threads, {len(told)} labels")


def _side(place: dict[str, int], mails: list[dict[str, Any]]) -> dict[str, str]:
    mail = mails[place["line"]]
    return {"id": mail["id"], "text": mail["text"][place["start"] : place["end"]]}


if __name__ == "__main__":
    main()
