"""Examples of the rules about periods, committee and meeting."""

from datetime import date

from rules_examples import Example

from records.batch.dates import PartialDate
from records.batch.model import Channel, CommitteeLevel, EmployerNature, ExpertRole, Level, Place
from records.batch.optional import Correction, IntegrityRecord, Offender, Recusal
from records.sample.plans import Kind

BAOTOU_2023 = {"year": 2023, "region_code": "150200"}
BAOTOU_2025 = {"year": 2025, "region_code": "150200"}
IN_2024 = {"year": 2024, "review.starts": date(2024, 8, 20), "review.ends": date(2024, 8, 22)}

GREEN_NAMES = {"e.0.name": "宝音", "e.0.employer": "某院", "a.0.employer.name": "某院"}


def place(sheet: str) -> Place:
    return Place(sheet=sheet, row=2)


def correction(**facts: object) -> tuple[Correction, ...]:
    told = {"application_number": "LT2025000001", "notified": date(2025, 7, 1), "items": "补学历证书"}
    return (Correction(place=place("补正"), **{**told, "deadline": date(2025, 7, 8), **facts}),)


def recusal(withdrew: bool) -> tuple[Recusal, ...]:
    return (
        Recusal(
            place=place("回避"),
            expert="张三",
            application_number="LT2025000001",
            relation="配偶",
            withdrew=withdrew,
        ),
    )


def expert_record(name: str) -> tuple[IntegrityRecord, ...]:
    facts = {"kind": Offender.EXPERT, "offence": "63-4", "effective": date(2024, 1, 1)}
    return (IntegrityRecord(place=place("诚信记录"), name=name, **facts),)


