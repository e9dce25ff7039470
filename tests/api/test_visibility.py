"""Who sees what (regulation.md §5.1–5.3, contract §5)."""

from __future__ import annotations

from typing import Any

import pytest

from api.auth.offices import Kind, Office, check_office
from api.auth.scope import VisibleScope, visible_scope
from contract.errors import ConfigurationError
from tests.api.flags import flag
from tests.api.world import World

SUZHOU, ANHUI, COUNTRY, YONGQIAO = "341300", "340000", "000000", "341302"

SEEN = [
    pytest.param("pboc", SUZHOU, {"branch_region": YONGQIAO}, True, id="pboc-city-sees-branch-inside"),
    pytest.param(
        "pboc", SUZHOU, {"branch_region": "340102", "subject_region": "341321"}, True, id="pboc-city-sees-subject-inside"
    ),
    pytest.param("pboc", SUZHOU, {"branch_region": "341202"}, False, id="pboc-city-not-next-city"),
    pytest.param("pboc", SUZHOU, {"branch_region": "341371"}, True, id="parks-roll-up-to-the-city"),
    pytest.param("pboc", SUZHOU, {"branch_region": "341372"}, True, id="the-other-park-too"),
    pytest.param("pboc", SUZHOU, {"branch_region": "130629"}, False, id="another-province"),
    pytest.param("pboc", ANHUI, {"branch_region": "341202"}, True, id="pboc-province-sees-every-city"),
    pytest.param("pboc", COUNTRY, {"branch_region": "419001"}, True, id="nation-sees-units-under-a-province"),
    pytest.param("pboc", SUZHOU, {"category": "suspicious"}, True, id="pboc-sees-suspicious"),
    pytest.param("pboc", SUZHOU, {"category": "large_value"}, True, id="pboc-sees-large-value"),
    pytest.param("pboc", SUZHOU, {"category": "observe"}, False, id="observe-not-unasked"),
    pytest.param("pboc", SUZHOU, {"institution_type": "payment"}, True, id="pboc-sees-payment"),
    pytest.param("nfra", SUZHOU, {}, True, id="nfra-sees-banks"),
    pytest.param("nfra", SUZHOU, {"institution_type": "insurance"}, True, id="nfra-sees-insurers"),
    pytest.param("nfra", SUZHOU, {"institution_type": "securities"}, False, id="nfra-not-securities"),
    pytest.param("nfra", SUZHOU, {"institution_type": "payment"}, False, id="nfra-not-payment"),
    pytest.param("nfra", SUZHOU, {"category": "suspicious"}, False, id="nfra-not-suspicious"),
    pytest.param("nfra", SUZHOU, {"category": "large_value"}, False, id="nfra-not-large-value"),
    pytest.param("csrc", ANHUI, {"institution_type": "securities"}, True, id="csrc-province-sees-securities-of-a-city"),
    pytest.param("csrc", ANHUI, {}, False, id="csrc-not-banks"),
    pytest.param("lead", YONGQIAO, {"branch_region": YONGQIAO}, True, id="county-lead-sees-its-county"),
    pytest.param("lead", YONGQIAO, {"branch_region": "341321"}, False, id="county-lead-not-next-county"),
    pytest.param("lead", YONGQIAO, {"branch_region": "341371"}, False, id="county-lead-not-the-park"),
    pytest.param("lead", SUZHOU, {"branch_region": "341371"}, True, id="city-lead-sees-the-park"),
    pytest.param("lead", SUZHOU, {"institution_type": "securities"}, True, id="lead-sees-all-types"),
    pytest.param("lead", SUZHOU, {"category": "suspicious"}, False, id="lead-fund-raising-only"),
    pytest.param("police", SUZHOU, {}, False, id="police-by-referral-only"),
    pytest.param("police", COUNTRY, {}, False, id="police-ministry-too"),
]


