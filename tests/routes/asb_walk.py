"""An ASB case review taken along its pages, as people would: every step by its form and check answers, every letter.

Whatever is done here is done through forms that the pages carry. After each step the state is the one said, and each
date that check answers showed is on the page of dates.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from tests import asb
from tests.routes.browse import Browser, Clock
from tests.routes.pages import Page, Typed, visit

APPLICATION = {
    "fact_applicant_name": "The applicant", "fact_applicant_contact": "By letter", "fact_area": "Herefordshire",
    "fact_description": "Noise at night", "fact_application_date": "20 11 2026", "fact_channel": "phone",
}  # fmt: skip
REFUSAL = {
    "decided_on": "2 12 2026", "decision_route": "discretionary", "decision_reasons": "The findings call for none",
    "finding_persistence": "Once", "finding_harm": "Some", "finding_adequacy": "It was answered",
}  # fmt: skip
"""The answers of a decision that the threshold is not met."""
CHAIR: dict[str, Typed] = {
    "review_chair": "Head of housing, another council", "chair_independence": "external", "victim_choice": "attend",
    "panel_invited": ["council", "police"],
}  # fmt: skip
HELD: dict[str, Typed] = {
    "attended_by": ["council", "police"], "quorum_met": "yes", "victim_voice": "attended", "findings": "For each body",
    "evidence": "Minute 4",
}  # fmt: skip
OUTCOME = {
    "outcome": "More can be done", "recommendations": "Share the records", "plan": "Mend the lights, police, 29 January",
}  # fmt: skip
GOOD = (("1 9 2026", "3 9 2026"), ("3 10 2026", "5 10 2026"), ("10 11 2026", "11 11 2026"))
"""Three incidents, each with the day it was reported: the threshold of section 104(4) (E1 of the document)."""


@dataclass(slots=True)
class Walk:
    """One case, or one that belongs to it: ``address`` is that of its page."""

    browser: Browser
    clock: Clock
    address: str = ""

    def on(self, day: date, who: str = "officer") -> "Walk":
        """At noon of a day, somebody of the cast sits down."""
        self.clock.at = datetime.combine(day, time(12), UTC)
        self.browser.as_(who)
        return self

    def under(self, reference: str) -> "Walk":
        """The same people at another case."""
        return Walk(self.browser, self.clock, f"/cases/{reference}")

    def page(self, place: str = "") -> Page:
        page = visit(self.browser, f"{self.address}{place}")
        assert page.status == 200, (place, page.status, page.text[:400])
        return page

    @property
    def state(self) -> str:
        tag = self.page().soup.select_one(".app-pagehead .govuk-tag")
        assert tag is not None
        return tag.get_text(strip=True)

    def running(self) -> dict[str, str]:
        """Every running date of the case, as its page of dates shows it."""
        place = f"{self.address.replace('/actions/', '/cases/')}/deadlines"
        return visit(self.browser, place).clocks("Running dates")

    def log(self, **more: Typed) -> dict[str, str]:
        """Log the application; the dates that check answers foretold, which the case then has."""
        check = visit(self.browser, "/cases/new/asb").submit({**APPLICATION, **more})
        assert (check.status, check.heading) == (200, "Check before you log this case"), check.errors()
        foretold = check.clocks()
        self.address = check.submit().address
        assert self.running() == foretold
        return foretold

    def check(self, step: str, change: tuple[str, ...] = (), **answers: Typed) -> Page:
        """The form of a step, filled in and sent: check answers, or the form again with what is wrong.

        ``change`` are recorded answers whose link "Change" is followed first.
        """
        asked = "&".join(f"change={name}" for name in change)
        form = self.page(f"/steps/{step.replace('_', '-')}{'?' if asked else ''}{asked}")
        return form.submit(_answers(form, answers))

    def refused(self, step: str, **answers: Typed) -> list[str]:
        """What the form of a step says is wrong; the case stays as it is."""
        before = self.state
        page = self.check(step, **answers)
        assert page.status == 422, (step, page.heading)
        assert self.state == before
        return page.errors()

    def waits(self, step: str) -> str:
        """What the page of a step that cannot be taken yet says must be done first."""
        must = self.page(f"/steps/{step.replace('_', '-')}").soup.select_one("#must")
        return " ".join(must.get_text(" ").split()) if must else ""

    def take(self, step: str, state: str, change: tuple[str, ...] = (), **answers: Typed) -> dict[str, str]:
        """Take a step; the dates that start. The case is then at ``state``."""
        before = set(self.running())
        check = self.check(step, change, **answers)
        assert check.status == 200, (step, check.errors())
        assert check.heading.startswith("Check before you "), (step, check.heading)
        foretold = check.clocks()
        ended = {item.get_text().split(":")[0] for item in check.soup.select("#changes li")}
        done = check.submit()
        assert done.status == 200, (step, done.errors())
        assert self.state == state
        running = self.running()
        assert foretold.items() <= running.items(), step
        assert not (ended - set(foretold)) & set(running), step
        assert set(running) - before <= set(foretold), step
        return foretold

    def record(self, fact: str, value: Typed, **more: Typed) -> Page:
        """Record one fact by itself."""
        page = visit(self.browser, f"{self.address}/record?fact={fact}").submit(
            {f"fact_{fact}": value, **more}
        )
        assert page.status == 200, (fact, page.errors())
        return page

    def letter(self, code: str, to: str = "applicant", *, how: str = "email", **prose: Typed) -> Page:
        """Write a letter, say that it may go out, and record that it was sent: its last page."""
        form = self.page(f"/letters/new/{code}/{to}")
        named = {name: value for name, value in prose.items() if name == "organisation"}
        words = {f"prose_{name}": value for name, value in prose.items() if name not in named}
        draft = form.submit({"channel": how, **named, **words})
        assert draft.status == 200, (code, draft.errors())
        assert "The letter is drafted" in draft.text, draft.text[:300]
        checked = visit(self.browser, f"{draft.address}/check").submit({"read_for_others": "y"})
        assert "The letter is checked" in checked.text
        sent = visit(self.browser, f"{draft.address}/sent").submit()
        assert "recorded as sent" in sent.text, sent.errors()
        return sent

    def tell(self, *pairs: tuple[str, str], record: str = "confirmed") -> None:
        """Add incidents, each with its report to the police."""
        for happened, reported in pairs:
            saved = self.page("/incidents/new").submit({"first_on": happened})
            assert "The incident is recorded" in saved.text, saved.errors()
            number = str(len(self.page("/incidents").rows("#incidents tbody tr")))
            said = {"incidents": [number], "body": asb.POLICE, "earliest_on": reported, "record": record}
            assert "The report is recorded" in self.page("/incidents/reports/new").submit(said).text

    def pass_on(self) -> None:
        """The application goes to every relevant body that has not got it yet."""
        assert "still without it" not in self.page("/pass-ons").submit().text

    def add(self, process: str, **answers: Typed) -> "Walk":
        """Add what belongs to the case; that case."""
        before = set(self.listed())
        form = self.page(f"/related/add/{process}")
        page = form.submit(_answers(form, answers))
        if "Add it all the same" in page.buttons():  # those like it are shown first
            page = page.submit()
        assert page.status == 200, (process, page.errors())
        (new,) = set(self.listed()) - before
        return self.under(new)

    def act(self, text: str, lead: str, target: str) -> "Walk":
        """Add an action as a draft; the action."""
        form = self.page("/actions/add")
        added = form.submit({"fact_action_text": text, "fact_lead_agency": lead, "fact_target_on": target})
        assert "Added as a draft" in added.text, added.errors()
        return Walk(self.browser, self.clock, added.address)

    def assess(self) -> None:
        """Assess the harm: nothing of everything."""
        form = self.page("/harm")
        names = {str(tag["name"]) for tag in form.soup.select("main form input[type=radio]")} - {"band"}
        done = form.submit(dict.fromkeys(names, "0"))
        assert done.rows("#so-far tbody tr")[0][1:3] == ["0 of 36", "Standard"], done.errors()

    def figures(self) -> list[str]:
        """The four annual figures up to today: applications, not met, reviews, reviews with recommendations."""
        where = f"place=area:herefordshire&first=2026-04-01&last={self.clock.at:%Y-%m-%d}"
        page = visit(self.browser, f"/figures/asb?{where}")
        return [row[1] for row in page.rows("#figures tbody tr")]

    def listed(self) -> list[str]:
        """References of what belongs to the case, on its related page."""
        return [
            link.get_text(strip=True) for link in self.page("/related").soup.select("main table a.app-ref")
        ]


def _answers(form: Page, answers: dict[str, Typed]) -> dict[str, Typed]:
    """Names of facts, or of boxes of the form itself."""
    names = {str(tag.get("name")) for tag in form.form().select("input, select, textarea")}
    return {name if name in names else f"fact_{name}": value for name, value in answers.items()}


LOGGED, DECIDED, MET_ON = date(2026, 11, 23), date(2026, 12, 2), date(2026, 12, 17)


def checking(walk: Walk) -> Walk:
    """From the call to the threshold check: the letter and the pass-ons are waited for."""
    walk.on(LOGGED)
    assert walk.log() == {
        "Safeguarding look": "Mon 23 Nov 2026", "Pass on to all relevant bodies": "Tue 24 Nov 2026",
        "Acknowledge the application": "Fri 27 Nov 2026", "Threshold decision told": "Fri 11 Dec 2026",
    }  # fmt: skip
    assert walk.state == "Received"
    walk.record("safeguarding_looked_on", "23 11 2026")
    assert "Send the acknowledgement (L1)." in walk.waits("acknowledge")
    walk.record("spoc_id", "officer@example.test")
    walk.letter("L1")
    assert walk.take("acknowledge", "Acknowledged") == {"Victim update": "Mon 21 Dec 2026"}
    assert "Pass the application on to every relevant body first" in walk.waits("start_check")
    walk.pass_on()
    assert walk.take("start_check", "Threshold check", authority_basis="victim_applies") == {}
    assert walk.running() == {
        "Threshold decision told": "Fri 11 Dec 2026",
        "Victim update": "Mon 21 Dec 2026",
    }
    return walk


def preparing(walk: Walk) -> Walk:
    """Three good reports: the threshold of section 104(4) is reached, so it must be met, and the applicant is told."""
    checking(walk).tell(*GOOD)
    walk.on(DECIDED, "decision-maker")
    decision = {
        "decision_route": "mandatory",
        "decided_on": "2 12 2026",
        "decision_reasons": "Three incidents",
    }
    walk.take("decide_met", "Threshold met", bodies_consulted_on="1 12 2026", **decision)
    walk.on(DECIDED)
    assert "Send the letter “threshold met” (L4)." in walk.waits("notify_met")
    walk.letter("L4", chair_role="Named in the invitation")
    assert walk.take("notify_met", "Preparing the review") == {"Review meeting held": "Mon 4 Jan 2027"}
    return walk


def scheduled(walk: Walk, on: str, *, change: dict[str, Typed] | None = None) -> dict[str, str]:
    """The meeting has its day: recorded for the invitation, and offered again by the step.

    ``change``: what stands from an earlier review and is another now.
    """
    assert "Send the invitation (L6)." in walk.waits("schedule_review")
    walk.record("review_on", on)
    walk.letter("L6", place="The town hall", agenda="What happened\nWhat you want")
    form = walk.page("/steps/schedule-review")
    assert dict(form.fields())["fact_review_on"] == on
    asks = {"panel_invited": CHAIR["panel_invited"]} if change else CHAIR
    return walk.take(
        "schedule_review", "Review scheduled", change=tuple(change or ()), **asks, **(change or {})
    )


def not_met(walk: Walk) -> Walk:
    """One incident, told to three bodies: people decide, with a manager who countersigns (E2 of the document)."""
    checking(walk).tell(("1 9 2026", "3 9 2026"))
    for body in (asb.COUNCIL, asb.ICB):
        said = {"incidents": ["1"], "body": body, "earliest_on": "4 9 2026", "record": "confirmed"}
        assert "The report is recorded" in walk.page("/incidents/reports/new").submit(said).text
    shown = walk.page("/threshold").text
    assert "1 of 3 qualifying incidents: the number is not reached." in shown
    assert "a manager countersigns with a reason" in shown
    walk.on(DECIDED, "decision-maker")
    assert "Complete the harm assessment." in walk.waits("decide_not_met")
    walk.on(DECIDED).assess()
    walk.on(DECIDED, "decision-maker")
    decision = {**REFUSAL, "bodies_consulted_on": "1 12 2026"}
    (words,) = walk.refused("decide_not_met", **decision)
    assert "a manager countersigns in person" in words
    walk.on(DECIDED, "manager")
    walk.record("countersigned_by", "manager@example.test")
    walk.record("countersign_reason", "One incident, told three times")
    walk.on(DECIDED, "decision-maker").take("decide_not_met", "Threshold not met", **decision)
    return walk


def told_not_met(walk: Walk) -> Walk:
    """The applicant is told why, by e-mail, and has twenty working days for a second look."""
    not_met(walk).on(DECIDED)
    assert "(L5)" in walk.waits("notify_not_met")
    walk.letter("L5", **REASONS)
    told = walk.take("notify_not_met", "Told: not met")
    assert told == {"Time to ask for a second look": "Mon 4 Jan 2027"}
    assert "Threshold decision told" not in walk.running()
    return walk


REASONS = {
    "persistence": "Once in six months.", "harm": "It disturbed your sleep.", "adequacy": "It was answered.",
    "different": "Three reports within six months.", "anyway": "The council goes on visiting.",
}  # fmt: skip
