"""Schemes in the ledger and as offices read them."""

from __future__ import annotations

from typing import Any

import pytest

from api.ledger.tracks import Track, entry_id
from contract.scheme import Scheme
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World

SUZHOU, YONGQIAO, DANGSHAN, HEFEI = "341300", "341302", "341321", "340102"
WEB = scheme()


def spread(**changes: Any) -> Scheme:
    """A scheme over two cities and two types of institution; the organiser is registered in Suzhou."""
    members = [
        member("here", branch_region=YONGQIAO),
        member("hefei", branch_region=HEFEI, credited="700000.00"),
        member("pay", branch_region=YONGQIAO, institution_code="PAY01", institution_type="payment", roles=["pays_out"]),
    ]
    return scheme("spread", members, **changes)


def row(world: World, track: Track, of: Scheme, key: str) -> Any:
    answer = world.get(f"/v1/ledger/{entry_id(track, '', of.scheme_id)}", key)
    return answer.json() if answer.status_code == 200 else None


def step(world: World, key: str, entry: Any, **body: Any) -> Any:
    asked = {"reason": "核实", "expected_version": entry["version"], **body}
    return world.post(f"/v1/ledger/{entry['entry_id']}/transitions", key, asked)


def read(world: World, key: str, of: Scheme) -> Any:
    answer = world.get(f"/v1/schemes/{of.scheme_id}", key)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("flags_first", [True, False])
def test_flags_of_members_carry_the_scheme_whichever_came_first(world: World, flags_first: bool) -> None:
    key = world.office("pboc", SUZHOU)
    flags = [flag("one"), flag("two"), flag("stranger")]
    if flags_first:
        world.store(flags)
    assert world.store_schemes([WEB]) == 1
    if not flags_first:
        world.store(flags)
    shown = {item["account_id"]: item["scheme_id"] for item in world.get("/v1/flags", key).json()["items"]}
    assert shown == {"a:one": WEB.scheme_id, "a:two": WEB.scheme_id, "a:stranger": None}
    assert world.ids(key, scheme_id=WEB.scheme_id) == world.ids(key, scheme_id=WEB.scheme_id, min_score=1)
    assert set(world.ids(key, scheme_id=WEB.scheme_id)) == {"one", "two"}
    assert world.get(f"/v1/flags/{flags[0].flag_id}", key).json()["scheme_id"] == WEB.scheme_id


def test_a_revision_that_comes_twice_or_late_changes_nothing(world: World) -> None:
    key = world.office("pboc", SUZHOU)
    newer = scheme(revision=2, minutes=5, severity="huge")
    assert world.store_schemes([newer]) == 1
    assert world.store_schemes([newer, WEB, WEB]) == 1
    found = read(world, key, WEB)
    assert (found["revision"], found["severity"]) == (2, "huge")
    assert [one["revision"] for one in found["history"]] == [1, 2]


def test_a_newer_revision_of_a_flag_keeps_its_scheme_and_who_leaves_loses_it(world: World) -> None:
    key = world.office("pboc", SUZHOU)
    world.store([flag("one"), flag("two")])
    world.store_schemes([WEB])
    world.store([flag("one", revision=2, minutes=3)])
    assert set(world.ids(key, scheme_id=WEB.scheme_id)) == {"one", "two"}
    world.store_schemes([scheme(revision=2, members=[member("one")])])
    assert world.ids(key, scheme_id=WEB.scheme_id) == ["one"]


def test_members_of_a_merged_scheme_go_to_the_one_that_goes_on(world: World) -> None:
    key = world.office("pboc", SUZHOU)
    world.store([flag("one"), flag("three")])
    older, younger = scheme("older", [member("one")]), scheme("younger", [member("three")], minutes=1)
    world.store_schemes([older, younger])
    grown = scheme("older", [member("one"), member("three")], revision=2, minutes=9)
    gone = scheme(
        "younger",
        [member("three")],
        revision=2,
        minutes=9,
        status="closed",
        closed_at=grown.updated_at,
        closed_because="merged",
        merged_into=older.scheme_id,
    )
    world.store_schemes([gone, grown])
    assert set(world.ids(key, scheme_id=older.scheme_id)) == {"one", "three"}
    assert read(world, key, younger)["merged_into"] == older.scheme_id
    news = [line["news"] for line in row(world, Track.AML, older, key)["history"]]
    assert [f"merged:{younger.scheme_id}"] in news
    assert row(world, Track.AML, younger, key)["history"][-1]["news"] == [f"merged_into:{older.scheme_id}"]


