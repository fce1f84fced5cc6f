"""The certificate (证书): its facts, its face as data, and the press that makes signed PDFs of it.

In: an application of a batch, the marks of the register, a seal, a signer. Out: one finished PDF per person.

    plan = make_plan(load_face("standard"), seal, sample=True)
    pressed = Press(plan, signer).make(facts, marks, signed_at=now, credential=token, photo=jpeg)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.certificate.face.facts import certificate_facts
    from generator.certificate.face.loading import load_face
    from generator.certificate.plan import PressPlan, make_plan
    from generator.certificate.press import Press

__all__ = ["Press", "PressPlan", "certificate_facts", "load_face", "make_plan"]

_HOMES = {
    "Press": "press",
    "PressPlan": "plan",
    "certificate_facts": "face.facts",
    "load_face": "face.loading",
    "make_plan": "plan",
}


def __getattr__(name: str) -> Any:
    """Load a part when it is first asked for, so that facts alone need no fonts."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
