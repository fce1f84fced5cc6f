"""Why a member's entry or a list is not accepted; all are refusals, never a reason to believe less of a certificate."""

from signing.errors import SigningError


class TrustListRefused(SigningError):
    """Root of the reasons why a list or an entry is not accepted."""


class EntryUnreadable(TrustListRefused):
    """Raised when an entry is not in the form of one; data: `reason`."""

    key = "entry_unreadable"


class EntryNotSigned(TrustListRefused):
    """Raised when an entry is not signed by the key that the anchor wrote down for the member; data: `code`."""

    key = "entry_not_signed"


class ListUnreadable(TrustListRefused):
    """Raised when a list is not in the form of one; data: `reason`."""

    key = "list_unreadable"


class ListNotSigned(TrustListRefused):
    """Raised when a list is not signed by the anchor whose key is held; data: `reason`."""

    key = "list_not_signed"


class ListExpired(TrustListRefused):
    """Raised when the list's validity has passed; data: `until`."""

    key = "list_expired"


class ListFromFuture(TrustListRefused):
    """Raised when the list is dated after now: one of the two clocks is wrong; data: `issued`."""

    key = "list_from_future"


class ListRolledBack(TrustListRefused):
    """Raised when a list is older than the one in use; data: `sequence`, `known`."""

    key = "list_rolled_back"


class ListSplit(TrustListRefused):
    """Raised when two lists carry the same sequence number and differ: somebody is shown another list; data: `sequence`."""

    key = "list_split"


class ListHistoryChanged(TrustListRefused):
    """Raised when a new list drops or rewrites what an earlier one recorded; data: `sequence`."""

    key = "list_history_changed"


class CriticalFieldUnknown(TrustListRefused):
    """Raised when a field marked critical is not understood here; data: `field`."""

    key = "critical_field_unknown"


class AnchorExists(SigningError):
    """Raised when an anchor is to be created where one is; data: `path`."""

    key = "anchor_exists"


class MemberUnknown(SigningError):
    """Raised when the anchor knows no member of that code; data: `code`."""

    key = "member_unknown"


class AnchorUnreadable(SigningError):
    """Raised when an anchor's folder or public key file cannot be read; data: `path`, `reason`."""

    key = "anchor_unreadable"
