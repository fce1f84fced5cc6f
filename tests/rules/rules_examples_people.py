"""Examples of the rules about applicants, papers, certificates, integrity and consistency."""

from datetime import date

from rules_examples import Example, base
from rules_examples_batch import expert_record, place

from records.dates import PartialDate
from records.model import Acquisition, Channel, EmployerNature, Level, Sex, TitleSought
from records.optional import (
    ApplicantStatus,
    Basis,
    IntegrityRecord,
    Measure,
    Offender,
    Post,
    Sanction,
    Supervision,
    Workplace,
)
from records.sample.plans import Kind

ENGINEER = TitleSought(series="工程系列", name="高级工程师", level=Level.ASSOCIATE_SENIOR, specialty="水利")
ACCOUNTANT = TitleSought(series="会计系列", name="高级会计师", level=Level.ASSOCIATE_SENIOR, specialty="会计")
GREEN_2024H2 = {"year": 2024, "review.starts": date(2024, 12, 2), "review.ends": date(2024, 12, 3)}
GENERAL = {"review.channel": Channel.GENERAL, "committee.series": None}
UNTITLED = {"a.0.current_title.name": None}
FIRST = base(Kind.GREEN).applications[0]
SECOND = base(Kind.GREEN).applications[1]
STAFF = base(Kind.ENGINEERING).applications[0].employer.name or ""
INTERMEDIATE = "中级"


def applicant_record(**facts: object) -> tuple[IntegrityRecord, ...]:
    known = {
        "name": FIRST.person.name,
        "kind": Offender.APPLICANT,
        "offence": "62-2",
        "basis": "细则第七十二条",
        "measure": "撤销职称",
        "effective": date(2022, 9, 1),
        "until": date(2025, 8, 31),
    }
    return (IntegrityRecord(place=place("诚信记录"), **{**known, **facts}),)


def post(**facts: object) -> tuple[Post, ...]:
    return (Post(place=place("岗位"), employer=STAFF, level=INTERMEDIATE, established=20, **facts),)


def supervisions(*rows: tuple[str, Measure]) -> tuple[Supervision, ...]:
    return tuple(
        Supervision(place=place("监管"), on=date(2025, 3, index + 1), offence=code, measure=measure)
        for index, (code, measure) in enumerate(rows)
    )


