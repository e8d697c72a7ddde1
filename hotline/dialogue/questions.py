"""Put a question, and take the answer to it."""

from dataclasses import replace

from hotline.dialogue import nearby, picking
from hotline.dialogue.flow import Question, flow
from hotline.dialogue.state import State
from hotline.dialogue.turns import Effect, Heard, Saying, Setting, Turn

MAY_WRITE, YOUR_WORD = "may_write", "your_word"
"""The steps in which we wait to hear that it is safe to write, and for their code word."""


def more(setting: Setting) -> Saying:
    """Say that this is kept too, and outside our hours when a person reads it."""
    if setting.read_from:
        return Saying("received_more_later", {"time": setting.read_from})
    return Saying("received_more")


def put(state: State, name: str) -> Turn:
    """Ask the question *name*."""
    return Turn(replace(state, step=name, again=False), (Saying(f"ask_{name}"),))


def put_again(state: State, question: Question, setting: Setting) -> Turn:
    """Say that more of an account is kept, and ask once more, but not a third time."""
    if state.again:
        return Turn(state, (more(setting),))
    says = (more(setting), Saying(f"ask_{question.name}"))
    return Turn(replace(state, again=True), says)


def asked(state: State) -> State:
    """Return *state* with the question that waits done with."""
    if flow().named(state.step) is None:
        return state
    # What was asked after the word is the code, and nothing needs the word itself any more.
    fresh_word = "" if state.step == "code" else state.fresh_word
    done = tuple(dict.fromkeys([*state.asked, state.step]))
    return replace(state, asked=done, step="", fresh_word=fresh_word)


def go_on(state: State, setting: Setting, *, where: str = "") -> Turn:
    """Ask what comes next; after the last question say so, once. *where* it is they have just said.

    Where they asked for later, or have not said yet that it is safe, nothing is asked.
    """
    if state.is_near and nearby.PLACE in state.asked:
        return _numbers(state, setting, where)
    if state.is_near and not state.is_paused:
        return put(state, nearby.PLACE)
    if "done" in state.told:
        return offered(Turn(replace(state, step=""), (more(setting),)), setting)
    clock = flow().named("clock")
    if clock and clock.name not in state.asked and not _is_needless(clock, state, setting):
        # Hours mean nothing without a zone.
        return put(state, clock.name)
    if state.is_paused or "keys" not in state.told:
        return Turn(replace(state, step=MAY_WRITE, again=True), (Saying("done"),))
    for question in flow().on("text"):
        if question.name not in state.asked and not _is_needless(question, state, setting):
            return put(state, question.name)
    says = (Saying("done"), Saying("how_to"))
    return Turn(replace(state, step="", told=(*state.told, "done")), says)


def offered(turn: Turn, setting: Setting) -> Turn:
    """Ask, after what *turn* says, if they want numbers to call: where nobody of us is awake and they are there."""
    if not nearby.is_due(turn.state, setting):
        return turn
    asks = put(turn.state, nearby.NEAR)
    return replace(turn, state=asks.state, says=(*turn.says, *asks.says))


def _numbers(state: State, setting: Setting, where: str) -> Turn:
    """Say the numbers that they asked for, and go on; where they may be gone by now, ask first."""
    if not nearby.is_here(state, setting):
        return nearby.knock_first(state, more(setting), step=MAY_WRITE)
    says = setting.numbers(state.needs, where)
    turn = go_on(replace(state, is_near=False), setting)
    return replace(turn, says=(*says, *turn.says), answers=nearby.named(says))


def answered(state: State, question: Question, heard: Heard, setting: Setting) -> Turn | None:
    """Return what comes of the answer; None where *heard* is none."""
    take = {
        "one": _one,
        "several": _several,
        "near": _near,
        "place": _place,
        "hours": _hours,
        "clock": _clock,
        "word": _word,
        "code": _code,
    }[question.pick]
    return take(state, question, heard, setting)


def _is_needless(question: Question, state: State, setting: Setting) -> bool:
    if question.unless == "zone":
        knows_where = bool(state.zone) or len(setting.zones()) == 1
        return knows_where or state.hours in ("", "any")
    if question.unless == "code":
        return not setting.gives_code
    if question.unless == "awake":
        return not nearby.is_due(state, setting)
    return bool(question.unless and getattr(state, question.unless))


