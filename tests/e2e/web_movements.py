"""What moved on the accounts of ``webs``: payers in, money handed on, returns, a house, cars, cash; seeded."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, Final

import pyarrow as pa

from contract.archive.columns import ARCHIVE
from contract.archive.listing import Archive
from contract.archive.names import ArchiveShelf
from contract.scheme import Member
from contract.shanghai import DAY_MS
from detector.archive.writing import write
from tests.api.flags import NOON
from tests.e2e import webs

_ONWARD: Final = (
    (8, "a:H7OUSEQK2M4XWT3VB5NPZ2QRLS", "company", "C1030134009", "340102", 1_400_000),
    (9, "a:CARS3DJT5BNVAQ6WX2MPLZ7KYD", "company", "C1030134010", "320300", 620_000),
    (9, "a:K3BRO6ZLPEEH7TDWQ5XNVM2RSA", "person", "C1030134002", "341321", 480_000),
    (12, "a:AGT2WWMZKQ4XCPB7LHN5DEVQ3R", "person", "C1030134001", "341302", 90_000),
    (13, "a:AGT5TTHDRS7MQXKW2NPZLB4VCE", "person", "C1030134001", "341302", 70_000),
)


def fill(folder: str, *, payers: int = 240, days: int = 56, seed: int = 17) -> None:
    """Write the movements of the scheme's accounts into an archive, ending at noon of the flags' day."""
    town = _Town(webs.members(), random.Random(seed))
    for day in range(days):
        at = NOON - (days - 1 - day) * DAY_MS
        town.collect(at, payers, 2 + day // 7)
        if day % 4 == 3:
            town.hand_on(at + 3_600_000)
        if day % 14 == 13:
            town.pay_back(at + 12_600_000, 30 + day)
        if day % 9 == 8:
            town.spend(at + 14_400_000)
    town.write(Archive.at(folder))


class _Town:
    def __init__(self, members: list[Member], draw: random.Random) -> None:
        self.members = members
        self.draw = draw
        self.rows: list[dict[str, Any]] = []
        self.balance: Counter[int] = Counter({0: 1_200_000})
        self.paid: list[str] = []

    def collect(self, at: int, payers: int, number: int) -> None:
        """Payers pay into the collecting accounts, and a wage and a loan come in beside."""
        for _ in range(number):
            who = f"c:payer-{self.draw.randrange(payers):03d}"
            self.paid.append(who)
            minor = self.draw.choice((1, 2, 3, 5)) * 1_000_000
            self.move(self.draw.randrange(5), at, "credit", minor, counterparty_customer_id=who, counterparty_kind="person")
        if self.draw.random() < 0.1:
            self.move(1, at, "credit", 6_000_000, counterparty_id="a:lender", counterparty_kind="financial")
        if self.draw.random() < 0.15:
            self.move(2, at, "credit", 1_500_000, kind="cash")

    def hand_on(self, at: int) -> None:
        """Most of what stands there goes one step on."""
        for step, (a, b) in enumerate(webs.FLOWS):
            at += 600_000 * (step > 0)
            minor = self.balance[a] * 8 // 10 // (3 if a in (8, 9) else 1) // 100 * 100
            if minor > 0:
                self.move(a, at, "debit", minor, counterparty_id=self.members[b].account_id)
                self.move(b, at + 60_000, "credit", minor, counterparty_id=self.members[a].account_id)

    def pay_back(self, at: int, number: int) -> None:
        """Returns to who had paid in."""
        for who in self.draw.sample(sorted(set(self.paid)), min(number, len(set(self.paid)))):
            account = self.draw.choice((10, 11))
            if self.balance[account] >= 90_000:
                self.move(account, at, "debit", 90_000, counterparty_customer_id=who, counterparty_kind="person")

    def spend(self, at: int) -> None:
        """What the organisers buy, send away and draw in cash."""
        for place, account, kind, institution, region, yuan in _ONWARD:
            minor = min(yuan * 25, self.balance[place] * 5 // 10) // 100 * 100
            self.move(place, at, "debit", minor, counterparty_id=account, counterparty_kind=kind,
                      counterparty_institution=institution, counterparty_region=region)  # fmt: skip
        self.move(9, at, "debit", self.balance[9] // 5 // 100 * 100, kind="cash")
        self.move(8, at, "debit", self.balance[8] // 8, own_name=True, counterparty_id="a:QW4HHVXCRY2ODKTP5MZNB7LSAE",
                  counterparty_institution="C1030134003")  # fmt: skip
        self.move(8, at, "debit", 1_250, kind="fee")

    def move(self, place: int, at: int, direction: str, minor: int, **fields: Any) -> None:
        """One movement of a member's account."""
        if minor <= 0:
            return
        self.balance[place] += minor if direction == "credit" else -minor
        member = self.members[place]
        told = {"balance_after_minor": self.balance[place]} if member.institution_type == "bank" else {}
        self.rows.append(
            {"log_row": 0, "record": "movement", "refused": False, "institution_code": member.institution_code,
             "institution_type": member.institution_type, "account_id": member.account_id, "customer_id": member.customer_id,
             "branch_region": member.branch_region, "occurred_at": at, "direction": direction, "amount_minor": minor,
             "currency": "CNY", "kind": "transfer"} | told | fields
        )  # fmt: skip

    def write(self, archive: Archive) -> None:
        """A file an institution."""
        for code in sorted({one.institution_code for one in self.members}):
            mine = [row for row in self.rows if row["institution_code"] == code]
            mine = [row | {"log_offset": number, "event_id": f"E{number:06d}"} for number, row in enumerate(mine)]
            table = pa.Table.from_pylist([{name: row.get(name) for name in ARCHIVE.names} for row in mine], schema=ARCHIVE)
            write(archive, ArchiveShelf(f"fundwatch.events.v1.{code}", 0, 1), (0, len(mine)), table, begins=True)
