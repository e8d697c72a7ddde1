"""Someone takes the disk: nothing that identifies a person lies on it in clear."""

import base64
from pathlib import Path

from hotline.domain.identity import Address
from hotline.store import Session, new_id
from hotline.vault.argon import CHEAPEST
from hotline.vault.codes import mint
from hotline.vault.contents import Account, Identity
from hotline.vault.logkey import LogKey
from hotline.vault.reporters import CodeDesk, admit_reporter
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.threads import ThreadKeys, new_thread_secret
from tests.vault.conftest import NOW, STAFF, House
from tests.vault.looks import look

CANARIES = ("Xiomara-canary", "+15005550042", "harbourmaster-canary", "bluebird-canary")


def test_no_canary_lies_on_the_disk(house: House, tmp_path: Path) -> None:
    name, number, account, word = CANARIES
    code, report_id, thread_secret = mint(), new_id(), new_thread_secret()
    reporter = CodeDesk.load(house.folder.code_salt, profile=CHEAPEST).derive(code)
    threads = ThreadKeys(house.folder.thread_keys)
    threads.rotate(NOW)
    threads.tickets("sms", "+15005550001", number)

    def tell(session: Session) -> None:
        admit_reporter(
            session,
            reporter,
            house=LogKey.load(house.folder.log_private),
            report_id=report_id,
            thread_secret=thread_secret,
            word=word,
        )
        sealed = seal_message(
            house.keyring,
            desk="harbor",
            report_id=report_id,
            seq=1,
            account=Account(account, details={"town": account}),
            preview=account,
            identity=Identity(name, number, [("[PERSON 1]", name)], contact={"word": word}),
            reporter_public=reporter.public,
        )
        address = Address("sms", number)
        contact = seal_contact(
            house.keyring, desk="harbor", report_id=report_id, address=address, ways={"as": name}
        )
        keep(session, [*sealed, contact])

    house.store.write(tell)
    noor = house.keyholder("noor")
    assert look(house, noor, report_id, field="sender").sender
    secrets = [
        *(canary.encode() for canary in CANARIES),
        *(member.passphrase.encode() for member in STAFF),
        *(base64.b32decode(member.totp_secret) for member in house.founding.staff),
        code.digits.replace(" ", "").encode(),
        code.digits.encode(),
        code.words.encode(),
        thread_secret,
        noor.keys.raw,
    ]
    searched = 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            searched += len(content)
            for secret in secrets:
                assert secret not in content, path.name
                assert base64.b64encode(secret).rstrip(b"=") not in content, path.name
                assert secret.hex().encode() not in content, path.name
    assert searched > 50_000
