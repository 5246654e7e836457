"""``tracker workflows``, asked from outside: as a command with arguments, read as a program or a person reads it."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from tracker.commands.workflows import mermaid, workflows, wrong_with
from tracker.errors import BadInput
from workflows.action_item_v1 import ACTION_ITEM
from workflows.definition import State, Workflow
from workflows.ladder import Rung, Who
from workflows.periods import Unit
from workflows.released import RELEASED, digests

EVERY = [pytest.param(workflow, id=workflow.id) for workflow in RELEASED.values()]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(workflows, arguments, catch_exceptions=False)


def shown(workflow: Workflow) -> dict[str, object]:
    result = run("show", workflow.id, "--format", "json")
    assert result.exit_code == 0
    answer = json.loads(result.output)
    assert isinstance(answer, dict)
    return answer


def test_list() -> None:
    lines = run("list").output.splitlines()
    assert [line.split()[0] for line in lines] == ["definition", *RELEASED]
    assert "Domestic homicide review" in lines[3]


def test_list_as_data() -> None:
    listed = json.loads(run("list", "--json").output)
    assert {f"{w['key']}/{w['version']}": w["digest"] for w in listed} == dict(digests())


@pytest.mark.parametrize("workflow", EVERY)
def test_json_has_the_promised_names(workflow: Workflow) -> None:
    answer = shown(workflow)
    assert set(answer) == {
        "key", "version", "title", "effective_from", "initial", "digest", "states", "moves", "clocks",
    }  # fmt: skip
    assert answer["digest"] == digests()[workflow.id]
    expected: Mapping[str, set[str]] = {
        "states": {"name", "label", "stage", "final"},
        "moves": {"name", "label", "from", "to", "decided_by", "needs", "requirements", "effects"},
        "clocks": {
            "key", "label", "starts_on", "met_by", "n", "unit", "force", "basis", "per", "pausable", "extendable", "ladder",
        },
    }  # fmt: skip
    for part, names in expected.items():
        items = answer[part]
        assert isinstance(items, list)
        assert len(items) == len(getattr(workflow, part))
        assert all(set(item) == names for item in items)


def test_json_writes_alternatives_with_a_bar() -> None:
    moves = shown(RELEASED["dhr_2016/1"])["moves"]
    assert isinstance(moves, list)
    accepted = next(m for m in moves if m["name"] == "ho_accepts_no_review")
    assert accepted["needs"] == [
        "ho_notified_on", "family_notified_on|family_not_notified_reason", "ho_response_on|ho_no_response_reason",
    ]  # fmt: skip
    assert accepted["effects"] == ["stop:HO_NO_REVIEW_REPLY", "start:RETENTION"]
    assert accepted["from"] == ["no_review_with_ho"]


def test_a_step_that_keeps_its_state_leads_to_it() -> None:
    moves = shown(RELEASED["asb_case_review/1"])["moves"]
    assert isinstance(moves, list)
    moved = next(m for m in moves if m["name"] == "reschedule_review")
    assert moved["from"] == [moved["to"]]


def test_without_a_version_the_latest_is_shown() -> None:
    assert run("show", "dhr_2016").output == run("show", "dhr_2016/1").output


@pytest.mark.parametrize("workflow", EVERY)
def test_table(workflow: Workflow) -> None:
    output = run("show", workflow.id).output
    for name in (*workflow.state_by_name, *workflow.clock_by_key, *(m.name for m in workflow.moves)):
        assert re.search(rf"^{re.escape(name)}\b", output, re.MULTILINE), name
    assert workflow.digest in output
    assert not any(line != line.rstrip() for line in output.splitlines())


@pytest.mark.parametrize("workflow", EVERY)
def test_mermaid_draws_every_step_once(workflow: Workflow) -> None:
    lines = run("show", workflow.id, "--format", "mermaid").output.splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert f"  [*] --> {workflow.initial}" in lines
    drawn = [
        (match[1], match[2], label)
        for line in lines
        if (match := re.fullmatch(r"  (\w+) --> (\w+): (.*)", line))
        for label in match[3].split(" / ")
    ]
    ours = [(source, m.to, m.label.replace(":", "#58;")) for m in workflow.moves for source in m.sources]
    assert sorted(drawn) == sorted(ours)
    ends = {line.split()[0] for line in lines if line.endswith("--> [*]")}
    assert ends == {s.name for s in workflow.states if s.final}
    assert [line for line in lines if line.startswith("  state ")] == [
        f'  state "{s.label.replace(":", "#58;")}" as {s.name}' for s in workflow.states
    ]


def test_mermaid_escapes_what_it_would_read_as_its_own() -> None:
    strange = replace(ACTION_ITEM.states[0], label='Say "yes": <b>; #1')
    drawn = list(mermaid(replace(ACTION_ITEM, states=(strange, *ACTION_ITEM.states[1:]))))
    assert drawn[1] == '  state "Say #quot;yes#quot;#58; #lt;b#gt;#59; #35;1" as draft'


@pytest.mark.parametrize(
    "name", ["nothing", "dhr_2016/2", "dhr_2016/", "", "dhr_2016/1/1", "DHR_2016", "../x" * 90]
)
def test_an_unknown_definition_is_one_sentence(name: str) -> None:
    with pytest.raises(BadInput) as refusal:
        run("show", name)
    assert f"There are: {', '.join(RELEASED)}." in str(refusal.value)
    assert len(str(refusal.value)) < 120 + len(", ".join(RELEASED))


def test_check_passes_as_released() -> None:
    result = run("check")
    assert (result.exit_code, result.output.count("\n")) == (0, 1)


def others() -> list[Workflow]:
    return [w for w in RELEASED.values() if w is not ACTION_ITEM]


def test_check_finds_a_changed_version() -> None:
    wrong = list(wrong_with([replace(ACTION_ITEM, title="Task"), *others()]))
    assert wrong == ["action_item/1: it differs from what was released; a released version never changes"]


def test_check_finds_a_version_that_is_not_locked_and_one_that_has_gone() -> None:
    assert list(wrong_with([replace(ACTION_ITEM, version=2), *others()])) == [
        "action_item/2: released.json does not lock it",
        "action_item/1: it is locked in released.json, but there is no such definition",
    ]


def test_check_finds_a_state_that_cannot_be_reached_and_a_clock_without_a_citation() -> None:
    island = State("island", "Island", "ended", "Nobody comes.", final=True)
    clock = replace(ACTION_ITEM.clocks[0], basis="")
    broken = replace(
        ACTION_ITEM, states=(*ACTION_ITEM.states, island), clocks=(clock, *ACTION_ITEM.clocks[1:])
    )
    wrong = list(wrong_with([broken, *others()]))
    assert "action_item/1: no move leads to the state island" in wrong
    assert "action_item/1: the clock ACTION_TARGET has no words" in wrong


def test_check_finds_a_ladder_that_does_not_climb() -> None:
    rungs = (Rung("on", 0, Unit.DAYS, (Who.LEAD,)), Rung("before-1", -1, Unit.DAYS, (Who.LEAD,)))
    broken = replace(
        ACTION_ITEM, clocks=(replace(ACTION_ITEM.clocks[0], ladder=rungs), *ACTION_ITEM.clocks[1:])
    )
    assert any("the clock ACTION_TARGET: The rungs" in line for line in wrong_with([broken, *others()]))


def test_check_prints_what_is_wrong_and_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tracker.commands.workflows.RELEASED", {"action_item/1": replace(ACTION_ITEM, title="Task")}
    )
    result = run("check")
    assert result.exit_code == 1
    assert "action_item/1: it differs from what was released" in result.output


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check"], 0),
        (["list"], 0),
        (["show", "nothing"], 1),
        (["show"], 2),
        (["show", "dhr_2016", "--format", "dot"], 2),
        (["--help"], 0),
    ],
)
def test_from_a_shell(arguments: list[str], status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "workflows", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stdout + done.stderr
    assert bool(done.stdout) is (status == 0)
    if status == 1:
        assert len(done.stderr.splitlines()) == 1