ELIGIBILITY = (
    Example(
        "B-E01",
        "第二十一条：公务员（含列入参照公务员法管理的人员）和离退休人员不得申报参加职称评审",
        {"a.0.standing.status": ApplicantStatus.RETIRED},
        "身份类别为离退休",
        {"a.0.standing.status": ApplicantStatus.IN_POST},
    ),
    Example(
        "B-E02",
        "第二十一条：事业单位工作人员受到记过以上处分的，在受处分期间不得申报参加职称评审",
        {"a.0.standing.sanction": Sanction.DEMERIT},
        "受记过处分，在受处分期间（2025-01-10至2026-07-09）不得申报",
        {"a.0.standing.sanction": Sanction.WARNING},
        {
            "a.0.employer.nature": EmployerNature.INSTITUTION,
            "a.0.standing.sanctioned_from": date(2025, 1, 10),
            "a.0.standing.sanctioned_until": date(2026, 7, 9),
        },
    ),
    Example(
        "B-E03",
        "第七十二条：记入诚信档案库，记录期限为3年，记录期限内不得申报评审职称",
        {"a.0.procedure.submitted": date(2025, 8, 31)},
        "记录期限内（至2025-08-31）",
        {"a.0.procedure.submitted": date(2025, 9, 1)},
        {"integrity": applicant_record()},
    ),
    Example(
        "B-E04",
        "第二十三条：申报人员同一年度一个层级只能申报一个系列（专业）的职称",
        {"a.1.person": FIRST.person, "a.0.sought": ENGINEER, "a.1.sought": ACCOUNTANT},
        "申报了工程系列，另有会计系列",
        {"a.0.sought": ENGINEER, "a.1.sought": ACCOUNTANT},
    ),
    Example(
        "B-E05",
        "第二十三条：申报人员一般应按照职称层级逐级申报职称评审",
        UNTITLED,
        "现职称无，一般应按照职称层级逐级申报，不能直接申报副高级",
        {**UNTITLED, "a.0.grounds.basis": Basis.SERIES_CONDITIONS},
        {**GENERAL, "a.0.sought": ENGINEER, "a.0.employer.nature": EmployerNature.INSTITUTION},
    ),
    Example(
        "B-E06",
        "第二十四条：考试成绩合格且在规定有效期内申报参加职称评审",
        {"a.0.grounds.exam_passed": False},
        "会计系列副高级实行考评结合",
        {"a.0.grounds.exam_passed": True, "a.0.grounds.exam_valid_until": date(2027, 12, 31)},
        {"a.0.sought": ACCOUNTANT},
    ),
    Example(
        "B-E07",
        "2025年：实行以考代评的系列（专业）职称，不再进行相应层级职称评审或认定",
        {"a.0.sought": TitleSought(series="会计系列", name="会计师", level=Level.INTERMEDIATE)},
        "会计系列中级实行以考代评",
        {"a.0.sought": ACCOUNTANT},
    ),
    Example(
        "B-E08",
        "第二十一条：规定参加职称评审需要取得职业资格的，应取得相应职业资格",
        {"a.0.grounds.licence": "无"},
        "登记为无有效证书",
        {"a.0.grounds.licence": "执业医师资格证书"},
        {"a.0.sought": TitleSought(series="卫生系列", name="主任医师", level=Level.FULL_SENIOR)},
    ),
    Example(
        "B-E09",
        "第四十一条：须在现岗位从事专业技术工作1年以上，可按规定申报评审相应系列（专业）同级职称",
        {"a.0.grounds.in_post_since": PartialDate(2025, 1)},
        "2025-01起，未满1年",
        {"a.0.grounds.in_post_since": PartialDate(2024, 6)},
        {
            **GENERAL,
            "a.0.sought": ENGINEER,
            "a.0.current_title.name": "高级农艺师",
            "a.0.procedure.submitted": date(2025, 6, 20),
        },
    ),
    Example(
        "B-E10",
        "第二十一条：除涉及公共安全、人身健康的系列和专业外……可允许按照本人长期从事专业申报职称",
        {"a.0.sought": TitleSought(series="卫生系列", name="主任医师", level=Level.FULL_SENIOR)},
        "卫生系列涉及公共安全、人身健康",
        {"a.0.sought": ENGINEER},
        {"a.0.grounds.major_matches": False},
    ),
    Example(
        "B-E11",
        "第三十八条：大学本科毕业且从事专业技术工作满12年的，可以直接申报副高级职称",
        {"a.0.work_since": PartialDate(2013, 8)},
        "专业技术工作满12年（现11年）",
        {"a.0.work_since": PartialDate(2013, 6)},
        {
            **GENERAL,
            "a.0.sought": ENGINEER,
            "a.0.employer.nature": EmployerNature.PRIVATE_ENTERPRISE,
            "a.0.education.degree_level": "大学本科",
            "a.0.grounds.basis": Basis.PRIVATE_SECTOR,
            "a.0.procedure.submitted": date(2025, 6, 20),
        },
    ),
    Example(
        "B-E12",
        "第四十条：具有硕士学位或研究生学历、工作满1年的可认定中级职称",
        {"a.0.education.degree_level": "大学本科", "a.0.education.degree": "学士"},
        "学历与认定等级相符",
        {"a.0.education.degree_level": "硕士研究生"},
        {
            "review.acquisition": Acquisition.RECOGNITION,
            "a.0.sought": TitleSought(series="农牧业系列", name="农艺师", level=Level.INTERMEDIATE),
            "a.0.grounds.basis": Basis.GRASSROOTS_RECOGNITION,
            "a.0.standing.workplace": Workplace.TOWNSHIP,
        },
    ),
    Example(
        "B-E13",
        "2025年：苏木乡镇事业单位……满2年的本科毕业生和满4年的大专毕业生，可直接参加中级职称评审",
        {"a.0.work_since": PartialDate(2024, 1)},
        "工作满2年（现1年）",
        {"a.0.work_since": PartialDate(2023, 1)},
        {
            "a.0.education.degree_level": "大学本科",
            "a.0.education.degree": "学士",
            "a.0.employer.nature": EmployerNature.INSTITUTION,
            "a.0.grounds.basis": Basis.TOWNSHIP_DIRECT,
            "a.0.standing.workplace": Workplace.TOWNSHIP,
        },
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-E14",
        "2025年：在旗县区从事专业工作满30年或在苏木乡镇从事专业工作满20年",
        {"a.0.grounds.grassroots_years": 19},
        "满20年（现19年）",
        {"a.0.grounds.grassroots_years": 20},
        {"a.0.grounds.basis": Basis.GRASSROOTS_LONG, "a.0.standing.workplace": Workplace.TOWNSHIP},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-E15",
        "2025年：城市中小学教师、医生在晋升高级职称时，原则上要有1年以上的农村牧区基层工作服务经历",
        {"a.0.grounds.rural_service_months": 8},
        "现8个月，还差4个月",
        {"a.0.grounds.rural_service_months": 12},
        {
            "a.0.sought": TitleSought(series="中小学教师系列", name="高级教师", level=Level.ASSOCIATE_SENIOR),
            "a.0.standing.workplace": Workplace.CITY,
        },
    ),
    Example(
        "B-E16",
        "第三十七条（四）：可以由2名以上在职在岗的具备正高级职称同行专家出具推荐意见",
        {"a.0.procedure.peer_referees": 1},
        "2名以上在职在岗正高级同行推荐（现1名）",
        {"a.0.procedure.peer_referees": 2, "a.0.procedure.referrer": "呼和浩特市人民政府"},
        {"a.0.talent_category": "4"},
    ),
    Example(
        "B-E17",
        "2024年：符合第7、8项的人员申报职称评审，由相应评委会评审",
        {"a.0.talent_category": "8"},
        "第8类由相应评委会评审",
        {"a.0.talent_category": "6"},
        {"year": 2024, "review.starts": date(2024, 8, 20), "a.0.sought": ENGINEER},
    ),
    Example(
        "B-E18",
        "2024下半年：符合条件人员原则上只享受一次政策优惠",
        {"a.0.grounds.green_before": True},
        "原则上只享受一次",
        {"a.0.grounds.green_before": False},
    ),
    Example(
        "B-E19",
        "第三十七条（二）：认定为五至六类人才，可直接申报副高级职称评审，聘任副高级职称满2年的……可申报正高级",
        {"a.0.current_title.appointed": PartialDate(2024, 3)},
        "聘任副高级职称满2年",
        {"a.0.current_title.appointed": PartialDate(2023, 3)},
        {
            "a.0.sought": TitleSought(series="工程系列", name="正高级工程师", level=Level.FULL_SENIOR),
            "a.0.current_title.name": "高级工程师",
            "a.0.grounds.talent_class": 5,
        },
    ),
    Example(
        "B-E20",
        "第三十九条：首次申报职称时可以……直接申报相应层级职称",
        {"a.0.grounds.first": False},
        "不是首次申报",
        {"a.0.grounds.first": True},
        {"a.0.grounds.basis": Basis.TRANSFERRED},
    ),
    Example(
        "B-E21",
        "2025年：三层次并在旗县区及以下地区单位工作的，可直接申报中级职称",
        {"a.0.standing.workplace": Workplace.CITY},
        "在旗县及以下单位工作",
        {"a.0.standing.workplace": Workplace.COUNTY},
        {"a.0.grounds.basis": Basis.PROGRAM, "a.0.grounds.program": "三层次"},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-E22",
        "第五十六条：经本单位同意并……出具委托评审函",
        {"a.0.standing.entrusted": False},
        "缺少委托评审函",
        {"a.0.standing.entrusted": True},
        {"a.0.standing.outside_unit": True},
    ),
    Example(
        "B-E23",
        "2024年：全区正高级教师职称评审总数控制在200人（各盟市核定分配名额）",
        {"quota": 0},
        "超过核定名额0名，超1名",
        {"quota": 1},
        {
            "a.0.sought": TitleSought(series="中小学教师系列", name="正高级教师", level=Level.FULL_SENIOR),
            **{f"a.{index}.sought": ENGINEER for index in range(1, 12)},
        },
    ),
    Example(
        "B-E24",
        "2025年：应在岗位结构比例内开展职称评审；超岗位申报……由各级主管部门统一商同级人社部门意见",
        {"posts": post(vacant=0)},
        "超过空岗0个",
        {"posts": post(vacant=0, agreed="鄂人社函〔2025〕12号")},
        {"a.*.employer.nature": EmployerNature.INSTITUTION},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-E25",
        "2025年：中小学教师、中等职业学校教师、卫生、农牧业、林草、水利、乌兰牧骑和文物博物等专业领域",
        {"a.0.sought": ACCOUNTANT},
        "会计系列不在定向评价的八个领域",
        kind=Kind.TARGETED,
    ),
    Example(
        "B-E26",
        "2025年：符合条件人员原则上只享受一次政策优惠。政策延续至2026年底",
        {"a.0.grounds.epidemic_before": True},
        "未享受过该政策",
        {"a.0.grounds.epidemic_before": False},
        {"a.0.grounds.basis": Basis.EPIDEMIC},
    ),
)

