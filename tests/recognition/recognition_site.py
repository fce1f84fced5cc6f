"""Serves one home's site in a process of its own: `python recognition_site.py HOME PORT`; prints a line when it listens."""

import sys
from pathlib import Path

import waitress

from core.settings import Home
from web.app import create_app
from web.settings import WebSettings


def main() -> None:
    home, port = Home(Path(sys.argv[1])), int(sys.argv[2])
    settings = WebSettings(rate_result="10000 per minute", rate_query="10000 per minute")
    server = waitress.create_server(
        create_app(home, settings=settings), host="127.0.0.1", port=port, threads=4
    )
    print("ready", flush=True)
    server.run()


if __name__ == "__main__":
    main()
