"""Line breaks of titles: words stay whole and lines are balanced (GB/T 9704 7.3.1: 词意完整、排列对称)."""

import re
from functools import lru_cache
from itertools import combinations, pairwise
from math import comb
from typing import Final

from records.codes.regions import regions_ever

PER_LINE: Final = 20  # 二号 on 156 mm
WORDS: Final = (
    "内蒙古自治区", "人力资源和社会保障厅", "人力资源和社会保障局", "人力资源和社会保障", "职称评审委员会",
    "副高级职称评审委员会", "正高级职称评审委员会", "高级职称评审委员会", "中级职称评审委员会", "初级职称评审委员会", "评审委员会", "专业技术", "绿色通道", "定向评价", "核准备案",
    "评审结果", "公示情况", "申报人员", "职称评审", "职称申报", "花名册", "正高级", "副高级", "高级", "中级", "初级", "年度",
    "职称", "评审", "申报", "申请", "关于", "报送", "开展", "做好", "工作", "专家", "清理规范", "情况", "报告", "请示", "通知",
    "决定", "批复", "委托", "超岗位", "商请", "意见", "延期", "实施方案", "备案", "说明", "公示", "同志", "资格", "取消",
    "撤销", "收回", "评审权", "通过人员", "名单", "系列", "专业", "工程", "推荐", "研究", "调查处理", "异议", "限期整改",
    "公共服务中心", "中心", "人事", "人才", "办公室", "不予认可", "监督", "邀请", "复查", "答复", "诚信", "承诺书", "举报", "恢复", "整改", "约谈", "提醒", "责令", "不得从事", "相关", "会议", "记录", "重新确认", "换发", "证书",
)  # fmt: skip
PLACES: Final = tuple({place.name for place in regions_ever()})  # 正蓝旗、锡林郭勒盟 stay whole
_TOKEN: Final = re.compile(
    "|".join(
        [r"\d+(?:年度|年|月|日|号)?", *sorted({*WORDS, *PLACES}, key=len, reverse=True), r"[A-Za-z0-9]+", "."]
    )
)
MOST_SPLITS: Final = 20_000
_NO_START: Final = frozenset("的和与、，。：；）》”厅局院会")
_NO_END: Final = frozenset("（《“")


@lru_cache(1024)
def balanced(title: str, per_line: int = PER_LINE) -> tuple[str, ...]:
    """The title in the fewest lines of at most `per_line` characters, as even as whole words allow."""
    if len(title) <= per_line:
        return (title,)
    pieces = _pieces(title)
    count = -(-len(title) // per_line)
    while True:
        found = _fill(pieces, count, per_line)
        if found:
            return found
        count += 1
        if count > len(pieces):
            return (title,)


def _pieces(title: str) -> list[str]:
    pieces: list[str] = []
    for token in _TOKEN.findall(title):
        if pieces and (token[0] in _NO_START or pieces[-1][-1] in _NO_END):
            pieces[-1] += token
        else:
            pieces.append(token)
    return pieces


def _fill_well(pieces: list[str], count: int, per_line: int) -> tuple[str, ...] | None:
    """The most even split without an hour-glass where there is one (梯形或菱形, GB/T 9704 7.3.1)."""
    best: tuple[tuple[bool, float], tuple[str, ...]] | None = None
    ideal = sum(map(len, pieces)) / count
    for cuts in combinations(range(1, len(pieces)), count - 1):
        lines = tuple("".join(pieces[a:b]) for a, b in pairwise((0, *cuts, len(pieces))))
        widths = tuple(map(len, lines))
        if max(widths) > per_line:
            continue
        cost = (_is_hourglass(widths), sum((width - ideal) ** 2 for width in widths))
        if best is None or cost < best[0]:
            best = cost, lines
    return best[1] if best else None


def _is_hourglass(widths: tuple[int, ...]) -> bool:
    return any(
        middle < before and middle < after
        for before, middle, after in zip(widths, widths[1:], widths[2:], strict=False)
    )


def _fill(pieces: list[str], count: int, per_line: int) -> tuple[str, ...] | None:
    """The most even split of the pieces into `count` lines, or None when a line would be too long."""
    if comb(len(pieces) - 1, count - 1) <= MOST_SPLITS:
        return _fill_well(pieces, count, per_line)
    ideal = sum(map(len, pieces)) / count
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {(0, 0): (0.0, ())}
    for start in range(len(pieces)):
        for lines in range(count):
            if (start, lines) not in best:
                continue
            cost, done = best[start, lines]
            line = ""
            for end in range(start, len(pieces)):
                line += pieces[end]
                if len(line) > per_line:
                    break
                key, total = (end + 1, lines + 1), cost + (len(line) - ideal) ** 2
                if key not in best or total < best[key][0]:
                    best[key] = (total, (*done, line))
    found = best.get((len(pieces), count))
    return found[1] if found else None
