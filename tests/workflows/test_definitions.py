"""The definitions say what the domain documents say: each of their tables is read and compared, both ways."""

import re
from datetime import date

import pytest

from tests.workflows import documents as doc
from workflows.action_item_v1 import ACTION_ITEM
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.deciders import Decider
from workflows.definition import Clock, Force, HeldBy, Move, Workflow
from workflows.dhr_2016_guards import HOLD_BLOCKS
from workflows.dhr_2016_v1 import DHR_2016
from workflows.effects import Stop
from workflows.ladder import Who, check
from workflows.periods import Mode
from workflows.released import RELEASED, UnknownWorkflow, current, digests, workflow_of

EVERY = [pytest.param(workflow, id=workflow.id) for workflow in RELEASED.values()]
DHR_MOVES = {row["trigger"]: row for row in doc.table(doc.DHR, "trigger | from | to | who")}
DHR_CLOCKS = {row["clock"]: row for row in doc.table(doc.DHR, "clock | what")}
ASB_ROWS = doc.table(doc.ASB, "# | Trigger")
ASB_MOVES = doc.in_rows(ASB_CASE_REVIEW.moves)
ASB_LISTING = doc.python_of(doc.ASB, "TRANSITIONS = [")
ASB_STARTS = {
    "submit": "entered:received", "application made": "application_date", "L2 sent": "letter_sent_L2",
    "request sent": "requested_on", "L4 sent": "letter_sent_L4", "chair's decision": "meeting_without_victim_on",
    "scheduled date": "review_on", "review_held": "review_held_on", "L17 sent": "letter_sent_L17",
    "last contact logged": "last_contact_on", "L5 or L8 sent (+2 WD if posted)": "letter_sent_L5",
    "request made": "requested_on", "plan agreed": "check_in_on", "draft saved": "entered:draft",
    "harm band becomes high": "harm_high_on",
}  # fmt: skip
"""What starts a clock, in the words of the document, and the fact. C7 counts back from the meeting: below."""
ASB_STOPS: dict[str, tuple[str, ...]] = {
    "look recorded": ("safeguarding_looked_on",), "L1 sent": ("letter_sent_L1",),
    "all pass-ons logged": ("passed_to_all_relevant_bodies",),
    "reply or give-up decision": ("authority_reply_on",), "return logged": ("returned_on",),
    "L4 or L5 sent": ("letter_sent_L4", "letter_sent_L5"), "review_held": ("review_held_on",),
    "L6 sent": ("letter_sent_L6", "letter_sent_L7"), "letter sent": ("not_inviting_reasons_sent_on",),
    "papers sent": ("papers_sent_on",), "L8 sent": ("letter_sent_L8",), "response logged": ("responded_on",),
    "next contact logged": ("last_contact_on",),
    "request, waiver or expiry": (
        "dissatisfaction_requested_on", "dissatisfaction_waived_on", "dissatisfaction_window_over_on",
    ),
    "L9": ("letter_sent_L9",), "L11": ("letter_sent_L11", "letter_sent_L10"), "check-in logged": ("check_in_on",),
    "submitted": (), "call recorded": ("harm_called_on",),
}  # fmt: skip
ASB_CLOCKS = {row["Id"]: row for row in doc.table(doc.ASB, "Id | Name")}
ELSEWHERE = {"COPY_SOS", "ACTION_TARGET", "ACTION_UPDATE", "IMPACT_CHECK"}
OUR_QUESTIONS = {
    "family_reading_time_over_or_waived",  # the note of the clock FAMILY_READ
    "criteria_answered",  # 6.1: the criteria form
    "dissent_noted",  # 2, step 5: the decision record
    "external_process_noted",  # 7: Wales
}
NO_CASE_CLOCK = {"C12", "C17", "C18", "C19", "C21", "C22", "C23"}
WHO = {
    "bu_officer": Who.OFFICER, "bu_manager": Who.MANAGER, "csp_chair": Who.CHAIR, "agency exec": Who.ESCALATION,
}  # fmt: skip
ASB_WHO = {
    "INT": Decider.BU_OFFICER, "CO": Decider.BU_OFFICER, "public form": Decider.BU_OFFICER,
    "DM": Decider.DECISION_MAKER, "CH": Decider.PANEL_CHAIR, "MG": Decider.BU_MANAGER, "SYS": Decider.SYSTEM,
}  # fmt: skip


