"""Web (网站): public verification, holders, the secretariat's workspace, the API."""
