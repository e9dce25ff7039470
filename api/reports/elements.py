"""The elements of an account report: the central bank's codes and what each is called (regulation.md §4.2).

What the ledger cannot know (names, documents, addresses stay at the institution) is ``@N``, the interface's own filler.
DORP, the direction of a suspicious transaction report, is no element here on purpose: whether one was filed leaves the
central bank's unit nowhere (AML Law art. 7), and this report goes to three offices.
"""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]
Group = Literal["report", "subject", "account"]
NOT_KNOWN: Final = "@N"

NAMES: Final[dict[Group, dict[str, tuple[str, str]]]] = {
    "report": {
        "RICD": ("报告机构编码", "Reporting institution"),
        "RLFC": ("金融机构与客户的关系", "Relation of institution and customer"),
        "DETR": ("报告紧急程度", "Urgency: 01 not urgent, 02 especially urgent"),
        "TORP": ("报送次数标志", "Number of this sending"),
        "ORXN": ("初次报送报文名称", "First report where this is not the first sending"),
        "TPTR": ("触发点", "Trigger"),
        "OTPR": ("其他触发点", "Other trigger"),
        "TOSC": ("疑似涉罪类型", "Suspected crime"),
        "STCR": ("可疑交易特征", "Features"),
        "SETN": ("可疑主体总数", "Subjects"),
        "STNM": ("可疑交易总数", "Movements named as evidence"),
        "SBDT": ("可疑交易起始日期", "First movement on"),
        "SEDT": ("可疑交易结束日期", "Last movement on"),
        "STCB": ("资金交易及客户行为情况", "Movements and behaviour"),
        "AOSP": ("疑点分析", "Analysis of suspicion"),
        "RPNM": ("填报人员", "Prepared by"),
        "MIRS": ("人工补正标识", "Correction notice"),
    },
    "subject": {
        "CSNM": ("客户号（化名）", "Customer, by pseudonym"),
        "SEVC": ("职业或行业", "Occupation or industry"),
        "SENM": ("主体名称", "Name"),
        "SETP": ("证件种类", "Kind of document"),
        "SEID": ("证件号码", "Number of document"),
        "STNT": ("国籍", "Nationality"),
        "SCTL": ("联系电话", "Telephone"),
        "SEAR": ("住址或经营地址", "Address"),
        "SRNM": ("法定代表人", "Legal representative"),
        "SCNM": ("控股股东或实际控制人", "Controller"),
    },
    "account": {
        "CTAC": ("账号（化名）", "Account, by pseudonym"),
        "CATP": ("账户类型", "Kind of account"),
        "TRCD": ("交易发生地", "Place of the branch"),
        "OATM": ("开户时间", "Opened"),
        "CATM": ("销户时间", "Closed"),
    },
}
"""Every element by group, in the order of all forms."""

TRIGGERS: Final[dict[str, tuple[str, str]]] = {
    "01": ("模型筛选", "model screening"),
    "02": ("执法部门指令", "law-enforcement instruction"),
    "03": ("监管部门指令", "regulator's instruction"),
    "04": ("金融机构内部案件", "internal case"),
    "05": ("社会舆情", "public opinion"),
    "06": ("金融机构从业人员发现", "found by staff"),
    "99": ("其他", "other"),
}
SUSPECTED: Final = "ILLEGAL_FUNDRAISING"
"""Our own name for TOSC: table 10.6 of the interface is not public, so no code of it is made up here."""
