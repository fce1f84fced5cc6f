"""The key for title certificates (证书密钥): it signs what the press has drawn, nothing else.

Only `signing.pades.production`, which the press's maker stands on, opens it to sign; `signing.authority.opening` looks at its
certificates. An import contract keeps everybody else away.
"""

from threading import Lock
from typing import TYPE_CHECKING, Final

from signing.keys import SigningKey, open_key
from signing.keys.pinning import pin_chain

if TYPE_CHECKING:
    from signing.authority.opening import Authority

ROLE: Final = "certificate"
_OPENING: Final = Lock()


def certificate_key(authority: "Authority") -> SigningKey:
    """The key that signs certificates now, opened and checked once per authority.

    Raises:
        KeyTrouble: any of its kinds.
        KeyUnknown: every key of the ring is retired.
    """
    with _OPENING:
        if ROLE not in authority.opened:
            key = open_key(authority.source)
            if authority.outside is None:
                pin_chain(authority.folder, authority.ring.signer, key)
            authority.opened[ROLE] = key
        return authority.opened[ROLE]
