"""Ten weeks of mails about cases full of canaries: none is in a header, a part, an address or a file's name."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from tests.canaries.conftest import AS_AT, House
from tests.canaries.planting import PATTERN, planting
from tracker import access, clock, rounds
from tracker.models import Case, Outbox, OutboxState, User
from tracker.services import cases, grants
from tracker.services.asked import MoveRequest
from tracker.services.calendars import calendar_for
from tracker.transports.file import FileTransport

pytestmark = pytest.mark.xdist_group("canaries")  # the one demonstration is loaded once

DAYS = 50
PERSON = re.compile(r"\b(Rowan|Hazel|Alder|Juniper|Willow|Maple|Aspen|Linden|Elder|Cedar)\b")


@pytest.fixture(scope="module")
def post(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all mails of fifty working days, from alerts to escalations."""
    folder = tmp_path_factory.mktemp("post")
    alert(house)
    with house.database.reading() as session:
        calendar = calendar_for(session, None)
    day = clock.london(AS_AT)
    for number in range(DAYS):
        day = calendar.next_working(day + timedelta(days=bool(number)))
        at = clock.morning_of(day) + timedelta(minutes=5)
        rounds.run(house.settings, house.database, at, holder="here", transport=FileTransport(folder))
    return folder


def alert(house: House) -> None:
    """Put a review to the chair, who is told by an alert."""
    with planting(house.aviary), house.database.transaction() as session:
        case = session.exec(select(Case).where(Case.process == "dhr_2016", Case.state == "scoping")).one()
        officer = session.exec(select(User).where(User.id == case.owner_user_id)).one()
        chair = session.exec(select(User).where(User.email == "chair@herefordshire.example")).one()
        actor = access.actor_for(session, officer, AS_AT)
        grants.grant(session, actor, case, chair, "Decides about it", at=AS_AT)
        facts = dict.fromkeys(
            ("parallel_processes_checked", "police_consulted", "specialist_da_consulted", "outstanding_summaries_acknowledged"),
            True,
        )  # fmt: skip
        answers = {
            "resulted_from": ("abuse",),
            "relationship_type": "other",
            "deceased_16_or_over": True,
            "suicide_concern": True,
        }
        asked = MoveRequest(case.version, clock.london(AS_AT), facts=facts | answers, reason="Ready")
        cases.move(session, actor, case, "submit_for_decision", asked, at=AS_AT)
    with house.database.reading() as session:
        house.aviary.settle(session)


def read(path: Path) -> EmailMessage:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def everything_in(mail: EmailMessage) -> str:
    """Headers as a reader sees them, and each part decoded."""
    headers = [f"{name}: {value}" for part in mail.walk() for name, value in part.items()]
    parts = [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*headers, *parts])


def test_no_mail_holds_a_word_of_a_case_or_a_persons_name(house: House, post: Path) -> None:
    """Check 20 of docs/ux.md (m), the mails; the calendars are in test_feeds_of_canaries.py."""
    mails = sorted(post.iterdir())
    for path in mails:
        assert path.suffix == ".eml"
        assert not PATTERN.findall(path.name)
        whole = everything_in(read(path))
        found = PATTERN.findall(whole) + PATTERN.findall(path.read_bytes().decode())
        assert not found, (path.name, [house.aviary.cases[word] for word in found])
        assert not PERSON.findall(whole), "a pseudonym"


def test_all_kinds_of_mail_were_among_them(house: House, post: Path) -> None:
    """The net has no hole: digests, overdue mails, escalations, alerts, to leads, officers, managers, chairs, seniors."""
    with house.database.reading() as session:
        sent = session.exec(select(Outbox).where(Outbox.state == OutboxState.SENT)).all()
        kinds = Counter((row.kind, row.singly) for row in sent)
        assert {row.who for row in sent} >= {"lead", "officer", "manager", "chair"}
        restricted = {
            case.id for case in session.exec(select(Case).where(Case.sensitivity == "restricted")).all()
        }
        assert len([row for row in sent if row.case_id in restricted]) > 50
        assert {row.template for row in sent} >= {"alert"}
        for row in session.exec(select(Outbox)).all():
            # A mail cannot hold what its row does not hold either.
            assert not PATTERN.findall(f"{row.dedupe_key} {row.payload} {row.last_error} {row.message_id}")
    assert sum(kinds.values()) > 200
    assert len(list(post.iterdir())) > 100
    assert any(singly for _, singly in kinds)


def test_addresses_in_mails_are_references_and_nothing_else(post: Path) -> None:
    shapes = Counter[str]()
    for path in post.iterdir():
        for address in re.findall(r"https?://[^\s\"<>]+", everything_in(read(path))):
            plain = re.sub(r"/u/(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}", "/u/KEY", address)
            shapes[re.sub(r"[A-Z]+-(?:DHR|ASB|ACT|INF|REC|DIS|PAR|FAM|HOLD)-\d{4}-\d{3}", "REF", plain)] += 1
    allowed = {
        f"http://127.0.0.1:8000{rest}"
        for rest in ("/", "/today", "/at-risk", "/cases/REF", "/actions/REF", "/u/KEY", "/u/KEY/REF")
    }
    assert set(shapes) <= allowed, set(shapes) - allowed


class Breaks:
    """A transport whose error quotes the whole mail, as some mail servers do."""

    def __init__(self, words: str) -> None:
        self.words = words

    def send(self, mail: EmailMessage) -> None:
        raise RuntimeError(f"550 {self.words} {mail}")


def test_an_error_of_the_transport_is_logged_without_its_words(
    house: House, post: Path, capfd: pytest.CaptureFixture[str], write_logs: Callable[[], None]
) -> None:
    write_logs()
    word = house.aviary.word("error of a mail server")
    on = date(2027, 3, 1)
    rounds.run(house.settings, house.database, clock.morning_of(on), holder="here", transport=Breaks(word))
    out, err = capfd.readouterr()
    assert "transport_broke" in err
    assert not PATTERN.findall(out + err)
    assert "@" not in err
    assert post.exists()
