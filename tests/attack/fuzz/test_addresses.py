"""Addresses that agencies and operators type: refused in our words, or taken apart once and never to a place inside."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

from hypothesis import example
from hypothesis import strategies as st

from hotline.domain.onion import is_onion_origin
from hotline.errors import Malformed
from hotline.handoff.mailing import read_address as read_mail_address
from hotline.leads.webhooks.addresses import AddressRefused, check, is_public, read_address
from hotline.triage.on_call import read_number
from hotline.triage.pagers import read_mail
from tests.attack.fuzz.hostile import fuzz, texts

HOSTS = ("127.0.0.1", "0x7f.1", "2130706433", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25eth0]", "localhost", "LOCALHOST.", "①②⑦.⓪.⓪.①", "169.254.169.254", "xn--", "a" * 300 + ".example", "пример.рф", "example.org", "ex\u00adample.org", "%31%32%37.0.0.1", "a@b", "0", "[::", "127.0.0.1:443@8.8.8.8")  # fmt: skip
PORTS = ("", ":443", ":8443", ":80", ":0", ":99999", ":", ":٤٤٣", ":-1", ":" + "9" * 5000)
urls = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        ["https://", "http://", "HTTPS://", "https:/", "//", "ftp://", "https:\\\\", ""]
    ),
    st.one_of(st.sampled_from(HOSTS), texts(30)),
    st.sampled_from(PORTS),
    st.one_of(
        st.sampled_from(["", "/", "/?a=b", "#x", "/\\..", "/%00", "/\r\nHost: x"]), texts(30)
    ),
)


@fuzz(120, 5_000, st.one_of(urls, texts()))
@example("https://[::ffff:127.0.0.1]/")
def test_an_address_is_refused_or_public(text: str) -> None:
    with suppress(AddressRefused):
        address = check(text, ())
        assert address.scheme == "https"
        assert address.port in (443, 8443)
        assert address.host.isascii()
        assert address.target.isascii()
        assert not any(letter in address.authority + address.target for letter in "\r\n \0")
        with suppress(ValueError):
            assert is_public(ip_address(address.host))
        assert read_address(address.url).host == address.host
    is_onion_origin(text)


@fuzz(
    60,
    5_000,
    st.one_of(
        st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address)
    ),
)
def test_no_inside_hides_in_another_form(place: IPv4Address | IPv6Address) -> None:
    if isinstance(place, IPv4Address) and not is_public(place):
        number = int(place)
        for hidden in (
            0xFFFF << 32 | number,
            0x2002 << 112 | number << 80,
            0x64FF9B << 96 | number,
        ):
            assert not is_public(IPv6Address(hidden))


@fuzz(
    60,
    5_000,
    st.one_of(
        texts(),
        st.sampled_from(["a@b.c", "+15005550142", "0@[::1]", "a@b\r\nBcc: x@y.z", "a@xn--.c"]),
    ),
)
def test_a_typed_mail_or_number_is_read_or_refused(text: str) -> None:
    for read in (read_mail_address, read_mail, read_number):
        with suppress(Malformed):
            found = read(text)
            assert found.isprintable()
            assert " " not in found