def test_the_lead_office_of_the_organiser_sees_all_of_it_and_one_that_assists_no_account(world: World) -> None:
    world.store_schemes([spread()])
    handling, assisting = world.office("lead", SUZHOU), world.office("lead", "340100")
    whole = read(world, handling, spread())
    assert (whole["sight"], whole["member_count"], len(whole["members"]), len(whole["links"])) == ("whole", 3, 3, 2)
    aggregate = world.get(f"/v1/schemes/{spread().scheme_id}", assisting)
    assert "a:" not in aggregate.text
    assert "e-1" not in aggregate.text
    found = aggregate.json()
    assert (found["sight"], found["member_count"], found["totals"]["payers"]) == ("aggregate", 3, 120)
    assert found["lead_region"] == SUZHOU
    shown = world.get("/v1/schemes", handling, handled=True).json()["items"]
    assert [one["scheme_id"] for one in shown] == [spread().scheme_id]
    assert world.get("/v1/schemes", assisting, handled=True).json()["items"] == []


def test_a_regulator_sees_its_own_members_the_links_between_them_and_no_figure_of_the_whole(world: World) -> None:
    world.store_schemes([spread()])
    for kind, region, names in (
        ("nfra", SUZHOU, {"a:here"}),
        ("nfra", "340000", {"a:here", "a:hefei"}),
        ("pboc", SUZHOU, {"a:here", "a:pay"}),
        ("pboc", "340100", {"a:hefei"}),
    ):
        key = world.office(kind, region)
        answer = world.get(f"/v1/schemes/{spread().scheme_id}", key)
        found = answer.json()
        assert {one["account_id"] for one in found["members"]} == names
        assert all(name in names or name not in answer.text for name in ("a:here", "a:hefei", "a:pay"))
        assert found["totals"] is None
        assert (found["lines"], found["findings"], found["member_count"]) == ([], [], None)
        assert "1200000.00" not in answer.text
        assert len(found["links"]) == (1 if names == {"a:here", "a:hefei"} else 0)
        assert all(0 <= link["a"] < len(names) and 0 <= link["b"] < len(names) for link in found["links"])
        listed = world.get("/v1/schemes", key)
        assert "1200000.00" not in listed.text
        entry = world.get("/v1/ledger", key, of="scheme").json()["items"]
        assert [one["measures"] for one in entry] == [{}]
    both = read(world, world.office("nfra", "340000"), spread())
    assert both["part"] == {"members": 2, "credited": "1100000.00", "returned": "24001.00"}
    everything = read(world, world.office("pboc", "340000"), spread())
    assert (everything["sight"], everything["totals"]["absorbed"]) == ("whole", "1200000.00")


def test_what_an_office_may_not_see_is_absent(world: World) -> None:
    world.store_schemes([spread(), scheme("quiet", category="suspicious", severity=None)])
    for kind, region in (("csrc", "340000"), ("nfra", "340300"), ("lead", DANGSHAN), ("police", SUZHOU)):
        key = world.office(kind, region)
        assert world.get("/v1/schemes", key).json() == {"items": [], "next_cursor": None}
        absent = world.get("/v1/schemes/NOSUCH", key)
        unseen = world.get(f"/v1/schemes/{spread().scheme_id}", key)
        assert (absent.status_code, absent.content) == (unseen.status_code, unseen.content) == (404, absent.content)
    assert world.get(f"/v1/schemes/{scheme('quiet').scheme_id}", world.office("lead", SUZHOU)).status_code == 404


def test_a_flag_does_not_tell_of_a_scheme_whose_category_is_hidden(world: World) -> None:
    world.store([flag("one")])
    quiet = scheme("quiet", category="suspicious", severity=None)
    world.store_schemes([quiet])
    assert world.ids(world.office("pboc", SUZHOU), scheme_id=quiet.scheme_id) == ["one"]
    lead = world.office("lead", SUZHOU)
    assert world.ids(lead, scheme_id=quiet.scheme_id) == []
    assert quiet.scheme_id not in world.get("/v1/flags", lead).text