def told(clock: Clock, who: Who) -> set[int]:
    return {rung.offset for rung in clock.ladder if who in rung.to}


def measured(clock: Clock) -> tuple[int, str] | None:
    return (clock.period.n, str(clock.period.unit)) if clock.period else None


class TestDhr:
    def test_states(self) -> None:
        stages = {stage.key: stage.label for stage in DHR_2016.stages}
        ours = [
            (s.name, s.label, "terminal" if s.final else "active", f"{s.stage} {stages[s.stage]}", s.meaning)
            for s in DHR_2016.states
        ]
        theirs = [
            (r["state"], r["label"], r["kind"].replace("initial", "active"), r["stage"], r["meaning"])
            for r in doc.table(doc.DHR, "# | state | label")
        ]
        assert ours == theirs
        assert DHR_2016.initial == "notified"
        assert len(ours) == 20
        assert len(DHR_2016.stages) == 8

    def test_moves_are_all_there_in_no_other_number(self) -> None:
        assert sorted(move.name for move in DHR_2016.moves) == sorted(DHR_MOVES)

    @pytest.mark.parametrize("move", DHR_2016.moves, ids=lambda move: str(move.name))
    def test_move(self, move: Move) -> None:
        row = DHR_MOVES[move.name]
        assert list(move.sources) == doc.listed(row["from"])
        assert move.to == row["to"]
        assert [str(decider) for decider in move.decided_by] == doc.listed(row["who"])
        assert list(move.needs) == doc.alternatives(row["required data (a|b = either)"])
        assert [effect.text for effect in move.effects] == doc.listed(row["effects"])
        guards = [r.name for r in move.requirements if r.name not in OUR_QUESTIONS]
        assert guards == doc.listed(row["guards"])

    def test_only_holds_anonymity_and_settled_outcomes_cannot_be_overridden(self) -> None:
        hard = {r.name for move in DHR_2016.moves for r in move.requirements if r.hard}
        assert hard == {
            "pseudonyms_set_for_all_people",
            "no_active_publication_block",
            "qa_outcome == publish_after_amendments",
            "qa_outcome == resubmit",
            "publication_status == withheld",
            "publication_status in (published, withheld)",
        }

    def test_clocks_are_all_there_in_no_other_number(self) -> None:
        assert set(DHR_2016.clock_by_key) == set(DHR_CLOCKS) - ELSEWHERE

    @pytest.mark.parametrize(
        "clock", [*DHR_2016.clocks, *ACTION_ITEM.clocks], ids=lambda clock: str(clock.key)
    )
    def test_clock(self, clock: Clock) -> None:
        row = DHR_CLOCKS[clock.key]
        assert measured(clock) == doc.length(row["length"])
        assert (
            clock.force == {"statute": "statute", "guidance": "guidance", "local": "local"}[row["authority"]]
        )
        assert clock.owner == row["owner"]
        assert clock.extendable is (row["extend?"] == "yes")
        # Two lengths come from outside: a month to decide, six months for the report.
        assert clock.length_local is (clock.key not in {"DECISION", "REPORT_6M"})

    @pytest.mark.parametrize(
        "clock", [*DHR_2016.clocks, *ACTION_ITEM.clocks], ids=lambda clock: str(clock.key)
    )
    def test_clock_starts_and_stops_by_the_names_of_the_document(self, clock: Clock) -> None:
        row = DHR_CLOCKS[clock.key]
        if names := [n for n in doc.names_in(row["starts"]) if not n.endswith("_review")]:
            assert clock.starts_on in {*names, "hold_placed_on"}
        stops = {m.name for m in (*DHR_2016.moves, *ACTION_ITEM.moves) if Stop(clock.key) in m.effects}
        renewed = (
            {"withhold_review_on"} if clock.key == "WITHHOLD_REVIEW" else set()
        )  # a new date, not a stop
        assert set(doc.names_in(row["stops"])) - renewed <= {*clock.met_by, *stops}
        assert clock.met_by_all is (" and " in row["stops"])

    @pytest.mark.parametrize(
        "clock", [*DHR_2016.clocks, *ACTION_ITEM.clocks], ids=lambda clock: str(clock.key)
    )
    def test_clock_reminds_as_the_document_says(self, clock: Clock) -> None:
        row = DHR_CLOCKS[clock.key]
        assert {-n for n in told(clock, Who.LEAD) if n <= 0} == doc.numbers(row["warn (days before)"])
        if clock.key not in {"HO_NO_REVIEW_REPLY", "HO_QA_CHASE"}:  # "monthly", "at 180 days": below
            for role, offsets in doc.escalations(row["escalate"]).items():
                assert told(clock, WHO[role]) == offsets
        unit = "working_days" if "working day" in row["length"] else "days"
        assert {str(rung.unit) for rung in clock.ladder} == {unit}

    def test_chasers(self) -> None:
        chase = DHR_2016.clock_by_key["HO_QA_CHASE"]
        assert told(chase, Who.MANAGER) == {180 - 90}
        assert told(chase, Who.CHAIR) == {365 - 90}
        assert told(chase, Who.LEAD) == {0, *range(30, 301, 30)}
        assert chase.ladder[-1].repeat_every == 30
        reply = DHR_2016.clock_by_key["HO_NO_REVIEW_REPLY"].ladder[-1]
        assert (reply.to, reply.repeat_every) == ((Who.LEAD, Who.MANAGER), 21)

    def test_overdue_is_repeated_at_1_and_7_and_then_every_14(self) -> None:
        decision = DHR_2016.clock_by_key["DECISION"]
        assert sorted(n for n in told(decision, Who.LEAD) if n > 0) == [1, 7, 21]
        assert decision.ladder[-1].repeat_every == 14

    def test_one_duty_of_a_clock_is_in_the_act(self) -> None:
        assert [c.key for c in DHR_2016.clocks if c.force is Force.STATUTE] == ["COPY_DAC"]

    def test_a_time_that_must_be_given_is_no_limit(self) -> None:
        assert [c.key for c in DHR_2016.clocks if c.minimum] == ["FAMILY_READ"]

    def test_nothing_is_paused_in_silence(self) -> None:
        assert not any(clock.pausable for clock in DHR_2016.clocks)

    def test_logging_starts_the_month_to_decide(self) -> None:
        assert [effect.text for effect in DHR_2016.opening] == ["start:DECISION"]
        assert DHR_2016.opening_needs == (("received_on",), ("notification_source",))

    def test_tasks_are_those_of_the_document_word_for_word(self) -> None:
        part = doc.DHR[doc.DHR.index("### 4.6") : doc.DHR.index("## 5. Data")]
        state, theirs = "", []
        for line in part.splitlines():
            if heading := re.match(r"\*\*.*\*\* \(`(\w+)`\)", line):
                state = heading[1]
            elif task := re.match(r"- \[([MO])\] (.*)", line):
                theirs.append((state, task[2].strip(), task[1] == "M"))
        assert [(task.state, task.text, task.must) for task in DHR_2016.tasks] == theirs
        assert {task.state for task in DHR_2016.tasks} == {state.name for state in DHR_2016.states}

    def test_holds(self) -> None:
        line = doc.DHR[doc.DHR.index("- **Hold**") :].splitlines()[0]
        full = re.search(r"full -> ([a-z_, ]+);", line)
        only = re.search(r"publication_only -> ([a-z_, ]+)\.", line)
        assert full is not None
        assert only is not None
        assert HOLD_BLOCKS["publication_only"] == set(only[1].split(", "))
        assert HOLD_BLOCKS["full"] == {*full[1].split(", "), "publish_later"}
        after = full[1].split(", ")[2:]
        assert HOLD_BLOCKS["partial"] == {*after, "publish_later"}


