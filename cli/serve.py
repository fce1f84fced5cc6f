"""`zhicheng serve` and `zhicheng demo`."""

from collections.abc import Callable
from pathlib import Path

import click

from cli.console import Context, pass_context
from core.settings import Home

DEMO_HOME = "zhicheng-demo"
DEMO_PEOPLE = 36


@click.command("serve")
@click.option("--host", help="监听地址，默认 127.0.0.1。")
@click.option("--port", type=click.IntRange(1, 65535), help="端口，默认 8765。")
@pass_context
def serve(ctx: Context, host: str | None, port: int | None) -> None:
    """启动核验网站。"""
    from core.memory import restart_in_huge_pages
    from web.server import run

    restart_in_huge_pages()

    run(ctx.home, _announcer(ctx), host=host, port=port)


@click.command("demo")
@click.option("--home", "folder", default=DEMO_HOME, help="演示的工作目录，默认 ./zhicheng-demo。")
@click.option("--people", type=click.IntRange(1, 5000), default=DEMO_PEOPLE, help="样例人数。")
@click.option("--port", type=click.IntRange(1, 65535), help="端口，默认 8765。")
@click.option("--serve/--no-serve", default=True, help="做完后是否启动网站。")
@pass_context
def demo(ctx: Context, folder: str, people: int, port: int | None, *, serve: bool) -> None:
    """用样例批次走完全程：校验、文书、证书、登记、核验。"""
    from demo.run import run_demo
    from web.server import run

    home = Home(Path(folder).resolve())
    results = run_demo(ctx, home, people=people, port=port)
    if serve:
        from demo.second_region import serve_neighbour

        serve_neighbour(home)
        run(home, _announcer(ctx), host=None, port=port, demo=results)


def _announcer(ctx: Context) -> Callable[[str], None]:
    return lambda url: ctx.say("web", "serve.listening", url=url)
