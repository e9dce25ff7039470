"""The console's words in Chinese and English; what the product names and nobody listed here is shown by its name."""

from __future__ import annotations

from typing import Final

from api.console import vocabulary
from api.console.typology_names import TYPOLOGIES

LANGUAGES: Final = ("zh", "en")

_OLDER: Final[dict[str, tuple[str, str]]] = {
    "product": ("账户资金异动监测", "Account fund-movement watch"),
    "sign_in": ("登录", "Sign in"),
    "sign_out": ("退出", "Sign out"),
    "key": ("机构密钥", "Office key"),
    "sign_in_by_name": ("用姓名和口令登录", "Sign in by name and password"),
    "sign_in_by_issuer": ("用统一身份认证登录", "Sign in through your organisation"),
    "issuer_hint": (
        "转到本单位配置的统一身份认证，登录后自动返回。",
        "Leads to the identity service that your operator has set, and back here.",
    ),
    "issuer_refused": (
        "统一身份认证未通过，或该人员未获准使用本系统。",
        "The sign-in did not succeed, or this person may not use this service.",
    ),
    "signed_in_lead": ("登录成功，正在进入。", "Signed in; one moment."),
    "go_on": ("继续", "Go on"),
    "office_id": ("机构编号", "Office id"),
    "holder_name": ("姓名", "Name"),
    "password": ("口令", "Password"),
    "password_hint": ("口令由本人用访问密钥设置（PUT /v1/password）。", "You set it with your key (PUT /v1/password)."),
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
    "error_404_hint": ("该内容不存在，或不在本机构职权范围内。", "It does not exist, or is not for your office."),
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
    "scheme": ("团伙", "Scheme"),
    "lead_region": ("牵头地区", "Lead region"),
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
    "ledger": ("风险台账", "Risk ledger"),
    "ledger_new": ("新增", "New"),
    "ledger_under_analysis": ("分析中", "Under analysis"),
    "ledger_dismissed": ("已排除", "Dismissed"),
    "ledger_reported_camlmac": ("已报反洗钱中心", "Reported to CAMLMAC"),
    "ledger_reported_local": ("已报当地机构", "Reported locally"),
    "ledger_transferred": ("已移送", "Transferred"),
    "ledger_closed": ("已结案", "Closed"),
    "deadline": ("办理期限", "Due"),
    "choose": ("请选择", "Choose"),
    "overdue": ("逾期", "Overdue"),
    "soon": ("即将到期", "Due soon"),
    "tier": ("风险点", "Tier"),
    "tier_minor": ("较小风险点", "Minor"),
    "tier_major": ("重大风险点", "Major"),
    "owner": ("经办", "Owner"),
    "next_action": ("下一步", "Next action"),
    "next_action_hint": ("可选，例如“调取开户资料”。", "Optional, such as “ask for the account file”."),
    "nobody": ("待认领", "Nobody yet"),
    "waits": ("待复核", "Awaits second person"),
    "entries_match": ("个风险点符合条件", "entries match"),
    "ledger_empty": ("没有符合条件的风险点", "No entry matches"),
    "ledger_empty_hint": (
        "放宽筛选条件。新的涉嫌非法集资预警会自动建立台账。",
        "Widen the filters. A new flag of illegal fund-raising opens an entry by itself.",
    ),
    "back_ledger": ("返回台账", "Back to the ledger"),
    "step": ("处置", "Next step"),
    "step_to": ("转为", "Move to"),
    "step_two": ("（须第二人复核）", " (needs a second person)"),
    "step_reason": ("理由", "Reason"),
    "step_reason_hint": ("请勿填写身份证号或银行卡号。", "No identity or card numbers, please."),
    "step_evidence": ("依据材料（每行一项）", "Evidence, one reference a line"),
    "step_evidence_hint": ("结案必填。", "Closing needs one at least."),
    "step_office": ("移送至（机构编号）", "Referred to (office id)"),
    "step_office_hint": ("仅移送时填写，例如 POLICE-3413。", "For a referral only, such as POLICE-3413."),
    "submit": ("提交", "Submit"),
    "confirm": ("复核同意", "Confirm"),
    "refuse": ("驳回", "Refuse"),
    "withdraw": ("撤回", "Withdraw"),
    "proposal": ("待第二人复核", "Waits for a second person"),
    "proposal_yours": ("提出人不能自行复核。", "Who proposed a step cannot confirm it."),
    "assisting": (
        "本机构仅可查看：由主体所在地牵头部门处置。",
        "Your office reads: the lead office of the subject's region decides.",
    ),
    "refused": ("未能提交", "Not done"),
    "flags_of_account": ("相关预警", "Flags of the account"),
    "by": ("办理人", "By"),
    "what": ("事项", "What"),
    "kind_opened": ("建账", "Opened"),
    "kind_evidence": ("新增线索", "New evidence"),
    "kind_reopened": ("新线索重启", "Opened again"),
    "kind_referred": ("移送接收", "Referred"),
    "kind_proposed": ("提出", "Proposed"),
    "kind_refused": ("驳回", "Refused"),
    "kind_moved": ("转为", "Moved to"),
    "kind_handed_over": ("移交", "Handed over"),
    "kind_imported": ("陈案导入", "Imported case"),
    "sort_due_on": ("最早到期在前", "Due first"),
    "sort_-changed_at": ("最近变动在前", "Changed last first"),
    "changed_at": ("最近变动", "Changed"),
    "detector": ("监测引擎", "Detector"),
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
    "measure_movements": ("笔数", "Movements"),
    "measure_members": ("成员账户", "Member accounts"),
    "measure_elderly_payers": ("老年付款人", "Elderly payers"),
    "measure_absorbed": ("吸收资金（总额）", "Absorbed, gross"),
    "measure_returned": ("已返还", "Returned"),
    "measure_unpaid_principal": ("未偿本金", "Unpaid principal"),
    "measure_unpaid_after_interest": ("未偿本金（利息抵扣后）", "Unpaid after interest"),
    "measure_payout_coverage": ("返还覆盖率", "Payout coverage"),
    "measure_new_payers_30d": ("近30日新增付款人", "New payers, 30 days"),
    "measure_first_missed_payout": ("首次未付", "First missed payout"),
}

_WORDS: Final = _OLDER | vocabulary.gathered()


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

    def tag(self, tag: str) -> str:
        """What a flag's tag says: a pretext by its name, a subject of the watch list by its pseudonym."""
        kind, _, what = tag.partition(":")
        if f"tag_{kind}" not in _WORDS:
            return tag
        return self(f"tag_{kind}").format(self.of("pretext", what) if kind == "pretext" else what)

    def typology(self, key: str) -> str:
        """A typology's name, with or without its version given."""
        name = key.partition("@")[0]
        found = TYPOLOGIES.get(name)
        return found[self._at] if found else name.replace("_", " ")
