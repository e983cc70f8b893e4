"""Stories that nobody wrote: hypothesis presses whatever it likes, in whatever order, and after
each press what must always hold is asked. Each story is rolled back; the cast stays."""

from contextlib import ExitStack

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ombud.lib import clock
from ombud.lib.errors import Refused

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


class Undone(Exception):
    """Ends a story: nothing of it stays."""


def undone():
    """The test's own transaction: what the house commits at once may be done within it."""
    block = transaction.atomic()
    block._from_testcase = True
    return block


class Machine(RuleBasedStateMachine):
    """`test` is the test case whose cast plays; set by `played`."""

    test = None

    def __init__(self):
        super().__init__()
        self.begun = ExitStack()
        self.story = undone()
        self.story.__enter__()
        self.begin()

    def begin(self):
        """What a story needs before it begins."""

    def teardown(self):
        self.begun.close()
        self.story.__exit__(Undone, Undone(), None)

    def later(self, hours):
        """Time passes, for the rest of the story."""
        self.begun.enter_context(clock.ahead(hours=hours))

    def presses(self, reasons, deed):
        """The deed goes through when the rule names nothing against it, and only then."""
        try:
            with undone():
                done = deed()
        except Refused as no:
            assert reasons, f"refused though the rule allowed it: {no}"
            return None
        assert not reasons, f"done though the rule said {[reason.code for reason in reasons]}"
        return done


def played(machine, test, examples=12, steps=25):
    """As many stories as it takes half a minute to play."""
    made = type(machine.__name__, (machine,), {"test": test})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a story is told as it was played: making it short takes long
            suppress_health_check=QUIET,
        ),
    )