PERIODS = (
    Example(
        "B-T01",
        "第二十七条：在单位内部进行公示，公示期不少于5个工作日",
        {"a.0.employer_publicity.starts": date(2025, 6, 9), "a.0.employer_publicity.ends": date(2025, 6, 11)},
        "2025-06-09至2025-06-11共2个（不含首日），还差3个，最早可到2025-06-16",
        {"a.0.employer_publicity.starts": date(2025, 6, 9), "a.0.employer_publicity.ends": date(2025, 6, 16)},
    ),
    Example(
        "B-T02",
        "第三十四条：花名册在各自门户网站上进行公示，公示时间不少于5个工作日，公示无异议后方可上报",
        {"schedule.forwarded": date(2025, 6, 30)},
        "公示至2025-06-30，2025-06-30即上报",
        {"schedule.forwarded": date(2025, 7, 1)},
        {"roster_publicity.starts": date(2025, 6, 23), "roster_publicity.ends": date(2025, 6, 30)},
    ),
    Example(
        "B-T03",
        "第五十一条：评审工作结束后，5个工作日内，评委会组建单位应对评审结果进行公示",
        {"publicity.starts": date(2025, 9, 1)},
        "2025-08-29前）公示，实际2025-09-01，晚了1个工作日",
        {"publicity.starts": date(2025, 8, 29)},
    ),
    Example(
        "B-T04",
        "第五十一条：公示期不少于5个工作日",
        {"publicity.ends": date(2025, 8, 28)},
        "共3个（不含首日），还差2个，最早可到2025-09-01",
        {"publicity.ends": date(2025, 9, 1)},
    ),
    Example(
        "B-T05",
        "第五十一条：于20个工作日内提出处理意见",
        {"complaints.0.handled": date(2025, 10, 27)},
        "2025-10-24前）提出处理意见，实际2025-10-27",
        {"complaints.0.handled": date(2025, 10, 24)},
        {
            "publicity.starts": date(2025, 9, 18),
            "publicity.ends": date(2025, 9, 25),
            "complaints.0.received": date(2025, 9, 22),
        },
    ),
    Example(
        "B-T06",
        "第五十三条：评审结束一个月内……将核准报告……报相应人力资源社会保障部门确认",
        {"closing.reported": date(2025, 9, 23)},
        "2025-09-22前）报送，实际2025-09-23",
        {"closing.reported": date(2025, 9, 22)},
    ),
    Example(
        "B-T07",
        "第五十三条：不能按时报送核准报告的，需及时向人力资源社会保障部门提交书面申请",
        {"closing.delay_requested": date(2025, 9, 23)},
        "报送期限为2025-09-22，延期申请2025-09-23才提交",
        {"closing.delay_requested": date(2025, 9, 22)},
        {"closing.reported": date(2025, 9, 30)},
    ),
    Example(
        "B-T08",
        "第四十二条：在评审会议召开一周前提交核准部门备案，经同意后方可开展评审工作",
        {"review.plan_filed": date(2025, 8, 14)},
        "应不晚于2025-08-13，实际2025-08-14",
        {"review.plan_filed": date(2025, 8, 13), "review.minutes.plan_agreed": date(2025, 8, 20)},
    ),
    Example(
        "B-T09",
        "包头2025：开评一周前将评委会组建情况和评审方案报市人社局备案",
        {"committee.reported": date(2025, 8, 14)},
        "2025-08-13前）",
        {"committee.reported": date(2025, 8, 13)},
        BAOTOU_2025,
    ),
    Example(
        "B-T10",
        "2024年：于核准备案后1个月内，将已经核准（用印）的评审表扫描生成电子版文件后上传",
        {"closing.archived": date(2025, 10, 16)},
        "2025-10-15前）上传，实际2025-10-16",
        {"closing.archived": date(2025, 10, 15)},
    ),
    Example(
        "B-T11",
        "第五十八条：其他申报材料均不退还，存评委会办事机构备查，满1年后销毁",
        {"closing.destroyed": date(2026, 9, 15)},
        "2026-09-16起可销毁",
        {"closing.destroyed": date(2026, 9, 16), "closing.destroyed_papers": "申报材料复印件"},
    ),
    Example(
        "B-T12",
        "第十三条：评委会备案有效期不得超过3年",
        {"committee.filing_approved": date(2024, 3, 14), "committee.filing_valid_until": date(2027, 3, 14)},
        "最迟应到2027-03-13",
        {"committee.filing_approved": date(2024, 3, 15), "committee.filing_valid_until": date(2027, 3, 14)},
    ),
    Example(
        "B-T13",
        "第十八条：评审专家每届任期不得超过3年",
        {"e.0.term_ends": date(2027, 5, 1)},
        "最迟应到2027-04-30",
        {"e.0.term_ends": date(2027, 4, 30)},
        {"e.0.term_starts": date(2024, 5, 1)},
    ),
    Example(
        "B-T14",
        "第四十四条：对于已经连续三年担任职称评审工作的评委，原则上不再聘任为本年度评委",
        {"e.0.consecutive_years": 3},
        "已连续3年",
        {"e.0.consecutive_years": 2},
    ),
    Example(
        "B-T15",
        "2024年：职称评审不得跨年度进行",
        {"year": 2024},
        "申报年度2024，评审日2025-08-20",
        {"year": 2025},
    ),
    Example(
        "B-T16",
        "2024年：6月29日前完成申报工作，9月30日前完成评审和公示",
        {"publicity.ends": date(2024, 10, 8)},
        "完成评审和公示应于2024-09-30前完成，实际2024-10-08",
        {"publicity.ends": date(2024, 9, 30)},
        IN_2024,
    ),
    Example(
        "B-T17",
        "包头2025：8月29日前完成评审和公示",
        {"publicity.ends": date(2025, 9, 1)},
        "应于2025-08-29前完成，实际2025-09-01",
        {"publicity.ends": date(2025, 8, 29), "approval.approved_on": date(2025, 9, 12)},
        {**BAOTOU_2025, "approval.approved_on": date(2025, 9, 12)},
    ),
    Example(
        "B-T18",
        "包头2023：在9月30日前完成评审和公示，10月30日前完成核准备案工作",
        {"approval.approved_on": date(2023, 10, 31)},
        "核准备案应于2023-10-30前完成",
        {"approval.approved_on": date(2023, 10, 30)},
        {**BAOTOU_2023, "publicity.ends": date(2023, 9, 28)},
    ),
    Example(
        "B-T19",
        "2024下半年：绿色通道职称评审材料申报截止时间为11月8日",
        {"a.0.procedure.submitted": date(2024, 11, 9)},
        "申报截止时间为2024-11-08",
        {"a.0.procedure.submitted": date(2024, 11, 8)},
        {"year": 2024, "review.starts": date(2024, 12, 2), "review.ends": date(2024, 12, 3)},
    ),
    Example(
        "B-T20",
        "包头2025：学历、资历、任职年限、业绩成果……截止时间为7月15日",
        {"a.0.publications.0.published": PartialDate(2025, 7, 16)},
        "晚于申报材料截止时间2025-07-15",
        {"a.0.publications.0.published": PartialDate(2025, 7, 15)},
        BAOTOU_2025,
    ),
    Example(
        "B-T21",
        "第三十五条：一次性书面告知……全部材料及时限，逾期未补充更正的，视为放弃申报",
        {"corrections": correction(corrected=date(2025, 7, 9))},
        "应于2025-07-08前补充更正，2025-07-09才补正",
        {"corrections": correction(corrected=date(2025, 7, 8))},
    ),
)

