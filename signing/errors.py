"""Errors of the signing room; every one descends from `SigningError`."""

from typing import ClassVar

from core.errors import NOT_READY, HouseError


class SigningError(HouseError):
    """Root of the errors of the signing room."""

    room: ClassVar[str] = "signing"


class KeyTrouble(SigningError):
    """Root of everything that is wrong with a key or its certificate; the installation is not ready."""

    exit_code = NOT_READY


class KeyUnreadable(KeyTrouble):
    """Raised when a key file or token cannot be opened; data: `place`, `reason`."""

    key = "key_unreadable"


class PassphraseWrong(KeyTrouble):
    """Raised when the pass phrase does not open the key; data: `place`."""

    key = "passphrase_wrong"


class PassphraseMissing(KeyTrouble):
    """Raised when the named environment variable, file or terminal yields no pass phrase; data: `origin`."""

    key = "passphrase_missing"


class KeyUnsuitable(KeyTrouble):
    """Raised when the key is not RSA-2048/3072/4096 or P-256/384; data: `place`, `found`."""

    key = "key_unsuitable"


class KeyPairMismatch(KeyTrouble):
    """Raised when the private key does not belong to the certificate; data: `place`, `subject`."""

    key = "key_pair_mismatch"


class CertificateUsageWrong(KeyTrouble):
    """Raised when the certificate may not sign documents (key usage, CA flag); data: `subject`, `reason`."""

    key = "certificate_usage_wrong"


class CertificateNotValidNow(KeyTrouble):
    """Raised when the moment of signing is outside the validity; data: `subject`, `since`, `until`, `moment`."""

    key = "certificate_not_valid_now"


class ServiceKeyNotValid(KeyTrouble):
    """Raised when the service key's time is over or has not begun; data: `name`, `since`, `until`, `moment`."""

    key = "service_key_not_valid"


class ChainBroken(KeyTrouble):
    """Raised when the certificates do not lead to a self-signed root; data: `subject`, `reason`."""

    key = "chain_broken"


class KeyRingUnreadable(KeyTrouble):
    """Raised when the key ring (`ring.json`) is missing or damaged; data: `path`, `reason`."""

    key = "key_ring_unreadable"


class KeyRingLost(KeyRingUnreadable):
    """Raised when there are key files and no `ring.json`; data: `path`, `folder`."""

    key = "key_ring_lost"


class ArchiveKeyMissing(KeyTrouble):
    """Raised when a paper is to be signed and a real installation has no archive key."""

    key = "archive_key_missing"


class ArchiveKeyShared(KeyTrouble):
    """Raised when one key is to sign both certificates and papers; data: `subject`."""

    key = "archive_key_shared"


class KeyNameTaken(SigningError):
    """Raised when a key of that name is in the ring already; data: `name`."""

    key = "key_name_taken"


class KeyUnknown(SigningError):
    """Raised when the ring has no key of that name; data: `name`."""

    key = "key_unknown"


class SignerNotDemo(SigningError):
    """Raised when a signing key in use that was imported is to be rotated: a new one is imported in its place."""

    key = "signer_not_demo"


class TokenInvalid(SigningError):
    """Root of the reasons why a compact signed token is not accepted."""


class TokenMalformed(TokenInvalid):
    """Raised when the text is no compact JWS of this kind; data: `reason`."""

    key = "token_malformed"


class TokenKeyUnknown(TokenInvalid):
    """Raised when the key set has no key of the token's `kid`; data: `kid`."""

    key = "token_key_unknown"


class TokenKeyNotValid(TokenInvalid):
    """Raised when the key was not valid when the token says it was made, or was revoked; data: `kid`, `issued`."""

    key = "token_key_not_valid"


class TokenSignatureWrong(TokenInvalid):
    """Raised when the signature does not fit the text; data: `kid`."""

    key = "token_signature_wrong"


class CredentialMisplaced(TokenInvalid):
    """Raised when a credential lies in a PDF that is not certified as a certificate is: it was copied there."""

    key = "credential_misplaced"


class TokenFromFuture(TokenInvalid):
    """Raised when the token says that it was made later than now; data: `issued`."""

    key = "token_from_future"


class TokenExpired(TokenInvalid):
    """Raised when the token's own time (`exp`) is over; data: `expired`."""

    key = "token_expired"


class TokenTooNew(TokenInvalid):
    """Raised when the token demands a newer reader than this one; data: `version`, `known`."""

    key = "token_too_new"


class PayloadInvalid(SigningError):
    """Raised when a payload cannot be signed as a credential; data: `reason`."""

    key = "payload_invalid"


class KeySetUnreadable(SigningError):
    """Raised when a key set is not a JWKS with usable keys; data: `reason`."""

    key = "key_set_unreadable"


class LicenceIdInvalid(SigningError):
    """Raised when a part of an electronic licence identifier has a wrong form; data: `part`, `value`."""

    key = "licence_id_invalid"


class SealUnusable(SigningError):
    """Raised when a seal image cannot be used; data: `place`, `reason`."""

    key = "seal_unusable"


class SealTextUndrawable(SigningError):
    """Raised when no seal font has the character; data: `character`, `code_point`."""

    key = "seal_text_undrawable"


class DigestUnsuitable(SigningError):
    """Raised when something other than a SHA-256 digest is handed over for signing; data: `length`."""

    key = "digest_unsuitable"


class TimestampFailed(SigningError):
    """Raised when no time-stamp authority answered rightly; the record waits. Data: `attempts`, `reason`."""

    key = "timestamp_failed"
    exit_code = NOT_READY


class TimestampAuthorityMissing(TimestampFailed):
    """Raised when a time-stamp is wanted and the settings name no authority."""

    key = "timestamp_authority_missing"
    exit_code = NOT_READY


class TimestampResting(TimestampFailed):
    """Raised instead of asking authorities again that have just failed several times; data: `reason`."""

    key = "timestamp_resting"


class RevocationInfoMissing(SigningError):
    """Raised when level LT/LTA is wanted and a CRL or OCSP answer is missing; data: `reason`."""

    key = "revocation_info_missing"
    exit_code = NOT_READY


class LevelNotReached(SigningError):
    """Raised when a finished certificate would not be granted the configured level; data: `level`, `verdict`, `detail`."""

    key = "level_not_reached"
    exit_code = NOT_READY


class ExtensionRefused(SigningError):
    """Raised when a file is to be archived anew that is not genuine; data: `verdict` (its code), `sentence`."""

    key = "extension_refused"


class PdfUnsignable(SigningError):
    """Raised when a PDF cannot be signed or extended as it is; data: `reason`."""

    key = "pdf_unsignable"
