"""The rules as a list: for `zhicheng rules` and for `docs/rules.md`, which is generated from them."""

import re
from collections.abc import Iterable

from records.regulation.rules.all import RULES
from records.regulation.rules.core import Decided, Group, Rule

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
INTRODUCTION = """# 规则

本页由 `zhicheng rules --markdown` 从规则对象生成，共{count}条：{automatic}条由批次中的事实自动判断，{manual}条列为人工核对。

- **强制**：不满足即报错，有此问题的人不生成正式文书、不发证；**原则**：可在“放行”表逐条写明理由和放行人后放行，放行记入核准报告附件；**提示**：提醒；**计算**：推导。
- 可选的栏目没有填写时，需要它的规则不作判断，不会因此报错。
- 年度和地区的不同规定（时间节点、绿色通道类别序号、名额、比例）在 `records/data/policy/` 的数据文件中，后发文件优先；盟市可在工作目录的 `policy/` 中放同样格式的文件覆盖。
- 工作日按国务院办公厅每年的放假安排计算；安排尚未公布的年度拒绝计算。
"""


def as_record(rule: Rule) -> dict[str, object]:
    """The rule as plain data, for `--json`."""
    return {
        "id": rule.id,
        "title": rule.title,
        "group": rule.group.value,
        "severity": rule.severity.value,
        "clauses": list(rule.clauses),
        "applies": rule.applies.text,
        "decided": rule.decided.value,
        "formula": rule.formula,
        "message": rule.message,
        "remedy": rule.remedy,
    }


def chosen(*, group: str | None = None, manual: bool = False) -> tuple[Rule, ...]:
    """The rules of a group (its name, or a letter of the ids), or only those that people check."""
    return tuple(
        rule
        for rule in RULES
        if (group is None or group in (rule.group.value, rule.id[2]))
        and (not manual or rule.decided is Decided.BY_PEOPLE)
    )


def markdown(rules: Iterable[Rule] = RULES) -> str:
    """The page `docs/rules.md`."""
    rules = tuple(rules)
    manual = [rule for rule in rules if rule.decided is Decided.BY_PEOPLE]
    parts = [INTRODUCTION.format(count=len(rules), automatic=len(rules) - len(manual), manual=len(manual))]
    for group in Group:
        own = [rule for rule in rules if rule.group is group]
        if own:
            parts.append(f"## {group.value}\n\n" + "\n".join(_entry(rule) for rule in own))
    parts.append(_check_list(manual))
    return "\n".join(parts).rstrip("\n") + "\n"


def _entry(rule: Rule) -> str:
    lines = [
        f"### {rule.id} {rule.title}〔{rule.severity.value}〕\n",
        f"- 依据：{'；'.join(rule.clauses)}；适用：{rule.applies.text}；判断：{rule.decided.value}",
        f"- 口径：{rule.formula}",
    ]
    if rule.decided is not Decided.BY_PEOPLE:
        lines += [
            f"- 报错：{_PLACEHOLDER.sub('×', text)}" for text in (rule.message, *rule.variants.values())
        ]
    return "\n".join([*lines, f"- 处理：{rule.remedy}", ""])


def _check_list(manual: Iterable[Rule]) -> str:
    lines = "\n".join(
        f"- [ ] {rule.id} {rule.title}（{'；'.join(rule.clauses)}）：{rule.remedy}" for rule in manual
    )
    return f"## 人工核对清单\n\n{lines}\n" if lines else ""
