"""Shapes of the API's answers, for the OpenAPI document; the registry's own dictionaries fill them."""

from pydantic import BaseModel, Field

EXAMPLE_NUMBER = "NM20251500205P00012X"


class FileShape(BaseModel):
    """First answer: the file."""

    code: str = Field(description="registered、intact、tampered、foreign、unreadable、not_presented")
    message: str
    signer: str | None = None
    signed_at: str | None = None
    level: str | None = None
    reason: str | None = None
    sha256: str | None = None
    steps: list[dict[str, object]] = Field(default_factory=list)


class RegisterShape(BaseModel):
    """Second answer: the register."""

    code: str = Field(
        description="valid、suspended、revoked、superseded、unknown、copy_expired、copy_revoked"
    )
    message: str
    number: str | None = Field(default=None, examples=[EXAMPLE_NUMBER])
    licence_id: str | None = None
    version: int | None = None
    issued_at: str | None = None
    state_at: str | None = None
    superseded_by: str | None = None
    facts: dict[str, object] | None = None


class RecognitionShape(BaseModel):
    """Third answer: recognition (细则第五十七条)."""

    code: str = Field(description="usable、usable_in_league、reconfirm、not_usable、undecided")
    message: str
    result: str
    clause: str
    scope: str | None = None
    scope_region: str | None = None
    reason: str | None = Field(default=None, description="外地区证书的原因代码")
    by: str | None = Field(default=None, description="须重新确认时，由谁重新确认")
    papers: list[str] = Field(default_factory=list, description="须重新确认时所需材料")
    evidence: list[dict[str, object]] = Field(default_factory=list, description="所依据的答复和名单")
    record: str | None = Field(default=None, description="留存证据的记录号")
    differences: list[str] | None = Field(default=None, description="所填或所持内容与登记不一致的各项")


class WarningShape(BaseModel):
    """The code came out of an address that is not this platform's."""

    code: str = Field(description="foreign_host")
    host: str
    message: str


class VerificationAnswer(BaseModel):
    """The three answers and the verdict drawn from them."""

    verdict: str = Field(
        description="genuine（文件）、registered（只有核验码或编号）、tampered、revoked、suspended、superseded、foreign、unknown、unreadable"
    )
    checked_at: str
    file: FileShape
    register_: RegisterShape = Field(alias="register")
    recognition: RecognitionShape
    warning: WarningShape | None = Field(default=None, description="网址不是本平台的，指向何处")


class QueryHit(BaseModel):
    """One certificate found by name and identity number; the name is masked."""

    number: str
    state: str
    name: str
    title: str
    series: str
    level: str
    obtained_on: str
    authority: str
    scope: str
    superseded_by: str | None = None
    message: str


class QueryAnswer(BaseModel):
    """All certificates of the person."""

    certificates: list[QueryHit]


class RegionEntry(BaseModel):
    """This region's entry: who it is and with which keys its answers are signed."""

    entry: dict[str, object]
    token: str = Field(description="同一内容的签名紧凑形式")
