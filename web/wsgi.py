"""For servers that import the application: `gunicorn "web.wsgi:application()"`, with the home in `ZHICHENG_HOME`."""

import sys

from flask import Flask

from core.errors import HouseError
from core.message import DEFAULT_LANGUAGE
from core.settings import Home
from registry.recognition.cases.outbox_worker import lasting_postman
from web.app import create_app


def application() -> Flask:
    """The site on the home folder that the environment names; waiting messages to other regions are sent beside it.

    Raises:
        SystemExit: home, settings or register cannot be used; the sentence is on stderr, and gunicorn gives up at once.
    """
    home = Home.locate(None, founding=False)
    try:
        app = create_app(home)
    except HouseError as error:
        print(error.diagnostics(DEFAULT_LANGUAGE), file=sys.stderr)  # nothing else is there yet to tell it
        raise SystemExit(error.exit_code) from error
    lasting_postman(home)
    return app
