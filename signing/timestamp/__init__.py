"""Time-stamps (时间戳): RFC 3161 client, a local authority for demo and tests, and none."""

from signing.timestamp.client import Rfc3161Timestamper
from signing.timestamp.interface import NoTimestamper, Timestamper
from signing.timestamp.local import LocalTimestamper, TimestampAuthority
from signing.timestamp.patience import PatientTimestamper

__all__ = [
    "LocalTimestamper",
    "NoTimestamper",
    "PatientTimestamper",
    "Rfc3161Timestamper",
    "TimestampAuthority",
    "Timestamper",
]
