"""From a printed row to what it says: theme, action, timescale, leads, status, and what a person must still settle."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.imports.colours import colour_name
from tracker.imports.columns import Role, rank_of
from tracker.imports.find_table import Printed, Table
from tracker.imports.grid import Cell
from tracker.imports.lead_dates import split_lead_and_date
from tracker.imports.leads import Aliases, LeadKind, LeadReading, read_leads
from tracker.imports.plan import PlanRow, Source
from tracker.imports.statuses import StatusReading, ask_about_status, read_status
from tracker.imports.timings import TimescaleReader, without_date
from tracker.imports.wording import several_actions, warnings_about
from workflows.timescales import Kind, Reading

_JOINTS = frozenset("/&+,")


@dataclass(slots=True)
class _Notes:
    warnings: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TableReader:
    """Reads the rows of one table in order; it remembers the theme and the action above.

    ``number`` is the table's number in the file; ``caption`` the heading printed over it, its theme if no column is.
    """

    table: Table
    number: int
    timescales: TimescaleReader
    aliases: Aliases
    caption: str = ""
    _theme: tuple[str, int] = ("", 0)
    _section: str = ""
    _action_row: int = 0
    _rivals: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Find the columns that could be the timescale as well as the one that was chosen."""
        headings, chosen = self.table.headings, self.table.roles.get(Role.TIMESCALE)
        if chosen is not None and self.table.header_row is not None:
            rank = rank_of(headings[chosen])
            self._rivals = tuple(
                column
                for column, text in headings.items()
                if column != chosen and rank and rank_of(text) == rank
            )

    def rows(self) -> Iterator[PlanRow]:
        """One record for each printed row."""
        for printed in self.table.rows:
            yield self._row(printed)

    def _row(self, printed: Printed) -> PlanRow:
        row, grid = printed.row, self.table.grid
        notes = _Notes(questions=list(printed.questions))
        theme, theme_row = self._read_theme(printed)
        action_cell, _ = self._shared(Role.ACTION, printed, notes)
        action = _standing(action_cell).strip()
        timescale_cell, timescale = self._read_timescale(printed, notes)
        leads, dated = self._read_leads(printed, timescale_cell, notes)
        if dated:
            timescale = self.timescales.words(dated)
        status_text, status = self._read_status(printed, notes)
        self._look_at_marks(printed, notes)
        if not action:
            before = f" Does it belong to row {self._action_row}?" if self._action_row else ""
            notes.questions.append(
                f"Row {row.number} has no action of its own.{before or ' What is to be done?'}"
            )
        else:
            self._look_for_rest(printed, action, notes)
            self._action_row = row.number
            notes.warnings += warnings_about(action)
            self._compare_counts(action, timescale, notes)
        self._compare_dates(timescale, notes)
        if not any(lead.kind is not LeadKind.NOBODY for lead in leads):
            notes.warnings.append("no accountable lead")
            notes.questions.append("Which body is accountable for this action?")
        if timescale.question:
            notes.questions.append(timescale.question)
        written = [cell for _, cell in row.written()]
        return PlanRow(
            source=Source(
                table=self.number,
                row=row.number,
                sheet=grid.name,
                hidden=row.hidden or grid.hidden,
                struck_through=all(cell.struck and not cell.partly_struck for cell in written),
            ),
            cells={heading: row.cell(column).text for column, heading in sorted(self.table.headings.items())},
            theme=theme,
            theme_row=theme_row if theme_row != row.number else None,
            action=action,
            timescale_text=dated or timescale_cell.text,
            timescale=timescale,
            leads=leads,
            status_text=status_text,
            status=status,
            update=self._own(Role.UPDATE, printed).text,
            warnings=tuple(dict.fromkeys(notes.warnings)),
            questions=tuple(dict.fromkeys(notes.questions)),
        )

    def _own(self, role: Role, printed: Printed) -> Cell:
        return printed.row.cell(self.table.roles.get(role, -1))

    def _shared(self, role: Role, printed: Printed, notes: _Notes) -> tuple[Cell, bool]:
        """The cell for a role; where a merged block from a row above covers it, the block's first cell."""
        own = self._own(role, printed)
        column = self.table.roles.get(role)
        if own.filled_in or column is None:
            return own, False
        block = self.table.grid.merge_at(printed.row.number, column)
        if block is None or (block.top == printed.row.number and block.left == column):
            return own, False
        first = next((row.cell(block.left) for row in self.table.grid.rows if row.number == block.top), own)
        if first.filled_in and block.top < printed.row.number:
            notes.warnings.append(f"shares its {role} with row {block.top} (merged cells)")
            if role is Role.ACTION:
                notes.questions.append(
                    f"Rows {block.top} to {block.bottom} share one action. Is it one action or several?"
                )
        return first, first.filled_in

    def _read_theme(self, printed: Printed) -> tuple[str, int | None]:
        """The theme and the row its words stand in. A blank theme means the one above, until a new section begins."""
        row = printed.row
        if printed.section != self._section:
            self._section = printed.section
            self._theme = (printed.section, 0)
        own, merged = self._shared(Role.THEME, printed, _Notes())
        if own.filled_in:
            column = self.table.roles[Role.THEME]
            block = self.table.grid.merge_at(row.number, column)
            self._theme = (own.text.strip(), block.top if merged and block else row.number)
        text, place = self._theme
        return text or self.caption, place or None

    def _read_timescale(self, printed: Printed, notes: _Notes) -> tuple[Cell, Reading]:
        cell, _ = self._shared(Role.TIMESCALE, printed, notes)
        if cell.formula and cell.filled_in:
            notes.warnings.append("the timescale is worked out by a formula")
        reading = self.timescales.cell(cell)
        for column in self._rivals:
            other = printed.row.cell(column)
            if other.filled_in and other.text.strip() != cell.text.strip():
                where = self.table.headings[column]
                ask = f"“{other.text.strip()}” stands under {where}. Is the action due then, or “{cell.text.strip()}”?"
                reading = without_date(reading, ask)
        return cell, reading

    def _read_leads(
        self, printed: Printed, timescale_cell: Cell, notes: _Notes
    ) -> tuple[tuple[LeadReading, ...], str]:
        """The leads, and the words of the date where only the lead's cell holds one."""
        cell, _ = self._shared(Role.LEAD, printed, notes)
        text = _standing(cell)
        if cell.partly_struck:
            notes.questions.append(
                f"“{cell.struck.strip()}” is struck through in the lead. Is “{text.strip()}” the lead now?"
            )
        lead, dated = split_lead_and_date(text) if not self.aliases.get(text) else (text, "")
        if dated:
            notes.warnings.append("lead and date in one cell")
            if timescale_cell.filled_in:
                notes.questions.append(
                    f"The lead's cell says “{dated}” and the timescale “{timescale_cell.text.strip()}”. Which counts?"
                )
        leads, questions = read_leads(lead, self.aliases)
        notes.questions += questions
        return leads, "" if timescale_cell.filled_in else dated

    def _read_status(self, printed: Printed, notes: _Notes) -> tuple[str, StatusReading]:
        column = self.table.roles.get(Role.STATUS)
        if column is not None:
            cell, _ = self._shared(Role.STATUS, printed, notes)
            status, ask = ask_about_status(cell, self.table.headings[column])
            notes.questions += [ask] if ask else []
            return cell.text, status
        update = self._own(Role.UPDATE, printed).text
        status = read_status(update)
        if status not in {StatusReading.NONE, StatusReading.ASK}:
            return update, status
        colours = {colour_name(cell.fill) for cell in printed.row.cells.values()} - {""}
        if colours:
            notes.questions.append(
                f"This row has cells filled {' and '.join(sorted(colours))}. What does the colour mean?"
            )
            return "", StatusReading.ASK
        return "", StatusReading.NONE

    def _look_at_marks(self, printed: Printed, notes: _Notes) -> None:
        """What only the eye sees: hidden, struck through, comments."""
        row, grid = printed.row, self.table.grid
        if row.hidden or grid.hidden:
            where = f"Row {row.number} is hidden" if row.hidden else f"The sheet “{grid.name}” is hidden"
            notes.questions.append(f"{where}. Should it be brought in?")
        written = row.written()
        struck = [self.table.headings[column] for column, cell in written if cell.struck]
        if written and len(struck) == len(written):
            notes.questions.append(
                f"Row {row.number} is struck through. Is the action finished, dropped or replaced?"
            )
        elif struck:
            notes.warnings.append(f"struck through in part: {', '.join(struck)}")
        for column, cell in sorted(row.cells.items()):
            heading = self.table.headings.get(column, f"Column {column}")
            if cell.filled_in and column in grid.hidden_columns:
                notes.warnings.append(f"the column {heading} is hidden in the file")
            if cell.comment:
                notes.warnings.append(f"a comment on {heading} says “{cell.comment}”")

    def _look_for_rest(self, printed: Printed, action: str, notes: _Notes) -> None:
        """A row that starts in mid-sentence, without theme or date, may be the rest of the row above."""
        lead = self._own(Role.LEAD, printed).text.strip()
        blank = not (self._own(Role.THEME, printed).filled_in or self._own(Role.TIMESCALE, printed).filled_in)
        if (
            self._action_row
            and blank
            and (action[0].islower() or lead[:1] in _JOINTS or lead.casefold().startswith("and "))
        ):
            notes.questions.append(
                f"Row {printed.row.number} may be the rest of row {self._action_row}. Is it?"
            )

    def _compare_counts(self, action: str, timescale: Reading, notes: _Notes) -> None:
        actions, dates = several_actions(action), len(timescale.lines)
        if actions > 1:
            notes.questions.append(f"This row lists {actions} actions. Should each be an action of its own?")
        if dates > 1 and dates != max(actions, 1):
            several = "1 action" if actions <= 1 else f"{actions} actions"
            notes.questions.append(f"There are {dates} dates for {several}. Which date goes with what?")

    def _compare_dates(self, timescale: Reading, notes: _Notes) -> None:
        context = self.timescales.context
        days = [
            reading.latest
            for reading in (timescale, *timescale.lines)
            if reading.latest and reading.kind is not Kind.DONE
        ]
        if context.plan_end and any(day > context.plan_end for day in days):
            notes.warnings.append("due after the plan ends")
        if context.plan_start and any(day < context.plan_start for day in days):
            notes.warnings.append("due before the plan starts")


def _standing(cell: Cell) -> str:
    """The words of a cell without those struck through in part; a cell struck as a whole keeps its words."""
    return cell.standing if cell.partly_struck else cell.text
