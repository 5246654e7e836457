"""What a server says about its work: codes and names of endpoints, nothing that anybody typed."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy.exc import OperationalError

from tests.canaries.conftest import House
from tests.canaries.planting import PATTERN
from tests.cast import settle
from tests.crash.serving import Visitor, add_officers, serving
from tests.crawling import Reader
from tracker import clock
from tracker.db import Database
from tracker.services import cases
from tracker.transports.file import FileTransport

pytestmark = pytest.mark.xdist_group("canaries")  # the one demonstration is loaded once

WORD = "zqffffffxq"


def test_crawling_writes_nothing_down(
    house: House, capfd: pytest.CaptureFixture[str], write_logs: Callable[[], None]
) -> None:
    write_logs()
    reader = Reader(house.app, "officer@herefordshire.example")
    for number, _ in enumerate(reader.everything()):
        if number > 150:
            break
    for address in (
        f"/cases/{WORD}",
        f"/search?q={WORD}",
        f"/{WORD}",
        f"/cases?{WORD}={WORD}",
        f"/sign-in?next=/{WORD}",
    ):
        assert reader.open(address).response.status_code < 500
    out, err = capfd.readouterr()
    assert out + err == ""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError(f"cannot save {WORD}"), 500),
        (OperationalError(f"INSERT {WORD}", {"facts": WORD}, Exception(WORD)), 503),
        (ValueError(WORD), 500),
    ],
)
def test_an_error_in_the_middle_of_saving_says_where_and_not_what(
    house: House,
    capfd: pytest.CaptureFixture[str],
    write_logs: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
) -> None:
    write_logs()

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cases, "record_facts", fail)
    monkeypatch.setitem(house.app.config, "WTF_CSRF_ENABLED", False)
    reader = Reader(house.app, "officer@herefordshire.example")
    reference = next(
        seen.reference for seen in reader.everything() if seen.reference and "-ASB-" in seen.reference
    )
    address = f"/cases/{reference}/record?fact=safeguarding_note"
    form = {
        "fact_safeguarding_note": WORD, "happened": "today", "version": "1", "seq": "1", "request_id": "x", "note": WORD,
    }  # fmt: skip
    answer = reader.client.post(address, data=form)
    assert answer.status_code == status
    assert WORD not in answer.text, "an error page repeats nothing"
    out, err = capfd.readouterr()
    [line] = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert line["event"] in {"unexpected_error", "database_unreachable"}
    assert line["endpoint"] == "record.save"
    assert line["error"] == type(error).__name__
    assert line["frames"], "it says where"
    assert WORD not in out + err
    assert reference not in out + err
    # Libraries write through Python's own logging: on a server that ends on standard error too.
    assert WORD not in caplog.text
    assert reference not in caplog.text


@pytest.mark.crash
def test_a_real_server_writes_down_nothing_that_was_typed(sqlite_url: str, tmp_path: Path) -> None:
    """Names in forms, in addresses, in headers, in a password field: on neither output, nor in a mail, nor in a file."""
    database = Database(sqlite_url)
    [email] = add_officers(database, settle(database), 1)
    today = clock.london(clock.now())
    with serving(sqlite_url, tmp_path, TRACKER_SCHEDULER="embedded", TRACKER_TICK_SECONDS="1") as server:
        visitor = Visitor(server).sign_in(email)
        address, hidden = visitor.get("/cases/new/asb").form()
        typed = [
            ("fact_applicant_name", WORD), ("fact_applicant_contact", WORD), ("fact_description", WORD),
            ("fact_area", WORD), ("fact_channel", "phone"), ("fact_application_date", today.isoformat()),
        ]  # fmt: skip
        answers = [visitor.post(address, [*hidden, *typed])]
        assert WORD in answers[0].text, "the form was really read"
        answers.append(visitor.post(f"/cases/{WORD}/record", [*hidden, *typed]))
        answers.append(visitor.post(address, [("csrf_token", WORD), *typed]))
        answers.append(visitor.post(address, [*hidden, ("fact_description", WORD * 300_000)]))
        answers += [
            visitor.get(f"/{quote(one)}")
            for one in (WORD, f"{WORD}\n{WORD}", f"static/{WORD}", f"cases/{WORD}%00")
        ]
        stranger = Visitor(server)
        _, hidden = stranger.get("/sign-in").form()
        answers.append(stranger.post("/sign-in", [*hidden, ("email", f"{WORD}@x.test"), ("password", WORD)]))
        stranger.cookies["tracker_session"] = WORD
        answers.append(stranger.get("/today"))
        assert all(answer.status < 500 for answer in answers), [answer.status for answer in answers]
        for answer in answers:
            title = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
            assert WORD not in (title[1] if title else "")
        assert not any(WORD in answer.location for answer in answers[:4])
    database.dispose()
    for name in ("stdout", "stderr"):
        text = (tmp_path / name).read_text()
        assert WORD not in text
        assert email not in text


def test_a_mails_file_is_called_by_its_message_id_alone(tmp_path: Path) -> None:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["Message-ID"] = (
        f"{WORD} {date(2026, 11, 23)}",
        f"{WORD}@x.test",
        "<a1@host>",
    )
    mail.set_content(WORD)
    FileTransport(tmp_path).send(mail)
    assert [path.name for path in tmp_path.iterdir()] == ["a1@host.eml"]
    assert not PATTERN.findall(" ".join(path.name for path in tmp_path.iterdir()))