class TestAsb:
    def test_states(self) -> None:
        rows = doc.table(doc.ASB, "State | Waiting on")
        theirs = {
            name.split(" (")[0].strip(): row["Ends?"] == "end"
            for row in rows
            for name in row["State"].split(" / ")
        }
        assert {s.name: s.final for s in ASB_CASE_REVIEW.states} == theirs
        assert [s.name for s in ASB_CASE_REVIEW.states] == ASB_LISTING["STATES"]
        assert len(theirs) == 19

    def test_there_are_27_rows(self) -> None:
        assert len(ASB_MOVES) == len(ASB_ROWS) == 27
        assert [m.name for m in ASB_MOVES] == [r["Trigger"] for r in ASB_ROWS]

    @pytest.mark.parametrize("number", range(27))
    def test_move(self, number: int) -> None:
        move, row = ASB_MOVES[number], ASB_ROWS[number]
        written = ASB_LISTING["TRANSITIONS"][number]  # type: ignore[index]
        sources = written["source"] if isinstance(written["source"], list) else [written["source"]]
        assert (move.name, list(move.sources)) == (written["trigger"], sources)
        assert move.to == (sources[0] if written["dest"] == "=" else written["dest"])
        conditions = [*written.get("conditions", []), *(f"not_{n}" for n in written.get("unless", []))]
        ours = [r.name for r in move.requirements if r.name != "manager_countersigned"]
        assert sorted(ours) == sorted(conditions)
        assert set(move.decided_by) == {ASB_WHO[code] for code in doc.listed(row["Who"])}

    def test_a_manager_countersigns_only_what_is_doubtful(self) -> None:
        signed = [m.name for m in ASB_CASE_REVIEW.moves for r in m.requirements if "countersigned" in r.name]
        assert signed == ["decide_not_met"]

    def test_no_condition_can_be_overridden(self) -> None:
        assert all(r.hard for move in ASB_CASE_REVIEW.moves for r in move.requirements)

    def test_only_transferred_and_merged_have_no_way_out(self) -> None:
        assert [s.name for s in ASB_CASE_REVIEW.states if not ASB_CASE_REVIEW.moves_from(s.name)] == [
            "transferred", "merged",
        ]  # fmt: skip

    def test_clocks_are_all_there_in_no_other_number(self) -> None:
        assert set(ASB_CASE_REVIEW.clock_by_key) == set(ASB_CLOCKS) - NO_CASE_CLOCK

    @pytest.mark.parametrize("clock", ASB_CASE_REVIEW.clocks, ids=lambda clock: str(clock.key))
    def test_clock(self, clock: Clock) -> None:
        row = ASB_CLOCKS[clock.key]
        assert clock.period is not None
        assert measured(clock) == doc.length(row["Duration"])
        assert (clock.period.mode is Mode.BEFORE) is ("before meeting" in row["Duration"])
        assert (clock.force is Force.STATUTE) is ("s.104" in row["Source"])
        assert (clock.force is Force.GUIDANCE) is ("guidance" in row["Source"])
        assert clock.length_local is row["L?"].startswith("Y")
        assert {-n for n in told(clock, Who.LEAD) if n < 0} == doc.numbers(row["Warn"])

    @pytest.mark.parametrize("clock", ASB_CASE_REVIEW.clocks, ids=lambda clock: str(clock.key))
    def test_overdue_goes_to_the_managers_and_then_weekly(self, clock: Clock) -> None:
        if clock.key == "C14":  # the applicant's time, not ours
            assert [(r.offset, r.to) for r in clock.ladder] == [(1, (Who.LEAD,))]
            return
        leads_manager = Who.ESCALATION if clock.owner is Decider.AGENCY_LEAD else Who.MANAGER
        assert 1 in told(clock, leads_manager)
        assert {5, 10} <= told(clock, Who.MANAGER)
        assert clock.ladder[-1].repeat_every == 5

    @pytest.mark.parametrize("clock", ASB_CASE_REVIEW.clocks, ids=lambda clock: str(clock.key))
    def test_clock_starts_and_stops_with_what_the_words_of_the_document_stand_for(self, clock: Clock) -> None:
        row = ASB_CLOCKS[clock.key]
        counted_back = {"C7": "review_on"}  # from the meeting, once the applicant is told
        assert clock.starts_on == counted_back.get(clock.key, ASB_STARTS[row["Start"]])
        assert clock.met_by == ASB_STOPS[row["Stop"]]

    @pytest.mark.parametrize("clock", ASB_CASE_REVIEW.clocks, ids=lambda clock: str(clock.key))
    def test_letters_start_and_stop_clocks(self, clock: Clock) -> None:
        row = ASB_CLOCKS[clock.key]
        letters = {f"letter_sent_{n}" for n in re.findall(r"L\d+", row["Stop"])}
        assert letters <= set(clock.met_by)
        if clock.key not in {"C7", "C14"}:  # C7 counts back from the meeting, C14 runs from either letter
            starts = {f"letter_sent_{n}" for n in re.findall(r"L\d+", row["Start"])}
            assert not starts or clock.starts_on in starts
        assert (clock.starts_on == "application_date") is (row["Start"] == "application made")

    def test_what_runs_once_for_each_body_or_request_runs_on_a_case_of_its_own(self) -> None:
        assert not any(c.per for c in ASB_CASE_REVIEW.clocks)
        assert {c.key: (c.child, c.child_kind) for c in ASB_CASE_REVIEW.clocks if c.child} == {
            "C4": ("information_request", "agency_return"),
            "C11": ("recommendation", ""),
            "C15": ("dissatisfaction", ""),
            "C16": ("dissatisfaction", ""),
        }

    def test_an_application_is_never_refused_for_missing_dates_of_reports(self) -> None:
        submit = ASB_CASE_REVIEW.moves[0]
        assert submit.asks() == (
            "applicant_name", "applicant_contact", "area", "description", "application_date", "channel",
        )  # fmt: skip