def test_an_office_reads_no_revision_from_before_its_account_was_in_it(world: World) -> None:
    world.store_schemes([scheme("spread", [member("hefei", branch_region=HEFEI)], lead_region="340100")])
    world.store_schemes([spread(revision=2)])
    found = read(world, world.office("pboc", SUZHOU), spread())
    assert [one["revision"] for one in found["history"]] == [2]


def test_filters_ask_for_members_that_the_office_may_see(world: World) -> None:
    world.store_schemes([spread(), scheme("other", [member("x", branch_region=DANGSHAN)], stage="failing", score=95.0)])

    def ids(key: str, **params: Any) -> list[str]:
        return [one["scheme_id"] for one in world.get("/v1/schemes", key, **params).json()["items"]]

    key = world.office("pboc", SUZHOU)
    first, second = scheme("other").scheme_id, spread().scheme_id
    assert ids(key) == [first, second]
    assert ids(key, sort="score") == [second, first]
    assert ids(key, region=DANGSHAN) == [first]
    assert ids(key, region=HEFEI) == []
    assert ids(key, institution_type="payment") == [second]
    assert ids(key, institution_code="PAY01") == [second]
    assert ids(key, account_id="a:hefei") == []
    assert ids(key, account_id="a:here") == [second]
    assert ids(key, stage="failing") == [first]
    assert ids(key, min_score=95) == [first]
    assert ids(key, typology="linked_accounts") == ids(key, typology="linked_accounts@1") == [first, second]
    assert ids(key, typology="staff_layering") == []
    assert ids(key, ledger_status="new", status="open", severity="filing") == [first, second]
    assert world.get("/v1/schemes", key, colour="red").status_code == 400
    page = world.get("/v1/schemes", key, limit=1).json()
    rest = world.get("/v1/schemes", key, limit=1, cursor=page["next_cursor"]).json()
    assert [page["items"][0]["scheme_id"], rest["items"][0]["scheme_id"], rest["next_cursor"]] == [first, second, None]
    assert world.get("/v1/schemes", world.office("lead", SUZHOU), limit=1, cursor=page["next_cursor"]).status_code == 400


def test_csv_exports_the_rows_of_the_list(world: World) -> None:
    world.store_schemes([spread()])
    key = world.office("nfra", SUZHOU)
    answer = world.client.get("/v1/schemes", headers={"Authorization": f"Bearer {key}", "Accept": "text/csv"})
    head, only, *rest = answer.text.splitlines()
    assert (head.split(",")[0], rest) == ("scheme_id", [])
    assert spread().scheme_id in only
    assert "a:here" in only
    assert "a:hefei" not in answer.text
    assert "1200000" not in answer.text


def test_a_scheme_opens_one_row_a_track_and_flags_of_its_members_join_it(world: World) -> None:
    pboc, lead = world.office("pboc", SUZHOU), world.office("lead", SUZHOU)
    world.store_schemes([WEB])
    world.store([flag("one"), flag("stranger")])
    for key, track in ((pboc, Track.AML), (lead, Track.JOINT)):
        entry = row(world, track, WEB, key)
        assert (entry["status"], entry["scheme_id"], entry["account_id"]) == ("new", WEB.scheme_id, None)
        assert [line["news"] for line in entry["history"]][1:] == [["flag"]]
        assert entry["history"][0]["news"] == ["scheme", "typology:linked_accounts"]
        assert entry["flags"] == [flag("one").flag_id]
        assert entry["measures"]["absorbed"] == "1200000.00"
        listed = world.get("/v1/ledger", key).json()["items"]
        assert {one["scheme_id"] or one["account_id"] for one in listed} == {WEB.scheme_id, "a:stranger"}
    world.store([flag("one", revision=2, minutes=9)])
    assert row(world, Track.AML, WEB, pboc)["version"] == 2


def test_a_row_that_an_account_had_before_goes_on_beside_the_schemes(world: World) -> None:
    key = world.office("pboc", SUZHOU)
    world.store([flag("one")])
    world.store_schemes([WEB])
    listed = world.get("/v1/ledger", key).json()["items"]
    assert {one["scheme_id"] or one["account_id"] for one in listed} == {WEB.scheme_id, "a:one"}
    world.store([flag("one", revision=2, minutes=4)])
    assert row(world, Track.AML, WEB, key)["version"] == 1, "the flag was part of it from the start"


