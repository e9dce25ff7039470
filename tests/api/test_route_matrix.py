"""Every route × everybody who may knock, from the application's own route table: a route without a rule fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.auth import repository
from api.auth.offices import LEVELS, Kind, Level
from api.auth.principal import now_ms
from api.auth.roles import PERMISSIONS, Permission, Role
from api.ledger.tracks import Track, entry_id
from contract.flag import Flag
from contract.scheme import Scheme
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World, make_world

REGION = {Level.NATION: "000000", Level.PROVINCE: "340000", Level.CITY: "341300", Level.COUNTY: "341302"}
OFFICES = [(kind.value, REGION[level]) for kind in Kind for level in Level if level in LEVELS[kind]]
NOBODY = ("anonymous", "unknown", "malformed", "expired", "revoked")

# What a route asks of whoever calls it: nothing, any good key, or a permission of the key's role.
OPEN = "open"
SIGNED_IN = "signed in"
READ, WORK, CONFIRM, AUDIT, ADMINISTER, FETCH = Permission
RULES: dict[tuple[str, str], str | Permission] = {
    ("GET", "/v1/flags"): READ,
    ("GET", "/v1/flags/stream"): READ,
    ("GET", "/v1/flags/{flag_id}"): READ,
    ("GET", "/v1/summary"): READ,
    ("GET", "/v1/keys"): ADMINISTER,
    ("POST", "/v1/keys"): ADMINISTER,
    ("DELETE", "/v1/keys/{key_id}"): ADMINISTER,
    ("PUT", "/v1/password"): SIGNED_IN,
    ("GET", "/v1/webhooks"): ADMINISTER,
    ("POST", "/v1/webhooks"): ADMINISTER,
    ("DELETE", "/v1/webhooks/{hook_id}"): ADMINISTER,
    ("GET", "/v1/webhooks/{hook_id}/dead-letters"): ADMINISTER,
    ("GET", "/v1/coverage"): READ,
    ("GET", "/v1/audit"): AUDIT,
    ("GET", "/v1/accounts/{account_id}"): READ,
    ("GET", "/v1/accounts/{account_id}/movements"): READ,
    ("GET", "/v1/accounts/{account_id}/flows"): READ,
    ("GET", "/v1/accounts/{account_id}/tracing"): READ,
    ("GET", "/v1/approvals"): READ,
    ("POST", "/v1/approvals"): CONFIRM,
    ("GET", "/v1/reports/accounts"): READ,
    ("POST", "/v1/reports/accounts"): WORK,
    ("GET", "/v1/reports/accounts/{report_id}"): READ,
    ("PUT", "/v1/reports/accounts/{report_id}"): WORK,
    ("POST", "/v1/reports/accounts/{report_id}/transitions"): WORK,
    ("GET", "/v1/reports/large-value"): READ,
    ("GET", "/v1/leads"): READ,
    ("POST", "/v1/leads"): WORK,
    ("POST", "/v1/leads/file"): WORK,
    ("GET", "/v1/leads/{lead_id}/informant"): CONFIRM,
    ("GET", "/v1/watchlist/signed"): FETCH,
    ("GET", "/v1/watchlist/keys"): SIGNED_IN,
    ("GET", "/v1/rollups"): READ,
    ("GET", "/v1/outcomes"): READ,
    ("GET", "/v1/watchlist"): READ,
    ("POST", "/v1/watchlist"): CONFIRM,
    ("GET", "/v1/watchlist/flags"): READ,
    ("GET", "/v1/schemes"): READ,
    ("GET", "/v1/schemes/{scheme_id}"): READ,
    ("GET", "/v1/schemes/{scheme_id}/tracing"): READ,
    ("GET", "/v1/ledger"): READ,
    ("GET", "/v1/ledger/{entry_id}"): READ,
    ("POST", "/v1/ledger/{entry_id}/transitions"): WORK,
    ("POST", "/v1/ledger/{entry_id}/handover"): WORK,
    ("POST", "/v1/ledger/transitions"): WORK,
    ("POST", "/v1/ledger/import"): CONFIRM,
    ("GET", "/v1/suppressions"): READ,
    ("POST", "/v1/suppressions"): WORK,
    ("POST", "/v1/suppressions/{suppression_id}/approval"): CONFIRM,
    ("DELETE", "/v1/suppressions/{suppression_id}"): WORK,
    ("GET", "/openapi.json"): SIGNED_IN,
    ("GET", "/docs"): SIGNED_IN,
    ("GET", "/console"): SIGNED_IN,
    ("GET", "/console/overview"): READ,
    ("GET", "/console/news"): READ,
    ("GET", "/console/flags"): READ,
    ("GET", "/console/flags.csv"): READ,
    ("GET", "/console/flags.xlsx"): READ,
    ("POST", "/console/saved-filters"): WORK,
    ("POST", "/console/saved-filters/remove"): WORK,
    ("GET", "/console/flags/{flag_id}"): READ,
    ("GET", "/console/ledger"): READ,
    ("GET", "/console/ledger/{entry_id}"): READ,
    ("POST", "/console/ledger/{entry_id}"): WORK,
    ("GET", "/console/reports"): READ,
    ("POST", "/console/reports"): WORK,
    ("GET", "/console/reports/{report_id}"): READ,
    ("POST", "/console/reports/{report_id}"): WORK,
    ("GET", "/console/reports/{report_id}/{form}"): READ,
    ("POST", "/console/reports/{report_id}/steps"): WORK,
    ("GET", "/console/accounts"): READ,
    ("GET", "/console/accounts/{account_id}"): READ,
    ("POST", "/console/accounts/{account_id}/requests"): WORK,
    ("POST", "/console/accounts/{account_id}/requests/{request_id}"): CONFIRM,
    ("GET", "/console/schemes"): READ,
    ("GET", "/console/schemes/{scheme_id}"): READ,
    ("POST", "/console/schemes/{scheme_id}/requests"): WORK,
    ("POST", "/console/schemes/{scheme_id}/requests/{request_id}"): CONFIRM,
    ("GET", "/console/leads"): READ,
    ("POST", "/console/leads"): WORK,
    ("POST", "/console/leads/file"): WORK,
    ("GET", "/console/leads/{lead_id}/informant"): CONFIRM,
    ("POST", "/console/ledger/steps"): WORK,
    ("POST", "/console/ledger/{entry_id}/handover"): WORK,
    ("POST", "/console/ledger/{entry_id}/suppression"): WORK,
    ("GET", "/console/suppressions"): READ,
    ("POST", "/console/suppressions/{suppression_id}/approve"): CONFIRM,
    ("POST", "/console/suppressions/{suppression_id}/end"): WORK,
    ("GET", "/console/watchlist"): READ,
    ("POST", "/console/watchlist"): CONFIRM,
    ("GET", "/console/webhooks"): ADMINISTER,
    ("POST", "/console/webhooks"): ADMINISTER,
    ("POST", "/console/webhooks/{hook_id}/remove"): ADMINISTER,
    ("GET", "/console/results"): READ,
    ("GET", "/console/coverage"): READ,
    ("GET", "/console/audit"): AUDIT,
    ("GET", "/console/keys"): ADMINISTER,
    ("POST", "/console/keys"): ADMINISTER,
    ("POST", "/console/keys/{key_id}/revoke"): ADMINISTER,
    ("GET", "/console/sign-in"): OPEN,
    ("POST", "/console/sign-in"): OPEN,
    ("GET", "/console/sign-in/issuer"): OPEN,
    ("GET", "/console/sign-in/issuer/back"): OPEN,
    ("POST", "/console/sign-out"): OPEN,
    ("GET", "/console/static/{path}"): OPEN,
}

KINDS_SEE = {
    "pboc": {("bank", "illegal_fundraising"), ("payment", "illegal_fundraising"), ("bank", "suspicious"),
             ("bank", "large_value"), ("bank", "observe"), ("securities", "illegal_fundraising")},
    "nfra": {("bank", "illegal_fundraising"), ("bank", "observe")},
    "csrc": {("securities", "illegal_fundraising")},
    "lead": {("bank", "illegal_fundraising"), ("payment", "illegal_fundraising"), ("securities", "illegal_fundraising")},
    "police": set(),
}  # fmt: skip
INSIDE = {"000000": {"341302", "341321", "110105"}, "340000": {"341302", "341321"},
          "341300": {"341302", "341321"}, "341302": {"341302"}}  # fmt: skip
SORTS = sorted(set.union(*KINDS_SEE.values()))
FLAGS = [
    flag(f"{area}-{kind}-{category}", branch_region=area, institution_type=kind, category=category)
    for area in ("341302", "341321", "110105")
    for kind, category in SORTS
]

SCHEMES = [
    scheme(
        f"{one.branch_region}-{one.institution_type}-{one.category}",
        # An account without a flag: the matrix of flags stays as it is.
        [member(f"m-{one.account_id[2:]}", branch_region=one.branch_region, institution_type=one.institution_type)],
        category=one.category,
        lead_region=one.branch_region,
    )
    for one in FLAGS
    if one.category != "large_value" and one.branch_region != "341321"
]

NEED_APPROVAL = ("/movements", "/flows", "/tracing")
PARTS = {
    "{flag_id}": FLAGS[0].flag_id,
    "{account_id}": FLAGS[0].account_id,
    "{scheme_id}": SCHEMES[0].scheme_id,
    "{lead_id}": "no-such-lead",
    "{report_id}": "no-such-report",
    "{hook_id}": "no-such-hook",
    "{suppression_id}": "no-such-suppression",
    "{key_id}": "no-such-key",
    "{form}": "xml",
    "{request_id}": "no-such-request",
    "{entry_id}": entry_id(Track.AML, FLAGS[0].institution_code, FLAGS[0].account_id),
}


def routes(world: World) -> Iterator[tuple[str, str]]:
    """Method and template of everything that the application serves."""
    for route in _flat(world.app.routes):
        for method in sorted(getattr(route, "methods", None) or {"GET"}):
            if method != "HEAD":
                yield method, route.path_format


def _flat(found: Any) -> Iterator[Any]:
    for route in found:
        inner = getattr(route, "effective_route_contexts", None)
        if inner is None and hasattr(route, "path_format"):
            yield route
        elif inner is not None:
            yield from inner()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("matrix")
    made = make_world(f"sqlite:///{folder}/ledger.sqlite")
    made.store(FLAGS)
    made.store_schemes(SCHEMES)
    yield made
    made.close()


def knock(world: World, method: str, path: str, key: str | None, *, accept: str = "*/*") -> Any:
    headers = {"Accept": accept} | ({} if key is None else {"Authorization": f"Bearer {key}"})
    return world.client.request(method, path, headers=headers)


def filled(template: str) -> str:
    """The template with the ids of something that is there."""
    for name, value in PARTS.items():
        template = template.replace(name, value)
    assert "{" not in template, "a new path parameter needs an id in PARTS"
    return template


def bad_key(world: World, sort: str) -> str | None:
    if sort == "anonymous":
        return None
    if sort == "malformed":
        return "fw_x"
    if sort == "unknown":
        return "fw_" + "0" * 12 + "_" + "A" * 43
    key = world.office("pboc", "341300", name=f"{sort}-office", life_ms=-1 if sort == "expired" else 10**9)
    if sort == "revoked":
        with world.database.writing() as connection:
            repository.revoke_keys(connection, "revoked-office", now_ms=now_ms())
    return key


def test_every_route_has_a_rule(world: World) -> None:
    assert set(routes(world)) == set(RULES)


@pytest.mark.parametrize("sort", NOBODY)
def test_nobody_gets_anything_but_the_door(world: World, sort: str) -> None:
    key = bad_key(world, sort)
    for (method, template), rule in RULES.items():
        if rule != OPEN:
            answer = knock(world, method, filled(template), key)
            assert answer.status_code == 401, (method, template)
            assert answer.json()["error"] == "unauthenticated"
            assert FLAGS[0].flag_id not in answer.text
            page = knock(world, method, filled(template), key, accept="text/html")
            assert page.status_code in (303, 401), (method, template)


@pytest.mark.parametrize(("kind", "region"), OFFICES, ids=[f"{kind}-{region}" for kind, region in OFFICES])
def test_each_kind_and_level_of_office_gets_its_area_types_and_categories_on_every_route(
    world: World, kind: str, region: str
) -> None:
    key = world.office(kind, region)

    def sees(one: Flag) -> bool:
        return one.branch_region in INSIDE[region] and (one.institution_type, one.category) in KINDS_SEE[kind]

    in_lists = {one.flag_id for one in FLAGS if sees(one) and one.category != "observe"}
    listed = knock(world, "GET", "/v1/flags?limit=500", key).json()["items"]
    assert {item["flag_id"] for item in listed} == in_lists
    assert knock(world, "GET", "/v1/summary", key).json()["flags"] == len(in_lists)
    covered = knock(world, "GET", "/v1/coverage", key).json()["institutions"]
    assert sum(one["flags"] for one in covered) == sum(map(sees, FLAGS))
    for path in ("/console/flags", "/console/flags.csv"):
        answer = knock(world, "GET", path, key)
        assert answer.status_code == 200
        assert {one.flag_id for one in FLAGS if one.flag_id in answer.text} == in_lists
    for one in FLAGS:
        account = knock(world, "GET", f"/v1/accounts/{one.account_id}", key)
        assert account.status_code == (200 if sees(one) else 404)
        entries = (entry_id(track, one.institution_code, one.account_id) for track in Track)
        seen = [knock(world, "GET", f"/v1/ledger/{entry}", key).status_code == 200 for entry in entries]
        opens = one.category in ("illegal_fundraising", *(("suspicious",) if kind == "pboc" else ()))
        assert sum(seen) == (sees(one) and opens)
        for template in ("/v1/flags/{}", "/console/flags/{}"):
            assert knock(world, "GET", template.format(one.flag_id), key).status_code == (200 if sees(one) else 404)
    _sees_its_schemes(world, key, kind, region)
    for path in ("/openapi.json", "/docs"):
        assert knock(world, "GET", path, key).status_code == 200
    assert knock(world, "GET", "/console", key).headers["location"] == "/console/overview"


def _sees_its_schemes(world: World, key: str, kind: str, region: str) -> None:
    def sees(one: Scheme) -> bool:
        (only,) = one.members
        return only.branch_region in INSIDE[region] and (only.institution_type, one.category) in KINDS_SEE[kind]

    listed = knock(world, "GET", "/v1/schemes?limit=500", key).json()["items"]
    assert {item["scheme_id"] for item in listed} == {one.scheme_id for one in SCHEMES if sees(one) and one.category != "observe"}
    for one in SCHEMES:
        status = knock(world, "GET", f"/v1/schemes/{one.scheme_id}", key).status_code
        assert status == (200 if sees(one) else 404)
        status = knock(world, "GET", f"/v1/schemes/{one.scheme_id}/tracing", key).status_code
        assert status == (403 if sees(one) else 404), "money is followed with an approval alone"
        entries = (entry_id(track, "", one.scheme_id) for track in Track)
        seen = [knock(world, "GET", f"/v1/ledger/{entry}", key).status_code == 200 for entry in entries]
        opens = one.category in ("illegal_fundraising", *(("suspicious",) if kind == "pboc" else ()))
        assert sum(seen) == (sees(one) and opens)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_refused_exactly_what_it_has_no_permission_for(world: World, role: Role) -> None:
    key = world.office("pboc", "341300", role=role)
    for (method, template), rule in RULES.items():
        if isinstance(rule, Permission):
            status = knock(world, method, filled(template), key).status_code
            if template.endswith(NEED_APPROVAL):
                assert status == 403, "without an approval it is nobody's"
                continue
            assert (status == 403) == (rule not in PERMISSIONS[role]), (method, template, status)
            assert status not in (401, 500)
