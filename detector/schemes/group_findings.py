"""What a union shows, as findings with sentences: account typologies' patterns over several accounts, and three of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contract.flag import Finding
from detector.findings import percent, ramp, yuan
from detector.schemes.measures import Measures


@dataclass(frozen=True, slots=True)
class Circle:
    """How the accounts of a union stand to each other.

    ``subjects`` are holders; ``collecting``, ``paying`` and ``passing`` count accounts; ``staff`` of those passing on belong to
    or are paid by a member; ``alone`` is the largest number of returnees that any single account has by itself.
    """

    accounts: int
    subjects: int
    collecting: int
    paying: int
    passing: int
    staff: int
    purposes: int = 0


@dataclass(frozen=True, slots=True)
class GroupRules:
    """Thresholds over a union; regulation §2.1 marks them as proposals, so they are configuration."""

    least_payers: int = 15
    least_payees: int = 15
    least_share: float = 0.5
    few_payees: int = 8
    few_share: float = 0.8
    few_crossed: int = 5
    least_back: int = 8
    due_share: float = 0.3
    strong_value_share: float = 0.7
    least_inflow_minor: int = 20_000_000
    grown_payers: int = 50
    grown_inflow_minor: int = 100_000_000
    typical_credit_minor: int = 500_000
    least_periodic: int = 10
    periodic_share: float = 0.3
    lattice_share: float = 0.6
    one_rate_payees: int = 4
    one_rate_principals: int = 2
    one_rate_share: float = 0.75
    unit_share: float = 0.8
    new_payers: int = 15
    new_days: int = 6
    paid_again: int = 3
    deposit_payers: int = 25
    deposit_days: int = 6
    deposit_minor: int = 500_000
    deposit_round_share: float = 0.66
    deposit_kinds: int = 5
    deposit_usual_share: float = 0.5
    least_subjects: int = 3
    least_crossed: int = 10
    least_trace: int = 3
    least_staff: int = 3
    fee_payers: int = 30
    fee_share: float = 0.5
    levels: int = 3


def _made(typology: str, family: str, window: str, value: float, threshold: float, strength: float, zh: str, en: str) -> Finding:
    return Finding(
        typology=f"{typology}@1",
        family=family,
        window=window,
        value=round(float(value), 4),
        threshold=float(threshold),
        strength=round(float(strength), 4),
        coverage=1.0,
        evidence=[],
        zh=zh,
        en=en,
    )


def _structure(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    """F01: many persons pay the accounts together, early or grown; or accounts hand persons' money on (F03 over a circle)."""
    early = m.new_w10 >= rules.least_payers and m.new_w10_money >= rules.least_inflow_minor
    grown = m.payers >= rules.grown_payers and m.absorbed >= rules.grown_inflow_minor
    large = m.typical_credit >= rules.typical_credit_minor and (early or grown)
    handed_on = circle.passing >= 3 and m.payers >= rules.least_payers and m.absorbed >= rules.least_inflow_minor
    if not (large or handed_on):
        return None
    return _made(
        "dispersed_in_concentrated_out", "structure", "W90", m.payers, rules.least_payers,
        float(ramp(m.payers, rules.least_payers, 4 * rules.least_payers)),
        f"资金分散转入关联账户：{circle.accounts}个账户合计有{m.payers}名付款人（参考线{rules.least_payers}名），转入{yuan(m.absorbed)}元，"
        f"其中{circle.passing}个账户将自然人款项大部分转给同组账户。",
        f"Many payers into linked accounts: {m.payers} (reference {rules.least_payers}) paid {circle.accounts} accounts "
        f"{yuan(m.absorbed)} yuan together; {circle.passing} of the accounts handed most of it on inside the group.",
    )  # fmt: skip


