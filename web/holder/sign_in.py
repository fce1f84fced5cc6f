"""Signing in with name, ID number and 领取码: one refusal for everything, one lock for each person.

Failed attempts are counted under the blind index of the ID number, in the store of the rate limits; neither name nor
number is kept anywhere. Whether a person exists makes no difference: an unknown number is counted and locked alike.
"""

from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute

from registry.model import Certificate
from registry.register import Register
from web.http.limits import limiter

FAILURES: Final[RateLimitItem] = RateLimitItemPerMinute(8, 30)
"""Eight wrong attempts in half an hour lock a person's pages for the rest of it."""
_SPACE: Final = "holder-door"
_DECOY: Final = "A" * 26


def admit(
    register: Register, name: str, identity_number: str, pickup: str
) -> tuple[Certificate, tuple[Certificate, ...]] | None:
    """The certificate that the code belongs to and all of the person's; None for every kind of refusal."""
    index = (register.vault.index(identity_number) or b"").hex()
    locked = not limiter.limiter.test(FAILURES, _SPACE, index)
    found = register.lookup.by_person(name, identity_number)
    matches = [one for one in found if register.lookup.pickup_matches(one, pickup)]
    if not found:
        register.vault.pickup_matches(pickup, _DECOY, 0)  # the same work as for a person who exists
    if locked or not matches:
        limiter.limiter.hit(FAILURES, _SPACE, index)
        return None
    return matches[0], found
