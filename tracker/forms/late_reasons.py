"""Why a date was met late: one of the usual reasons, words of one's own, or both."""

from wtforms import SelectField, TextAreaField

from tracker.forms.facts import offered
from workflows.facts import tidy

OF_A_DEATH = (
    "Waiting for criminal proceedings",
    "Waiting for the inquest",
    "An agency’s return came late",
    "The chair or the author was not available",
    "The family’s wishes",
    "Waiting for the Home Office",
)
"""docs/domestic-homicide-review.md 3.1: what most often makes a date of a review late."""
OF_AN_APPLICATION = (
    "A body’s answer came late",
    "Waiting for the applicant’s authority or answer",
    "Somebody’s safety came first",
    "The people who decide were not available",
)
OF_AN_ACTION = (
    "It was reported late",
    "Waiting for another body’s part",
    "People or money were missing",
    "What shows it came late",
)
IN_TIME = "It was done in time, and is recorded late"
USUAL = {
    "dhr_2016": OF_A_DEATH,
    "dardr": OF_A_DEATH,
    "asb_case_review": (*OF_AN_APPLICATION, IN_TIME),
    "action_item": (*OF_AN_ACTION, IN_TIME),
}
"""What is offered, by the process of the record. Others, and "something else", are said in words."""
ELSE = "Something else"
ONLY_IF = ", only if the date for it has passed"


def usual_reason(only_if: str = "") -> SelectField:
    """The field of the usual reasons; empty until :meth:`SaysLate.offer_late` fills it in."""
    return SelectField(
        f"What made it late{only_if}",
        choices=offered((("", "Choose one"),)),
        default="",
        validate_choice=False,
    )


def own_words(only_if: str = "", told: str = "") -> TextAreaField:
    """The field for words of one's own."""
    return TextAreaField(f"Why it is late{only_if}", description=told)


class SaysLate:
    """A form in which it is said why something is late: with ``late_why`` and ``late_reason``."""

    late_why: SelectField
    late_reason: TextAreaField

    def words_of_late(self) -> TextAreaField:
        """The field with words of one's own."""
        return self.late_reason

    def offer_late(self, process: str) -> None:
        """Let the reason be one of those that are usual in a process, in words besides or instead."""
        found = USUAL.get(process, ())
        if not found:
            return
        self.late_why.choices = offered((("", "Choose one"), *((each, each) for each in (*found, ELSE))))
        words = self.words_of_late()
        told = f"{words.description}. " if words.description else ""
        words.description = f"{told}Add to the reason above, or say it in your own words"

    def said_late(self) -> str:
        """Why it is late in words: the usual reason, then what was written. "Something else" says nothing by itself."""
        known = {each for reasons in USUAL.values() for each in reasons}
        usual = self.late_why.data if self.late_why and self.late_why.data in known else ""
        written = tidy(self.words_of_late().data or "", lines=True)
        return ". ".join(words for words in (usual, written) if words)
