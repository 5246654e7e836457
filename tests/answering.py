"""Somebody who answers every question of a form, and does what the page says where an answer was wrong.

No knowledge of any form is in here: a date goes where an example of a date stands, the first or the last of the answers
that are offered is taken, and a sentence that names what it wants gets that.
"""

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from tests.crawling import Reader, endpoint_of
from tests.markup import Markup, faults

TRIES = 6
DEPTH = 3
"""Pages that may follow each other before something is saved: what is alike, check answers, the page after it."""
DATES = ("23 11 2026", "20 11 2026", "24 11 2026", "1 12 2026", "1 9 2026", "1 3 2027")
WORDS = ("Words that say it", "2", "https://store.example/x", "somebody@police.example", "10:00", "5")
GOES_ON = {200, 204, 302, 303}
"""Done, or on to check answers. Forms that stand on a page because of what was just saved are answered too."""
BROKEN = 500
REFUSED = {403, 404, 409}
"""What nobody who fills in a form of a page should get while nobody else is there: then the page should not offer it."""
NOT_A_QUESTION = {"submit", "button", "file", "image", "reset"}

Sent = dict[str, list[str]]


@dataclass(slots=True)
class Answerer:
    """One person who fills in forms. ``turn`` 0 takes the first answer offered and today, 1 the last and tomorrow."""

    app: Flask
    email: str
    turn: int
    saved: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def fill_in(self, address: str, which: int) -> None:
        """Answer one form of a page, and what comes after it until something is saved. Signed in anew for each."""
        reader = Reader(self.app, self.email)
        forms = BeautifulSoup(reader.open(address).response.text, "html.parser").select("form")
        self._answer(reader, address, forms[which], DEPTH)

    def _answer(self, reader: Reader, address: str, form: Tag, depth: int) -> bool:
        """Answer a form; whether something was saved in the end, so that what stood beside it is of before."""
        action, data = str(form.get("action") or address), self._first(form)
        endpoint = endpoint_of(self.app, action, "POST")
        self.asked.add(endpoint)
        for attempt in range(TRIES):
            answer = reader.client.post(action, data=data)
            landed = self._look(reader, f"{address} to {action}", answer)
            if answer.status_code != 422:
                break
            self._put_right(data, BeautifulSoup(answer.text, "html.parser"), attempt)
        if answer.status_code not in GOES_ON:
            return False
        self.saved.add(endpoint)
        onward = BeautifulSoup(landed.text, "html.parser").select("main form[method=post]") if depth else ()
        after = (
            self._answer(reader, action, each, depth - 1)
            for each in onward
            if answer.status_code == 200 or self._is_new(each)
        )
        return any(after) or answer.status_code != 200

    def _is_new(self, form: Tag) -> bool:
        return endpoint_of(self.app, str(form["action"]), "POST") not in self.asked

    def _look(self, reader: Reader, told: str, answer: TestResponse) -> TestResponse:
        """Nothing breaks; the page that comes of it keeps the rules of all pages, and is returned."""
        if answer.status_code >= BROKEN or answer.status_code in REFUSED:
            self.wrong.append(f"{told}: {answer.status_code}")
            return answer
        if answer.status_code in {302, 303}:
            told += f" and on to {answer.headers['Location']}"
            answer = reader.client.get(answer.headers["Location"], follow_redirects=True)
            if answer.status_code >= 400:
                self.wrong.append(f"{told}: {answer.status_code}")
        if answer.status_code != 204 and answer.mimetype == "text/html":
            self.wrong += [
                f"{told} ({answer.status_code}): {fault}"
                for fault in faults(answer.text, Markup(answer.text))
            ]
        return answer

    def _first(self, form: Tag) -> Sent:
        data: Sent = {}
        for box in form.select("input[name], select[name], textarea[name]"):
            name, kind, value = str(box["name"]), _kind(box), str(box.get("value", ""))
            if kind in NOT_A_QUESTION:
                continue
            if kind in {"hidden", "checkbox"}:
                data.setdefault(name, []).append(value or ("" if kind == "hidden" else "on"))
            elif kind == "radio":
                data[name] = data.get(name, [value]) if self.turn == 0 else [value]
            elif kind == "select":
                data[name] = self._one_of(_offered(box)) or [""]
            else:
                data[name] = [_there(box) or (DATES[2 * self.turn] if _is_date(box) else WORDS[0])]
        if (pressed := form.select_one("button[name]")) is not None and not form.select_one(
            "button:not([name])"
        ):
            data[str(pressed["name"])] = [str(pressed.get("value", ""))]
        return data

    def _one_of(self, offered: list[str], by: int = 0) -> list[str]:
        return [offered[(by - self.turn) % len(offered)]] if offered else []

    def _put_right(self, data: Sent, page: BeautifulSoup, attempt: int) -> None:
        """Do what each sentence says at the box that it leads to."""
        for link in page.select(".govuk-error-summary__list a"):
            box = page.find(id=str(link["href"]).lstrip("#"))
            if not isinstance(box, Tag) or not box.get("name"):
                continue
            name, said = str(box["name"]), link.get_text(" ", strip=True)
            if (offered := re.search("one of: ([^,]+)", said)) is not None:
                data[name] = [f"{offered[1]}: {WORDS[0]}"]
            elif _kind(box) in {"radio", "checkbox"}:
                values = [str(each["value"]) for each in page.find_all("input", attrs={"name": name})]
                data[name] = self._one_of(values, attempt + 1)
            elif _kind(box) == "select":
                data[name] = self._one_of(_offered(box), attempt + 1)
            elif _is_date(box) or "real date" in said:
                data[name] = [DATES[attempt % len(DATES)]]
            else:
                data[name] = [WORDS[(attempt + 1) % len(WORDS)]]


def _kind(box: Tag) -> str:
    return box.name if box.name in {"select", "textarea"} else str(box.get("type", "text"))


def _there(box: Tag) -> str:
    return box.get_text().strip() if box.name == "textarea" else str(box.get("value", ""))


def _offered(box: Tag) -> list[str]:
    return [str(each["value"]) for each in box.select("option[value]") if each["value"]]


def _is_date(box: Tag) -> bool:
    return "govuk-input--width-10" in box.get_attribute_list("class")
