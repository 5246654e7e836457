"""Settings: unsafe ones stop the start with one sentence, secrets are never shown, a laptop makes its own key."""

import json
import stat
from pathlib import Path

import pytest

import config
from config import Settings, SettingsRefused
from tracker import keys
from tracker.commands.settings import HIDDEN, rows

SAFE = {"TRACKER_BASE_URL": "https://tracker.example.gov.uk", "TRACKER_SECRET_KEY": "k" * 40}


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"TRACKER_COLOUR": "blue"}, "There is no setting TRACKER_COLOUR"),
        ({"TRACKER_PORT": "many"}, "TRACKER_PORT"),
        ({"TRACKER_PORT": "70000"}, "TRACKER_PORT"),
        ({"TRACKER_BASE_URL": "tracker.example.gov.uk"}, "whole address"),
        ({**SAFE, "TRACKER_BASE_URL": "http://tracker.example.gov.uk"}, "https://"),
        ({"TRACKER_BASE_URL": SAFE["TRACKER_BASE_URL"]}, "secret_key"),
        ({**SAFE, "TRACKER_SECRET_KEY": "short"}, "at least 32 characters"),
        ({"TRACKER_DATABASE_URL": "mysql://host/name"}, "sqlite:// or postgresql://"),
        ({"TRACKER_MAIL": "smtp"}, "smtp_url"),
        (
            {"TRACKER_MAIL": "notify", "TRACKER_NOTIFY_API_KEY": "short"},
            "notify_api_key and notify_template_id",
        ),
        ({"TRACKER_NOTIFY_URL": "http://notify.example"}, "notify_url must start with https"),
        ({"TRACKER_BOUNCES_URL": "imap://a:b@mail.example"}, "imaps://"),
        ({"TRACKER_TEAMS_HOSTS": ".com"}, "ends of names of hosts"),
        ({"TRACKER_MAIL": "pigeon"}, "TRACKER_MAIL"),
        ({"TRACKER_IDLE_MINUTES": "600"}, "TRACKER_IDLE_MINUTES"),
        ({"TRACKER_ENV_FILE": "/nowhere/settings"}, "cannot be read"),
    ],
)
def test_what_is_unknown_or_unsafe_stops_the_start(environ: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsRefused, match=words) as refused:
        config.load(environ)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "k" * 40 not in str(refused.value)


def test_production_is_any_address_but_this_machines_own() -> None:
    assert config.load(SAFE).production
    for url in ("http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"):
        assert not config.load({"TRACKER_BASE_URL": url}).production


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text("# ours\n\nTRACKER_PORT=9000\nexport TRACKER_TICK_SECONDS='5'\n", encoding="utf-8")
    environ = {"TRACKER_ENV_FILE": str(file), "TRACKER_PORT": "9001", "HOME": "elsewhere"}
    settings = config.load(environ)
    assert (settings.port, settings.tick_seconds) == (9001, 5)
    shown = {row["name"]: row for row in rows(settings, config.from_environment(environ))}
    assert shown["TRACKER_PORT"]["source"] == "environment (TRACKER_PORT)"
    assert shown["TRACKER_TICK_SECONDS"]["source"] == str(file)
    assert shown["TRACKER_THREADS"]["source"] == "default"


def test_every_setting_is_listed_and_described_and_no_secret_is_shown() -> None:
    environ = {
        **SAFE,
        "TRACKER_SMTP_URL": "smtp://user:canary@mail.example:25",
        "TRACKER_DEMO_PASSWORD": "canary",
        "TRACKER_DATABASE_URL": "postgresql://tracker:canary@db.example/tracker",
    }
    listed = rows(config.load(environ), config.from_environment(environ))
    assert {row["name"] for row in listed} == {f"TRACKER_{name.upper()}" for name in Settings.model_fields}
    assert all(len(row["description"]) > 20 for row in listed)
    said = json.dumps(listed)
    assert "canary" not in said
    assert "k" * 40 not in said
    values = {row["name"]: row["value"] for row in listed}
    assert (
        values["TRACKER_SECRET_KEY"]
        == values["TRACKER_SMTP_URL"]
        == values["TRACKER_DEMO_PASSWORD"]
        == HIDDEN
    )
    assert values["TRACKER_DATABASE_URL"] == "postgresql://tracker:***@db.example/tracker"


def test_a_laptop_makes_its_own_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    first = keys.completed(Settings(port=8123), demonstration=True, folder=folder)
    again = keys.completed(Settings(port=8123), demonstration=False, folder=folder)
    assert first.secret_key is not None
    assert first.demo_password is not None
    assert len(first.secret_key.get_secret_value()) >= 32
    assert (again.secret_key, again.demo_password) == (first.secret_key, first.demo_password)
    assert first.base_url == "http://127.0.0.1:8123"
    assert sorted(path.name for path in folder.iterdir()) == ["demo_password", "secret_key"]
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_set_is_not_made_up(tmp_path: Path) -> None:
    given = Settings(secret_key="mine", demo_password="theirs", base_url="http://localhost:9")
    assert keys.completed(given, demonstration=True, folder=tmp_path / "instance") == given
    assert not (tmp_path / "instance").exists()


def test_a_service_without_a_demonstration_has_no_demonstration_password(tmp_path: Path) -> None:
    assert keys.completed(Settings(), demonstration=False, folder=tmp_path).demo_password is None


def test_production_makes_up_nothing(tmp_path: Path) -> None:
    settings = config.load(SAFE)
    assert keys.completed(settings, demonstration=True, folder=tmp_path) is settings
    assert list(tmp_path.iterdir()) == []
