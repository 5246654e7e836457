"""Asking to stay signed in: it is a visit like any other, and nothing else."""

from tests.routes.browse import Browser, Clock


def test_who_asks_to_stay_stays(browse: Browser, clock: Clock) -> None:
    browse.as_("officer")
    for _ in range(3):
        clock.forward(minutes=17)
        assert browse.submit("/account/stay").status_code == 204
    clock.forward(minutes=21)
    token = browse.token()
    assert browse.client.post("/account/stay", data={"csrf_token": token}).status_code == 401


def test_only_with_the_token_of_a_page(browse: Browser) -> None:
    browse.as_("officer")
    assert browse.client.post("/account/stay").status_code == 400
