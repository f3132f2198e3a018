"""What the header of a mail says: who wrote it, and what it answers (RFC 5322, encoded words: RFC 2047)."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr

_AT = re.compile(r"\s\(at\)\s|\s+at\s+")
_NAMED_BEHIND = re.compile(r"\(([^()]{2,80})\)\s*$")
_ID = re.compile(r"<[^<>\s]{1,900}>")


def decode_words(field_: str) -> str:
    """Decode the encoded words of a field; what cannot be decoded stays as it stands.

    >>> decode_words("=?UTF-8?B?UMOpdHJhIEx1bmQ=?= <petra@list.example>")
    'P\\xe9tra Lund <petra@list.example>'
    """
    try:
        return str(make_header(decode_header(field_))) if "=?" in field_ else field_
    except (HeaderParseError, LookupError, ValueError):
        return field_


def read_sender(field_: str) -> str | None:
    """Return the name in a "From:" field, decoded; without one the part of the address before "@".

    >>> read_sender("petra at list.example (Petra Lund)"), read_sender("<otto@list.example>")
    ('Petra Lund', 'otto')
    """
    # The name is decoded after the field is taken apart: it may hold a comma that parts no addresses.
    behind = _NAMED_BEHIND.search(field_)
    name, address = parseaddr(_AT.sub("@", field_))
    name = decode_words(behind[1] if behind is not None else name).strip()
    return name or address.partition("@")[0] or None


def list_ids(field_: str) -> list[str]:
    """Return the ids of mails in a field, each in its "<>"."""
    return _ID.findall(field_)
