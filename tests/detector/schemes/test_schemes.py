"""From movements to schemes: what is found, what is left alone, and that nothing but the input decides."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from contract.evidence import DayMark, Record, decode, encode
from contract.flag import Flag
from contract.scheme import Scheme
from contract.shanghai import day_of
from detector import flags_file, schemes_file
from detector.catalogue import Catalogue, LinkRules, load_catalogue
from detector.decision import BANDS, ILLEGAL, OBSERVE
from detector.replay import Replay
from detector.schemes.engine import SchemeEngine, SchemeOutput
from detector.schemes.member_flags import category_of_member
from detector.schemes.picture import Picture
from detector.schemes.record import score_of
from detector.schemes.roles import Own
from detector.schemes.scheme_book import OpenScheme
from tests.detector.schemes.rings import START, Town, day_by_day, mule_ring, ordinary_life

CATALOGUE = load_catalogue()
FIRST = int(day_of(START))


class Listening(SchemeEngine):
    """An engine that remembers what it was told."""

    heard: list[Record]

    @property
    def picture(self) -> Picture:
        """All that was told by the newest day judged."""
        return self._picture

    def take(self, record: Record, *, patient: bool = False) -> SchemeOutput:
        self.heard.append(record)
        return super().take(record, patient=patient)


@dataclass(frozen=True, slots=True)
class Found:
    schemes: list[Scheme]
    flags: list[Flag]
    records: list[Record]
    scores: dict[str, tuple[float, str]]
    picture: Picture

    @property
    def last(self) -> dict[str, Scheme]:
        return {one.scheme_id: one for one in self.schemes}


def found_in(town: Town, *, batch_size: int | None = None, catalogue: Catalogue = CATALOGUE) -> Found:
    engine = Listening(catalogue)
    engine.heard = []
    run = Replay(catalogue, None, batch_size)
    run.scheme_engine = engine
    for _ in run.feed(day_by_day(town.logs())):
        pass
    scores = {account: (score, category) for account, score, category in run.scores()}
    return Found(run.schemes, run.member_flags, engine.heard, scores, engine.picture)


def a_town(*, seed: int = 1, pays_back: bool = True) -> Town:
    town = Town(seed)
    ordinary_life(town)
    mule_ring(town, pays_back=pays_back)
    return town


def files(schemes: Iterable[Scheme], flags: Iterable[Flag]) -> bytes:
    return b"\n".join([*schemes_file.lines(schemes), b"", *flags_file.lines(flags)])


def fed(records: Iterable[Record]) -> bytes:
    engine, output = SchemeEngine(CATALOGUE), SchemeOutput()
    for record in records:
        more = engine.take(record)
        output.schemes += more.schemes
        output.flags += more.flags
    return files(output.schemes, output.flags)


@pytest.fixture(scope="module")
def ring() -> Found:
    return found_in(a_town())


def test_mules_with_seven_payers_each_are_found_with_their_hub_over_three_banks(ring: Found) -> None:
    [scheme] = ring.last.values()
    assert [one.account_id for one in scheme.members] == sorted(
        (f"a:{name}" for name in ("hub@B1", "mule0@B1", "mule3@B1", "mule1@B2", "mule4@B2", "mule2@B3", "mule5@B3")),
        key=lambda name: (name.rpartition("@")[2], name),
    )
    assert scheme.category == "illegal_fundraising"
    assert scheme.totals.payers == 42
    roles = {one.account_id: one.roles for one in scheme.members}
    assert {"pays_out", "gathers"} <= set(roles["a:hub@B1"])
    assert roles["a:mule0@B1"] == ["collects", "passes_on"]


def test_what_goes_round_inside_is_not_absorbed(ring: Found) -> None:
    [scheme] = ring.last.values()
    paid_in = sum(float(one.credited) for one in scheme.members)
    assert float(scheme.totals.absorbed) == pytest.approx(paid_in)
    hub = next(one for one in scheme.members if one.account_id == "a:hub@B1")
    assert (hub.payers, hub.credited) == (0, "0.00")
    assert float(scheme.totals.returned) == pytest.approx(float(hub.returned))
    assert {one.kind for one in scheme.links} == {"flow", "payers_paid_elsewhere"}


def test_a_scheme_tells_where_its_payers_are_and_of_how_many_that_is_known() -> None:
    town = a_town()
    for one in town.transfers:
        if one.payer.startswith("victim") and zlib.crc32(one.payer.encode()) % 4:
            one.fields["counterparty_region"] = "340102"
    (last,) = found_in(town).last.values()
    assert last.located_payers is not None
    assert 10 <= last.located_payers < last.totals.payers, "of a quarter nothing was said"
    assert [one.region for one in last.payer_regions] == ["340000", "340100", "340102"]
    assert {one.payers for one in last.payer_regions} == {last.located_payers}
    assert {one.absorbed for one in last.payer_regions} != {last.totals.absorbed}


def test_a_scheme_is_tagged_by_what_payers_call_its_members_and_each_member_by_what_they_call_it() -> None:
    town = a_town()
    for one in town.transfers:
        if one.payee == "mule0@B1":
            one.fields["remark"] = "海天私募"
    found = found_in(town)
    (last,) = found.last.values()
    assert last.tags == ["pretext:private_fund"]
    assert {one.account_id: one.tags for one in found.flags if one.tags} == {"a:mule0@B1": ["pretext:private_fund"]}


def test_each_member_that_no_flag_of_its_own_gives_away_is_flagged_with_its_movements(ring: Found) -> None:
    flags = {one.account_id: one for one in ring.flags}
    assert len(flags) == 7
    for flag in flags.values():
        assert flag.category == "illegal_fundraising"
        assert flag.scheme_id is None
        assert "linked_accounts@1" in [one.typology for one in flag.findings]
        assert all(1 <= len(one.evidence) <= 20 for one in flag.findings)
        assert flag.severity in ("below", "filing")


def test_a_member_has_the_score_of_its_scheme(ring: Found) -> None:
    flags = {one.account_id: one for one in ring.flags}
    for account, flag in flags.items():
        assert flag.score is not None
        assert ring.scores[account][0] >= flag.score >= 80
        assert ring.scores[account][1] == "illegal_fundraising"
    assert ring.scores["a:p0@B1"][1] == "none"


def test_revisions_count_from_one_and_an_open_scheme_keeps_its_id(ring: Found) -> None:
    assert [one.revision for one in ring.schemes] == list(range(1, len(ring.schemes) + 1))
    assert len(ring.schemes) > 5
    assert {one.opened_at for one in ring.schemes} == {ring.schemes[0].opened_at}


def test_whom_friends_paid_small_sums_is_no_member_of_what_he_and_they_put_their_money_into() -> None:
    town = a_town()
    one = town.account("one@B1")
    for k in range(3):
        town.pay(1, f"victim{k}@{('B1', 'B2', 'B3')[k]}", one, 150)
    town.pay(5, one, "hub@B1", 10_000)
    for friend in town.people(5, "friend"):
        town.pay(6, one, friend, 3_000)
    members = {member.account_id for scheme in found_in(town).schemes for member in scheme.members}
    assert "a:hub@B1" in members
    assert "a:one@B1" not in members


def test_ordinary_life_is_no_scheme() -> None:
    town = Town()
    ordinary_life(town)
    found = found_in(town)
    assert (found.schemes, found.flags) == ([], [])
    assert len(found.records) > 100


def test_the_batch_size_changes_nothing(ring: Found) -> None:
    small = found_in(a_town(), batch_size=7)
    assert files(small.schemes, small.flags) == files(ring.schemes, ring.flags)


def test_an_engine_goes_on_from_its_state(ring: Found) -> None:
    engine, output = SchemeEngine(CATALOGUE), SchemeOutput()
    rng = np.random.default_rng(3)
    for record in ring.records:
        more = engine.take(decode(encode(record)))
        output.schemes += more.schemes
        output.flags += more.flags
        if rng.random() < 0.05:
            state = {k: v if isinstance(v, bytes) else np.array(v) for k, v in engine.state().items()}
            engine = SchemeEngine.restore(CATALOGUE, state)
    assert files(output.schemes, output.flags) == files(ring.schemes, ring.flags)


def _day(record: Record) -> int:
    return record.day if isinstance(record, DayMark) else record.as_of


def woven(records: list[Record], seed: int, behind: int) -> list[Record]:
    """Each shard's records in their own order, shards up to ``behind`` days apart."""
    rng = np.random.default_rng(seed)
    queues: dict[str, list[Record]] = {}
    for record in records:
        queues.setdefault(record.institution_code, []).append(record)
    mixed, at = list[Record](), dict.fromkeys(queues, 0)
    while left := [bank for bank in sorted(queues) if at[bank] < len(queues[bank])]:
        slowest = min(_day(queues[bank][at[bank]]) for bank in left)
        free = [bank for bank in left if _day(queues[bank][at[bank]]) - slowest <= behind]
        bank = str(rng.choice(free))
        mixed.append(queues[bank][at[bank]])
        at[bank] += 1
    return mixed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_between_shards_changes_nothing(ring: Found, seed: int) -> None:
    assert fed(woven(ring.records, seed, 3)) == files(ring.schemes, ring.flags)