def test_growth_opens_a_dismissed_scheme_again(world: World) -> None:
    world.store_schemes([WEB])
    lead = world.office("lead", SUZHOU, holder="a")
    second = world.office("lead", SUZHOU, holder="b", role="supervisor")
    assert step(world, lead, row(world, Track.JOINT, WEB, lead), to="under_analysis").status_code == 201
    assert step(world, lead, row(world, Track.JOINT, WEB, lead), to="dismissed").status_code == 201
    assert step(world, second, row(world, Track.JOINT, WEB, lead), to="dismissed").json()["status"] == "dismissed"
    world.store_schemes([scheme(revision=2, minutes=1)])
    assert row(world, Track.JOINT, WEB, lead)["status"] == "dismissed", "measures alone are no news"
    world.store_schemes([scheme(revision=3, minutes=2, members=[member("one"), member("two"), member("three")])])
    entry = row(world, Track.JOINT, WEB, lead)
    assert (entry["status"], entry["history"][-1]["kind"], entry["history"][-1]["news"]) == ("new", "reopened", ["members:1"])


def test_the_lead_office_that_assists_takes_no_step(world: World) -> None:
    world.store_schemes([spread()])
    assisting = world.office("lead", "340100")
    refused = step(world, assisting, row(world, Track.JOINT, spread(), assisting), to="under_analysis")
    assert refused.status_code == 403


def test_a_members_flag_shows_the_state_of_the_schemes_row(world: World) -> None:
    lead = world.office("lead", SUZHOU)
    world.store_schemes([WEB])
    world.store([flag("one")])
    step(world, lead, row(world, Track.JOINT, WEB, lead), to="under_analysis")
    assert world.get(f"/v1/flags/{flag('one').flag_id}", lead).json()["ledger_status"] == "under_analysis"
    assert read(world, lead, WEB)["ledger_status"] == "under_analysis"
    assert read(world, world.office("pboc", SUZHOU), WEB)["ledger_status"] == "new", "the central bank's row is another"
    world.store([flag("two", minutes=1)])
    assert world.get(f"/v1/flags/{flag('two').flag_id}", lead).json()["ledger_status"] == "under_analysis"


def test_a_referred_scheme_shows_the_police_its_members_and_those_who_join_later(world: World) -> None:
    police = world.office("police", SUZHOU)
    lead = world.office("lead", SUZHOU, holder="a")
    second = world.office("lead", SUZHOU, holder="b", role="supervisor")
    world.store_schemes([WEB])
    world.store([flag("one"), flag("stranger")])
    step(world, lead, row(world, Track.JOINT, WEB, lead), to="under_analysis")
    for key in (lead, second):
        moved = step(world, key, row(world, Track.JOINT, WEB, lead), to="transferred", office=f"police-{SUZHOU}")
        assert moved.status_code == 201, moved.text
    assert world.ids(police) == ["one"]
    assert read(world, police, WEB)["sight"] == "whole"
    assert row(world, Track.CASE, WEB, police)["status"] == "new"
    world.store([flag("three")])
    world.store_schemes([scheme(revision=2, minutes=2, members=[member("one"), member("two"), member("three")])])
    world.store([flag("two", minutes=3)])
    assert set(world.ids(police)) == {"one", "two", "three"}
    assert world.get("/v1/summary", police).json()["flags"] == 3
    world.store_schemes([scheme(revision=3, minutes=4, members=[member("one"), member("two")])])
    world.store([flag("three", revision=2, minutes=5)])
    assert world.get("/v1/summary", police).json()["flags"] == len(world.ids(police)) == 3


def test_two_entries_that_change_in_one_batch_both_show_their_state(world: World) -> None:
    key = world.office("pboc", SUZHOU)
    world.store([flag("one"), flag("two")])
    for name in ("one", "two"):
        entry = world.get(f"/v1/ledger/{entry_id(Track.AML, 'BANK01', f'a:{name}')}", key).json()
        assert step(world, key, entry, to="under_analysis").status_code == 201
    world.store([flag("one", revision=2, severity="huge"), flag("two", revision=2, severity="huge")])
    assert {one["ledger_status"] for one in world.get("/v1/flags", key).json()["items"]} == {"under_analysis"}
