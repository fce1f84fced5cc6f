"""Accounts (账户) of the secretariat's workspace: who may sign in, in which role, with which password and sessions."""
