"""The console's words in Chinese and English; what the product names and nobody listed here is shown by its name."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("zh", "en")

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "product": ("账户资金异动监测", "Account fund-movement watch"),
    "sign_in": ("登录", "Sign in"),
    "sign_out": ("退出", "Sign out"),
    "key": ("机构密钥", "Office key"),
    "key_hint": ("由系统管理员发放，以 fw_ 开头", "Given by your administrator; begins with fw_"),
    "key_wrong": ("密钥无效、已过期或已被吊销。", "The key is unknown, expired or revoked."),
    "sign_in_lead": (
        "供监管与处置机构使用。每次访问仅显示本机构职权范围内的线索。",
        "For supervising and handling offices. You see leads within your office's remit only.",
    ),
    "flags": ("预警清单", "Flags"),
    "api_docs": ("接口说明", "API"),
    "as_of": ("数据截至", "As of"),
    "heard": ("台账最近接收", "Ledger last heard"),
    "never": ("尚无", "never"),
    "all": ("全部", "All"),
    "filter": ("筛选", "Filter"),
    "reset": ("重置", "Reset"),
    "export": ("导出 CSV", "Export CSV"),
    "region": ("地区", "Region"),
    "category": ("类别", "Category"),
    "severity": ("风险等级", "Severity"),
    "typology": ("特征", "Typology"),
    "institution": ("机构", "Institution"),
    "institution_type": ("机构类型", "Institution type"),
    "status": ("状态", "Status"),
    "min_score": ("最低评分", "Least score"),
    "sort": ("排序", "Order"),
    "sort_-score": ("评分由高到低", "Highest score first"),
    "sort_-updated_at": ("最近更新在前", "Newest first"),
    "sort_score": ("评分由低到高", "Lowest score first"),
    "sort_updated_at": ("最早更新在前", "Oldest first"),
    "score": ("评分", "Score"),
    "account": ("账户", "Account"),
    "customer": ("客户", "Customer"),
    "reasons": ("预警理由", "Reasons"),
    "money": ("资金", "Money"),
    "updated": ("更新时间", "Updated"),
    "matching": ("条符合条件", "match"),
    "next_page": ("下一页", "Next page"),
    "first_page": ("回到首页", "First page"),
    "more_reasons": ("另有 {} 项", "{} more"),
    "empty": ("没有符合条件的预警", "No flag matches"),
    "empty_hint": (
        "放宽筛选条件，或核对上方“数据截至”时间。没有预警不等于没有风险。",
        "Widen the filters, or check the “as of” time above. No flag does not mean no risk.",
    ),
    "no_area": ("本机构按移送案件查看", "Your office sees referred cases"),
    "no_area_hint": (
        "目前没有移送至本机构的案件，因此没有可显示的内容。",
        "No case has been referred to your office, so there is nothing to show.",
    ),
    "error_404": ("没有找到", "Not found"),
    "error_404_hint": ("该预警不存在，或不在本机构职权范围内。", "It does not exist, or is not for your office."),
    "error_400": ("筛选条件有误", "A filter is wrong"),
    "error_403": ("不能这样操作", "Not allowed"),
    "error_503": ("台账数据库暂时不可用", "The ledger's database is away"),
    "error_503_hint": ("请稍后再试；期间没有数据丢失。", "Try again shortly; nothing is lost meanwhile."),
    "error_500": ("系统出错", "The server failed"),
    "error_500_hint": ("已记录并通知运维人员。", "Its operator has been told."),
    "back": ("返回清单", "Back to the list"),
    "why": ("为什么预警", "Why it was flagged"),
    "why_lead": (
        "以下每一项均由命名规则得出，供人工核查，不是结论。",
        "Each line comes from a named rule. It is a lead for people to check, not a finding of guilt.",
    ),
    "value": ("实测", "Value"),
    "threshold": ("阈值", "Threshold"),
    "strength": ("强度", "Strength"),
    "coverage": ("数据覆盖", "Coverage"),
    "window": ("窗口", "Window"),
    "family": ("类族", "Family"),
    "evidence": ("依据流水号", "Evidence"),
    "facts": ("基本信息", "Facts"),
    "measures": ("指标", "Measures"),
    "model_scores": ("模型评分", "Model scores"),
    "model_lead": ("仅用于排序，不单独构成预警理由。", "Used for ordering only; a model alone never accuses."),
    "not_evaluable": ("无法评估", "Could not be evaluated"),
    "not_evaluable_lead": ("机构未报送所需字段。", "The institution did not send what these need."),
    "history": ("变更记录", "History"),
    "revision": ("版本", "Revision"),
    "findings": ("命中特征", "Findings"),
    "branch_region": ("开户网点", "Branch"),
    "subject_region": ("主体所在地", "Subject"),
    "holder_kind": ("持有人", "Holder"),
    "opened_at": ("首次预警", "Opened"),
    "movements_between": ("资金往来", "Movements"),
    "due_on": ("报告期限", "Due on"),
    "closed_because": ("关闭原因", "Closed because"),
    "tags": ("标签", "Tags"),
    "engine": ("引擎版本", "Engine"),
    "ledger_status": ("台账状态", "Ledger"),
    "category_illegal_fundraising": ("涉嫌非法集资", "Illegal fund-raising"),
    "category_suspicious": ("可疑交易", "Suspicious"),
    "category_observe": ("关注", "Observe"),
    "category_large_value": ("大额交易", "Large value"),
    "severity_below": ("较小（未达立案）", "Minor: below filing"),
    "severity_filing": ("较小（达立案）", "Minor: filing"),
    "severity_huge": ("重大（数额巨大）", "Major: huge"),
    "severity_especially_huge": ("重大（特别巨大）", "Major: especially huge"),
    "status_open": ("未关闭", "Open"),
    "status_closed": ("已关闭", "Closed"),
    "ledger_new": ("新增", "New"),
    "type_bank": ("银行", "Bank"),
    "type_securities": ("证券", "Securities"),
    "type_insurance": ("保险", "Insurance"),
    "type_payment": ("支付", "Payment"),
    "holder_person": ("个人", "Person"),
    "holder_company": ("单位", "Company"),
    "holder_sole_trader": ("个体工商户", "Sole trader"),
    "holder_public_body": ("机关事业单位", "Public body"),
    "holder_financial": ("金融机构", "Financial institution"),
    "holder_payment": ("支付机构", "Payment institution"),
    "family_structure": ("资金结构", "Structure"),
    "family_payout": ("返利兑付", "Payout"),
    "family_amount": ("金额规律", "Amount"),
    "family_text": ("附言文本", "Text"),
    "family_identity": ("身份", "Identity"),
    "family_lifecycle": ("账户周期", "Life cycle"),
    "family_network": ("关联网络", "Network"),
    "family_channel": ("渠道", "Channel"),
    "family_model": ("模型", "Model"),
    "measure_payers": ("付款人数", "Payers"),
    "measure_payees": ("收款人数", "Payees"),
    "measure_credited": ("收入金额", "Credited"),
    "measure_debited": ("支出金额", "Debited"),
    "measure_returned_to_payers": ("返还付款人", "Returned to payers"),
    "measure_elderly_payer_share": ("老年付款人占比", "Elderly payers"),
    "measure_sum": ("合计", "Sum"),
    "measure_count": ("笔数", "Count"),
}

TYPOLOGIES: Final[dict[str, tuple[str, str]]] = {
    "dispersed_in_concentrated_out": ("分散转入集中转出", "Dispersed in, concentrated out"),
    "concentrated_in_dispersed_out": ("集中转入分散转出", "Concentrated in, dispersed out"),
    "pass_through": ("资金快进快出", "Pass-through"),
    "unit_priced_credits": ("按份额定价入账", "Unit-priced credits"),
    "periodic_returns": ("定期返利", "Periodic returns"),
    "payees_were_payers": ("收款人曾为付款人", "Payees were payers"),
    "return_rate_lattice": ("返利比例规律", "Return-rate lattice"),
    "sudden_activity": ("突然活跃", "Sudden activity"),
    "fundraising_remarks": ("集资附言", "Fund-raising remarks"),
    "vulnerable_payers": ("易受骗付款人", "Vulnerable payers"),
    "linked_accounts": ("关联账户", "Linked accounts"),
    "scope_mismatch": ("经营范围不符", "Scope mismatch"),
    "merchant_channel_collection": ("商户渠道归集", "Merchant-channel collection"),
    "night_activity": ("夜间交易", "Night activity"),
    "many_payer_regions": ("付款地区众多", "Many payer regions"),
    "staff_layering": ("业务员层级", "Staff layering"),
    "pyramid_levels": ("传销层级", "Pyramid levels"),
    "payout_stress": ("兑付紧张", "Payout stress"),
    "cash_out_after_collection": ("归集后取现", "Cash-out after collection"),
    "structuring": ("化整为零", "Structuring"),
    "unlicensed_p2p_pool": ("无证资金池", "Unlicensed pool"),
    "rapid_open_close": ("短期开销户", "Rapid open and close"),
    "probe_then_ramp": ("先试探后放量", "Probe, then ramp"),
    "burst_then_sleep": ("突击后休眠", "Burst, then sleep"),
    "watchlist_contact": ("与名单主体往来", "Watch-list contact"),
    "model_outlier": ("模型离群", "Model outlier"),
    "large_value_cash": ("大额现金", "Large-value cash"),
    "large_value_company_transfer": ("大额单位转账", "Large-value company transfer"),
    "large_value_person_transfer": ("大额个人转账", "Large-value personal transfer"),
    "large_value_cross_border": ("大额跨境", "Large-value cross-border"),
}


class Words:
    """One language's words.

    >>> Words("zh")("score"), Words("en").of("category", "observe"), Words("en").typology("pass_through@1")
    ('评分', 'Observe', 'Pass-through')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key: str) -> str:
        return _WORDS[key][self._at]

    def of(self, group: str, value: str | None) -> str:
        """The word for a value of a closed set, the value itself where nobody listed it."""
        if value is None:
            return "—"
        found = _WORDS.get(f"{group}_{value}")
        return found[self._at] if found else value.replace("_", " ")

    def typology(self, key: str) -> str:
        """A typology's name, with or without its version given."""
        name = key.partition("@")[0]
        found = TYPOLOGIES.get(name)
        return found[self._at] if found else name.replace("_", " ")
