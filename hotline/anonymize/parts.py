"""What the words around one placeholder say of it, by what kind of identifier it is."""

from collections.abc import Callable, Iterator

from hotline.anonymize.cues import Cue, Kind, Mention
from hotline.anonymize.scene import Role, RoleRule, Says, Scene
from hotline.domain.identity import Label

_SOMEBODY = (Kind.BOSS, Kind.KIN, Kind.FELLOW)
_HARM_DONE = (Kind.ACTS, Kind.ACTS_ON_ME)
_OF_THE_CASE = (Kind.US, Kind.HARM, Kind.FELLOW, *_HARM_DONE)
_WHERE_KEPT = (Kind.SITE, Kind.US, Kind.HARM, Kind.FELLOW, Kind.ACTS_ON_ME)


def about(scene: Scene, mention: Mention) -> Iterator[Says]:
    """Yield what is said of *mention*; persons first, because things take the part of whom they stand beside."""
    return _ABOUT[mention.label](scene, mention)


def _person(scene: Scene, mention: Mention) -> Iterator[Says]:
    yield from _as_self(scene, mention)
    yield from _as_somebody(scene, mention)
    yield from _as_doer(scene, mention)
    yield from _as_harmed(scene, mention)


def _as_self(scene: Scene, mention: Mention) -> Iterator[Says]:
    cue = scene.before(mention, 1, Kind.SELF)
    if cue and scene.sender:
        yield Says(scene.sender, RoleRule.NAMES_SELF, 7, cue)


def _as_somebody(scene: Scene, mention: Mention) -> Iterator[Says]:
    """Say what the nearest "my boss", "my sister", "a girl" makes of a name beside it."""
    if cue := scene.before(mention, 4, *_SOMEBODY):
        yield from _named_as(scene, cue, 5)
    if cue := scene.after(mention, 2, *_SOMEBODY):
        yield from _named_as(scene, cue, 3)
    if cue := scene.before(mention, 3, Kind.HIRES):
        yield Says(Role.SUSPECT, RoleRule.HIRED_BY, 4, cue)


def _named_as(scene: Scene, cue: Cue, strength: int) -> Iterator[Says]:
    """Say what a noun makes of the name beside it; of family only where it is known whose hardship is told."""
    if cue.kind is Kind.BOSS:
        yield Says(Role.SUSPECT, RoleRule.IN_CHARGE, strength, cue)
    elif cue.kind is Kind.FELLOW:
        yield Says(Role.VICTIM, RoleRule.FELLOW, strength, cue)
    elif scene.sender is Role.VICTIM:
        yield Says(Role.THIRD_PARTY, RoleRule.RELATIVE, strength, cue)
    elif scene.sender is Role.REPORTER:
        yield Says(Role.VICTIM, RoleRule.RELATIVE, strength, cue)


def _as_doer(scene: Scene, mention: Mention) -> Iterator[Says]:
    marked = scene.after(mention, 1, Kind.AGENT_AFTER)
    far = 10 if scene.verb_stands == "last" else 6
    cue = scene.after(mention, far, *_HARM_DONE)
    is_object = scene.after(mention, 1, Kind.OBJECT_AFTER) is not None
    if cue and not is_object and not scene.is_cue_between(mention.end, cue.start, _SOMEBODY):
        strength = 4 if marked or cue.kind is Kind.ACTS_ON_ME else 3
        yield Says(Role.SUSPECT, RoleRule.DOES_HARM, strength, cue)
    if cue := scene.before(mention, 2, Kind.ACTS_ON_ME):
        yield Says(Role.SUSPECT, RoleRule.DOES_HARM, 3, cue)
    if scene.before(mention, 1, Kind.AGENT) and (
        cue := scene.before(mention, 6, *_HARM_DONE, Kind.HARM)
    ):
        yield Says(Role.SUSPECT, RoleRule.DOES_HARM, 4, cue)


def _as_harmed(scene: Scene, mention: Mention) -> Iterator[Says]:
    cue = scene.after(mention, 5, Kind.HARM)
    if cue and not scene.is_cue_between(mention.end, cue.start, (*_SOMEBODY, *_HARM_DONE)):
        yield Says(Role.VICTIM, RoleRule.HARMED, 3, cue)
    if scene.verb_stands == "amid" and not scene.before(mention, 1, Kind.AGENT):
        within = 2 if scene.before(mention, 1, Kind.OBJECT) else 1
        if cue := scene.before(mention, within, Kind.ACTS):
            yield Says(Role.VICTIM, RoleRule.HARMED, 3, cue)
    if scene.after(mention, 1, Kind.OBJECT_AFTER) and (cue := scene.after(mention, 6, Kind.ACTS)):
        yield Says(Role.VICTIM, RoleRule.HARMED, 4, cue)