def test_what_is_told_again_changes_nothing(ring: Found) -> None:
    rng, again = np.random.default_rng(5), list[Record]()
    for k, record in enumerate(ring.records):
        again.append(record)
        if rng.random() < 0.3:
            again.append(ring.records[int(rng.integers(max(0, k - 40), k + 1))])
    assert fed(again) == files(ring.schemes, ring.flags)


def test_a_scheme_that_is_not_seen_any_more_closes_with_its_members_flags(ring: Found) -> None:
    engine, output = SchemeEngine(CATALOGUE), SchemeOutput()
    last = max(_day(record) for record in ring.records)
    later = [DayMark(institution_code=bank, partition=0, day=last + 140) for bank in ("B1", "B2", "B3")]
    for record in [*ring.records, *later]:
        more = engine.take(record)
        output.schemes += more.schemes
        output.flags += more.flags
    newest = {one.scheme_id: one for one in output.schemes}
    assert [(one.status, one.closed_because) for one in newest.values()] == [("closed", "no_finding")]
    flags = {one.flag_id: one for one in output.flags}
    assert {(one.status, one.closed_because) for one in flags.values()} == {("closed", "no_finding")}
    assert len(flags) == 7


def test_money_taken_at_one_bank_and_paid_back_from_the_holders_account_at_another_is_one_scheme() -> None:
    town = Town(4)
    ordinary_life(town)
    takes, pays = town.account("boss@B1"), town.account("boss-too@B2", customer_id="c:boss")
    for k, payer in enumerate(town.people(40, "saver")):
        town.pay(1 + k % 20, payer, takes, 10_000.0 + 1_000 * (k % 3))
        for turn in (1, 2):
            town.pay(1 + k % 20 + 10 * turn, pays, payer, 300.0 + 30 * (k % 3))
    [scheme] = found_in(town).last.values()
    assert [(one.account_id, one.roles) for one in scheme.members] == [
        ("a:boss@B1", ["collects"]),
        ("a:boss-too@B2", ["pays_out"]),
    ]
    assert {one.kind for one in scheme.links} == {"holder", "payers_paid_elsewhere"}
    assert (takes, pays) == ("boss@B1", "boss-too@B2")


