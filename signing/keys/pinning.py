"""The certificates between root and signer, written down for keys that were imported before this was done at import.

Only an opened key shows what a PKCS#12 file or a token holds, so it is done when one is opened anyway.
"""

import logging
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives.serialization import Encoding

from core.message import message
from core.reasons import refusal
from core.settings import write_private
from signing.keys import SigningKey
from signing.keys.ring import CHAIN_SUFFIX, SignerEntry
from signing.trust import fingerprint

_LOG = logging.getLogger(__name__)


def pin_chain(folder: Path, entry: SignerEntry, key: SigningKey) -> None:
    """Write `NAME.chain.pem` once, whole or not at all; a folder that cannot be written is only a line in the log."""
    path = folder / f"{entry.name}{CHAIN_SUFFIX}"
    between = key.chain[:-1]
    known = fingerprint(key.certificate.public_bytes(Encoding.DER)) == entry.fingerprint
    if entry.demo or not between or not known or path.exists():
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.{token_hex(4)}")
    try:
        write_private(partial, b"".join(one.public_bytes(Encoding.PEM) for one in between))
        os.link(partial, path)  # of several processes that come at the same time, one writes and tells
        _LOG.warning(message("signing", "keys.chain_pinned", name=entry.name, path=path))
    except FileExistsError:
        return
    except OSError as error:
        _LOG.warning(message("signing", "keys.chain_not_pinned", name=entry.name, reason=refusal(error)))
    finally:
        with suppress(OSError):
            partial.unlink()
