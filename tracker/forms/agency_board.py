"""What the board of agencies is narrowed to, read from the address."""

from wtforms import SelectField, StringField

from tracker.forms.filters import Choices, ListForm, offered
from tracker.queries.agency_board import Answer, BoardFilters, Often, Sort, What


class BoardForm(ListForm):
    """The filters of the board of agencies."""

    agency = SelectField("Agency", validate_choice=False)
    case = StringField("Case")
    what = SelectField(
        "Asked for",
        choices=offered((("", "On cases"), (What.ACTIONS, "Actions"), (What.ALL, "On cases, and actions"))),
        validate_choice=False,
    )
    answer = SelectField(
        "Answer",
        choices=offered((("", "Still owed"), (Answer.ENDED, "Ended"), (Answer.ALL, "Still owed or ended"))),
        validate_choice=False,
    )
    chased = SelectField(
        "Chased",
        choices=offered(
            (
                ("", "Chased or not"),
                (Often.NEVER, "Not yet"),
                (Often.ONCE, "At least once"),
                (Often.SENIOR, "Named senior asked"),
            )
        ),
        validate_choice=False,
    )
    due = SelectField(
        "Due", choices=offered((("", "Any date"), ("overdue", "Overdue"))), validate_choice=False
    )

    def offer(self, agencies: Choices) -> None:
        """Fill in the agencies."""
        self.agency.choices = offered((("", "Any agency"), *agencies))

    def filters(self) -> BoardFilters:
        """What the board is narrowed to."""
        sort, descending, _ = self.sorted_by(Sort, Sort.AGENCY)
        chased = self.chosen(self.chased)
        return BoardFilters(
            agency=self.chosen(self.agency),
            case=self.chosen(self.case)[:50],
            what=What(self.chosen(self.what) or What.CASES),
            answer=Answer(self.chosen(self.answer) or Answer.OPEN),
            chased=Often(chased) if chased else None,
            overdue=bool(self.chosen(self.due)),
            sort=sort,
            descending=descending,
        )
