"""Use cases (用例): one function for each thing that people ask of zhicheng, a frozen request in, a report out.

The command line, the workspace, the demonstration and the second region call them, so that a rule holds for every way
to do the thing. A module is loaded by whoever needs it: `app.checking`, `app.documents`, `app.issuing`.
"""