COMMITTEE = (
    Example("B-C01", "第十七条：评委会组成人员应当是单数", {"committee.size": 24}, "当前24人"),
    Example(
        "B-C02",
        "第十七条：按照职称系列组建的评委会，原则上高级评委会不少于25人",
        {"committee.size": 23},
        "不少于25人，当前23人，少2人",
        {"committee.size": 25},
    ),
    Example(
        "B-C03",
        "第十七条：一般设主任委员1名，副主任委员1-2名",
        {"e.3.role": ExpertRole.VICE_CHAIR},
        "副主任委员3名",
    ),
    Example(
        "B-C04",
        "第十七条：副高级评委会中正高级职称评审专家应不少于1/2",
        {f"e.{index}.level": Level.ASSOCIATE_SENIOR for index in range(13)},
        "25人中12人，至少13人",
        {f"e.{index}.level": Level.ASSOCIATE_SENIOR for index in range(12)},
        {"committee.level": CommitteeLevel.ASSOCIATE_SENIOR},
    ),
    Example(
        "B-C05",
        "第十七条：中级评委会……高级职称专家应不少于1/2",
        {f"e.{index}.level": Level.INTERMEDIATE for index in range(11)},
        "21人中10人，至少11人",
        {f"e.{index}.level": Level.INTERMEDIATE for index in range(10)},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-C06",
        "第十七条：初级评委会评审专家应具有中级以上职称",
        {"e.0.level": Level.JUNIOR},
        "层级为初级",
        kind=Kind.JUNIOR,
    ),
    Example(
        "B-C07",
        "第十九条：评委会专家库总人数应不低于评委会最低人数的2倍",
        {"committee.pool_size": 49},
        "2倍（50人），还差1人",
        {"committee.pool_size": 50},
    ),
    Example(
        "B-C08",
        "第十九条：除本行业领域紧缺人才外，已退休的专家原则上不再作为专家库人选",
        {"e.0.retired": True},
        "已退休",
        {"e.0.retired": True, "e.0.scarce": True},
    ),
    Example(
        "B-C09",
        "第十条：评委会按照职称系列或专业组建，不得跨系列组建综合性评委会",
        {"committee.series": "工程系列、会计系列"},
        "工程系列、会计系列",
        {"committee.series": "工程系列"},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-C10",
        "2025年：自主评审单位须保证三分之一以上的非本单位同行专家参加评审工作",
        {f"e.{index}.external": False for index in range(15)},
        "21人中外单位6人，至少7人",
        {f"e.{index}.external": False for index in range(12)},
        {"review.channel": Channel.AUTONOMOUS},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-C11",
        "2025年：与企业相关的评委会、专家库要吸纳一定比例的民营企业专家",
        {"e.*.private": False},
        "没有民营企业专家",
        {"e.*.private": False, "e.4.private": True},
        {"a.0.employer.nature": EmployerNature.PRIVATE_ENTERPRISE},
    ),
    Example(
        "B-C12",
        "第四十四条：应包括一定比例的基层和本系统以外的专家",
        {"e.*.grassroots": False},
        "基层专家，当前没有",
        {"e.*.grassroots": False, "e.4.grassroots": True},
    ),
    Example(
        "B-C13",
        "第七十三条：取消其评审专家资格，记入诚信档案库，记录期限为3年",
        {"integrity": expert_record("宝音"), "e.0.name": "宝音"},
        "至2026-12-31",
        {"integrity": expert_record("另一人")},
    ),
    Example(
        "B-C14",
        "包头2023：为避免“圈子评审”现象，评委全部异地邀请",
        {"e.2.region_code": "150203"},
        "在本市",
        {"e.2.region_code": "150105"},
        BAOTOU_2023,
    ),
    Example(
        "B-C15",
        "第十五条：评委会应在规定的评审权限范围内开展评审工作",
        {"a.0.sought.level": Level.ASSOCIATE_SENIOR},
        "不属于本评委会备案的评审范围（中级评委会）",
        kind=Kind.ENGINEERING,
    ),
)

