"""An agency names an address; whatever it is, no message of ours goes to a place that is not public."""

from ipaddress import ip_address, ip_network

import pytest

from hotline.leads.webhooks.addresses import (
    AddressRefused,
    Fault,
    check_place,
    is_public,
    read_address,
)
from hotline.leads.webhooks.resolving import ask_the_system, check, look_up

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14")
NOT_PUBLIC = (
    "0.0.0.0",  # this host
    "0.1.2.3",
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",  # of a carrier
    "100.100.100.200",  # metadata
    "169.254.169.254",  # metadata
    "168.63.129.16",  # the inside of a cloud
    "192.0.0.1",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # compatible
    "::ffff:127.0.0.1",  # mapped
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:127.0.0.1",  # translated
    "64:ff9b::127.0.0.1",  # NAT64
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",  # 6to4
    "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "100::1",
    "fc00::1",
    "fd00:ec2::254",  # metadata
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)
REFUSED = (
    "",
    "hooks.example",
    "//hooks.example/",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "gopher://hooks.example/",
    "javascript:alert(1)",
    "https://",
    "https:///leads",
    "https://user@hooks.example/",
    "https://user:word@hooks.example/",
    "https://@hooks.example/",
    "https://hooks.example@10.0.0.1/",
    "https://hooks.example/#part",
    "https://hooks.example/#",
    "https://hooks.example:99999/",
    "https://hooks.example:-1/",
    "https://hooks.example\\@10.0.0.1/",
    "https://hooks.example/a b",
    "https://hooks.example/\r\nHost: 10.0.0.1",
    "https://hooks.example/\x00",
    "https://hooks.ex\u200bample/",
    "https://hooks_.example_/",
    "https://hooks.example./",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://-hooks.example/",
    "https://１２７.0.0.1/",
    "https://hooks.example/" + "a" * 500,
)


@pytest.mark.parametrize("place", PUBLIC)
def test_a_public_place_may_be_called(place: str) -> None:
    assert is_public(ip_address(place))


@pytest.mark.parametrize("place", NOT_PUBLIC)
def test_another_place_may_not(place: str) -> None:
    assert not is_public(ip_address(place))
    with pytest.raises(AddressRefused) as refused:
        check("https://hooks.example/", (), lambda _host, _port: [place])
    assert refused.value.fault is Fault.NOT_PUBLIC


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_address_of_the_web_is_refused(text: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(text)
    assert refused.value.fault is Fault.FORM
    assert not text or text not in str(refused.value)


def test_an_address_is_taken_apart_once() -> None:
    its = read_address("HTTPS://Hooks.Example/a/../leads?of=unit")
    assert its.url == "https://hooks.example/leads?of=unit"
    assert (its.host, its.port, its.target) == ("hooks.example", 443, "/leads?of=unit")
    assert its.authority == "hooks.example"
    assert read_address("https://bücher.example:8443").authority == "xn--bcher-kva.example:8443"
    there = read_address("https://[2606:2800:21f:cb07::1]/")
    assert (there.host, there.authority) == ("2606:2800:21f:cb07::1", "[2606:2800:21f:cb07::1]")
    assert "hooks.example" not in repr(its)


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "localhost",
        "%31%32%37.0.0.1",
        "[::ffff:127.0.0.1]",
    ],
)
def test_this_machine_is_found_out_however_it_is_written(host: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        look_up(read_address(f"https://{host}/"), (), ask_the_system)
    assert refused.value.fault is Fault.NOT_PUBLIC


def test_every_place_that_a_name_stands_for_must_be_public() -> None:
    with pytest.raises(AddressRefused):
        check("https://hooks.example/", (), lambda _host, _port: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(AddressRefused) as refused:
        check("https://hooks.example/", (), lambda _host, _port: [])
    # That nobody knows a name looks as if it were one of inside.
    assert refused.value.fault is Fault.NOT_PUBLIC


def test_public_places_are_called_encrypted_on_the_ports_of_the_web() -> None:
    public = ip_address("93.184.215.14")
    for url, fault in (
        ("http://hooks.example/", Fault.NOT_ENCRYPTED),
        ("https://hooks.example:22/", Fault.PORT),
        ("https://hooks.example:6379/", Fault.PORT),
    ):
        with pytest.raises(AddressRefused) as refused:
            check_place(read_address(url), public, ())
        assert refused.value.fault is fault
    for url in ("https://hooks.example/", "https://hooks.example:8443/"):
        check_place(read_address(url), public, ())


def test_a_closed_network_may_be_allowed_and_nothing_beside_it() -> None:
    own = (ip_network("10.1.0.0/16"), ip_network("fd12::/48"))
    check_place(read_address("http://misp.unit:9000/"), ip_address("10.1.2.3"), own)
    check_place(read_address("http://misp.unit/"), ip_address("fd12::9"), own)
    for place in ("10.2.0.1", "127.0.0.1", "::ffff:10.1.2.3"):
        with pytest.raises(AddressRefused):
            check_place(read_address("https://misp.unit/"), ip_address(place), own)
    with pytest.raises(AddressRefused):
        check_place(read_address("http://misp.unit/"), ip_address("93.184.215.14"), own)
