"""Open cases (待办): what a machine may not decide goes to a person; re-confirmation and exchange (重新确认换发).

`store` opens, reviews and decides; `exchange` joins confirmed cases to the certificates that an ordinary batch issues;
`outbox` tells the old region and retries until it is received; `notices` receives such messages.
"""
