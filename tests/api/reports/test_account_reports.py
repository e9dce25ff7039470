"""Account reports: drafted from flags, sent by a second person, answered by addressees, and nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from api.reports.elements import NAMES
from tests.api.flags import finding, flag
from tests.api.world import World

HERE = "/v1/reports/accounts"
ASKED = {"account_id": "a:a", "institution_code": "BANK01"}


class Offices:
    """An office that writes, and those that it writes to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.li = world.office("pboc", "341300", holder="li")
        self.wang = world.office("pboc", "341300", holder="wang", role="supervisor")
        self.nfra = world.office("nfra", "341300")
        self.lead = world.office("lead", "341302")
        self.city_lead = world.office("lead", "341300")
        world.store([flag("a", findings=[finding(), finding("periodic_returns@1", family="payout", strength=0.9)])])

    def draft(self, key: str | None = None, **more: Any) -> Any:
        """A draft that must be made."""
        answer = self.world.post(HERE, key or self.li, ASKED | more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def step(self, report: Any, to: str, key: str, **more: Any) -> Any:
        """Ask for a step with the version that stands."""
        version = self.read(report, self.li)["version"]
        return self.world.post(f"{HERE}/{report['report_id']}/transitions", key, {"to": to, "expected_version": version} | more)

    def read(self, report: Any, key: str, accept: str = "application/json") -> Any:
        """The report as an office reads it."""
        headers = {"Authorization": f"Bearer {key}", "Accept": accept}
        answer = self.world.client.get(f"{HERE}/{report['report_id']}", headers=headers)
        return answer.json() if accept == "application/json" else answer


@pytest.fixture
def offices(world: World) -> Offices:
    return Offices(world)


def test_a_draft_has_every_element_and_both_narratives(offices: Offices) -> None:
    report = offices.draft()
    content = report["content"]
    assert report["state"] == "draft"
    assert {**content["report"], "STCB": 1, "AOSP": 1, "STCR": 1}.keys() == NAMES["report"].keys()
    assert content["subject"].keys() == NAMES["subject"].keys()
    assert (content["report"]["RICD"], content["report"]["TORP"], content["report"]["TPTR"]) == ("BANK01", "1", "01")
    assert (content["subject"]["CSNM"], content["subject"]["SENM"], content["account"]["CTAC"]) == ("c:a", "@N", "a:a")
    assert (content["report"]["SBDT"], content["report"]["SEDT"]) == ("2026-02-28", "2026-03-01")
    assert content["STCR"] == ["periodic_returns@1", "pass_through@1"]
    assert "付款人187个" in content["STCB"]["zh"]
    assert "187 payers" in content["STCB"]["en"]
    assert "2,140,000.00元" in content["STCB"]["zh"]
    assert "不是结论" in content["AOSP"]["zh"]


def test_whether_a_report_to_the_monitoring_centre_was_filed_is_no_element(offices: Offices) -> None:
    assert all("DORP" not in names for names in NAMES.values())
    assert "DORP" not in str(offices.draft())


def test_the_addressees_are_the_nearest_offices_that_supervise_and_see_the_account(offices: Offices) -> None:
    assert [one["office"] for one in offices.draft()["deliveries"]] == ["nfra-341300", "lead-341302"]
    offices.world.store([flag("p", institution_type="payment", subject_region="341321")])
    draft = offices.world.post(HERE, offices.li, ASKED | {"account_id": "a:p"}).json()
    assert [one["office"] for one in draft["deliveries"]] == ["lead-341300"], "the subject's own lead office, and no bank's"
    named = offices.world.post(HERE, offices.li, ASKED | {"account_id": "a:p", "addressees": ["nfra-341300"]})
    assert named.status_code == 422


def test_nothing_goes_out_before_a_second_person_sends_it(offices: Offices) -> None:
    report = offices.draft()
    for key in (offices.nfra, offices.lead):
        assert offices.read(report, key)["error"] == "not_found"
        assert offices.world.get(HERE, key).json()["items"] == []
    own_supervisor = offices.world.office("pboc", "341300", holder="li", role="supervisor")
    assert offices.step(report, "sent", offices.li).status_code == 403
    assert offices.step(report, "sent", own_supervisor).status_code == 403, "the one who wrote it"
    sent = offices.step(report, "sent", offices.wang)
    assert (sent.status_code, sent.json()["state"]) == (201, "sent")
    assert offices.read(report, offices.nfra)["state"] == "sent"
    assert offices.read(report, offices.city_lead)["error"] == "not_found", "it is not an addressee"
    assert offices.world.get(HERE, offices.lead).json()["items"][0]["report_id"] == report["report_id"]


def test_an_addressee_sends_it_back_and_gets_it_corrected(offices: Offices) -> None:
    report = offices.draft()
    offices.step(report, "sent", offices.wang)
    assert offices.step(report, "received", offices.nfra).status_code == 201
    assert offices.step(report, "correction_requested", offices.lead).status_code == 422, "no reason"
    assert (
        offices.step(report, "correction_requested", offices.lead, reason="缺少时间范围").json()["state"]
        == "correction_requested"
    )
    assert offices.read(report, offices.li)["state"] == "correction_requested"
    assert offices.read(report, offices.nfra)["state"] == "received", "another addressee's answer is not its business"
    body = {"expected_version": 4, "stcb_zh": "补充：2026年1月至3月", "urgency": "02"}
    put = {"Authorization": f"Bearer {offices.li}"}
    rewritten = offices.world.client.put(f"{HERE}/{report['report_id']}", json=body, headers=put)
    assert rewritten.status_code == 200, rewritten.text
    assert "补充" not in offices.read(report, offices.lead)["content"]["STCB"]["zh"], "an addressee has what was sent"
    assert offices.step(report, "corrected", offices.wang).json()["state"] == "corrected"
    corrected = offices.read(report, offices.lead)
    assert corrected["content"]["STCB"]["zh"].startswith("补充")
    told = {code: corrected["content"]["report"][code] for code in ("TORP", "ORXN", "DETR")}
    assert told == {"TORP": "2", "ORXN": report["report_id"], "DETR": "02"}
    assert offices.step(report, "received", offices.lead).json()["state"] == "received"
    history = offices.read(report, offices.li)["history"]
    assert [line["what"] for line in history] == [
        "drafted", "sent", "received", "correction_requested", "rewritten", "corrected", "received"
    ]  # fmt: skip
    assert [line["holder"] for line in history] == ["li", "wang", None, None, "li", "wang", None]
    seen = offices.read(report, offices.lead)["history"]
    assert [line["what"] for line in seen] == ["sent", "correction_requested", "corrected", "received"]


@pytest.mark.parametrize(
    ("to", "who", "status"),
    [("received", "nfra", 404), ("corrected", "wang", 409), ("received", "wang", 403), ("draft", "wang", 422)],
)
def test_a_step_that_a_draft_has_not_is_refused(offices: Offices, to: str, who: str, status: int) -> None:
    report = offices.draft()
    assert offices.step(report, to, getattr(offices, who), reason="x").status_code == status
    assert offices.read(report, offices.li)["version"] == 1


def test_what_was_sent_cannot_be_rewritten_and_an_old_version_is_refused(offices: Offices) -> None:
    report = offices.draft()
    auth = {"Authorization": f"Bearer {offices.li}"}

    def rewrite(version: int) -> int:
        body = {"expected_version": version, "aosp_en": "x"}
        answer = offices.world.client.put(f"{HERE}/{report['report_id']}", json=body, headers=auth)
        return int(answer.status_code)

    assert rewrite(7) == 409
    assert rewrite(1) == 200
    offices.step(report, "sent", offices.wang)
    assert rewrite(3) == 409


def test_a_report_is_about_what_the_office_sees_and_about_illegal_fundraising_alone(offices: Offices) -> None:
    world = offices.world
    world.store([flag("s", category="suspicious"), flag("far", branch_region="341202")])
    for account in ("a:s", "a:far", "a:none"):
        assert world.post(HERE, offices.li, ASKED | {"account_id": account}).status_code == 404
    assert world.post(HERE, world.office("police", "341300"), ASKED).status_code == 403
    assert world.post(HERE, world.office("csrc", "340000"), ASKED).status_code == 404
    assert world.post(HERE, world.office("pboc", "341300", role="viewer"), ASKED).status_code == 403


def test_a_repeated_request_with_its_key_drafts_once(offices: Offices) -> None:
    headers = {"Authorization": f"Bearer {offices.li}", "Idempotency-Key": "k1"}
    first, again = (offices.world.client.post(HERE, json=ASKED, headers=headers) for _ in range(2))
    assert first.content == again.content
    assert len(offices.world.get(HERE, offices.li).json()["items"]) == 1
    other = offices.world.client.post(HERE, json=ASKED | {"trigger": "06"}, headers=headers)
    assert other.status_code == 409


def test_pages_and_states_select(offices: Offices) -> None:
    drafts = [offices.draft()["report_id"] for _ in range(3)]
    offices.step({"report_id": drafts[1]}, "sent", offices.wang)
    first = offices.world.get(HERE, offices.li, limit=2).json()
    rest = offices.world.get(HERE, offices.li, limit=2, cursor=first["next_cursor"]).json()
    assert sorted(one["report_id"] for one in first["items"] + rest["items"]) == sorted(drafts)
    assert [one["report_id"] for one in offices.world.get(HERE, offices.li, state="sent").json()["items"]] == [drafts[1]]
    assert offices.world.get(HERE, offices.nfra, cursor=first["next_cursor"]).status_code == 400


def test_every_act_is_in_the_audit(offices: Offices) -> None:
    report = offices.draft()
    offices.step(report, "sent", offices.wang)
    lines = offices.world.get("/v1/audit", offices.world.office("pboc", "341300", role="auditor")).json()["items"]
    acts = {line["action"]: line for line in lines if line["target"] == report["report_id"]}
    assert acts["report.drafted"]["holder"] == "li"
    assert acts["report.sent"]["holder"] == "wang"
    assert acts["report.sent"]["accounts"] == ["a:a"]
