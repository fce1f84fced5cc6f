"""All pages of the workspace, put together."""

from web.office import overview, sign
from web.office.guard import pages

__all__ = ["overview", "pages", "sign"]
