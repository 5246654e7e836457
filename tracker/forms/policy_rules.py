"""The threshold rules and the dissatisfaction route of an ASB case review procedure as fields."""

from typing import Any

from wtforms import Field, Form, RadioField, StringField, TextAreaField

from tracker.forms.facts import Choices, DayField, complain, offered
from tracker.services.policy_checks import HEARD_BY
from tracker.services.policy_files import Version
from workflows.facts import tidy
from workflows.threshold_facts import LONGEST_DAYS, LONGEST_MONTHS
from workflows.threshold_reading import rules_from

_MONTHS, _DAYS = "months", "days"
_UNITS: Choices = ((_MONTHS, "Months"), (_DAYS, "Days"))
_YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
_COUNTED: Choices = (
    ("incident", "Incidents: one told to several agencies counts once"),
    ("distinct_report", "Reports, each of a different incident"),
    ("complaint", "Complaints, even if they are all about one incident"),
)
_APPLY_FROM: Choices = (
    ("report", "Each report"),
    ("incident", "Each incident"),
    ("first_report", "The first report that counts"),
    ("first_incident", "The first incident that counts"),
)
_GROUPS: Choices = (
    ("", "No group rule"),
    ("people", "People"),
    ("households", "Households"),
    ("reports", "Reports"),
    ("others", "Other people besides the applicant"),
)
_BODY_REVIEW: Choices = (
    ("off", "No"),
    ("voluntary", "Yes, agreed locally"),
    ("statutory", "Yes, once the law is in force"),
)
_PERIODS = ("report_within", "apply_within", "hate")


def _one_of(label: str, choices: Choices, hint: str = "") -> Field:
    return RadioField(label, description=hint, choices=offered(choices), validate_choice=False)


class AsbFields:
    """What only the procedures of ASB case reviews say."""

    number = StringField(
        "How many make the threshold?",
        description="3 or fewer. Published as “3 or more in the last 6 months”",
    )
    count_unit = _one_of("What is counted?", _COUNTED)
    report_within = StringField(
        "An incident must be reported within",
        description="Published as “within one month”, or “within 30 days”",
    )
    report_within_unit = _one_of("Reported within: months or days", _UNITS)
    apply_within = StringField(
        "The application must be made within", description="Published as “in the last 6 months”"
    )
    apply_within_unit = _one_of("Applied within: months or days", _UNITS)
    apply_from = _one_of("The time to apply is counted from", _APPLY_FROM)
    group_kind = _one_of(
        "Is there a rule for a group? What does it count?",
        _GROUPS,
        "Published as “3 people or groups”, “5 reports”, or “the applicant and 4 others”",
    )
    group_people = StringField("How many make a group? (optional)")
    hate_number = StringField(
        "How many hate incidents are enough? (optional)",
        description="Published as “1 hate incident”. Leave it empty if there is no hate rule",
    )
    hate = StringField(
        "Hate incidents must be within (optional)", description="Published as “in the last 6 months”"
    )
    hate_unit = _one_of("Hate incidents: months or days", _UNITS)
    hate_needs_report_window = _one_of("Must a hate incident be reported in time as well?", _YES_NO)
    heard_by = _one_of("Who hears an applicant who is dissatisfied?", (("", "Not said"), *HEARD_BY.items()))
    live_plan_bar = _one_of("Is nobody heard while the action plan is live?", _YES_NO)
    grounds = TextAreaField("Grounds on which they are heard (optional)")
    policing_body_review = _one_of("Does the local policing body review afterwards?", _BODY_REVIEW)
    policing_body_consulted_on = DayField("Day on which the local policing body was consulted (optional)")
    landlords_consulted_on = DayField("Day on which landlords were consulted (optional)")


def read_rules(form: Form) -> dict[str, Any]:
    """The rules; what cannot be read is said at its field."""
    rules: dict[str, Any] = {}
    for name, wanted in (
        ("number", "Enter how many make the threshold"),
        ("group_people", ""),
        ("hate_number", ""),
    ):
        value = _whole(form[name])
        if value is not None:
            rules[name] = value
        elif wanted:
            complain(form[name], wanted)
    for name in _PERIODS:
        _period(form, name, rules)
    if (form["hate_needs_report_window"].data or "yes") == "no":
        rules["hate_needs_report_window"] = False
    for name, usual in (("count_unit", ""), ("apply_from", "report"), ("group_kind", "")):
        if form[name].data and form[name].data != usual:
            rules[name] = form[name].data
    if "count_unit" not in rules:
        complain(form["count_unit"], "Choose what is counted")
    if "group_people" in rules and "group_kind" not in rules:
        complain(form["group_kind"], "Choose what the group rule counts, or leave the number out")
    return rules


def _period(form: Form, name: str, rules: dict[str, Any]) -> None:
    field, unit = form[name], form[f"{name}_unit"].data
    value = _whole(field)
    if value is None:
        if name != "hate":
            complain(field, "Enter how many")
        return
    if unit not in dict(_UNITS):
        complain(form[f"{name}_unit"], "Choose months or days")
        return
    most = LONGEST_MONTHS if unit == _MONTHS else LONGEST_DAYS
    if not 1 <= value <= most:
        complain(field, f"Enter a number of {unit} from 1 to {most}")
    rules[f"{name}_{unit}"] = value


def _whole(field: Field) -> int | None:
    typed = (field.data or "").strip()
    if not typed:
        return None
    if typed.isascii() and typed.isdigit() and len(typed) <= 9:
        return int(typed)
    complain(field, "Enter a whole number, such as 3")
    return None


def read_route(form: Form) -> dict[str, Any]:
    """Who hears an applicant who is dissatisfied (Sch 4 para 3); only what is said."""
    route: dict[str, Any] = {}
    if form["heard_by"].data:
        route["heard_by"] = form["heard_by"].data
    if form["live_plan_bar"].data == "yes":
        route["live_plan_bar"] = True
    if grounds := tidy(form["grounds"].data or "", lines=True):
        route["grounds"] = grounds
    if form["policing_body_review"].data not in {None, "", "off"}:
        route["policing_body_review"] = form["policing_body_review"].data
    return route


def rules_filled(version: Version) -> dict[str, str]:
    """The rules of a version as the data of the form."""
    rules = rules_from(version.rules)
    data = {
        "number": str(rules.number),
        "count_unit": str(rules.count_unit),
        "apply_from": str(rules.apply_from),
        "group_kind": str(rules.group_kind) if rules.group_people is not None else "",
        "group_people": _shown(rules.group_people),
        "hate_number": _shown(rules.hate_number),
        "hate_needs_report_window": "yes" if rules.hate_needs_report_window else "no",
    }
    for name, window in zip(
        _PERIODS, (rules.report_window, rules.apply_window, rules.hate_window), strict=True
    ):
        data[name] = _shown(window.n if window else None)
        data[f"{name}_unit"] = _DAYS if window and window.in_days else _MONTHS
    return data


def route_filled(version: Version) -> dict[str, str]:
    """The route of a version as the data of the form."""
    route = version.dissatisfaction
    return {
        "heard_by": str(route.get("heard_by", "")),
        "live_plan_bar": "yes" if route.get("live_plan_bar") else "no",
        "grounds": str(route.get("grounds", "")),
        "policing_body_review": str(route.get("policing_body_review", "off")),
    }


def _shown(value: int | None) -> str:
    return "" if value is None else str(value)
