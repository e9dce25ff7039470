"""Words of what institutions sent and nobody could use."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "rejected_title": ("近30日拒收", "Refused in 30 days"),
    "rejected_lead": (
        "机构报送但无法使用的记录，按原因统计。拒收记录不含地区信息，因此为该机构全国合计；被拒的流水不会产生预警。",
        "What institutions sent and could not be used, by reason. A refused row names no region, so figures are of the whole "
        "institution; what was refused raises no flag.",
    ),
    "rejected_none": ("近30日无拒收记录", "Nothing was refused in 30 days"),
    "rejected_rows": ("拒收条数", "Refused"),
    "rejected_last": ("最近一日", "Latest day"),
    "rejected_why": ("原因与字段", "Reason and field"),
    "reject_malformed_json": ("JSON 无法解析", "Unreadable JSON"),
    "reject_malformed_arrow": ("批次无法解析", "Unreadable batch"),
    "reject_malformed_row": ("行无法解析", "Unreadable row"),
    "reject_too_large": ("记录过大", "Too large"),
    "reject_unknown_header": ("消息头无法识别", "Unknown header"),
    "reject_unknown_field": ("存在约定外字段", "Unknown field"),
    "reject_wrong_type": ("类型不符", "Wrong type"),
    "reject_missing_field": ("缺少必填字段", "Missing field"),
    "reject_bad_id": ("标识不合规", "Bad id"),
    "reject_bad_institution": ("机构代码不合规", "Bad institution code"),
    "reject_bad_amount": ("金额不合规", "Bad amount"),
    "reject_bad_currency": ("币种不合规", "Bad currency"),
    "reject_bad_time": ("时间不合规", "Bad time"),
    "reject_future": ("记账时间晚于接收时间", "Booked in the future"),
    "reject_unknown_region": ("地区代码不在代码表", "Region not in the table"),
    "reject_unknown_value": ("取值不在约定范围", "Unknown value"),
    "reject_identity_in_clear": ("含明文证件号或卡号", "Identity number in clear"),
    "reject_institution_mismatch": ("机构代码与主题不符", "Institution is not the topic's"),
    "reject_wrong_partition": ("分区错误", "Wrong partition"),
    "reject_customer_changed": ("账户的客户号前后不一", "Customer of an account changed"),
    "reject_conflicting_duplicate": ("重复编号内容不一", "Duplicate with other content"),
}
