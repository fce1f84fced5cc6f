"""The one door to asn1crypto: its classes, and those that pyHanko adds, set up before a thread can use them.

asn1crypto prepares a class when its first value is made, without a lock: a second thread reads tables that are half
filled (`list index out of range`), and the names of attributes that pyHanko adds are lost when they come after the
first use. A module is imported by one thread while the others wait, so everything is made ready here, once (3 ms).
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from asn1crypto import algos, cms, core, crl, csr, keys, ocsp, pdf, pkcs12, tsp, x509
from pyhanko.sign import signers as _signers  # noqa: F401 - it and the next one bring all of pyHanko's classes
from pyhanko.sign import validation as _validation  # noqa: F401

__all__ = ["algos", "cms", "core", "crl", "csr", "keys", "ocsp", "pdf", "pkcs12", "prepared", "tsp", "x509"]

Asn1Class = TypeVar("Asn1Class", bound=type)


def prepared(cls: Asn1Class) -> Asn1Class:
    """Set up a class of one's own where it is defined (a decorator)."""
    cls()
    return cls


def _below(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


for _class in set(_below(core.Asn1Value)) - {
    core.Choice
}:  # Choice itself stands for no type and cannot be made
    prepared(_class)
