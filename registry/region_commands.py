"""`zhicheng region`: which regions' certificates are decided here."""

import click

from house.console import Context, emit_json, fail, json_option, pass_context
from house.errors import HouseError


@click.group("region")
def region_group() -> None:
    """互认地区名录。"""


@region_group.command("list")
@json_option
@pass_context
def region_list(ctx: Context, as_json: bool) -> None:
    """列出可在本平台核验的地区；第一个是本地区。"""
    from registry.regions import trusted_regions

    try:
        regions = trusted_regions(ctx.home)
    except HouseError as error:
        fail(error, ctx.lang, as_json=as_json)
    if as_json:
        emit_json([one.as_dict() for one in regions])
        return
    for one in regions:
        ctx.say("registry", "region.line", code=one.code, name=one.name, address=one.address)
