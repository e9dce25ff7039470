"""Words of the page that a day begins with."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "overview": ("辖区总览", "My area"),
    "opened_day": ("当日新增", "new that day"),
    "opened_week": ("近7日新增", "new in 7 days"),
    "open_flags": ("未关闭", "open"),
    "trend": ("近30日新增预警", "New flags, last 30 days"),
    "trend_lead": ("按首次预警日，截至 {}", "By the day of the first alert, up to {}"),
    "by_region": ("按地区（未关闭）", "By region (open)"),
    "by_region_lead": (
        "开户网点或主体所在地在该地区；同一预警可计入多个地区。",
        "Where the branch or the holder is; one flag may count in several.",
    ),
    "todo": ("待办", "To do"),
    "todo_overdue": ("逾期未处置", "Overdue"),
    "todo_soon": ("即将到期", "Due soon"),
    "todo_waiting": ("待第二人复核", "Awaiting a second person"),
    "tiers": ("风险点分级", "Tiers"),
    "tiers_lead": ("涉嫌非法集资预警，按法释〔2022〕标准", "Illegal fund-raising, by the lines of the 2022 interpretation"),
    "newest": ("最新预警", "Newest flags"),
    "nothing_new": ("辖区内暂无预警", "No flag in your area"),
    "nothing_new_hint": (
        "没有预警不等于没有风险：请看右侧“数据覆盖”与上方“台账最近接收”。",
        "No flag does not mean no risk: see the coverage beside this and when the ledger last heard.",
    ),
    "coverage_beside": ("数据覆盖", "Coverage"),
    "coverage_lead": ("因未报送字段而无法评估的次数", "How often something could not be evaluated for missing fields"),
    "coverage_none": ("暂无机构数据，无法判断覆盖情况。", "No institution has been heard of: coverage is unknown."),
    "first_seen": ("新", "new"),
}
