"""Errors of the web room; every one descends from `WebError`."""

from typing import ClassVar

from core.errors import NOT_READY, HouseError


class WebError(HouseError):
    """Root of the errors of the web room."""

    room: ClassVar[str] = "web"


class AddressUnusable(WebError):
    """Raised when the site cannot listen on an address for another reason; data: `host`, `port`, `reason`."""

    key = "address_unusable"
    exit_code = NOT_READY


class PortTaken(WebError):
    """Raised when another program listens on the site's address; data: `host`, `port`."""

    key = "port_taken"
    exit_code = NOT_READY


class DemoFailed(WebError):
    """Raised when a step of the demonstration did not do what it must; data: `step`, `reason`."""

    key = "demo_failed"