def test_leaders_of_group_purchases_who_all_pay_one_wholesaler_are_no_scheme() -> None:
    town = Town(6)
    ordinary_life(town)
    wholesaler = town.account("farm@B1", holder_kind="company")
    for leader in range(6):
        account = town.account(f"leader{leader}@B{leader % 3 + 1}")
        for week in range(6):
            buyers = [f"p{(leader * 9 + k) % 60}@B{(leader * 9 + k) % 60 % 3 + 1}" for k in range(9)]
            for buyer in buyers:
                town.pay(7 * week, buyer, account, 380.0 + 10 * leader)
            town.pay(7 * week + 1, account, wholesaler, 9 * (370.0 + 10 * leader))
            # One who was sent bad apples gets all of it back, from the wholesaler.
            town.pay(7 * week + 3, wholesaler, buyers[week], 380.0 + 10 * leader)
    found = found_in(town)
    assert (found.schemes, found.flags) == ([], [])


def test_shops_of_one_phone_whose_customers_work_for_the_owner_are_no_scheme() -> None:
    town = Town(7)
    ordinary_life(town)
    shops = [town.account(f"shop{k}@B1", holder_kind="company", phone_id="p:owner") for k in range(3)]
    works = town.account("plant@B1", holder_kind="company", phone_id="p:owner")
    for k, person in enumerate(town.people(45, "worker")):
        for turn in range(3):
            town.pay(2 + 12 * turn + k % 5, person, shops[(k + turn) % 3], 3_000.0)
            town.pay(10 + 12 * turn, works, person, 5_200.0, batch_code="payroll", channel="batch")
    found = found_in(town)
    assert (found.schemes, found.flags) == ([], [])


