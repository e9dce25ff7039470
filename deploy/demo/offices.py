"""The demo's offices: those of one city, so that each sees its own part of the same ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from deploy.demo.children import Children


@dataclass(frozen=True, slots=True)
class Office:
    """An office of the demo and what to call it on the screen."""

    office_id: str
    kind: str
    region: str
    name: str


OFFICES: Final = (
    Office("PBOC-3413", "pboc", "341300", "中国人民银行宿州市分行"),
    Office("NFRA-3413", "nfra", "341300", "国家金融监督管理总局宿州监管分局"),
    Office("CSRC-34", "csrc", "340000", "安徽证监局"),
    Office("LEAD-3413", "lead", "341300", "宿州市处置非法集资牵头部门"),
    Office("LEAD-341302", "lead", "341302", "埇桥区处置非法集资牵头部门"),
)
CENTRAL_BANK: Final = OFFICES[0]


def add_all(children: Children, database: str) -> dict[str, str]:
    """Add every office to the ledger's database, all at once; gives the key of each by its id."""
    added = {office.office_id: children.start(f"office-{office.office_id}", _add(office, database)) for office in OFFICES}
    return {office_id: children.finish(child).strip() for office_id, child in added.items()}


def _add(office: Office, database: str) -> list[str]:
    return [
        *("office", "add", office.office_id, "--kind", office.kind, "--region", office.region),
        *("--name", office.name, "--database", database),
    ]
