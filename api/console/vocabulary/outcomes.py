"""Words of how flags end, what is refused, and measures that stand beside the usual ones."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str]]] = {
    "of_scheme": ("所属团伙", "Scheme"),
    "own_members_alone": ("仅本机构可见成员", "your members alone"),
    "to_first_page": ("返回首页", "To the first page"),
    "error_400_hint": ("请检查地址或筛选条件后重试。", "Look at the address or the filters and try again."),
    "error_403_hint": (
        "当前密钥的角色、或本机构的职权不允许此操作；如需办理，请联系本机构管理员或牵头机构。",
        "Your key's role or your office's remit does not allow this; ask your administrator, or the office that leads.",
    ),
    "closed_no_finding": ("已无命中特征", "No finding any more"),
    "closed_cleared": ("核查后解除", "Cleared by an office"),
    "closed_due_date_passed": ("报告期限已过", "The report's day has passed"),
    "closed_reversed": ("冲正后低于标准", "Reversed below the line"),
    "closed_merged": ("并入其他团伙", "Merged into another"),
    "measure_scheme_accounts": ("团伙账户数", "Accounts of the scheme"),
    "measure_deposits_w90": ("近90日入金", "Deposits, 90 days"),
    "measure_withdrawals_w90": ("近90日出金", "Withdrawals, 90 days"),
    "measure_turnover_w90": ("近90日成交额", "Turnover, 90 days"),
    "measure_premiums_w90": ("近90日保费", "Premiums, 90 days"),
    "measure_payouts_w90": ("近90日给付", "Payouts, 90 days"),
}
