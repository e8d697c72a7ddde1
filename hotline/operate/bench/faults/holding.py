"""What must hold after each fault, looked for in what was kept, at every phone, in the feed and in the log."""

from hotline import audit
from hotline.channels import herald
from hotline.operate.bench.chaos.verdict import Judge, Verdict
from hotline.operate.bench.faults.living import Life
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogVerifier


def verdict(life: Life) -> Verdict:
    """Look at everything; nothing may go on meanwhile."""
    house = life.hosts.house
    judge = Judge(house, life.hosts.provider, life.people, life.desk, until=house.clock())
    found = judge.judges()
    found.figures["texts that were acknowledged"] = len(life.texting.answered)
    found.counts("acknowledged texts that are lost", life.texting.lost(house.hotline.store))
    again, others = life.texting.repeats(house.hotline.store)
    found.counts("acknowledged texts that a retry kept once more", ["text"] * again)
    found.counts("retries that got another answer", ["answer"] * others)
    found.counts("answers after which no provider comes again", life.texting.unfit())
    life.feeding.follows()
    found.figures["leads that were let out"] = len(life.feeding.published)
    found.counts("leads that never came in the feed", life.feeding.missing())
    found.counts("leads that came twice in the feed", life.feeding.doubled())
    found.counts("entries of the log that are not as they were written", _unfit_entries(life))
    return found


def _unfit_entries(life: Life) -> list[str]:
    hotline = life.hosts.house.hotline
    herald.keep_log(hotline, at=hotline.clock())
    path = KeyFolder(hotline.config.keys).log_public
    with hotline.store.read() as session:
        seen = audit.verify(
            session, public=LogVerifier.load(path, name=hotline.config.log_name), known=None
        )
    return [] if seen.is_whole and seen.size else [seen.kind]
