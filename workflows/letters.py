"""Letters: what kinds there are, to whom each may go, what it must say, and by which way it may travel.

Nothing here sends anything. A letter is drafted, checked and then sent by a person, who records the sending; the step
that waits for it asks for the fact ``letter_sent_<kind>``. The table of ASB letters is docs/asb-case-review.md 5.5;
those of a homicide review are the letters among the tasks of docs/domestic-homicide-review.md 4.6.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class LetterState(StrEnum):
    """Where a letter stands. A guard asks for ``sent``; one that came back was sent all the same."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    SENT = "sent"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    WAIVED = "waived"  # not sent to this recipient, with the reason


class To(StrEnum):
    """Whose letter it is. It carries this recipient's data and nobody else's."""

    APPLICANT = "applicant"
    VICTIM = "victim"
    CO_APPLICANT = "co_applicant"
    REPRESENTATIVE = "representative"
    PANEL = "panel"
    CHAIR = "chair"
    BODY = "body"
    HOME_OFFICE = "home_office"
    DA_COMMISSIONER = "da_commissioner"
    FAMILY = "family_via_route"

    @property
    def label(self) -> str:
        """The role in words."""
        return _TO[self]


_TO: Mapping[To, str] = {
    To.APPLICANT: "Applicant",
    To.VICTIM: "Victim",
    To.CO_APPLICANT: "Co-applicant",
    To.REPRESENTATIVE: "Representative",
    To.PANEL: "Panel",
    To.CHAIR: "Review chair",
    To.BODY: "Agency or body",
    To.HOME_OFFICE: "Home Office",
    To.DA_COMMISSIONER: "Domestic Abuse Commissioner",
    To.FAMILY: "Family",
}
PEOPLE = frozenset({To.APPLICANT, To.VICTIM, To.CO_APPLICANT, To.REPRESENTATIVE, To.FAMILY})
"""Recipients whose safe contact counts."""


class Channel(StrEnum):
    """How a letter travels."""

    POST = "post"
    EMAIL = "email"
    BY_HAND = "by_hand"
    PHONE = "phone"
    PORTAL = "portal"
    THROUGH = "through"

    @property
    def label(self) -> str:
        """The way in words."""
        return _CHANNELS[self]


_CHANNELS: Mapping[Channel, str] = {
    Channel.POST: "Post",
    Channel.EMAIL: "E-mail",
    Channel.BY_HAND: "By hand",
    Channel.PHONE: "Read out by phone, with a note",
    Channel.PORTAL: "Secure portal",
    Channel.THROUGH: "Through the family liaison officer or advocate",
}
_FORBIDS: Mapping[Channel, str] = {
    Channel.POST: "by post",
    Channel.EMAIL: "by e-mail",
    Channel.BY_HAND: "by hand",
    Channel.PHONE: "by phone",
    Channel.PORTAL: "through the portal",
    Channel.THROUGH: "through somebody else",
}