def _one(state: State, question: Question, heard: Heard, setting: Setting) -> Turn | None:
    code = picking.one_of(heard.text, question.codes)
    if not code:
        return None
    is_key = bool(picking.lone_key(heard.text))
    return replace(go_on(asked(state), setting), answers={question.name: code}, is_key=is_key)


def _several(state: State, question: Question, heard: Heard, setting: Setting) -> Turn | None:
    codes = picking.several_of(heard.text, question.codes)
    if not codes:
        return None
    state = replace(state, needs=tuple(codes)) if question.name == "need" else state
    return replace(go_on(asked(state), setting), answers={question.name: codes}, is_key=True)


def _near(state: State, question: Question, heard: Heard, setting: Setting) -> Turn | None:
    code = picking.one_of(heard.text, question.codes)
    if not code:
        return None
    state = asked(state)
    turn = go_on(nearby.wanted(state) if code == "yes" else state, setting)
    is_key = bool(picking.lone_key(heard.text))
    return replace(turn, answers={question.name: code}, is_key=is_key)


def _place(state: State, _question: Question, heard: Heard, setting: Setting) -> Turn | None:
    """Take any words: they are the account of where it is. Who was to get numbers and says no gets none."""
    if state.is_near and picking.is_no(heard.text):
        turn = go_on(replace(asked(state), is_near=False), setting)
        return replace(turn, answers={nearby.NEAR: "no"}, is_key=bool(picking.lone_key(heard.text)))
    return go_on(asked(state), setting, where=heard.text)


def _hours(state: State, question: Question, heard: Heard, setting: Setting) -> Turn | None:
    hours = picking.hours_in(heard.text, flow().hours)
    if not hours:
        return None
    zones = (state.zone,) if state.zone else setting.zones()
    zone = zones[0] if zones else ""
    known = zone if len(zones) == 1 else ""
    turn = go_on(asked(replace(state, hours=hours, zone=known)), setting)
    # Until we know better, their hours are those of the likeliest zone.
    contact = {"hours": hours, "zone": zone, "not_before": "", **_silence(state, setting)}
    return replace(turn, contact=contact, is_key=True)


def _silence(state: State, setting: Setting) -> dict[str, str]:
    """Return for how long we are silent all the same, where they have just asked for later."""
    return {"not_before": picking.not_before(setting.at, hours=1)} if state.is_paused else {}


def _clock(state: State, _question: Question, heard: Heard, setting: Setting) -> Turn | None:
    minute = picking.clock_in(heard.text)
    if minute is None:
        return None
    zone = picking.zone_of(minute, setting.zones(), setting.at)
    turn = go_on(asked(replace(state, zone=zone)), setting)
    return replace(turn, contact={"zone": zone, **_silence(state, setting)}, is_key=True)


def _word(state: State, _question: Question, heard: Heard, setting: Setting) -> Turn | None:
    word = picking.word_in(heard.text)
    is_question = heard.text.rstrip().endswith(("?", "؟", "？"))
    if not word or state.word or is_question or picking.is_no_word(word):
        return None
    if setting.is_cry(heard.text):
        return None
    marked = replace(state, word=setting.mark(word), fresh_word=heard.text.strip(picking.AROUND))
    turn = go_on(asked(marked), setting)
    return replace(turn, contact={"word": word}, is_key=True, is_secret=True)


def tried_word(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Ask once more for a word where *heard* may be a try at one that does not fit: nobody reads what it was.

    None where it says something, or where it is the word.
    """
    text = heard.text
    if state.step != "word" or not picking.is_word_tried(text) or setting.is_cry(text):
        return None
    return Turn(state, (Saying("ask_word"),), is_key=True, is_secret=True)


def _code(state: State, _question: Question, heard: Heard, setting: Setting) -> Turn | None:
    wanted = picking.choice(heard.text)
    if wanted not in ("1", "2") or not setting.gives_code:
        return None
    turn = replace(go_on(asked(state), setting), is_key=True)
    if wanted == "2":
        return turn
    return replace(turn, effects=frozenset({Effect.CODE}), word=state.fresh_word)
