"""Whatever a unit does, in any order: the record holds together and nothing runs on in a case that has ended."""

import os
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests import asb, dhr
from tests.cast import NOON, settle
from tests.services.lives import ACTS, Life, orphans
from tracker.db import Database
from tracker.queries.verification import faults

_SEEDS = some.integers(min_value=0, max_value=2**32)
DONE: Counter[str] = Counter()
LONG = os.environ.get("LIVES", "")
EXAMPLES = int(LONG or "40")
"""``LIVES=1000 pytest ...`` plays that many lives with other chances each time; in CI the same 40 are played."""


class Lives(RuleBasedStateMachine):
    """One case of either kind, from any state, with all that comes to belong to it."""

    template: Path
    folder: Path
    started = 0

    def __init__(self) -> None:
        super().__init__()
        Lives.started += 1
        path = self.folder / f"life{Lives.started}.db"
        shutil.copy(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.cast = settle(self.database)

    @initialize(seed=_SEEDS, reviewed=some.booleans())
    def begin(self, seed: int, *, reviewed: bool) -> None:
        random = Random(seed)  # noqa: S311 - chance, not secrecy
        self.life = Life(self.database, self.cast, random, NOON + timedelta(minutes=1))
        with self.database.transaction() as session:
            if reviewed:
                case = dhr.review_at(session, self.cast, random.choice(sorted(dhr.WAYS)))
            else:
                asb.settle_area(session, self.cast)
                case = asb.case_at(session, self.cast, random.choice(sorted(asb.WAYS)))
            self.life.root = case.id or 0

    @rule(seed=_SEEDS, act=some.sampled_from(ACTS))
    def do(self, seed: int, act: str) -> None:
        self.life.random.seed(seed)
        if self.life.attempt(act):
            DONE[act] += 1

    @rule(seed=_SEEDS)
    def wait(self, seed: int) -> None:
        self.life.random.seed(seed)
        self.life.wait()

    @invariant()
    def the_record_holds_together(self) -> None:
        with self.database.reading() as session:
            assert list(faults(session)) == []

    @invariant()
    def nothing_runs_on_in_a_case_that_has_ended(self) -> None:
        with self.database.reading() as session:
            assert orphans(session) == []

    def teardown(self) -> None:
        self.database.dispose()


def test_any_life_of_a_case_leaves_a_record_that_holds_together(
    sqlite_template: Path, tmp_path: Path
) -> None:
    Lives.template, Lives.folder = sqlite_template, tmp_path
    DONE.clear()
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=not LONG,
            phases=[Phase.generate],
        ),
    )
    assert DONE["step"] > 100, f"too few of the attempts were possible: {DONE}"
    assert all(DONE[act] for act in ACTS), f"something was never possible: {DONE}"