class Form(StrEnum):
    """Accessible formats."""

    STANDARD = "standard"
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"
    AUDIO = "audio"
    BRAILLE = "braille"
    BSL = "bsl"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The format in words."""
        return _FORMS[self]


_FORMS: Mapping[Form, str] = {
    Form.STANDARD: "Standard print",
    Form.LARGE_PRINT: "Large print",
    Form.EASY_READ: "Easy Read",
    Form.AUDIO: "Audio",
    Form.BRAILLE: "Braille",
    Form.BSL: "British Sign Language",
    Form.OTHER: "Another format",
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that the letter must say: any one of ``any_of`` stands in its text, in any case.

    ``if_value`` names a value without which the phrase is not asked for.
    """

    words: str
    any_of: tuple[str, ...]
    if_value: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Words that a person writes for this letter; ``lines``: one line for each report or point."""

    name: str
    label: str
    hint: str = ""
    lines: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter.

    ``values`` must stand in its text, as the tracker works them out. ``facts`` are pairs of a recipient ("" for any)
    and the fact that its sending records; without any, ``letter_sent_<code>``. ``clocks`` are the keys of the clock
    that gives ``reply_by``, the first that the process has. ``owed`` are those who must each get it: it counts as sent
    when all of them have. Without any it counts with the first.
    ``heading`` is what stands over it, in words for whoever opens it.
    """

    code: str
    name: str
    processes: tuple[str, ...]
    to: tuple[To, ...]
    when: str
    says: tuple[Phrase, ...]
    values: tuple[str, ...] = ("reference",)
    prose: tuple[Prose, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    clocks: tuple[str, ...] = ()
    owed: tuple[To, ...] = ()
    heading: str = ""

    @property
    def of_a_step(self) -> bool:
        """Whether a step waits for its sending: one that was sent before the last step is of that step."""
        return any(fact.startswith("letter_sent_") for to in self.to for fact in self.records(to))

    @property
    def title(self) -> str:
        """``L5: threshold not met``."""
        return f"{self.code}: {self.name[:1].lower()}{self.name[1:]}"

    @property
    def dated(self) -> bool:
        """Whether a date in it counts from the day on which it is sent."""
        return bool({"reply_by", "dispute_by"} & set(self.values))

    def records(self, to: To) -> tuple[str, ...]:
        """The facts that its sending to this recipient records."""
        if not self.facts:
            return (f"letter_sent_{self.code}",)
        return tuple(fact for role, fact in self.facts if role in ("", to))


@dataclass(frozen=True, slots=True)
class SafeContact:
    """What is known about reaching the recipient: ways that are not safe, and whether relatives agreed to direct contact."""

    never: frozenset[str] = frozenset()
    direct: bool = False


def refused_way(to: To, channel: Channel, contact: SafeContact) -> str:
    """The one sentence that refuses a way to a recipient; empty where it may be used.

    A letter to a family goes through their family liaison officer or advocate unless direct contact is recorded.
    """
    if to not in PEOPLE:
        return "" if channel is not Channel.THROUGH else "This way is only for letters to people."
    if channel in contact.never:
        return f"The case says not to reach this person {_FORBIDS[channel]}: choose another way."
    if to is To.FAMILY and channel is not Channel.THROUGH and not contact.direct:
        return (
            "A letter to the family goes through their family liaison officer or advocate,"
            " unless the case records that they agreed to direct contact."
        )
    return ""


def plain(text: str) -> str:
    """The text for comparing: one space between words, straight quotes, small letters."""
    straight = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u00a0", " ")
    return " ".join(straight.split()).casefold()


def unsaid(kind: LetterKind, text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """What the filled letter must say and does not, one sentence each."""
    said = plain(text)
    missing = [
        f"The letter does not give {VALUES[name].label[:1].lower()}{VALUES[name].label[1:]}."
        for name in kind.values
        if not values.get(name) or plain(values[name]) not in said
    ]
    missing += [
        f"The letter does not say {phrase.words}."
        for phrase in kind.says
        if (not phrase.if_value or values.get(phrase.if_value))
        and not any(plain(words) in said for words in phrase.any_of)
    ]
    return tuple(missing)


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that stand in the text as whole words."""
    said = f" {_bare(text)} "
    return tuple(name for name in names if len(_bare(name)) > 2 and f" {_bare(name)} " in said)


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in plain(text)).split())


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a template may use. ``sample`` stands for it when a template is tried out."""

    name: str
    label: str
    sample: str


def _values(*rows: tuple[str, str, str]) -> Mapping[str, Value]:
    return {name: Value(name, label, sample) for name, label, sample in rows}


VALUES: Mapping[str, Value] = _values(
    ("reference", "The case reference", "XCSP-ASB-2026-001"),
    ("partnership", "The partnership's name", "Example Community Safety Partnership"),
    ("process", "The name of the process here", "ASB case review"),
    ("a_process", "The name of the process here, with a or an before it", "an ASB case review"),
    ("letter_date", "The date of the letter", "Monday 23 November 2026"),
    ("recipient", "The recipient", "Sample Recipient"),
    ("address", "The address lines", "1 Sample Street"),
    ("contact_name", "The name of the contact", "Sample Officer"),
    ("contact_email", "The e-mail address of the contact", "officer@example.test"),
    ("application_date", "The date of the application", "Friday 20 November 2026"),
    ("decision_by", "The date by which the decision is told", "Friday 11 December 2026"),
    ("review_within", "The time in which a review is held", "20 working days"),
    ("update_every", "How often the person hears from us", "every 20 working days"),
    ("decided_on", "The date of the decision", "Thursday 10 December 2026"),
    ("reply_by", "The date by which a reply is wanted", "Monday 7 December 2026"),
    ("dispute_by", "The date until which a second look can be asked for", "Monday 21 December 2026"),
    (
        "policing_body_review",
        "Whether the local policing body can be asked to review it (“yes” or empty)",
        "yes",
    ),
    ("answer_by", "The date by which the second look is decided", "Wednesday 6 January 2027"),
    ("asked_on", "The date on which a second look was asked for", "Wednesday 9 December 2026"),
    ("meeting_on", "The date of the meeting", "Thursday 14 January 2027"),
    ("held_on", "The date on which the review was held", "Friday 15 January 2027"),
    ("chair", "The chair", "Sample Chair"),
    ("body", "The name of the body", "Sample Body"),
    ("public_functions", "Whether the body has public functions (“yes” or empty)", "yes"),
    ("receiving_area", "The area that takes the case over", "Sample Area"),
    ("report_by", "The date by which the report is due", "Saturday 22 May 2027"),
    ("submission_no", "The number of the submission", "1"),
    ("signed_off_on", "The date of the sign-off", "Monday 17 May 2027"),
    ("published_on", "The date of publication", "Wednesday 1 September 2027"),
    ("publication_urls", "The web address of the report", "https://example.test/report"),
    (
        "withhold_review_on",
        "The date on which the decision not to publish is reviewed",
        "Wednesday 1 March 2028",
    ),
    ("stood_down_on", "The date on which the review stopped", "Monday 1 February 2027"),
)
"""Everything that is worked out by the tracker and may stand in a letter. Dates are computed, never typed."""


def allowed_names(kind: LetterKind) -> frozenset[str]:
    """The names that a template of this kind may use."""
    return frozenset(VALUES) | {prose.name for prose in kind.prose}


def samples(kind: LetterKind) -> dict[str, str | list[str]]:
    """Made-up values with which a template of this kind is tried out."""
    given: dict[str, str | list[str]] = {value.name: value.sample for value in VALUES.values()}
    for prose in kind.prose:
        given[prose.name] = [f"{prose.label} (sample)."] if prose.lines else f"{prose.label} (sample)."
    return given
