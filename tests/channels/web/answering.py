"""Noor answers a report, as her signed-in session does."""

from sqlalchemy import insert, select, update

from hotline.domain.report import Channel, Direction
from hotline.reports.tables import messages, reports
from hotline.store import Session
from hotline.vault.attest import Signer
from hotline.vault.opening import Keyholder
from hotline.vault.reporters import reporter_public
from hotline.vault.sealing import keep, seal_message
from tests.house import House

DAY = "2026-11-25"


def answers(house: House, noor: Keyholder, report_id: str, text: str) -> None:
    """Seal *text* to whoever has the code of the report, signed by Noor."""
    hotline = house.hotline
    signer = Signer(noor.staff_id, noor.pseudonym, noor.keys.signing)

    def write(session: Session) -> None:
        report = session.execute(select(reports).where(reports.c.id == report_id)).one()
        seq, public = report.messages + 1, hotline.log_key.public
        account = signer.answer(report_id=report_id, seq=seq, day=DAY, text=text, language="en")
        sealed = seal_message(
            hotline.keyring,
            desk=report.desk,
            report_id=report_id,
            seq=seq,
            account=account,
            preview=text,
            reporter_public=reporter_public(session, report_id, house_public=public),
        )
        keep(session, sealed)
        row = {"report_id": report_id, "seq": seq, "direction": Direction.TO_REPORTER, "day": DAY}
        session.execute(insert(messages), {**row, "channel": Channel.WEB, "is_read": False})
        session.execute(
            update(reports).where(reports.c.id == report_id).values(messages=reports.c.messages + 1)
        )

    hotline.store.write(write)
