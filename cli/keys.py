"""Commands of the signing room: `keys`, `credential`, `signatures`. Heavy imports stay inside."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from cli.console import Context, emit_json, json_option, pass_context, pass_new_home
from core.errors import HouseError
from core.message import message
from signing.errors import TokenInvalid

if TYPE_CHECKING:
    from signing.keys import KeySource

EXPIRY_WARNING_DAYS = 60
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """密钥与证书：演示机构、导入、清单、更换、公布根证书。"""


@keys.command("demo")
@click.option("--organisation", help="用印机关全称。")
@pass_new_home
def keys_demo(context: Context, organisation: str | None) -> None:
    """建立演示签发机构（已有密钥环时只显示）。"""
    from signing.authority.opening import DEMO_ORGANISATION, demo_authority

    context.home.create()
    authority = demo_authority(context.home.keys, organisation or DEMO_ORGANISATION)
    context.say("signing", "keys.ring", organisation=authority.organisation, folder=authority.folder)
    for fingerprint in authority.root_fingerprints:
        context.say("signing", "keys.root", fingerprint=fingerprint)


@keys.command("import")
@click.argument("name")
@click.option("--pkcs12", type=_FILE, help="PKCS#12 文件（.p12/.pfx）。")
@click.option("--pem", type=_FILE, help="PEM 私钥文件。")
@click.option("--certificates", type=_FILE, help="PEM 证书文件：签名证书在前，上级证书在后。")
@click.option("--pkcs11", type=_FILE, help="PKCS#11 模块（.so）。")
@click.option("--token", help="密码设备的标签。")
@click.option("--label", help="设备中私钥的标签。")
@click.option("--unlock", default="prompt", help="口令来源：none、prompt、env:变量名、file:路径。")
@click.option("--organisation", help="用印机关全称，默认取证书上的名称。")
@click.option(
    "--role",
    type=click.Choice(["certificate", "archive"]),
    default="certificate",
    help="certificate 签证书（默认）；archive 签扫描件、回执、报告等，不能与证书密钥相同。",
)
@click.option("--keep-demo", is_flag=True, help="保留演示根证书的信任（只用于试验）。")
@pass_new_home
def keys_import(
    context: Context,
    /,
    name: str,
    unlock: str,
    organisation: str | None,
    role: str,
    keep_demo: bool,
    **where: object,
) -> None:
    """导入正式密钥；导入前检查配对、用途、有效期和证书链。"""
    from signing.keys.importing import KeyRole, import_key

    source = _source(unlock, where, context.lang)
    done = import_key(context.home, name, source, organisation, keep_demo=keep_demo, role=KeyRole(role))
    said = {"name": name, "subject": done.entry.subject, "until": done.entry.until.date()}
    context.say("signing", "keys.imported" if role == "certificate" else "keys.archive_imported", **said)
    context.say("signing", "keys.root", fingerprint=done.fingerprint)
    if done.replaced_demo:
        context.say("signing", "keys.demo_replaced")


@keys.command("list")
@json_option
@pass_context
def keys_list(context: Context, as_json: bool) -> None:
    """全部密钥、状态和到期日。"""
    from signing.keys.exposure import exposed_keys
    from signing.keys.listing import list_keys

    context.home.create()
    rows = list_keys(context.home.keys)
    exposed = exposed_keys(context.home.keys)
    if as_json:
        emit_json({"keys": [row.as_json() for row in rows], "exposed": [str(path) for path in exposed]})
        return
    for row in rows:
        context.say("signing", f"keys.row_{row.state}", **row.as_json())
        if row.state == "active" and row.days_left < EXPIRY_WARNING_DAYS:
            context.say("signing", "keys.expiring", name=row.name, days=row.days_left)
    for path in exposed:
        context.say("signing", "keys.exposed", path=path, mode=f"{path.stat().st_mode & 0o7777:04o}")


@keys.command("rotate")
@click.option("--service", is_flag=True, help="更换服务密钥（机读凭证、状态列表）。")
@pass_context
def keys_rotate(context: Context, service: bool) -> None:
    """更换密钥；以前签署的文件和凭证仍可核验。"""
    from signing.authority.opening import open_authority
    from signing.keys.importing import rotate_service, rotate_signer

    authority = open_authority(context.home)
    name = rotate_service(authority) if service else rotate_signer(authority).name
    context.say("signing", "keys.rotated", name=name)


@keys.command("publish")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True)
@pass_context
def keys_publish(context: Context, output: Path) -> None:
    """写出根证书、指纹、公钥集和使用说明，供网站公布。"""
    from signing.authority.opening import open_authority
    from signing.keys.importing import publish

    for path in publish(open_authority(context.home), output, context.lang):
        click.echo(str(path))


@keys.command("adobe")
@pass_context
def keys_adobe(context: Context) -> None:
    """说明怎样让 Adobe Reader 信任本机关的签名。"""
    from signing.authority.opening import open_authority

    prints = "\n".join(f"SHA-256 {one}" for one in open_authority(context.home).root_fingerprints)
    context.say("signing", "adobe.text", fingerprints=prints)


EXAMINED = "credential"
"""What `credential verify` has looked at: never the pages around it."""


@click.group()
def credential() -> None:
    """机读凭证：离线核验、字段说明。"""


@credential.command("verify")
@click.argument("source", type=click.File("rb"))
@click.option("--keys", "key_file", type=_FILE, required=True, help="地区公布的公钥集 keys.json。")
@json_option
@click.pass_context
def credential_verify(click_context: click.Context, source: BinaryIO, key_file: Path, as_json: bool) -> None:
    """只凭公钥集文件离线核验凭证（凭证文本或内嵌凭证的 PDF；- 表示标准输入）。"""
    from signing.credential.offline import verify_offline

    context = click_context.find_object(Context)
    assert context is not None  # noqa: S101 - the front door always puts one there
    try:
        accepted = verify_offline(source.read(), key_file)
    except TokenInvalid as error:
        _report_bad(error, context, as_json=as_json)
        click_context.exit(error.exit_code)
    if as_json:
        told = {
            "valid": True,
            "issued_at": accepted.issued_at,
            "kid": accepted.kid,
            "payload": accepted.payload,
        }
        emit_json({"examined": EXAMINED, **told})
        return
    context.say("signing", "credential.only")
    context.say(
        "signing", "credential.valid", issued=f"{accepted.issued_at:%Y-%m-%d %H:%M:%S}", kid=accepted.kid
    )
    for name, value in accepted.payload.items():
        click.echo(f"{name}: {value}")


@credential.command("schema")
def credential_schema() -> None:
    """打印凭证内容的 JSON Schema。"""
    from signing.credential.token import schema

    emit_json(schema())


def _report_bad(error: HouseError, context: Context, *, as_json: bool) -> None:
    if as_json:
        told = {"valid": False, "code": error.key, "message": error.diagnostics(context.lang)}
        emit_json({"examined": EXAMINED, **told})
    else:
        click.echo(error.diagnostics(context.lang))


def _source(unlock: str, where: dict[str, object], lang: str) -> "KeySource":
    from signing.keys import Passphrase, PemSource, Pkcs12Source, TokenSource

    secret = Passphrase(unlock)
    match where:
        case {"pkcs12": Path() as path, "pem": None, "pkcs11": None, "certificates": extra}:
            return Pkcs12Source(path, secret, extra if isinstance(extra, Path) else None)
        case {"pkcs12": None, "pem": Path() as key, "pkcs11": None, "certificates": Path() as certificates}:
            return PemSource(key, certificates, secret)
        case {
            "pkcs12": None,
            "pem": None,
            "pkcs11": Path() as module,
            "token": str() as token,
            "label": str() as label,
        }:
            extra = where["certificates"]
            return TokenSource(module, token, label, extra if isinstance(extra, Path) else None, secret)
        case _:
            raise click.UsageError(message("signing", "keys.import_usage", lang))
