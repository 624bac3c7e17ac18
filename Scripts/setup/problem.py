"""The one error type of the set-up: what went wrong, and what the reader can do."""


class Problem(Exception):
    """A failure to show as it stands, without a stack trace."""


class NotOffered(Problem):
    """The package index answers, but has no file for the request."""


class Unreachable(Problem):
    """The package index does not answer. Later downloads would fail alike, so they are not tried."""