class TestAction:
    def test_moves_and_states(self) -> None:
        section = doc.DHR.split("**action** - initial", 1)[1]
        rows = doc.table(section, "trigger | from | to")
        theirs = [(r["trigger"], tuple(doc.listed(r["from"])), r["to"]) for r in rows]
        assert [(m.name, m.sources, m.to) for m in ACTION_ITEM.moves] == theirs
        head = section.splitlines()[0]
        finals = set(head.split("terminal:", 1)[1].replace("`", "").replace(" ", "").split(","))
        assert {s.name for s in ACTION_ITEM.states if s.final} == finals
        assert ACTION_ITEM.initial == "draft"

    def test_nobody_verifies_as_the_lead_and_only_the_chair_abandons(self) -> None:
        deciders = {m.name: set(m.decided_by) for m in ACTION_ITEM.moves}
        assert deciders["abandon"] == {Decider.CSP_CHAIR}
        assert Decider.AGENCY_LEAD not in deciders["verify"] | deciders["send_back"]
        assert Decider.AGENCY_LEAD in deciders["start"] & deciders["report_complete"]

    def test_needs(self) -> None:
        needs = {m.name: {n for need in m.needs for n in need} for m in ACTION_ITEM.moves}
        assert needs["reject"] == {"rejection_reason", "csp_minute_ref"}
        assert "outcome" in needs["report_complete"]
        for name, reason in (("abandon", "abandon_reason"), ("send_back", "send_back_reason")):
            assert needs[name] == {reason}

    def test_the_five_answers_of_an_update(self) -> None:
        kind = ACTION_ITEM.fact_by_name["update_kind"]
        assert kind.label == "What do you want to tell us?"
        assert [c.value for c in kind.choices] == ["no_change", "progress", "done", "more_time", "not_ours"]
        assert ACTION_ITEM.fact_by_name["asked_for_on"].may_be_future