REVIEW = (
    Example(
        "B-A01",
        "第三十一条：由盟市人力资源和社会保障局（或职称直报单位人力资源部门）报送内蒙古人事人才公共服务中心",
        {"a.0.procedure.forwarded_by": "某协会"},
        "逐级申报，由包头市人力资源和社会保障局",
        {"a.0.procedure.forwarded_by": "包头市人力资源和社会保障局"},
        {"a.0.employer.region_code": "150203"},
    ),
    Example(
        "B-A02",
        "第三十二条：自治区本级单位申报人员材料，按照人事隶属关系，由主管部门汇总后送交",
        {"a.0.procedure.forwarded_by": "某协会"},
        "主管部门汇总或自治区直属单位直接送交",
        {"a.0.procedure.forwarded_by": "内蒙古自治区水利厅"},
        {"region_code": "150000", "a.0.employer.region_code": "150000"},
        kind=Kind.ENGINEERING,
    ),
    Example(
        "B-A03",
        "第二十八条：由所在工作单位履行初审、公示、推荐等程序",
        {"a.0.procedure.reviewing_unit": "某人才服务中心"},
        "主体应为所在工作单位（甲公司）",
        {"a.0.procedure.reviewing_unit": "甲公司"},
        {"a.0.employer.nature": EmployerNature.PRIVATE_ENTERPRISE, "a.0.employer.name": "甲公司"},
    ),
    Example(
        "B-A04",
        "第三十三条：须签署审核人员姓名、审核意见及审核日期，并加盖审核推荐单位公章",
        {"a.0.procedure.review_opinion": None},
        "缺：审核意见",
        {"a.0.procedure.review_opinion": "同意"},
        {"a.0.procedure.reviewer": "李四", "a.0.procedure.reviewed_on": date(2025, 6, 1)},
    ),
    Example(
        "B-A05",
        "2024下半年：“申报人符合申报条件，提交的材料真实准确。已对申报条件和材料逐一审核，并公示无异议，同意推荐。”",
        {"a.0.procedure.recommendation": "同意上报。"},
        "当前为“同意上报。”",
        {
            "a.0.procedure.recommendation": "申报人符合申报条件，提交的材料真实准确。"
            "已对申报条件和材料逐一审核，并公示无异议，同意推荐。"
        },
    ),
    Example(
        "B-A06",
        "2024下半年：由单位主要负责人（法人）签名，加盖单位公章",
        {"a.0.procedure.signer_role": "人事科长"},
        "登记的签名人为人事科长",
        {"a.0.procedure.signer_role": "主要负责人"},
    ),
    Example(
        "B-A07",
        "包头2025：线上、线下提交的材料（填写的信息、业绩等）相一致",
        {"a.0.procedure.same_online": False},
        "线上、线下材料不一致",
        {"a.0.procedure.same_online": True},
    ),
    Example(
        "B-A08",
        "第三十六条：有下列情形之一的，申报材料不予受理",
        {"a.0.procedure.refused": "不按规定时限报送"},
        "不予受理（不按规定时限报送）",
        {"a.0.procedure.refused": "无"},
    ),
    Example(
        "B-A11",
        "2024下半年：绿色通道职称评审不收取职称评审费",
        {"charges.fee": 300},
        "登记收费300元",
        {"charges.fee": 0},
    ),
)

