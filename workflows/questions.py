"""Short ways to declare a fact, so that a list of facts reads as a list of questions."""

from functools import partial

from workflows.facts import Choice, Fact, FactKind


def _asked(
    kind: FactKind,
    name: str,
    label: str,
    hint: str = "",
    *,
    private: bool = False,
    planned: bool = False,
    through: str = "",
) -> Fact:
    return Fact(name, kind, label, hint, may_be_future=planned, private=private, through=through)


text = partial(_asked, FactKind.TEXT)
long_text = partial(_asked, FactKind.LONG_TEXT)
day = partial(_asked, FactKind.DATE)
month = partial(_asked, FactKind.MONTH)
number = partial(_asked, FactKind.NUMBER)
yes_no = partial(_asked, FactKind.YES_NO)
confirm = partial(_asked, FactKind.CONFIRM)
person = partial(_asked, FactKind.PERSON)
organisation = partial(_asked, FactKind.ORGANISATION)
organisations = partial(_asked, FactKind.ORGANISATIONS)
document = partial(_asked, FactKind.DOCUMENT)


def choice(
    name: str, label: str, hint: str = "", /, *, private: bool = False, through: str = "", **answers: str
) -> Fact:
    """One answer of several: each keyword is the stored value, its text what a person reads."""
    return Fact(name, FactKind.CHOICE, label, hint, _choices(answers), private=private, through=through)


def choices(name: str, label: str, hint: str = "", /, **answers: str) -> Fact:
    """Any number of answers."""
    return Fact(name, FactKind.CHOICES, label, hint, _choices(answers))


def _choices(answers: dict[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in answers.items())
