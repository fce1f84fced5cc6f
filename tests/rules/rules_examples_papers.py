"""Examples of the rules about papers, certificates, integrity and consistency."""

from datetime import date

from rules_examples import Example
from rules_examples_batch import expert_record
from rules_examples_facts import (
    ENGINEER,
    FIRST,
    GREEN_2024H2,
    applicant_record,
    supervisions,
)

from records.batch.model import Acquisition, EmployerNature, Level, Sex
from records.batch.optional import (
    Measure,
)
from records.sample.plans import Kind

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
        GREEN_2024H2,
    ),
    Example(
        "B-A06",
        "2024下半年：由单位主要负责人（法人）签名，加盖单位公章",
        {"a.0.procedure.signer_role": "人事科长"},
        "登记的签名人为人事科长",
        {"a.0.procedure.signer_role": "主要负责人"},
        GREEN_2024H2,
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
        GREEN_2024H2,
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
        "B-S09",
        "第四十条：可以按照职称管理权限，直接申请认定中级及以下相应的职称",
        {"a.*.sought.level": Level.ASSOCIATE_SENIOR},
        "以认定方式取得副高级职称",
        {"a.*.sought.level": Level.INTERMEDIATE},
        {"review.acquisition": Acquisition.RECOGNITION, "a.*.recognized_on": date(2025, 8, 22)},
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
        GREEN_2024H2,
    ),
    Example(
        "B-X10",
        "第五十一条：公示期间收到举报投诉的，由评委会组建单位负责调查核实",
        {"complaints.0.application_number": "2025-O002"},
        "举报一行的申报编号“2025-O002”在申报人员中没有",
        {"complaints.0.application_number": None},
    ),
)
EXAMPLES = REVIEW + CERTIFICATES + INTEGRITY + CONSISTENCY
