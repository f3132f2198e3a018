"""Everything that can go wrong, as one tree.

    CrosstalkError
      WrongUsage            the request itself makes no sense          (exit 2, HTTP 400)
        WrongQuery          the query line cannot be read; its message repeats nothing of it
      NotFound              no such speaker, claim, conversation       (exit 1, HTTP 404)
      SourceError           one source, or one conversation in it, cannot be read
        UnknownFormat       no loader recognises it
        Unreadable          not there, no permission, not text, cut off
        Malformed           recognised, but its content breaks the format
        TooLarge            over a limit of `corpus.limits`
        CyclicReplies       replies that answer themselves in a circle
        DuplicateId         one id, two different utterances
        FetchError          the network said no
      RecordError           the system of record cannot be used
        BrokenRecord        the file is damaged or is not a Crosstalk record
        WrongVersion        made by another schema or encoder
        RecordBusy          another process owns this base

Messages are one line: what was found, the limit, what to do. Every class knows the exit status of
the command line and the HTTP status of the API, so that no face invents its own.
"""


class CrosstalkError(Exception):
    """Any failure that Crosstalk can explain in one line."""

    exit_status = 1
    http_status = 500


class WrongUsage(CrosstalkError):
    """The request makes no sense as it stands."""

    exit_status = 2
    http_status = 400


class WrongQuery(WrongUsage):
    """The query line cannot be read. The message says what would be right, and repeats nothing of the line."""


class NotFound(CrosstalkError):
    """Nothing of that name or id is in the base."""

    http_status = 404


class SourceError(CrosstalkError):
    """A source, or one conversation of it, cannot be read; the others are not touched."""

    http_status = 422


class UnknownFormat(SourceError):
    """No loader recognises the content."""


class Unreadable(SourceError):
    """The bytes cannot be had, or are not text."""


class Malformed(SourceError):
    """The format is recognised, but the content breaks it."""


class TooLarge(SourceError):
    """Something is over a limit of `corpus.limits`."""


class CyclicReplies(SourceError):
    """Utterances answer each other in a circle."""


class DuplicateId(SourceError):
    """Two different utterances carry one id."""


class FetchError(SourceError):
    """The network, or the site, refused."""

    http_status = 502


class RecordError(CrosstalkError):
    """The system of record cannot be used."""


class BrokenRecord(RecordError):
    """The record is damaged or is something else."""


class WrongVersion(RecordError):
    """The base was made by another schema or another encoder."""


class RecordBusy(RecordError):
    """Another process owns this base."""

    http_status = 503
