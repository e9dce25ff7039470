"""The description is current, and says what the routes answer."""

from __future__ import annotations

import json

import jsonschema  # type: ignore[import-untyped]

from api.ledger.tracks import Track, entry_id
from api.openapi_file import FILE, current
from tests.api.flags import flag
from tests.api.schemes_made import member, scheme
from tests.api.world import World


def test_the_checked_in_description_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == current(), "run: python -m api.openapi_file"


def test_answers_have_the_schema_that_is_described(world: World) -> None:
    reader, auditor = world.office("pboc", "341300"), world.office("pboc", "341300", role="auditor")
    world.store([flag("a"), flag("b", category="large_value", due_on="2026-03-09")])
    web = scheme("web", [member("a")])
    world.store_schemes([web])
    described = json.loads(FILE.read_text(encoding="utf-8"))
    paths = {
        "/v1/flags": "/v1/flags",
        "/v1/flags/{flag_id}": f"/v1/flags/{flag('a').flag_id}",
        "/v1/summary": "/v1/summary",
        "/v1/audit": "/v1/audit",
        "/v1/ledger": "/v1/ledger",
        "/v1/ledger/{entry_id}": f"/v1/ledger/{entry_id(Track.AML, 'BANK01', 'a:a')}",
    }
    paths |= {
        "/v1/accounts/{account_id}": "/v1/accounts/a:a",
        "/v1/schemes": "/v1/schemes",
        "/v1/schemes/{scheme_id}": f"/v1/schemes/{web.scheme_id}",
        "/v1/coverage": "/v1/coverage",
        "/v1/approvals": "/v1/approvals",
        "/v1/leads": "/v1/leads",
        "/v1/watchlist": "/v1/watchlist",
        "/v1/watchlist/flags": "/v1/watchlist/flags?subject=c:1",
        "/v1/reports/accounts": "/v1/reports/accounts",
        "/v1/reports/large-value": "/v1/reports/large-value",
        "/v1/suppressions": "/v1/suppressions",
        "/v1/rollups": "/v1/rollups?by=region&by=typology",
        "/v1/outcomes": "/v1/outcomes",
        "/v1/watchlist/keys": "/v1/watchlist/keys",
    }
    elsewhere = {  # answered with their schemas in the tests of each
        "/v1/accounts/{account_id}/movements",
        "/v1/accounts/{account_id}/flows",
        "/v1/accounts/{account_id}/tracing",
        "/v1/schemes/{scheme_id}/tracing",
        "/v1/leads/{lead_id}/informant",
        "/v1/reports/accounts/{report_id}",
        "/v1/watchlist/signed",
        "/v1/webhooks",
        "/v1/webhooks/{hook_id}/dead-letters",
        "/v1/flags/stream",
        "/v1/keys",
    }
    assert set(paths) | elsewhere == {path for path, methods in described["paths"].items() if "get" in methods}
    asked = {"account_id": "a:a", "institution_code": "BANK01"}
    report = world.post("/v1/reports/accounts", reader, asked).json()["report_id"]
    paths["/v1/reports/accounts/{report_id}"] = f"/v1/reports/accounts/{report}"
    for template, path in paths.items():
        schema = described["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = world.get(path, auditor if "audit" in path else reader)
        jsonschema.validate(answer.json(), schema | {"components": described["components"]})


def test_the_page_of_the_description_names_every_path(world: World) -> None:
    page = world.get("/docs", world.office("pboc", "341300")).text
    assert all(path in page for path in ("/v1/flags", "/v1/flags/{flag_id}", "/v1/summary"))
    assert "http" not in page.replace("https://github.com", "")
