"""Errors of accounts."""

from registry.errors import RegistryError


class AccountError(RegistryError):
    """Root of the errors of accounts."""


class AccountExists(AccountError):
    """Raised when an account of that name exists already; data: `name`."""

    key = "account_exists"


class AccountUnknown(AccountError):
    """Raised when there is no account of that name; data: `name`."""

    key = "account_unknown"


class AccountIsOwn(AccountError):
    """Raised when an administrator would change his own account; data: `name`."""

    key = "account_is_own"


class AccountNameBad(AccountError):
    """Raised when a name is empty, too long or holds blanks or control characters; data: `name`."""

    key = "account_name_bad"


class PasswordWeak(AccountError):
    """Raised when a new password is too short, too plain or the old one; data: `reason`."""

    key = "password_weak"


class SignInRefused(AccountError):
    """Raised when name, password or code are wrong, or the account is locked or disabled: one text for all."""

    key = "sign_in_refused"


class CodeWrong(AccountError):
    """Raised when a one-time code does not fit while two-step sign-in is switched on."""

    key = "code_wrong"


class KeyNameBad(AccountError):
    """Raised when an API key is made without a name that can be shown; data: `name`."""

    key = "key_name_bad"


class KeyPeriodWrong(AccountError):
    """Raised when an API key would work for no day or too many; data: `days`, `most`."""

    key = "key_period_wrong"


class KeyUnknown(AccountError):
    """Raised when there is no live API key of that number; data: `number`."""

    key = "key_unknown"
