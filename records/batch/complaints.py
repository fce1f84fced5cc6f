"""What came of a complaint (举报): the closed choice that decides whether a certificate may be made (细则第五十一、五十三条)."""

import re
from enum import StrEnum
from typing import Final

from records.batch.model import Complaint


class Settlement(StrEnum):
    """How a complaint was concluded."""

    UPHELD = "属实"
    PARTLY = "部分属实"
    REJECTED = "不属实"
    OPEN = "未结"


_NOT_UPHELD: Final = re.compile(
    r"(不|并不|均不|未查|查不|没有查)(尽)?属实|查无(此事|实据)?|查不成立|不成立|未(查实|发现|构成)|不构成|无(实据|依据|事实依据)|失实"
    r"|不予(采信|支持)|(不存在|没有)(所)?(反映|举报)?"
)
_PARTLY: Final = re.compile(r"部分(内容|情况|问题|反映)?(基本)?属实|部分(内容|问题)?成立|基本属实")
_UPHELD: Final = re.compile(
    r"属实|查实|坐实|证实|认定(存在|属于|构成|为)|确(有|系|属|实|存在)|系(代写|抄袭|伪造|造假|假冒|他人)|(构成|存在)(抄袭|造假|伪造|剽窃|不端|代写)"
    r"|取消.{0,6}资格|不予通过|撤销(?!举报|投诉)|成立"
)
_OPEN: Final = re.compile(
    r"(?<!无)(尚|仍|还)?未(办结|处理|核实|查清|了结|结案|结)|(正在|继续|待)(核|调|处|查|研)|暂缓|另行(处理|答复)"
)
_NO_EFFECT: Final = re.compile(r"(不|未)影响|维持(原)?(评审)?结果")
_SETTLED: Final = re.compile(r"予以了结|已了结|办结")


def settlement_of(complaint: Complaint) -> Settlement | None:
    """The conclusion as one of the four; None when its words do not say, so that somebody must be asked.

    The four words themselves always decide. Of other words what speaks against the person weighs more: a text that
    says both “未发现抄袭” and “论文系代写” counts as upheld.
    """
    text = re.sub(r"\s", "", complaint.conclusion or complaint.opinion or "")
    if not text:
        return Settlement.OPEN
    if text in set(Settlement):
        return Settlement(text)
    if _OPEN.search(text):
        return Settlement.OPEN
    rest = _NOT_UPHELD.sub("", text)
    if _PARTLY.search(rest):
        return Settlement.PARTLY
    if _UPHELD.search(rest):
        return Settlement.UPHELD
    if rest != text or _NO_EFFECT.search(text):
        return Settlement.REJECTED
    return Settlement.REJECTED if _SETTLED.search(text) else None


def holds_back(complaint: Complaint) -> str | None:
    """Why nobody may get a certificate on account of this complaint; None when it does not matter to it.

    A complaint that was upheld in part holds back unless its conclusion says that the result stands.
    """
    match settlement_of(complaint):
        case Settlement.OPEN:
            return f"举报{complaint.number}未结"
        case Settlement.UPHELD:
            return f"举报{complaint.number}属实"
        case Settlement.PARTLY if not _NO_EFFECT.search(complaint.conclusion or complaint.opinion or ""):
            return f"举报{complaint.number}部分属实"
        case None:
            return f"举报{complaint.number}的结论看不出是否属实（请以“属实、部分属实、不属实、未结”之一填写结论，说明写入处理意见）"
        case _:
            return None