CERTIFICATES = (
    Example(
        "B-S01",
        "第五十三条：“定向评价、定向使用”职称、农牧民职称评审结果由盟市人力资源和社会保障局核准确认",
        {"approval.authority": "内蒙古自治区人力资源和社会保障厅"},
        "应由锡林郭勒盟人力资源和社会保障局核准确认",
        {"approval.authority": "锡林郭勒盟人社局"},
        kind=Kind.TARGETED,
    ),
    Example(
        "B-S02",
        "第五十四条：高级职称证书由自治区人力资源和社会保障厅用印",
        {"approval.seal_authority": "呼和浩特市人力资源和社会保障局"},
        "应为内蒙古自治区人力资源和社会保障厅，当前为呼和浩特市",
        {"approval.seal_authority": "内蒙古自治区人力资源和社会保障厅"},
    ),
    Example(
        "B-S03",
        "第五十五条：通过评审方式取得的职称，起算时间为评委会通过时间",
        {"a.0.obtained_on": date(2025, 9, 15)},
        "起算时间应为2025-08-22（评委会通过时间），登记为2025-09-15",
        {"a.0.obtained_on": date(2025, 8, 22)},
    ),
    Example(
        "B-S04",
        "第七十六条：评委会未经核准备案……行为、结果不予认可",
        {"committee.filing_number": "未备案"},
        "未经核准备案",
        {"committee.filing_approved": date(2024, 3, 15)},
    ),
    Example(
        "B-S05",
        "第五十七条：查询核验，可在自治区范围内使用，不再进行重新确认换证",
        {"a.0.grounds.verifiable_online": True},
        "原证书可网上查验",
        {"a.0.grounds.verifiable_online": False},
        {"review.acquisition": Acquisition.RECONFIRMATION, "a.*.recognized_on": date(2025, 8, 22)},
    ),
    Example(
        "B-S07",
        "第五十三条：经公示无异议的评审通过人员……报相应人力资源社会保障部门确认",
        {"complaints.0.conclusion": None, "complaints.0.opinion": None},
        "举报JB2025-001未结",
        {"complaints.0.conclusion": "反映问题不属实"},
    ),
)