def test_a_web_that_grows_is_found_by_those_who_could_have_been_paid_already() -> None:
    town = Town(8)
    ordinary_life(town)
    shells = [town.account(f"shell{k}@B{k % 3 + 1}", holder_kind="company", phone_id="p:nominee") for k in range(6)]
    for k, person in enumerate(town.people(100, "saver")):
        # A sixth come in the first week and have a month's interest by the end; the others are not due yet.
        early = k < 16
        joined, sum_of = (k % 7 if early else 12 + k % 24), 50_000.0 + 50_000.0 * (k % 5)
        town.pay(joined, person, shells[k % 4], sum_of)
        if early:
            town.pay(joined + 30, shells[4 + k % 2], person, sum_of * 0.015)
    found = found_in(town)
    assert {
        account.partition("@")[0] for account in (one.account_id.removeprefix("a:") for one in found.schemes[-1].members)
    } == {f"shell{k}" for k in range(6)}


WITH_DEVICES = replace(CATALOGUE, links=LinkRules(use_devices=True))


def shells_of_one_hand(*, days: int) -> Town:
    """Shells that have nothing in common but the device from which each pays its rent, on so many days."""
    town = Town(8)
    ordinary_life(town)
    shells = [town.account(f"shell{k}@B{k % 3 + 1}", holder_kind="company") for k in range(6)]
    for k, person in enumerate(town.people(60, "saver")):
        joined = k % 12
        town.pay(joined, person, shells[k % 4], 50_000.0, device_id=f"v:{person}")
        town.pay(joined + 30, shells[4 + k % 2], person, 750.0)
    for k, shell in enumerate(shells):
        for day in range(days):
            town.pay(3 + 5 * day + k % 3, shell, f"landlord{k}@elsewhere", 4_000.0 + 100 * k, device_id="v:nominee")
    return town


def links_of(found: Found) -> set[str]:
    return {link.kind for scheme in found.schemes for link in scheme.links}


def test_devices_link_accounts_only_where_that_is_switched_on() -> None:
    town = shells_of_one_hand(days=4)
    assert "device" in links_of(found_in(town, catalogue=WITH_DEVICES))
    assert "device" not in links_of(found_in(town))


def test_a_device_used_on_two_days_links_nobody() -> None:
    assert "device" not in links_of(found_in(shells_of_one_hand(days=2), catalogue=WITH_DEVICES))


def test_what_devices_link_hangs_on_no_batch() -> None:
    town = shells_of_one_hand(days=4)
    whole = found_in(town, catalogue=WITH_DEVICES)
    pieces = found_in(town, batch_size=3, catalogue=WITH_DEVICES)
    assert files(whole.schemes, whole.flags) == files(pieces.schemes, pieces.flags)


@pytest.mark.parametrize(
    ("roles", "people", "category"),
    [
        (["gathers"], 0, OBSERVE),
        (["gathers", "linked"], 0, OBSERVE),
        (["collects", "gathers"], 9, OBSERVE),
        (["collects", "gathers"], 10, ILLEGAL),
        (["collects"], 9, OBSERVE),
        (["collects"], 10, ILLEGAL),
        (["collects", "passes_on"], 1, ILLEGAL),
        (["pays_out"], 5, OBSERVE),
        (["pays_out"], 6, ILLEGAL),
        (["passes_on", "pays_out"], 0, ILLEGAL),
        (["passes_on"], 0, ILLEGAL),
    ],
)
def test_who_only_receives_or_takes_of_a_few_is_looked_at_and_not_accused(roles: list[str], people: int, category: int) -> None:
    scheme = OpenScheme("S", 0, 20_000, ILLEGAL, None, "growing", [], 20_000, {})
    assert category_of_member(scheme, roles, Own(people, people, 0, 0, 0), 0) == category
    low, high = BANDS[category]
    assert low <= score_of(scheme, category) <= high


@pytest.mark.parametrize(("credited", "category"), [(9_000_000, ILLEGAL), (9_000_001, OBSERVE)])
def test_who_mostly_moves_his_own_money_hands_nothing_of_a_few_friends_on(credited: int, category: int) -> None:
    """A saver whose friends pay their dinners back to him brings what is his; a lent card takes payers' money and little else."""
    scheme, friends = OpenScheme("S", 0, 20_000, ILLEGAL, None, "growing", [], 20_000, {}), Own(6, 0, 3_000_000, 0, 0)
    assert category_of_member(scheme, ["collects", "passes_on"], friends, credited) == category
    assert category_of_member(scheme, ["passes_on"], Own(0, 0, 0, 0, 0), credited) == ILLEGAL
    assert category_of_member(scheme, ["collects", "passes_on"], Own(10, 0, 3_000_000, 0, 0), credited) == ILLEGAL
    relay = Own(6, 0, 3_000_000, 0, 0, from_members=1)
    assert category_of_member(scheme, ["collects", "passes_on"], relay, credited) == ILLEGAL
