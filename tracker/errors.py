"""What can go wrong, in the project's own words. ``errorpages`` maps each to a page, the command line to a sentence."""


class TrackerError(Exception):
    """Something a person can be told in one plain sentence: ``str(error)``."""


class BadInput(TrackerError):
    """What was given cannot be used; nothing was changed."""


class NotPermitted(TrackerError):
    """The decision is not this person's to take. Says who can."""


class NotVisible(TrackerError):
    """There is no such record, or it is not this person's to see: one answer for both."""


class ChangedMeanwhile(TrackerError):
    """Someone else changed the record after it was opened."""


class NotPossible(TrackerError):
    """The step does not fit the state that the record is in now."""


class Refuses(TrackerError):
    """A command refuses to go on, and says why."""
