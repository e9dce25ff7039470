"""Words of what came of the ledger's rows."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "results": ("成效", "Results"),
    "results_title": ("台账汇总与成效", "The ledger added up"),
    "results_lead": (
        "本机构可见的台账行，按开立日期。一行在其每个地区、特征、行业中各计一次。",
        "Rows that your office sees, by the day they were opened; a row counts once in each of its areas, typologies, industries",
    ),
    "results_by": ("按…汇总", "By"),
    "results_from": ("开立日起", "Opened from"),
    "results_until": ("开立日前", "Opened before"),
    "results_months": ("每月开立的台账行", "Rows opened by month"),
    "results_none": ("没有符合条件的台账行", "No row matches"),
    "rollup_month": ("月份", "Month"),
    "rollup_region": ("地区", "Region"),
    "rollup_institution": ("机构", "Institution"),
    "rollup_institution_type": ("机构类型", "Institution type"),
    "rollup_typology": ("特征", "Typology"),
    "rollup_severity": ("风险等级", "Severity"),
    "rollup_status": ("状态", "State"),
    "rollup_industry": ("行业（大类）", "Industry (division)"),
    "result_entries": ("台账行", "Rows"),
    "result_confirmed": ("已确认", "Confirmed"),
    "result_in_work": ("办理中", "In work"),
    "result_dismissed": ("已排除", "Dismissed"),
    "result_unknown": ("未知", "Unknown"),
    "outcomes": ("已确认案件", "Confirmed cases"),
    "outcomes_lead": (
        "已报当地机构、移送或办结的账户台账行。",
        "Rows of accounts that were reported locally, referred or closed.",
    ),
    "outcomes_incomplete": ("超过5000件，仅统计最新的。", "More than 5,000 cases: the newest are counted."),
    "outcome_first_seen_here": ("由本系统首先发现", "First seen here"),
    "outcome_lead_days": ("预警至确认（天，中位数）", "Days from flag to confirmation, median"),
    "outcome_credited": ("首次预警时已收金额", "Money in when first flagged"),
    "outcome_credited_median": ("其中位数", "Median of it"),
    "outcome_payers": ("首次预警时付款人", "Payers when first flagged"),
    "outcome_payers_median": ("其中位数", "Median of them"),
    "delay": ("机构报送时滞", "How late institutions report"),
    "delay_lead": (
        "已确认案件中，自引发首次预警的流水至台账收到，天数中位数。",
        "Of confirmed cases, days from the movement that raised the first flag to the ledger having it; medians.",
    ),
    "delay_cases": ("案件", "Cases"),
    "delay_days": ("天", "Days"),
}
