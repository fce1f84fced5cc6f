"""Trust lists (信任名单): signed entries of members, a list signed by a neutral anchor, refusal of everything older.

Three keys per member, rotated apart: the entry key signs what the member says of itself, the seal key signs documents,
the service key signs answers and lists. The anchor's key is offline; members hold only its public half. Conditions of
an entry are opaque here: whoever uses a list names those that it understands.
"""

from signing.trustlist.anchor import Anchor, create_anchor, open_anchor, read_anchor_key
from signing.trustlist.editing import admit, end, new_list, readmit, suspend
from signing.trustlist.entry import EntryFacts, MemberEntry, read_entry, sign_entry
from signing.trustlist.lists import Listed, MemberState, TrustList, accept_list, read_list

__all__ = [
    "Anchor",
    "EntryFacts",
    "Listed",
    "MemberEntry",
    "MemberState",
    "TrustList",
    "accept_list",
    "admit",
    "create_anchor",
    "end",
    "new_list",
    "open_anchor",
    "read_anchor_key",
    "read_entry",
    "read_list",
    "readmit",
    "sign_entry",
    "suspend",
]
