"""Words of where a scheme's money went and sits."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "traced": ("资金追踪：去向与现存", "Where the money went and sits"),
    "traced_lead": (
        "追踪付款人资金经本团伙账户流向何处、现存何处，须凭批准查询流水：注明目的、文书、批准人及两名以上调查人员，全程留痕。",
        "Following payers' money through these accounts needs an approval: purpose, document, approver, two investigators; "
        "all of it audited.",
    ),
    "traced_asks_for": ("申请涵盖本机构可见的{}个成员账户。", "The request names the {} members that your office may look into."),
    "traced_picture": ("付款人资金走向", "Payers' money"),
    "rule": ("推算规则", "Rule"),
    "rule_fifo": ("先进先出", "First in, first out"),
    "rule_proportional": ("按比例", "In proportion"),
    "rule_fifo_lead": (
        "先转入的先转出。资金混同后无法辨认，结果是按此规则的推算，不是权属认定。",
        "What came in first leaves first. Mixed money has no name: this is an assumption, not a finding of whose it is.",
    ),
    "rule_proportional_lead": (
        "每笔转出按当时账户内各来源的比例分摊。资金混同后无法辨认，结果是按此规则的推算，不是权属认定。",
        "What leaves is of each origin what the account holds of it at that moment. "
        "Mixed money has no name: this is an assumption, not a finding of whose it is.",
    ),
    "traced_to": ("流水截至", "Movements up to"),
    "traced_openings": (
        "{}个账户的期初余额未知，按零计；无来源可查的转出{}计入来源不明。",
        "The opening balance of {} accounts is unknown and taken as nothing; {} that went out without having come counts as "
        "of unknown origin.",
    ),
    "traced_lent": (
        "{}个账户期间透支，银行垫付{}：计入“其他资金”，其后到账资金先偿还透支。",
        "{} accounts were overdrawn in between, and their banks lent {}: counted as other money, which what came next paid off.",
    ),
    "traced_begin": (
        "按所选规则追踪本账户付款人的资金。重新计算需要数秒，因此不随页面自动进行。",
        "Follow the money of this account's payers by a rule. It is worked out anew each time and takes seconds, so not unasked.",
    ),
    "traced_overdrawn": (
        "{}个账户期初透支，最先转入的资金用于归还，列入“银行费用、透支”。",
        "{} accounts were overdrawn at first: what came first paid that off and stands under “bank's fees, overdrafts”.",
    ),
    "traced_not_read": (
        "{}个成员账户不在本批准范围内，未读取；转入其中的资金列为“未读成员”。",
        "{} members are not in this approval and were not read; what went to them stands under “member not read”.",
    ),
    "traced_unmatched": (
        "已读取的成员之间有{}笔转账双方记录不相符，列为“未配对”。",
        "Of {} transfers between members that were read the two sides do not fit; they stand under “unmatched”.",
    ),
    "traced_uncounted": ("{}笔外币流水无人民币金额，未计入。", "{} movements without an amount in CNY are left out."),
    "traced_part": (
        "本机构看不到的成员按一般对手计。",
        "Members that your office does not see count as anybody else.",
    ),
    "traced_too_many": ("流水超过二十万笔，请经接口按截止时间查询。", "More than 200,000 movements: ask the API with `until`."),
    "traced_nothing": ("所读流水中没有付款人资金。", "No money of payers in what was read."),
    "traced_balance": ("收支平衡", "The balance"),
    "traced_in": ("转入合计", "Came in"),
    "traced_sits": ("现存账户内", "Sits in the accounts"),
    "traced_where_sits": ("现存何处", "Where it sits"),
    "traced_receivers": ("流向何人", "Who got it"),
    "traced_receivers_lead": (
        "不含任何付款人（其工资或付款前所得仅计入合计）；按付款人资金由多到少。",
        "Without anybody who paid in (their wages and what they got before are in the sums alone); most of payers' money first.",
    ),
    "traced_receivers_more": ("另有{}个未列出。", "{} more are not listed."),
    "traced_told": ("银行余额", "Bank's balance"),
    "traced_opening": ("期初余额", "Opening"),
    "traced_opening_unknown": ("未知，按零计", "unknown, taken as nothing"),
    "origin_payers": ("付款人资金", "Payers' money"),
    "origin_other": ("其他资金", "Other money"),
    "origin_unknown": ("来源不明", "Unknown origin"),
    "people_paid_in": ("付款合计", "Paid in"),
    "people_paid_back": ("已返还", "Paid back"),
    "people_owed": ("尚未收回", "Still short of"),
    "people_beyond": ("超出本金所得", "Got beyond what they paid"),
    "went_payers": ("返还付款人", "Back to payers"),
    "went_receiver": ("他人", "Others"),
    "went_own": ("持有人其他账户", "Holders' other accounts"),
    "went_member": ("未读成员", "Member not read"),
    "went_unmatched": ("成员间未配对", "Unmatched between members"),
    "went_institution": ("机构、商户", "Institutions, merchants"),
    "went_cash": ("取现", "Cash"),
    "went_bank": ("银行费用、透支", "Bank's fees, overdrafts"),
    "went_unknown": ("无对手记录", "Nobody named"),
    "went_sits": ("现存", "Sits"),
    "went_others": ("其他收款方", "Other receivers"),
    "went_rest": ("其他成员", "Other members"),
    "receiver": ("收款方", "Receiver"),
}