def _newcomers(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    """New persons keep coming while earlier ones are paid again and again: what small sums show where F01 asks for large ones."""
    enough = m.new_30d >= rules.new_payers and m.join_days >= rules.new_days and m.paid_again >= rules.paid_again
    if not enough or m.customers or not (m.recip_n >= rules.least_share or turns_come(m, rules)):
        return None
    return _made(
        "newcomers_fund_returns", "structure", "W30", m.new_30d, rules.new_payers,
        float(ramp(m.new_30d, rules.new_payers, 4 * rules.new_payers)),
        f"新付款人支撑返还：30日内{m.new_30d}名新付款人（参考线{rules.new_payers}名）在{m.join_days}个不同日期向{circle.accounts}个关联账户首次付款，"
        f"同时{m.repaid}名此前的付款人收到返还，其中{m.paid_again}名收到两次以上，累计返还{yuan(m.returned)}元。",
        f"Newcomers fund returns: {m.new_30d} persons paid {circle.accounts} linked accounts for the first time within 30 days (reference "
        f"{rules.new_payers}), on {m.join_days} different days, while {m.repaid} earlier payers were paid back, {m.paid_again} of them "
        f"twice and more; {yuan(m.returned)} yuan returned in all.",
    )  # fmt: skip


def _payees_were_payers(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    if m.customers:
        return None
    many = m.asked >= rules.least_payees and m.recip_n >= rules.least_share
    # Of fewer it is asked that nearly all had paid in, and that several are paid by an account that they had not paid.
    few = m.asked >= rules.few_payees and m.recip_n >= rules.few_share and m.crossed >= rules.few_crossed
    if not (many or (few and m.payers >= rules.least_payers)):
        return _paid_back_elsewhere(m, circle, rules) if turns_come(m, rules) else None
    strong = is_strong(m, rules)
    return _made(
        "payees_were_payers", "payout", "W365", m.recip_n, rules.least_share,
        1.0 if strong else float(ramp(m.recip_n, rules.least_share, 1.0)),
        f"收款人即付款人（合并{circle.accounts}个关联账户，不计组内划转）：{m.asked}名收款人中{m.repaid}名此前向组内账户付过款，占"
        f"{percent(m.recip_n)}（参考线{percent(rules.least_share)}），其中{m.crossed}名由另一账户付款，累计返还{yuan(m.returned)}元，原额退款不计。",
        f"Payees were payers over {circle.accounts} linked accounts, transfers between them left out: {m.repaid} of {m.asked} "
        f"payees had paid in before, {percent(m.recip_n)} (reference {percent(rules.least_share)}), {m.crossed} of them paid by an "
        f"account that they had not paid; {yuan(m.returned)} yuan returned, exact refunds left out.",
    )  # fmt: skip


def turns_come(m: Measures, rules: GroupRules) -> bool:
    """Whether those whose turn has come are paid back elsewhere: what firms' other payees, their staff and suppliers, do not hide."""
    return m.part_back >= rules.least_back and m.due_share >= rules.due_share and m.payers >= rules.least_payers


def _paid_back_elsewhere(m: Measures, circle: Circle, rules: GroupRules) -> Finding:
    return _made(
        "payees_were_payers", "payout", "W365", m.due_share, rules.due_share, float(ramp(m.due_share, rules.due_share, 0.8)),
        f"付款人由另一账户返还（合并{circle.accounts}个关联账户，不计组内划转）：{m.part_back}名转入千元以上的付款人由其未付过款的另一账户返还部分款项；"
        f"付款已满通常返还时间的{m.due}名付款人中{m.due_back}名（{percent(m.due_share)}，参考线{percent(rules.due_share)}）已获返还。",
        f"Payers are paid back elsewhere over {circle.accounts} linked accounts, transfers between them left out: {m.part_back} persons who "
        f"brought 1,000 yuan or more were paid a part of it by an account that they had not paid; of {m.due} who came as long ago as that "
        f"takes {m.due_back} were, {percent(m.due_share)} (reference {percent(rules.due_share)}).",
    )  # fmt: skip


def is_strong(m: Measures, rules: GroupRules) -> bool:
    """Most money goes back to those who paid, and about as much as came in (F06 strong)."""
    flow = m.paid / m.absorbed if m.absorbed else 0.0
    return m.payees >= rules.least_payees and m.recip_v >= rules.strong_value_share and 0.6 <= flow <= 1.1


def _periodic(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    share = m.periodic / m.payees if m.payees else 0.0
    if m.periodic < rules.least_periodic or share < rules.periodic_share:
        return None
    return _made(
        "periodic_returns", "payout", "W365", m.periodic, rules.least_periodic, float(ramp(share, rules.periodic_share, 0.9)),
        f"定期返息：{m.payees}名收款人中{m.periodic}名（参考线{rules.least_periodic}名）此前付过款，并按固定周期收到金额相近的返还，由"
        f"{circle.paying}个账户支付。",
        f"Periodic returns: {m.periodic} of {m.payees} payees (reference {rules.least_periodic}) had paid in and are paid alike "
        f"amounts at even intervals, by {circle.paying} accounts.",
    )  # fmt: skip


def _lattice(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    share = m.on_lattice / m.ratios if m.ratios else 0.0
    if m.on_lattice < rules.least_periodic or share < rules.lattice_share or circle.accounts < 2 or m.customers:
        return None
    rates = "、".join(percent(rate) for rate in m.rates)
    return _made(
        "return_rate_lattice", "payout", "W365", share, rules.lattice_share, float(ramp(share, rules.lattice_share, 1.0)),
        f"返还金额与本金成固定比例：{m.ratios}笔最近返还中{m.on_lattice}笔（{percent(share)}）集中在付款人向各账户累计本金的{rates}。",
        f"Payouts at fixed rates of principal: {m.on_lattice} of {m.ratios} newest payouts ({percent(share)}) stand at "
        f"{rates.replace('、', ', ')} of what their payees had paid to all the accounts.",
    )  # fmt: skip


def _one_rate(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    """F06b while it is small: the few who are paid back stand at exactly one rate of different round sums."""
    share = m.at_one_rate / m.ratios if m.ratios else 0.0
    enough = m.at_one_rate >= rules.one_rate_payees and m.round_principals >= rules.one_rate_principals
    if not enough or share < rules.one_rate_share or m.payers < rules.least_payers or m.recip_n < rules.least_share:
        return None
    return _made(
        "returns_at_one_rate", "payout", "W365", share, rules.one_rate_share, float(ramp(m.at_one_rate, rules.one_rate_payees, 10)),
        f"按同一比例返还：{m.ratios}笔最近返还中{m.at_one_rate}笔（{percent(share)}）与付款人向{circle.accounts}个关联账户付款之比相同（误差1%以内），"
        f"本金为{m.round_principals}种整数金额，付款人{m.payers}名。",
        f"Returns at one rate: {m.at_one_rate} of {m.ratios} newest payouts ({percent(share)}) are the same rate, within 1%, of what their "
        f"payees had paid to {circle.accounts} linked accounts, {m.round_principals} different round sums; {m.payers} payers.",
    )  # fmt: skip


def _unit_priced(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    if m.unit < 50_000 or m.credits < 20 or m.payers < rules.least_payers or m.typical_credit < 100_000:
        return None
    return _made(
        "unit_priced_credits", "amount", "W365", m.unit_share, rules.unit_share, float(ramp(m.unit_share, rules.unit_share, 1.0)),
        f"按固定单位金额收款：{circle.collecting}个账户{percent(m.unit_share)}的转入（参考线{percent(rules.unit_share)}）为{yuan(m.unit)}元的整数倍，"
        f"付款人{m.payers}名。",
        f"Credits by the unit: {percent(m.unit_share)} of the credits of {circle.collecting} accounts (reference "
        f"{percent(rules.unit_share)}) are multiples of {yuan(m.unit)} yuan, from {m.payers} payers.",
    )  # fmt: skip


def _deposit_taking(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    """Ever new persons bring round sums of their own choice to accounts that belong together.

    Two thirds of the sums are round, where four fifths are asked of one account: several holders have trade and friends besides.
    """
    d = m.deposits
    enough = d.persons >= rules.deposit_payers and d.days >= rules.deposit_days and d.typical >= rules.deposit_minor
    chosen = d.kinds >= rules.deposit_kinds and d.usual_share <= rules.deposit_usual_share
    if not enough or not chosen or d.round_share < rules.deposit_round_share or circle.purposes:
        return None
    even, usual, typical = percent(d.round_share), percent(d.usual_share), yuan(int(d.typical))
    return _made(
        "deposit_taking", "text", "W30", d.persons, rules.deposit_payers,
        float(ramp(d.persons, rules.deposit_payers, 4 * rules.deposit_payers)),
        f"疑似吸收存款：30日内{d.persons}名新付款人（参考线{rules.deposit_payers}名）在{d.days}个不同日期首次向{circle.accounts}个关联账户转入千元以上款项，"
        f"中位数{typical}元，{even}为500元的整数倍，有{d.kinds}种整数，最常见者占{usual}；各账户均无金融牌照。",
        f"Deposit taking: {d.persons} persons first brought 1,000 yuan or more to {circle.accounts} linked accounts within 30 days "
        f"(reference {rules.deposit_payers}), on {d.days} different days, typically {typical}, {even} in multiples of 500 yuan, {d.kinds} "
        f"different round sums of which the most frequent is {usual}; none of the holders has a licence.",
    )  # fmt: skip


def _remarks(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:  # noqa: ARG001  one form for all
    into = m.text_in / m.payers if m.payers else 0.0
    out = m.text_out / m.payees if m.payees else 0.0
    spoken = (into >= 0.2 and m.text_in >= 10) or (out >= 0.2 and m.text_out >= 10) or m.text_strong >= 3
    if not spoken:
        return None
    value = max(into, out)
    return _made(
        "fundraising_remarks", "text", "W365", value, 0.2, max(0.5, float(ramp(value, 0.2, 0.6))),
        f"附言涉集资用语：{m.payers}名付款人中{m.text_in}名的附言含投资、入股等用语（{m.text_strong}名用典型用语），{m.payees}名收款人中"
        f"{m.text_out}名的附言含利息、返利等用语。",
        f"Remarks speak of fund-raising: {m.text_in} of {m.payers} payers mention investing ({m.text_strong} with typical words), "
        f"payouts to {m.text_out} of {m.payees} payees mention returns.",
    )  # fmt: skip


def _vulnerable(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:  # noqa: ARG001  one form for all
    share = m.elderly / m.known_ages if m.known_ages else 0.0
    if m.known_ages < 20 or m.known_ages < 0.3 * m.payers or share < 0.5 or share < 2 * m.usual_elderly:
        return None
    return _made(
        "vulnerable_payers", "identity", "W365", share, 0.5, float(ramp(share, 0.5, 0.9)),
        f"付款人以老年人为主：年龄已知的{m.known_ages}名付款人中60岁以上{m.elderly}名，占比{percent(share)}（参考线50%）。",
        f"Vulnerable payers: of {m.known_ages} payers of known age {m.elderly} are 60 or older, {percent(share)} (reference 50%).",
    )  # fmt: skip


def _staff(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:
    """F15: personal accounts of staff hand on what persons pay them."""
    if circle.staff < rules.least_staff or m.payers < rules.least_payers:
        return None
    return _made(
        "staff_layering", "network", "W365", circle.staff, rules.least_staff, float(ramp(circle.staff, rules.least_staff, 10)),
        f"员工个人账户层层归集：{circle.staff}名同一单位人员的个人账户（参考线{rules.least_staff}名）收取{m.payers}名付款人的款项并转给同组账户。",
        f"Collection through staff's personal accounts: {circle.staff} persons of one employer (reference {rules.least_staff}) took "
        f"the money of {m.payers} payers and handed it on inside the group.",
    )  # fmt: skip


def _pyramid(m: Measures, circle: Circle, rules: GroupRules) -> Finding | None:  # noqa: ARG001  one form for all
    """F16: one entry fee, and payouts at three or more fixed parts of it, a level each, from accounts that take no fees."""
    on = m.on_steps / max(m.paid_later, 1)
    apart = m.paid_apart >= 0.6 * max(m.paid_later, 1)
    if m.payers < rules.fee_payers or m.fee_share < rules.fee_share or len(m.steps) < rules.levels or on < 0.5 or not apart:
        return None
    if m.paid_later < 10:
        return None
    parts = "、".join(percent(step) for step in m.steps)
    return _made(
        "pyramid_levels", "payout", "W365", len(m.steps), rules.levels, float(ramp(on, 0.5, 1.0)),
        f"疑似传销层级：{m.payers}名付款人中{percent(m.fee_share)}首笔为{yuan(m.fee)}元，{m.on_steps}笔返还为其{parts}（至少{len(m.steps)}级，参考线"
        f"{rules.levels}级），收、付账户分开。",
        f"Pyramid levels: {percent(m.fee_share)} of {m.payers} payers entered with {yuan(m.fee)} yuan; {m.on_steps} payouts stand at "
        f"{parts.replace('、', ', ')} of it (at least {len(m.steps)} levels, reference {rules.levels}); receiving and paying accounts are apart.",
    )  # fmt: skip


def _linked(m: Measures, circle: Circle, rules: GroupRules, others: list[Finding]) -> Finding | None:
    """F10: a circle counts only where its union shows many payers, money handed on or money returned."""
    names = {one.typology for one in others}
    shown = names & {"dispersed_in_concentrated_out@1", "payees_were_payers@1"}
    apart = circle.subjects >= 2 and m.crossed >= rules.least_crossed
    # That somebody has two accounts says nothing; that he takes on one and pays back from the other does.
    own = circle.subjects == 1 and circle.accounts >= 2 and m.crossed >= rules.least_trace
    several = circle.subjects >= rules.least_subjects or own
    if not shown or not (several or apart):
        return None
    return _made(
        "linked_accounts", "network", "W365", circle.accounts, 2, float(ramp(m.crossed, 3, 30)),
        f"关联账户网络：{circle.subjects}个主体的{circle.accounts}个账户（收款{circle.collecting}个、付款{circle.paying}个、转手{circle.passing}个）合并后才显现："
        f"{m.crossed}名付款人向其中一个账户付款、由另一个账户返还。",
        f"Linked accounts: {circle.accounts} accounts of {circle.subjects} subjects ({circle.collecting} collect, {circle.paying} pay "
        f"out, {circle.passing} hand on) show only together that {m.crossed} payers of one were paid back by another.",
    )  # fmt: skip


_EACH: Final[tuple[Callable[[Measures, Circle, GroupRules], Finding | None], ...]] = (
    _structure,
    _newcomers,
    _payees_were_payers,
    _periodic,
    _lattice,
    _one_rate,
    _unit_priced,
    _deposit_taking,
    _remarks,
    _vulnerable,
    _staff,
    _pyramid,
)


def group_findings(m: Measures, circle: Circle, rules: GroupRules) -> list[Finding]:
    """All that the union shows, strongest first."""
    found = [one for each in _EACH if (one := each(m, circle, rules)) is not None]
    linked = _linked(m, circle, rules, found)
    return sorted(found if linked is None else [*found, linked], key=lambda one: (-one.strength, one.typology))
