"""What belongs to the invented cases besides the usual: every way that a request, a reply or a second look can go."""

from collections.abc import Mapping

from tracker.demo.beats import Beat, moved, opened

_POLICE, _ICB = "west-mercia-police", "herefordshire-and-worcestershire-icb"
_COUNCIL = "worcestershire-county-council-public-health"
_SUMMARY = "information_request:summary"
_CHRONOLOGY, _IMR = "information_request:chronology", "information_request:imr"
_FAMILY, _SECOND_LOOK = "family_contact", "dissatisfaction"


def _relative(after: int, who: str, *steps: str) -> tuple[Beat, ...]:
    return (
        opened(
            after,
            _FAMILY,
            pseudonym=who,
            relation="Relative of the person who died",
            contact_frequency="three_months",
        ),
        *(moved(after + number, _FAMILY, name, at=who) for number, name in enumerate(steps, start=1)),
    )


def _proceeding(after: int, kind: str, *steps: str) -> tuple[Beat, ...]:
    of = f"parallel_process:{kind}"
    return (opened(after, of), *(moved(after + n, of, name) for n, name in enumerate(steps, start=1)))


def _advice(after: int, kind: str, number: str, *steps: str) -> tuple[Beat, ...]:
    of = f"recommendation:{kind}"
    return (
        opened(after, of, number=number),
        *(moved(after + n, of, name, at=number) for n, name in enumerate(steps, start=1)),
    )


def _look(after: int, *steps: str, **facts: str) -> tuple[Beat, ...]:
    return (
        opened(after, _SECOND_LOOK),
        *(
            moved(after + n, _SECOND_LOOK, name, **(facts if name == "decide" else {}))
            for n, name in enumerate(steps, start=1)
        ),
    )


BESIDE: Mapping[str, tuple[Beat, ...]] = {
    "hazel": (
        *_proceeding(2, "iopc", "rule_out"),
        moved(3, _SUMMARY, "submit_return"),
    ),
    "birch": (
        moved(3, _CHRONOLOGY, "return_nil", at=_ICB),
        moved(4, _IMR, "waive", at=_ICB),
        moved(3, _CHRONOLOGY, "refuse", at=_COUNCIL),
        moved(6, _IMR, "submit_draft", at=_COUNCIL),
        moved(4, _IMR, "submit", at=_POLICE),
        *_relative(1, "A parent", "invite", "decline"),
        *_relative(2, "A friend", "defer"),
        *_relative(1, "A colleague", "mark_untraceable"),
    ),
    "hawthorn": (
        moved(2, _IMR, "reopen", at=_POLICE),
        *_relative(1, "A parent", "invite", "engage_via_advocate"),
        *_relative(1, "A neighbour", "invite", "request_no_contact"),
    ),
    "elder": (opened(3, "hold:publication_only"),),
    "cedar": (
        opened(5, "hold:full"),
        moved(20, "hold:full", "lift"),
        *_advice(24, "national", "N1", "send", "acknowledge"),
        *_advice(6, "national", "N2", "send", "reply_part"),
        *_advice(7, "regional", "R1", "send", "reply_already"),
    ),
    "chestnut": (
        *_advice(6, "national", "N3", "send", "reply_reject"),
        *_advice(6, "national", "N4", "send", "close_unanswered"),
    ),
    "asb-told-not-met": _look(4),
    "asb-following": _look(18, "acknowledge"),
    "asb-following-long": _look(52, "acknowledge", "admit"),
    "asb-n-following": _look(25, "acknowledge", "admit", "decide", result="not_upheld"),
    "asb-closed": _look(3, "withdraw"),
    "asb-closed-not-met": _look(5, "acknowledge", "admit", "decide", "notify", result="upheld_other_remedy"),
    "asb-s-closed": _look(30, "acknowledge", "refuse_late"),
    "asb-s-preparing": _look(1, "acknowledge", "refuse_inadmissible"),
}
"""By the key of the case; each beat counts working days from the last step of the case."""
