"""For servers that import the application: `gunicorn "web.wsgi:application()"`, with the home in `ZHICHENG_HOME`."""

from flask import Flask

from house.settings import Home
from registry.recognition.cases.postman import lasting_postman
from web.app import create_app


def application() -> Flask:
    """The site on the home folder that the environment names; waiting messages to other regions are sent beside it.

    Raises:
        HomeNotReady: settings that contradict each other.
        RegistryError: the register cannot be opened.
    """
    home = Home.locate(None)
    app = create_app(home)
    lasting_postman(home)
    return app
