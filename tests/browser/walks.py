"""Ways that several tests go: logging a case and taking its first steps, by the words on the pages."""

from tests.browser.people import Person


def log_application(person: Person, today: str, *, applicant: str) -> str:
    """Log an ASB application that came in today; its reference."""
    person.press("Log a new case")
    person.follow("Log an ASB case review application")
    person.fill("Applicant's name", applicant)
    person.fill("How to reach the applicant", "by letter")
    person.choose("Area where the behaviour happens", "Herefordshire")
    person.fill("What has been happening, in the applicant's words", "Shouting at night,\nagain & again")
    person.fill("Date the application was made", today)
    person.choose("How the application came", "Phone")
    person.press("Continue to check answers")
    assert person.heading == "Check before you log this case", person.said()
    foretold = person.clocks("Dates that start")
    assert foretold
    person.press("Log this case")
    reference = person.heading
    assert f"{reference} is logged." in person.notice()
    person.follow("Deadlines")
    assert person.clocks("Running dates") == foretold
    person.follow(reference)
    return reference


def log_notification(person: Person, today: str) -> str:
    """Log a domestic homicide notification that came in today; its reference."""
    person.press("Log a new case")
    person.follow("Log a domestic homicide review notification")
    person.fill("Date the death came to the partnership's attention", today)
    person.choose("Where the notification came from", "Police")
    person.press("Continue to check answers")
    foretold = person.clocks("Dates that start")
    assert foretold
    person.press("Log this case")
    reference = person.heading
    person.follow("Deadlines")
    assert person.clocks("Running dates") == foretold
    person.follow(reference)
    return reference


def send_letter(person: Person, reference: str, code: str, today: str) -> None:
    """Record a letter to the applicant that was written outside the tracker; back on the page of the case."""
    person.open(f"/cases/{reference}/letters/outside/{code}/applicant")
    person.fill("Where the letter is kept", f"Letters/{code}.docx")
    person.fill("Day it was sent", today)
    person.choose("How does it go?", "E-mail")
    person.press("Record as sent")
    assert "recorded as sent" in person.notice()
    person.open(f"/cases/{reference}")


def pass_on(person: Person, reference: str, today: str) -> None:
    """The application goes to every relevant body; back on the page of the case."""
    person.open(f"/cases/{reference}/pass-ons")
    for box in person.page.locator("main").get_by_role("checkbox").all():
        box.check()
    person.fill("Day on which it went", today)
    person.press("Record it")
    assert "still without it" not in person.said()
    person.open(f"/cases/{reference}")


def tell_incident(person: Person, reference: str, number: int, on: str) -> None:
    """One incident with the report of it on the same day; back on the page of the case."""
    person.open(f"/cases/{reference}/incidents/new")
    person.fill("First or earliest day", on)
    person.press("Save the incident")
    person.open(f"/cases/{reference}/incidents/reports/new")
    person.page.get_by_role("checkbox", name=f"Incident {number}").first.check()
    person.choose("Who was told?", "West Mercia Police")
    person.choose("Who reported it?", "The applicant")
    person.fill("Day of the report", on)
    person.choose("What is known at the body?", "The body confirms it")
    person.press("Save the report")
    person.open(f"/cases/{reference}")


def begin_scoping(person: Person) -> None:
    person.open_step("Begin scoping")
    person.fill("Month of the death", "January 2026")
    person.choose("Kind of death", "Homicide")
    person.fill("Pseudonym of the person who died", "Rowan")
    take(person, "Begin scoping")


def take(person: Person, label: str) -> dict[str, str]:
    """From the filled-in form over check answers to the case; the dates that were foretold."""
    person.press("Continue to check answers")
    assert person.heading == f"Check before you {label[0].lower()}{label[1:]}", person.said()
    labelled = person.page.get_by_role("list", name="Dates that start", exact=True).count()
    foretold = person.clocks("Dates that start") if labelled else {}
    person.press(label)
    assert person.page.locator("main [role=alert]").count() == 1, person.said()
    return foretold


def hold_to_the_summary(person: Person) -> None:
    """The title says Error, the summary has the focus, and each of its links puts the focus into its field."""
    page = person.page
    assert page.title().startswith("Error: ")
    assert page.evaluate("() => document.activeElement.className").split() == ["govuk-error-summary"]
    links = page.locator(".govuk-error-summary__list a")
    assert links.count() > 0
    for place in range(links.count()):
        link = links.nth(place)
        link.click()
        href = link.get_attribute("href") or ""
        assert "#" + page.evaluate("() => document.activeElement.id") == href
        words = link.inner_text()
        near = page.evaluate(
            "() => (document.activeElement.closest('.govuk-form-group') || document.activeElement).innerText"
        )
        assert words in near, "the same words stand at the field"
