"""What a step of a call depends on besides what was heard: who calls, in which languages, and who is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.contact.back_orders import BackOrder
from hotline.contact.on_call import is_anyone_on_call
from hotline.dialogue.calls.mine import Mine
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Back, Found, Setting
from hotline.domain.keypad import is_typed, keys_of
from hotline.i18n import Languages
from hotline.intake.call_consent import Allowing, AllowsNothing
from hotline.intake.conversing import agreed_word
from hotline.intake.country import country_dialled, country_of, languages_in, zones_in, zones_of
from hotline.intake.recognizing import Recognizing
from hotline.intake.threads import Thread
from hotline.law import NO_LAW, Law
from hotline.prompts import Prompts, page
from hotline.store import Store
from hotline.vault.codes import mint

_MOST_OF_A_COUNTRY = 6
"""Languages of the caller's country that are offered before the line's own."""


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A call as the provider names it: its *id*, who calls (empty where no number is shown), and which of our numbers.

    *is_ours* says that we called them.
    """

    id: str
    sender: str
    line: str
    is_ours: bool = False


@dataclass(frozen=True, kw_only=True)
class CallSettings:
    """Tells what a step depends on. *lines* maps our numbers to the first language of each."""

    store: Store
    languages: Languages
    prompts: Prompts
    recognizing: Recognizing
    desk: str
    default_locale: str
    lines: Mapping[str, str] = field(default_factory=dict)
    cover: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hears_words: bool = True
    allowing: Allowing = field(default_factory=AllowsNothing)
    law: Law = NO_LAW

    def of(self, call: Call, thread: Thread | None, at: datetime) -> Setting:
        offered = self.prompts.offered
        first = self.lines.get(call.line, self.default_locale)
        # Where every line says the same, none is a language's own.
        has_own = call.line in self.lines and len(set(self.lines.values())) > 1
        own = first if has_own else ""
        country = country_of(call.sender)
        with self.store.read() as session:
            has_person = is_anyone_on_call(session, self.desk, at=at)
        return Setting(
            at=at,
            locale=first if first in offered else self.default_locale,
            languages=() if own in offered else self._likeliest(country, first),
            offered=offered,
            page=lambda rest: len(page(rest, seconds=self.prompts.seconds)),
            country=country,
            number_is_known=bool(call.sender),
            has_person=has_person,
            has_code=bool(thread and thread.has_code),
            has_word=bool(thread and agreed_word(thread)),
            hears=lambda locale: self.hears_words and bool(self.prompts.speech(locale)),
            reads=lambda locale: self.prompts.voice(locale) is not None,
            zones=lambda named: zones_in(named) if named else zones_of(call.sender),
            dialled=country_dialled,
            find=lambda digits: self._found(digits, at),
            open=lambda digits, word: self._opened(digits, word, at),
            mine=lambda report_id: self._mine(report_id, at),
            new_code=lambda: mint().digits.replace(" ", ""),
            cover=self.cover,
            must_tell=self.law.must_tell_of_children(at.date()),
        )

    def _likeliest(self, country: str, usual: str) -> tuple[str, ...]:
        """Return the languages that are offered, those of the phone's country first, then the line's *usual* one."""
        offered = self.prompts.offered
        languages = self.languages
        spoken = dict.fromkeys(languages.best([name]) for name in languages_in(country))
        first = [locale for locale in spoken if locale in offered][:_MOST_OF_A_COUNTRY]
        order = dict.fromkeys([*first, usual, *offered])
        return tuple(locale for locale in order if locale in offered)

    def _found(self, digits: str, at: datetime) -> Found | None:
        returned = self.recognizing.by_keys(digits, "", at=at)
        if returned is None:
            return None
        report_id = "" if returned.needs_word else returned.report_id
        return Found(returned.needs_word, returned.texts, report_id)

    def _opened(self, digits: str, word: str, at: datetime) -> Found | None:
        returned = self.recognizing.by_keys(digits, word, at=at)
        if returned is None or returned.needs_word:
            return None
        return Found(False, returned.texts, returned.report_id)

    def _mine(self, report_id: str, at: datetime) -> Mine:
        with self.store.read() as session:
            return self.allowing.mine(session, report_id, at=at)


def to_whom_we_called(
    setting: Setting, state: CallState | None, order: BackOrder | None
) -> Setting:
    """Return *setting* for a call of ours. Once it is over for us, no word is right any more."""
    if order is None:
        locale = state.locale if state else setting.locale
        return replace(setting, back=Back(locale, has_word=True, is_over=True))
    locale = order.locale if order.locale in setting.offered else setting.locale
    return replace(
        setting,
        back=Back(locale, has_word=bool(keys_of(order.word))),
        is_word=lambda keys: is_typed(order.word, keys),
    )
