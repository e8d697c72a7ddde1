"""Let canaries in through every door that strangers and reporters have."""

import re
import secrets
import socket
import urllib.parse
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from hotline.catalogs import TRANSLATIONS
from hotline.demo.network import signature
from hotline.domain.report import Channel, IncomingMessage
from hotline.factory import build
from hotline.i18n import Languages
from hotline.operate.seizure import voices
from hotline.operate.seizure.browser import Browser, File
from hotline.operate.seizure.canaries import Canaries
from hotline.operate.seizure.house import OTHER, QUIET, SMS, WHATSAPP, House
from hotline.store import Store

_ARTIST, _DESCRIPTION = 0x013B, 0x010E
_ADDRESS = "203.0.113.77"
_SPOKEN = re.compile(r"(?:\d{3}-){6}\d{3}")
_DIGITS = re.compile(r"<li>(\d{3})</li>")


def knock_everywhere(house: House) -> None:
    """Tell something through each door, and rattle at those that are closed."""
    text(house)
    talk(house)
    voices.call(house)
    write(house)
    tell_other_desks(house)
    send_nonsense(house)


def text(house: House) -> None:
    """Text as two people do, in four languages, and as somebody who cannot sign."""
    canaries, network = house.canaries, house.network
    sms, whatsapp = canaries.number("sms.number"), canaries.number("whatsapp.number")
    sister = f"my sister has {canaries.number('sms.another')}"
    said = [
        f"My name is {canaries.name('sms.name')}, {sister}, {canaries.phrase('sms.account')}",
        f"اسمي {canaries.arabic('sms.name in Arabic')} وأنا محبوسة في البيت",
    ]
    for words in said:
        network.text_us(sender=sms, line=SMS, body=words)
    said = [
        f"I am {canaries.name('whatsapp.name')}, they keep my passport, {canaries.phrase('whatsapp.account')}",
        f"меня зовут {canaries.cyrillic('whatsapp.name in Cyrillic')}, нас не выпускают",
    ]
    for words in said:
        network.text_us(sender=f"whatsapp:{whatsapp}", line=f"whatsapp:{WHATSAPP}", body=words)
    _webhook(house, "/twilio/sms", is_forged=True, Body=f"I am {canaries.name('unsigned.name')}")
    _webhook(house, "/twilio/fallback", Body=f"I am {canaries.name('fallback.name')}")
    _webhook(house, "/twilio/fallback", CallSid="CA" + secrets.token_hex(16))
    fault = canaries.name("status.name")
    path = f"/twilio/sms/status/{'0' * 32}"
    _webhook(house, path, MessageStatus="failed", ErrorMessage=fault)


def talk(house: House) -> None:
    """Go through all that is asked by text: with numbers to call, a place, a code word and a return code; come back with both."""
    canaries, network = house.canaries, house.network
    phone, word = canaries.number("talk.number"), canaries.name("talk.word")
    place = f"near the shop of {canaries.name('talk.place')}"
    said = f"I am {canaries.name('talk.name')}, {canaries.phrase('sms.account')}"
    for words in (said, "1", *"000", "1", "1", place, *"00", "1", word, "1"):
        network.text_us(sender=phone, line=SMS, body=words)
    found = _SPOKEN.search(network.bubbles(phone, SMS)[-1].text)
    digits = found[0] if found else ""
    for written in (digits, digits.replace("-", " "), digits.replace("-", "")):
        canaries.keep("talk.code", written)
    network.text_us(sender=canaries.number("talk.another"), line=SMS, body=f"{digits} {word}")


def text_again(house: House) -> None:
    """Text once more, at this very moment: the provider holds it until somebody has it erased."""
    words = f"It is {house.canaries.name('sms.name')}, {house.canaries.phrase('sms.account')}"
    sender = house.canaries.number("sms.number")
    house.network.text_us(sender=sender, line=SMS, body=words)


def write(house: House) -> None:
    """Write on the web with every field and a file, come back with code and word, and nearly have it erased."""
    canaries, web = house.canaries, Browser(house.url)
    file = canaries.name("file.name"), canaries.name("file.content")
    page = web.post(
        "/en/new",
        {
            "account": f"I am {canaries.name('web.name')}, {canaries.phrase('web.account')}",
            "place": canaries.name("web.place"),
            "how": "text",
            "number": canaries.number("web.number"),
            "hours": f"ask {canaries.name('web.hours')}",
            "word": canaries.name("web.word"),
            "who": "me",
        },
        files=[
            photograph(canaries),
            (f"{file[0]}.txt", "text/plain", b"This is " + file[1].encode() * 2000),
        ],
    )
    digits = _code(house, page)
    more = f"It is {canaries.name('again.name')} again, {canaries.phrase('again.account')}"
    web.post("/en/again", {"code": digits, "word": canaries.name("web.word"), "more": more})
    for ask in ("erase", "sure", "keep"):
        web.post("/en/again", {"code": digits, "word": canaries.name("web.word"), "ask": ask})
    save(house, web)
    wrong = {"code": digits, "word": canaries.name("wrong.word")}
    web.tries("POST", "/en/again", data=wrong)
    web.tries("POST", "/en/again", data={"code": f"{canaries.name('wrong.code')} 123"})


