"""Lead offices that assist because payers are in their area: the aggregate, their own areas' payers, and no account."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from api.ledger.scheme_reading import read_scheme
from api.tables import ENTRIES, SCHEME_PAYERS, SCHEMES
from contract import scheme as contract
from contract.errors import ContractViolation
from contract.scheme import PayerRegion
from tests.api.schemes_made import member, scheme
from tests.api.world import World

BEIJING, CHAOYANG, HEFEI, SUZHOU = "110000", "110105", "340102", "341300"
PAYERS = [
    PayerRegion(region=area, payers=count, absorbed="120000.00")
    for area, count in ((BEIJING, 14), (CHAOYANG, 12), ("341300", 40), ("341302", 40))
]
WEB = scheme("web", [member("one"), member("two")], payer_regions=PAYERS, located_payers=54)


def test_a_lead_office_with_payers_and_no_account_sees_the_aggregate_and_its_own_areas_payers(world: World) -> None:
    world.store_schemes([WEB])
    key = world.office("lead", CHAOYANG)
    answer = world.get(f"/v1/schemes/{WEB.scheme_id}", key)
    assert answer.status_code == 200
    assert "a:one" not in answer.text
    found = answer.json()
    assert (found["sight"], found["members"], found["totals"]["payers"], found["located_payers"]) == ("aggregate", [], 120, 54)
    assert found["payer_regions"] == [{"region": CHAOYANG, "payers": 12, "absorbed": "120000.00"}]
    assert [one["scheme_id"] for one in world.get("/v1/schemes", key).json()["items"]] == [WEB.scheme_id]
    (row,) = world.get("/v1/ledger", key).json()["items"]
    assert (row["entry_id"], row["scheme_id"], row["measures"]["payers"]) == (found["entry_id"], WEB.scheme_id, 120)
    entry = world.get(f"/v1/ledger/{row['entry_id']}", key)
    assert (entry.status_code, "a:one" in entry.text, "a:two" in entry.text) == (200, False, False)
    assert world.get("/v1/accounts/a:one", key).status_code == 404
    page = world.client.get(f"/console/schemes/{WEB.scheme_id}", headers={"Authorization": f"Bearer {key}"}).text
    assert "120名付款人中54人" in page
    assert "a:one" not in page


def test_who_assists_because_of_payers_reads_the_row_and_decides_nothing(world: World) -> None:
    world.store_schemes([WEB])
    key, lead = world.office("lead", CHAOYANG, role="supervisor"), world.office("lead", SUZHOU, role="supervisor")
    (row,) = world.get("/v1/ledger", key).json()["items"]
    step = {"to": "under_analysis", "reason": "核查", "expected_version": row["version"]}
    path = f"/v1/ledger/{row['entry_id']}"
    assert world.post(f"{path}/transitions", key, step).status_code == 403
    given = {"office": f"lead-{CHAOYANG}", "reason": "x", "expected_version": row["version"]}
    assert world.post(f"{path}/handover", lead, given).status_code == 422, "nor is it handed to it"
    assert world.post(f"{path}/transitions", lead, step).status_code == 201
    assert world.get(path, key).json()["status"] == "under_analysis", "a step of who leads leaves the row where it is seen"


def test_a_row_where_payers_alone_are_counts_there_for_lead_offices_and_for_no_regulator(world: World) -> None:
    world.store_schemes([WEB])
    told = {kind: world.get("/v1/rollups", world.office(kind, "000000"), by="region").text for kind in ("pboc", "nfra", "lead")}
    assert {kind: f'"{CHAOYANG}"' in text for kind, text in told.items()} == {"pboc": False, "nfra": False, "lead": True}
    assert all('"341302"' in text for text in told.values())


def test_the_migration_places_rows_that_are_there_where_payers_are(world: World) -> None:
    world.store_schemes([WEB])
    key, lead = world.office("lead", CHAOYANG), world.office("lead", SUZHOU)

    def rows() -> list[str]:
        return [one["entry_id"] for one in world.get("/v1/ledger", key).json()["items"]]

    before = rows()
    with world.database.writing() as connection:
        (one,) = connection.execute(select(ENTRIES.c.evidence).where(ENTRIES.c.track == "joint")).scalars()
        evidence = msgspec.json.decode(bytes(one))
        evidence["areas"] = {area: word for area, word in evidence["areas"].items() if word != "*"}
        connection.execute(update(ENTRIES).values(evidence=msgspec.json.encode(evidence)))
    world.database.migrate("0070", down=True)
    assert rows() == []
    world.database.migrate()
    assert rows() == before
    step = {"to": "under_analysis", "reason": "核查", "expected_version": 1}
    assert world.post(f"/v1/ledger/{before[0]}/transitions", lead, step).status_code == 201
    assert rows() == before


@pytest.mark.parametrize(
    ("kind", "region"), [("lead", "110101"), ("lead", HEFEI), ("pboc", CHAOYANG), ("nfra", BEIJING), ("police", CHAOYANG)]
)
def test_payers_make_a_scheme_visible_to_nobody_else(world: World, kind: str, region: str) -> None:
    world.store_schemes([WEB])
    key = world.office(kind, region)
    assert world.get(f"/v1/schemes/{WEB.scheme_id}", key).status_code == 404
    assert world.get("/v1/schemes", key).json()["items"] == []


def test_who_handles_it_sees_payers_of_all_areas_and_who_sees_a_part_none(world: World) -> None:
    world.store_schemes([WEB, scheme("far", [member("one"), member("far", branch_region=HEFEI)], payer_regions=PAYERS)])
    handling = world.get(f"/v1/schemes/{WEB.scheme_id}", world.office("lead", SUZHOU)).json()
    assert [one["region"] for one in handling["payer_regions"]] == [BEIJING, CHAOYANG, "341300", "341302"]
    assert handling["entry_id"] is not None
    part = world.get(f"/v1/schemes/{scheme('far').scheme_id}", world.office("pboc", SUZHOU)).json()
    assert (part["sight"], part["payer_regions"], part["located_payers"]) == ("part", [], None)


def test_a_hidden_category_stays_hidden_from_who_assists(world: World) -> None:
    quiet = scheme("quiet", category="suspicious", severity=None, payer_regions=PAYERS)
    world.store_schemes([quiet])
    assert world.get(f"/v1/schemes/{quiet.scheme_id}", world.office("lead", CHAOYANG)).status_code == 404


def test_who_has_too_few_payers_left_sees_it_no_longer(world: World) -> None:
    world.store_schemes([WEB])
    key = world.office("lead", CHAOYANG)
    world.store_schemes([scheme("web", [member("one"), member("two")], revision=2, payer_regions=PAYERS[2:])])
    assert world.get(f"/v1/schemes/{WEB.scheme_id}", key).status_code == 404


def test_records_of_before_are_read_as_they_were(world: World) -> None:
    old = msgspec.json.decode(contract.encode(WEB))
    del old["payer_regions"], old["located_payers"]
    read = read_scheme(msgspec.json.encode(old))
    assert (read.payer_regions, read.located_payers) == ([], None)
    world.store_schemes([read])
    assert world.get(f"/v1/schemes/{WEB.scheme_id}", world.office("lead", SUZHOU)).json()["located_payers"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        [PayerRegion(region="999999", payers=10, absorbed="1.00")],
        [PayerRegion(region=BEIJING, payers=10, absorbed="much")],
        [PayerRegion(region=BEIJING, payers=10, absorbed="1.00")] * 2,
    ],
    ids=["nowhere", "no-money", "twice"],
)
def test_a_record_that_tells_payers_wrongly_is_refused(wrong: list[PayerRegion]) -> None:
    with pytest.raises(ContractViolation, match="payer_regions"):
        read_scheme(contract.encode(scheme("web", payer_regions=wrong)))


def test_a_ledger_that_is_upgraded_knows_the_payers_that_its_schemes_told_before(world: World) -> None:
    silent = scheme("silent", [member("one")])
    world.store_schemes([WEB, silent])
    world.database.migrate("0060", down=True)
    # A record that no release reads as a scheme any more; and one of before payers were told.
    write(world, WEB.scheme_id, {"payer_regions": [{"region": one.region, "of_later": 1} for one in PAYERS]})
    write(world, silent.scheme_id, {"engine": "another"})
    world.database.migrate()
    with world.database.reading() as connection:
        found = connection.execute(select(SCHEME_PAYERS.c.scheme_id, SCHEME_PAYERS.c.area)).all()
    assert sorted(map(tuple, found)) == sorted((WEB.scheme_id, one.region) for one in PAYERS)


def write(world: World, scheme_id: str, document: dict[str, Any]) -> None:
    with world.database.writing() as connection:
        told = {"document": msgspec.json.encode(document)}
        connection.execute(update(SCHEMES).where(SCHEMES.c.scheme_id == scheme_id).values(told))
