"""Keys in the workspace: what is listed, and the warning before and after the last day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from office_helpers import Office

from core.settings import Home
from registry.accounts.model import Role
from signing.authority.opening import open_authority
from signing.keys.listing import list_used
from signing.keys.ring import read_ring, write_ring

WARNING = "密钥或证书需要更换"


def last_days(office: Office, signer: timedelta, service: timedelta) -> None:
    """Let the ring's two keys end so far from now."""
    ring = read_ring(office.home.keys)
    now = datetime.now(UTC)
    signers = tuple(one.model_copy(update={"until": now + signer}) for one in ring.signers)
    services = tuple(one.model_copy(update={"until": now + service}) for one in ring.services)
    write_ring(office.home.keys, ring.model_copy(update={"signers": signers, "services": services}))


def test_keys_in_order_give_no_warning_and_everybody_sees_the_list(office: Office) -> None:
    last_days(office, timedelta(days=61), timedelta(days=400))
    for role in Role:
        client = office.client(role)
        page = client.get("/office/keys").text
        assert WARNING not in page + client.get("/office/").text
        assert all(name in page for name in ("signer-1", "service-1", "上级证书", "没有不再使用的密钥"))
        assert "<td>归档密钥</td>" in page


def test_a_key_that_ends_within_sixty_days_or_has_ended_is_named_on_the_first_page(office: Office) -> None:
    last_days(office, timedelta(days=-3), timedelta(days=59, hours=1))
    client = office.client(Role.ISSUER)
    for path in ("/office/", "/office/keys"):
        page = client.get(path).text
        assert WARNING in page
        assert "（signer-1） 已于" in page
        assert "（service-1） 将于" in page
        assert "还有 59 天" in page


def test_a_key_out_of_use_is_listed_without_a_warning(office: Office) -> None:
    last_days(office, timedelta(days=400), timedelta(days=400))
    ring = read_ring(office.home.keys)
    now = datetime.now(UTC)
    old = ring.services[0].model_copy(update={"name": "service-0", "retired": now, "until": now})
    write_ring(office.home.keys, ring.model_copy(update={"services": (old, *ring.services)}))
    client = office.client(Role.ADMIN)
    page = client.get("/office/keys").text
    assert WARNING not in page
    assert "service-0" in page.split("<h2>不再使用")[1]


def test_the_time_stamps_chain_is_listed_and_counted_down(tmp_path: Path) -> None:
    """The demo time-stamper's certificate is read from its file; the authorities above it are listed once."""
    home = Home(tmp_path / "home")
    home.create()
    home.config.write_text('[signing]\ntsa = "local"\n', "utf-8")
    authority = open_authority(Home(home.root))
    later = datetime.now(UTC) + timedelta(days=20_000)
    rows = list_used(Home(home.root), authority, later)
    uses = [row.use for row in rows]
    assert uses == ["signer", "service", "chain", "chain", "timestamp"]
    assert all(row.days_left < 0 for row in rows)