MEETING = (
    Example(
        "B-M01",
        "第四十四条：出席评审会议的专家人数应当不少于评委会人数的2/3",
        {"committee.present": 16},
        "至少17人，差1人",
        {"committee.present": 17},
    ),
    Example(
        "B-M02",
        "第四十五条：同意票数达到出席评审会议的评审专家总数2/3以上的即为评审通过",
        {"a.0.vote.for_": 15},
        "同意15票，出席23人，未达2/3（至少16票，差1票），应为未通过",
        {"a.0.vote.for_": 16},
    ),
    Example(
        "B-M03",
        "第四十五条：未出席评审会议的评审专家不得委托他人投票或者补充投票",
        {"a.0.vote.against": 5},
        "票数合计25与出席人数23不符（多2票）",
        {"a.0.vote.against": 3},
        {"a.0.vote.for_": 18, "a.0.vote.abstained": 2, "a.0.vote.invalid": None},
    ),
    Example(
        "B-M04",
        "第四十五条：通过无记名投票表决",
        {"review.minutes.secret_ballot": False},
        "无记名投票",
        {"review.minutes.secret_ballot": True},
    ),
    Example(
        "B-M05",
        "第四十六条：每个评议组不少于3人，负责对申报人提出书面评议意见",
        {"review.minutes.panel_size": 2},
        "最少的一组2人",
        {"review.minutes.panel_size": 3},
    ),
    Example(
        "B-M06",
        "第四十四条：评审会议由主任委员或者副主任委员主持",
        {"review.minutes.host": "委员甲"},
        "登记的主持人委员甲不是",
        {"review.minutes.host": "副主任乙", "review.minutes.announcer": "主任丙"},
        {"e.0.name": "主任丙", "e.1.name": "副主任乙", "e.5.name": "委员甲"},
    ),
    Example(
        "B-M07",
        "第四十七条：由主任委员或者经主任委员授权后，由主持评审会议的副主任委员签字确认，并加盖评委会印章",
        {"review.minutes.signer_authorized": False},
        "须有主任委员授权",
        {"review.minutes.signer_authorized": True, "review.minutes.sealed": True},
        {"e.1.name": "副主任乙", "review.minutes.signer": "副主任乙", "review.minutes.host": "副主任乙"},
    ),
    Example(
        "B-M08",
        "第四十八条：记录内容包括评审时间、出席评审专家、评审对象、评审情况、评议意见、投票结果等",
        {"review.minutes.recorded": "评审时间、出席评审专家、评审对象、评审情况"},
        "会议记录缺少：评议意见、投票结果",
        {"review.minutes.recorded": "评审时间、出席评审专家、评审对象、评审情况、评议意见、投票结果"},
    ),
    Example(
        "B-M09",
        "第四十九条：评审专家名单不对外公布",
        {"a.0.note": "由巴特尔推荐"},
        "出现专家巴特尔的姓名",
        {"a.0.note": "材料齐全"},
        {"e.0.name": "巴特尔"},
    ),
    Example(
        "B-M10",
        "第五十条：评审专家与评审工作有利害关系……应当主动申请回避",
        {"recusals": recusal(withdrew=False)},
        "评审专家张三与",
        {"recusals": recusal(withdrew=True)},
    ),
    Example(
        "B-M11",
        "第四十四条：参加评审会议的专家须签订个人承诺书",
        {"e.0.pledged": False},
        "未签订专家个人承诺书",
        {"e.0.pledged": True, "e.0.pledged_on": date(2025, 8, 20)},
    ),
    Example(
        "B-M12",
        "第四十二条：评审实施方案包括……评委推荐名单等情况，……经同意后方可开展评审工作",
        {"e.0.listed": False},
        "不在备案同意的评委名单内",
        {"e.0.listed": True},
    ),
    Example(
        "B-M13",
        "第四十四条：邀请纪检监察部门对职称评审工作进行监督",
        {"review.supervisor": None},
        "未登记监督单位",
    ),
)
EXAMPLES = PERIODS + COMMITTEE + MEETING