class TestEvery:
    @pytest.mark.parametrize("workflow", EVERY)
    def test_a_released_version_never_changes(self, workflow: Workflow) -> None:
        assert workflow.digest == digests()[workflow.id], (
            f"{workflow.id} is released, and a released version never changes: open cases are pinned to it."
            " Write the change as a new version in a file of its own."
        )

    def test_every_lock_has_its_definition(self) -> None:
        assert set(digests()) == set(RELEASED)

    @pytest.mark.parametrize("workflow", EVERY)
    def test_words_for_users_are_plain(self, workflow: Workflow) -> None:
        words = [f.label for f in workflow.facts] + [f.hint for f in workflow.facts if f.hint]
        words += [w for m in workflow.moves for w in (m.label, m.past, m.does)]
        words += [r.words for m in workflow.moves for r in m.requirements]
        words += [c.label for c in workflow.clocks] + [s.label for s in workflow.states]
        words += [c.label for f in workflow.facts for c in f.choices]
        for text in words:
            assert text[0].isupper(), text
            assert "!" not in text
            assert "invalid" not in text.lower()
        for text in [r.words for m in workflow.moves for r in m.requirements] + [
            m.does for m in workflow.moves
        ]:
            assert text.endswith("."), text

    @pytest.mark.parametrize("workflow", EVERY)
    def test_a_date_is_called_so_and_is_past_unless_it_is_planned(self, workflow: Workflow) -> None:
        planned = {f.name for f in workflow.facts if f.may_be_future}
        assert planned <= {
            "target_on", "asked_for_on", "review_on", "meeting_without_victim_on", "csp_meeting_on", "withhold_review_on",
            "impact_check_on", "next_date_on",
        }  # fmt: skip

    @pytest.mark.parametrize("workflow", EVERY)
    def test_what_may_identify_somebody_is_private(self, workflow: Workflow) -> None:
        telling = {
            "applicant_name", "applicant_contact", "victim_name", "description", "deceased_pseudonym", "decision_reasons",
            "decision_rationale", "death_month", "death_basis", "transfer_reason", "void_reason", "withhold_reason",
            "stand_down_reason", "criteria_test", "finding_harm", "withdrawal_reason", "findings",
        }  # fmt: skip
        assert all(f.private for f in workflow.facts if f.name in telling)

    @pytest.mark.parametrize("workflow", EVERY)
    def test_ladders_climb(self, workflow: Workflow) -> None:
        for clock in workflow.clocks:
            check(clock.ladder)

    @pytest.mark.parametrize("workflow", EVERY)
    def test_nobody_holds_what_has_ended(self, workflow: Workflow) -> None:
        assert all((s.held_by is HeldBy.NOBODY) is s.final for s in workflow.states)

    def test_versions_by_date(self) -> None:
        assert current("dhr_2016", date(2016, 12, 7)) is DHR_2016
        assert workflow_of("action_item", 1) is ACTION_ITEM
        for key, on in (("dhr_2016", date(2016, 12, 6)), ("dhr_2099", date(2026, 1, 1))):
            with pytest.raises(UnknownWorkflow):
                current(key, on)
        with pytest.raises(UnknownWorkflow):
            workflow_of("dhr_2016", 2)

    def test_deciders_have_words(self) -> None:
        assert all(decider.label for decider in Decider)
