"""All pages of the workspace, put together."""

from web.office import batches, overview, progress, results, sign
from web.office.guard import pages

__all__ = ["batches", "overview", "pages", "progress", "results", "sign"]
