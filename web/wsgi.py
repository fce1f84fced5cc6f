"""For servers that import the application: `gunicorn "web.wsgi:application()"`, with the home in `ZHICHENG_HOME`."""

from flask import Flask

from house.settings import Home
from web.app import create_app


def application() -> Flask:
    """The site on the home folder that the environment names.

    Raises:
        HomeNotReady: settings that contradict each other.
        RegistryError: the register cannot be opened.
    """
    return create_app(Home.locate(None))
