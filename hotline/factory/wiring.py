"""Every part, chosen once for what an operator decided."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from hotline import anonymize, assess, handoff
from hotline.anonymize.files import clean_apart
from hotline.catalogs import TRANSLATIONS
from hotline.channels.herald import Messenger
from hotline.channels.twilio import carrier_for
from hotline.config import Config
from hotline.contact import Caps
from hotline.dialogue.covering import read_story
from hotline.domain.identity import Redaction
from hotline.domain.report import day
from hotline.domain.urgency import Urgency
from hotline.i18n import Languages
from hotline.intake import Reception
from hotline.intake.call_settings import CallSettings
from hotline.intake.calls import Calls
from hotline.intake.conversing import Conversing, agreed_word, tries_at_word
from hotline.intake.facts import Alarm
from hotline.intake.nearby import Nearby
from hotline.intake.recognizing import Recognizing
from hotline.intake.understanding import Redact
from hotline.law import Law
from hotline.parts import Hotline
from hotline.prompts import Prompts
from hotline.proofreading.signed import Signed
from hotline.scanning import scanner_for
from hotline.store import Session, Store
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.awake import Awake
from hotline.triage.called import Called
from hotline.triage.escalating import arrived
from hotline.triage.forgetting import sweeper
from hotline.triage.kept_words import KeptWords
from hotline.triage.looking import Looks
from hotline.triage.texted import Wishes
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.attest import Authors
from hotline.vault.erasedlist import ErasedList
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.links import LinkDesk
from hotline.vault.locks import Locks
from hotline.vault.logkey import LogKey
from hotline.vault.relay import RelayKey, load_relay_public
from hotline.vault.reporters import CodeDesk
from hotline.vault.staff import StaffDoor
from hotline.vault.stream import CHUNK
from hotline.vault.threads import ThreadKeys


def build(
    config: Config,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    profile: Profile = PRODUCTION,
    languages: Languages | None = None,
) -> Hotline:
    """Choose every part for *config*; *languages* may be shared by several hotlines of one process.

    Raises:
        Misconfigured: a key file is missing.
        RosterRefused: the roster is not signed by whom the root appointed, or is older than one seen before.
    """
    store = Store(config.database_url)
    signed = Signed(store)
    languages = languages or Languages(
        TRANSLATIONS, only=config.locales, least=config.offer_locales, signed=signed
    )
    keys = KeyFolder(config.keys)
    keyring = Keyring.open(store, root_public=keys.root_public(), pin=keys.pin)
    threads = ThreadKeys(keys.thread_keys)
    threads.rotate(clock())
    log_key = LogKey.load(keys.log_private)
    codes = CodeDesk.load(keys.code_salt, profile=profile)
    kept, relay_public = KeptWords(store), load_relay_public(keys.relay_public)
    recognizing = Recognizing(store, codes, Authors(keyring), agreed_word, tries_at_word)
    law = Law.load(config.jurisdictions, config.jurisdiction)
    awake = Awake(config.desk, config.opening, keyring.member)
    nearby = Nearby(store, awake, config.opening.zone, handoff.said_no_room)
    conversing = Conversing(languages, config.opening, read_story(keys.cover_story), law, nearby)
    reception = Reception(
        store=store,
        keyring=keyring,
        threads=threads,
        languages=languages,
        redact=_redacting(kept),
        assess=assess.assess,
        desk=config.desk,
        default_locale=config.default_locale,
        lines=config.lines,
        file_budget=(config.attachment_budget_mb << 20) // CHUNK,
        house=log_key,
        conversing=conversing,
        wishes=Wishes(store, codes, languages),
        recognizing=recognizing,
        codes=codes,
        texts_from=config.twilio.sms_number if config.twilio else "",
        relay=relay_public,
        alarm=_alarm(config.desk),
        caps=Caps.of(config).for_answers(),
    )
    prompts = Prompts.of(languages, store)
    relay = RelayKey.load(keys.relay_private)
    return Hotline(
        config=config,
        store=store,
        languages=languages,
        keyring=keyring,
        threads=threads,
        codes=codes,
        links=LinkDesk.load(keys.link_salt, profile=profile),
        door=StaffDoor(keyring, Locks(keys.locks), profile),
        relay_public=relay_public,
        relay=relay,
        log_key=log_key,
        authors=Authors(keyring),
        reception=reception,
        prompts=prompts,
        calls=_calls(config, reception, recognizing, prompts, relay, relay_public),
        carrier=carrier_for(config),
        sweeper=sweeper(store, ErasedList(keys.erased_list)),
        herald=Messenger(config.mail),
        kept_words=kept,
        signed=signed,
        looks=Looks(store, keyring, scanner_for(config.clamd), clean_apart, clock),
        law=law,
        clock=clock,
    )


def _calls(
    config: Config,
    reception: Reception,
    recognizing: Recognizing,
    prompts: Prompts,
    relay: RelayKey,
    relay_public: PublicKey,
) -> Calls:
    """Return what leads calls; they are received as any message is."""
    settings = CallSettings(
        store=reception.store,
        languages=reception.languages,
        prompts=prompts,
        recognizing=recognizing,
        desk=config.desk,
        default_locale=config.default_locale,
        lines=config.lines,
        cover=reception.conversing.cover,
        hears_words=config.voice_speech,
        law=reception.conversing.law,
        allowing=Called(reception.keyring),
    )
    return Calls(
        store=reception.store,
        reception=reception,
        recognizing=recognizing,
        settings=settings,
        relay_public=relay_public,
        relay=relay,
    )


def _alarm(desk: str) -> Alarm:
    """Return what tells the supervisors of what came in on its own, and pages for what is immediate."""

    def tell(session: Session, kind: str, report_id: str, at: datetime) -> None:
        if kind == Urgency.IMMEDIATE:
            arrived(session, report_id, at=at)
            return
        once = report_id or day(at)
        raise_alert(session, desk=desk, kind=Kind(kind), at=at, report_id=report_id, once=once)

    return tell


def _redacting(kept: KeptWords) -> Redact:
    """Return what redacts as the anonymizer does, and lets the words stand that this house has reviewed."""

    def redact(text: str, *, languages: Sequence[str] = ()) -> Redaction:
        return anonymize.redact(text, languages=languages, also=kept())

    return redact