def _contact(scene: Scene, mention: Mention) -> Iterator[Says]:
    cue = scene.before(mention, 8, Kind.MINE) or scene.after(mention, 3, Kind.MINE)
    if cue and scene.sender:
        yield Says(scene.sender, RoleRule.OWN_CONTACT, 6, cue)
    yield from _beside(scene, mention, 5)
    if mention.label in {Label.URL, Label.HANDLE} and (cue := scene.before(mention, 5, Kind.LURE)):
        yield Says(Role.SUSPECT, RoleRule.LURED_BY, 3, cue)


def _beside(scene: Scene, mention: Mention, within: int) -> Iterator[Says]:
    """Let *mention* take the part of whoever is spoken of right before it."""
    cue = scene.before(mention, within, *_SOMEBODY)
    person = scene.person_before(mention, within)
    if person and (cue is None or cue.end <= person.start):
        if role := scene.parts.get(person.placeholder):
            yield Says(role, RoleRule.BESIDE, 4, _at(person))
    elif cue:
        yield from _named_as(scene, cue, 4)


def _at(person: Mention) -> Cue:
    return Cue(Kind.SELF, person.start, person.end)


def _datum(scene: Scene, mention: Mention) -> Iterator[Says]:
    """An age, a birthday, a passport number belong to whoever was named last, or to the writer who says "I"."""
    said = [each for each in _beside(scene, mention, 10) if each.role is not Role.SUSPECT]
    own = scene.before(mention, 8, Kind.US, Kind.MINE) or scene.before(mention, 1, Kind.SELF)
    if own and scene.sender and all(own.end > each.cue.start for each in said):
        yield Says(scene.sender, RoleRule.BESIDE, 4, own)
    elif said:
        yield from said
    elif cue := scene.after(mention, 4, Kind.FELLOW, Kind.HARM):
        yield Says(Role.VICTIM, RoleRule.BESIDE, 3, cue)


def _number(scene: Scene, mention: Mention) -> Iterator[Says]:
    yield from _mistaken(scene, mention) or _datum(scene, mention)


def _mistaken(scene: Scene, mention: Mention) -> list[Says]:
    """Say what a title makes of a name that was taken for a place, a house or a number: default deny labels roughly."""
    cue = scene.before(mention, 1, *_SOMEBODY)
    return list(_named_as(scene, cue, 5)) if cue and cue.kind is not Kind.FELLOW else []


def _house(scene: Scene, mention: Mention) -> Iterator[Says]:
    if scene.around(mention, 1, Kind.REFUGE):
        return
    if mention.label is Label.VENUE and (cue := scene.before(mention, 3, Kind.HIRES)):
        yield Says(Role.SUSPECT, RoleRule.HIRED_BY, 4, cue)
    if cue := scene.around(mention, 5, Kind.SITE):
        yield Says(Role.VENUE_OF_EXPLOITATION, RoleRule.KEPT_AT, 3, cue)
    if cue := scene.around(mention, 10, *_OF_THE_CASE, Kind.BOSS):
        yield Says(Role.VENUE_OF_EXPLOITATION, RoleRule.KEPT_AT, 2, cue)


def _vehicle(scene: Scene, mention: Mention) -> Iterator[Says]:
    if cue := scene.around(mention, 8, Kind.CARRIES, Kind.BOSS, *_OF_THE_CASE):
        yield Says(Role.SUSPECT, RoleRule.CARRIED_IN, 3, cue)


def _place(scene: Scene, mention: Mention) -> Iterator[Says]:
    """A town is the survivor's where they are kept or come from; the house that has a name or a street is the venue."""
    if scene.around(mention, 1, Kind.REFUGE):
        return
    if mistaken := _mistaken(scene, mention):
        yield from mistaken
    elif (cue := scene.before(mention, 4, Kind.KIN)) and scene.sender is Role.VICTIM:
        yield Says(Role.THIRD_PARTY, RoleRule.LIVES_AT, 4, cue)
    elif (cue := scene.around(mention, 6, *_WHERE_KEPT)) or (
        (cue := scene.before(mention, 3, Kind.HOME)) and scene.sender is Role.VICTIM
    ):
        yield Says(Role.VICTIM, RoleRule.LIVES_AT, 3, cue)


_ABOUT: dict[Label, Callable[[Scene, Mention], Iterator[Says]]] = {
    Label.PERSON: _person,
    Label.PHONE: _contact,
    Label.EMAIL: _contact,
    Label.HANDLE: _contact,
    Label.URL: _contact,
    Label.ID: _datum,
    Label.OTHER_ID: _number,
    Label.AGE: _datum,
    Label.DATE: _datum,
    Label.VENUE: _house,
    Label.ADDRESS: _house,
    Label.VEHICLE: _vehicle,
    Label.PLACE: _place,
}