INTEGRITY = (
    Example(
        "B-H01",
        "第七十一条：包括违规情形、处理依据、处理措施、生效时间、记录期限",
        {"integrity": applicant_record(basis=None)},
        "缺少：处理依据",
        {"integrity": applicant_record()},
    ),
    Example(
        "B-H02",
        "第七十二条：记录期限为3年",
        {"integrity": applicant_record(until=date(2025, 9, 1))},
        "应为3年（2022-09-01至2025-08-31），登记至2025-09-01",
        {"integrity": applicant_record()},
    ),
    Example(
        "B-H03",
        "第七十二条：由相应人力资源社会保障部门撤销其职称，并记入诚信档案库",
        {"integrity": applicant_record(decided_by="某学会")},
        "登记的处理机关为某学会",
        {"integrity": applicant_record(decided_by="内蒙古自治区人力资源和社会保障厅")},
    ),
    Example(
        "B-H04",
        "第七十七条：存在两项以上违规行为……应给予工作约谈，责令其立即停止评审工作",
        {"supervisions": supervisions(("65-2", Measure.REMINDER), ("65-5", Measure.REMINDER))},
        "应采取“约谈”，登记为“提醒”",
        {"supervisions": supervisions(("65-2", Measure.REMINDER), ("65-5", Measure.INTERVIEW))},
    ),
    Example(
        "B-H06",
        "第六十三条：对评审专家重点监管以下方面（八项）",
        {"integrity": applicant_record(offence="63-4")},
        "“63-4”不属于申报人（第62条共4项）",
        {"integrity": expert_record("某专家")},
    ),
)

CONSISTENCY = (
    Example(
        "B-X03",
        "GB 11643：第17位表示性别，第18位为校验码",
        {"a.0.person.sex": Sex.MALE if FIRST.person.sex is Sex.FEMALE else Sex.FEMALE},
        "第17位表示性别",
    ),
    Example(
        "B-X04",
        "职称系列目录：正高级/副高级/中级/助理级/员级",
        {"a.0.sought": ENGINEER.model_copy(update={"name": "高级经济师"})},
        "“高级经济师”不是工程系列副高级的职称名称；工程系列副高级为高级工程师",
        {"a.0.sought": ENGINEER},
    ),
    Example(
        "B-X05",
        "各文件：同一人姓名、证件号等一致",
        {"a.1.person": FIRST.person.model_copy(update={"name": "另一个名字"})},
        "姓名不一致",
        {"a.1.person": FIRST.person},
    ),
    Example(
        "B-X06",
        "第四十二条：申报人员名单、评委推荐名单等情况；第五十三条：评审通过人员",
        {"tally.planned": 12, "tally.accepted": 13},
        "方案名单人数（12）应等于受理人数（13）",
        {"tally.planned": 12, "tally.accepted": 12},
    ),
    Example(
        "B-X07",
        "包头2025：职称申报人数统计表（事业单位在编）、（事业单位非在编）",
        {"tally.others": 3},
        "在编5＋非在编5＋其他3＝13，申报总人数12",
        {"tally.others": 2},
        {"tally.total": 12, "tally.staffed": 5, "tally.unstaffed": 5},
    ),
    Example(
        "B-X08",
        "第二十六—五十八条：申报、公示、推荐、评审、公示、核准依次进行",
        {"closing.reported": date(2025, 8, 29)},
        "结果公示结束（2025-09-01）晚于核准报送日期（2025-08-29）",
        {"closing.reported": date(2025, 9, 2)},
    ),
    Example(
        "B-X09",
        "2024下半年附件1：评审表使用A4纸，一式2份；送审表使用A3纸，一式15份",
        {"charges.submission_copies": 14},
        "送审表（A3）应一式15份，登记为14份",
        {"charges.submission_copies": 15, "charges.form_copies": 2},
    ),
)
EXAMPLES = ELIGIBILITY + REVIEW + CERTIFICATES + INTEGRITY + CONSISTENCY
