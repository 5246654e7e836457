"""Every released definition, by key and version, held to the digests of ``released.json``."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

from workflows.action_item_v1 import ACTION_ITEM
from workflows.asb_case_review_v1 import ASB_CASE_REVIEW
from workflows.dardr_v1 import DARDR
from workflows.definition import Workflow
from workflows.dhr_2016_v1 import DHR_2016
from workflows.dissatisfaction_v1 import DISSATISFACTION
from workflows.family_contact_v1 import FAMILY_CONTACT
from workflows.hold_v1 import HOLD
from workflows.information_request_v1 import INFORMATION_REQUEST
from workflows.parallel_process_v1 import PARALLEL_PROCESS
from workflows.recommendation_v1 import RECOMMENDATION

_ALL = (
    ACTION_ITEM,
    ASB_CASE_REVIEW,
    DHR_2016,
    DARDR,
    INFORMATION_REQUEST,
    RECOMMENDATION,
    DISSATISFACTION,
    PARALLEL_PROCESS,
    FAMILY_CONTACT,
    HOLD,
)

RELEASED: Mapping[str, Workflow] = {workflow.id: workflow for workflow in _ALL}


class UnknownWorkflow(KeyError):
    """No released definition has that key and version."""


@cache
def digests() -> Mapping[str, str]:
    """The digests that were locked when each version was released."""
    text = resources.files("workflows").joinpath("released.json").read_text(encoding="utf-8")
    return {str(key): str(value) for key, value in json.loads(text).items()}


def workflow_of(key: str, version: int) -> Workflow:
    """The definition that a case is pinned to.

    Raises:
        UnknownWorkflow: there is none.
    """
    try:
        return RELEASED[f"{key}/{version}"]
    except KeyError:
        raise UnknownWorkflow(f"{key}/{version}") from None


def current(key: str, on: date) -> Workflow:
    """The version of a process in effect on the legally relevant date of a new case.

    Raises:
        UnknownWorkflow: the process is not known, or was not in effect yet.
    """
    versions = [w for w in RELEASED.values() if w.key == key and w.effective_from <= on]
    if not versions:
        raise UnknownWorkflow(key)
    return max(versions, key=lambda w: (w.effective_from, w.version))
