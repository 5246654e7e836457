"""A partnership's own facts."""

from datetime import date

from wtforms import SelectField, StringField

from tracker.forms.agencies import mailbox_in
from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.forms.own_names import ReasonForm
from tracker.services.partnership_facts import LONGEST, Facts
from workflows.facts import FactRefused, read_day, tidy

_LONGEST_NUMBER = 30


class FactsForm(ReasonForm):
    """What a partnership says of itself."""

    name = StringField("Name", description="As it is printed")
    unit_mailbox = StringField(
        "Mailbox of the business unit (optional)", description="A desk, not a person. Pages and mails give it"
    )
    unit_phone = StringField("Telephone of the business unit (optional)", description="Mails give it")
    reply_to = StringField(
        "Where answers to mails go (optional)",
        description="Leave it empty if they go to the mailbox of the business unit",
    )
    from_on = DayField("First day (optional)")
    to_on = DayField("Last day (optional)", description="Leave it empty while it exists")
    board = SelectField(
        "Which board co-ordinates for it?",
        description="Whoever has a role at the board has it here too",
        validate_choice=False,
    )
    asks: tuple[str, ...] = ("name", "unit_mailbox", "unit_phone", "reply_to", "from_on", "to_on")

    def offer(self, boards: Choices, now: str) -> "FactsForm":
        """The boards to choose from; with none, the board stays as it is."""
        self.board.choices = offered((("", "None"), *boards))
        if boards:
            self.asks = (*self.asks, "board")
        elif self.board.data is None:
            self.board.data = now
        return self

    def read(self, boards: Choices, now: str) -> Facts | None:
        """The facts; what is to put right is said at its field."""
        name, phone = tidy(self.name.data or ""), tidy(self.unit_phone.data or "")
        if not name or len(name) > LONGEST:
            complain(self.name, f"Enter the name, {LONGEST} characters or fewer")
        if len(phone) > _LONGEST_NUMBER or (phone and not any(one.isdigit() for one in phone)):
            complain(self.unit_phone, "Enter a telephone number, or leave it empty")
        first, last = self._day(self.from_on, "The first day"), self._day(self.to_on, "The last day")
        board = str(self.board.data or "") if boards else now
        if boards and board not in {"", *dict(boards)}:
            complain(self.board, "Choose a board from the list")
        facts = Facts(
            name, mailbox_in(self.unit_mailbox), phone, mailbox_in(self.reply_to), first, last, board
        )
        return None if any(self[each].errors for each in self.asks) else facts

    def carried(self) -> tuple[tuple[str, str], ...]:
        """Every answer as it was typed, to travel in hidden fields."""
        return tuple((each, str(self[each].data or "")) for each in self.asks)

    def _day(self, field: DayField, what: str) -> date | None:
        typed = (field.data or "").strip()
        try:
            return read_day(typed) if typed else None
        except FactRefused as refused:
            complain(field, f"{what} {refused}")
            return None