@pytest.mark.parametrize(("kind", "region", "changes", "seen"), SEEN)
def test_an_office_sees_its_part_in_lists_counts_exports_and_by_id(
    world: World, kind: str, region: str, changes: dict[str, Any], seen: bool
) -> None:
    key = world.office(kind, region)
    one = flag("one", **changes)
    world.store([one])
    assert world.ids(key) == (["one"] if seen else [])
    assert world.get("/v1/summary", key).json()["flags"] == int(seen)
    csv = world.client.get("/v1/flags", headers={"Authorization": f"Bearer {key}", "Accept": "text/csv"})
    assert csv.text.count("\r\n") == 1 + int(seen)
    asked_for_by_id = seen or (one.category == "observe" and kind in ("pboc", "nfra", "csrc"))
    assert world.get(f"/v1/flags/{one.flag_id}", key).status_code == (200 if asked_for_by_id else 404)


@pytest.mark.parametrize(("kind", "region", "seen"), [("pboc", SUZHOU, 1), ("nfra", SUZHOU, 1), ("lead", SUZHOU, 0)])
def test_observe_is_shown_to_those_who_may_ask_for_it(world: World, kind: str, region: str, seen: int) -> None:
    key = world.office(kind, region)
    world.store([flag("quiet", category="observe")])
    assert len(world.ids(key, category="observe")) == seen


def test_history_leaves_out_revisions_of_categories_that_the_office_may_not_see(world: World) -> None:
    rising = [
        flag("one", revision=1, category="observe"),
        flag("one", revision=2, category="suspicious"),
        flag("one", revision=3),
    ]
    world.store(rising)
    seen = {
        kind: [
            old["category"] for old in world.get(f"/v1/flags/{rising[0].flag_id}", world.office(kind, SUZHOU)).json()["history"]
        ]
        for kind in ("pboc", "nfra", "lead")
    }
    assert seen == {
        "pboc": ["observe", "suspicious", "illegal_fundraising"],
        "nfra": ["observe", "illegal_fundraising"],
        "lead": ["illegal_fundraising"],
    }


def test_an_unseen_flag_and_an_absent_one_give_the_same_answer_by_the_same_statements(world: World) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    key = world.office("lead", YONGQIAO)
    world.store([flag("elsewhere", branch_region="341321")])
    statements: list[list[str]] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements[-1].append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answers = []
        for flag_id in (flag("elsewhere").flag_id, "no-such-flag"):
            statements.append([])
            answer = world.get(f"/v1/flags/{flag_id}", key)
            answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert answers[0] == answers[1]
    assert statements[0] == statements[1]
    assert len(statements[0]) > 2


def test_a_region_filter_never_widens_what_an_office_sees(world: World) -> None:
    key = world.office("lead", YONGQIAO)
    world.store([flag("mine"), flag("theirs", branch_region="341321"), flag("both", subject_region="341321")])
    assert sorted(world.ids(key)) == ["both", "mine"]
    assert world.ids(key, region="341321") == ["both"]
    assert sorted(world.ids(key, region="340000")) == ["both", "mine"]


def test_counts_by_region_name_no_area_outside_the_office(world: World) -> None:
    key = world.office("lead", YONGQIAO)
    world.store([flag("mine", subject_region="110105")])
    assert world.get("/v1/summary", key).json()["by_region"] == {YONGQIAO: 1}


def test_only_one_function_makes_a_scope() -> None:
    made = visible_scope(Office("x", Kind.LEAD, SUZHOU, "x"))
    with pytest.raises(TypeError):
        VisibleScope(
            made.office_id, COUNTRY, made.institution_types, made.categories, made.on_request, made.track, True, object()
        )


@pytest.mark.parametrize(
    ("kind", "region"),
    [("csrc", SUZHOU), ("pboc", YONGQIAO), ("lead", COUNTRY), ("nfra", "999999")],
    ids=["csrc-has-no-city", "pboc-has-no-county", "lead-has-no-nation", "unknown-area"],
)
def test_an_office_that_does_not_exist_is_refused(kind: str, region: str) -> None:
    with pytest.raises(ConfigurationError):
        check_office(Office("x", Kind(kind), region, "x"))