def photograph(canaries: Canaries) -> File:
    """Return a picture that says in its fields who took it, where and when."""
    fields = Image.Exif()
    fields[_ARTIST] = canaries.name("photo.artist")
    fields[_DESCRIPTION] = f"at {canaries.name('photo.place')}"
    into = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(into, "JPEG", exif=fields)
    return f"{canaries.name('photo.name')}.jpg", "image/jpeg", into.getvalue()


def save(house: House, web: Browser) -> None:
    """Write something, look it over, save it without sending it, and open it again."""
    canaries = house.canaries
    form = {
        "account": f"I am {canaries.name('draft.name')}, they keep my papers",
        "number": canaries.number("draft.number"),
        "word": canaries.name("draft.word"),
    }
    web.post("/en/new?act=look", form)
    digits = _code(house, web.post("/en/new?act=save", form))
    web.post("/en/again", {"code": digits, "word": form["word"]})


def tell_other_desks(house: House) -> None:
    """Let somebody tell a desk of its own, and the desk with four eyes, something."""
    languages = Languages(TRANSLATIONS, only=("en",))
    for desk in (OTHER, QUIET):
        hotline = build(replace(house.config, desk=desk), languages=languages)
        name = house.canaries.name(f"{desk}.name")
        message = IncomingMessage(
            channel=Channel.WEB,
            text=f"I am {name}, {house.canaries.phrase(f'{desk}.account')}",
            locale="en",
        )
        hotline.reception.receive(message, at=datetime.now(UTC))
        _leave(hotline.store)


def send_nonsense(house: House) -> None:
    """Put canaries into paths, queries, headers, names and broken requests."""
    canaries, web = house.canaries, Browser(house.url)
    canaries.keep("header.address", _ADDRESS)
    path = urllib.parse.quote(canaries.name("path.name"))
    headers = {
        "User-Agent": canaries.name("header.agent"),
        "Referer": f"https://mail.example/{canaries.name('header.referer')}",
        "X-Forwarded-For": _ADDRESS,
        "Cookie": f"key={canaries.name('header.cookie')}",
        "Authorization": f"Bearer {canaries.name('header.token')}",
    }
    query = canaries.name("query.name")
    for place in ("/", "/en/new", f"/en/{path}", f"/console/report/{path}", "/feeds/leads.json"):
        for method in ("GET", "POST", "PUT", "DELETE"):
            web.tries(method, f"{place}?q={query}", headers=headers, allow_redirects=False)
    web.tries("GET", f"/twilio/{path}?{query}={query}", headers=headers)
    broken = f"--x\r\nContent-Disposition: form-data; name={canaries.name('broken.form')}"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    web.tries("POST", "/en/new", data=broken, headers=kind)
    _say_raw(house, f"GARBAGE {canaries.name('garbage.name')}\r\n\r\n".encode())
    wrong = {"name": canaries.name("signin.name"), "passphrase": canaries.name("signin.passphrase")}
    web.tries("POST", "/console/signin", data={**wrong, "totp": "123456"})


def _webhook(house: House, path: str, *, is_forged: bool = False, **fields: str) -> None:
    settings = house.network.settings
    form = {
        "MessageSid": "SM" + secrets.token_hex(16),
        "AccountSid": settings.account_sid,
        "From": house.canaries.number("fallback.number"),
        "To": SMS,
        "NumMedia": "0",
        "FromCity": house.canaries.name("sms.city").upper(),
        **fields,
    }
    if "CallSid" in fields:
        del form["MessageSid"]
    token = secrets.token_hex(16) if is_forged else settings.auth_token
    signed = signature(token, house.url + path, form)
    headers = {"X-Twilio-Signature": signed}
    Browser(house.url).tries("POST", path, data=form, headers=headers)


def _code(house: House, page: str) -> str:
    """Return the code that *page* shows, and keep it as a canary in both its forms."""
    digits = " ".join(_DIGITS.findall(page))
    house.canaries.keep("code.digits", digits)
    house.canaries.keep("code.digits", digits.replace(" ", ""))
    return digits


def _say_raw(house: House, content: bytes) -> None:
    port = int(house.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(content)
        line.settimeout(2)
        try:
            line.recv(1000)
        except TimeoutError:
            return


def _leave(store: Store) -> None:
    store.close()
