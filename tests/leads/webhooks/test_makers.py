"""A webhook brings nothing any more when who had it made may not read: no token outlives its end by an address."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, update

from hotline.leads import agencies
from hotline.leads.tokens import id_of
from hotline.leads.webhooks import subscribing
from hotline.leads.webhooks.subscribing import Ended, State, Why
from hotline.store import Session
from hotline.vault.tables import members
from tests.leads.desk import NOOR, Reader
from tests.leads.webhooks.post import Hook, Post
from tests.leads.webhooks.receiver import HERE, Receiver

ISA, OMAR = "1" * 32, "2" * 32


@pytest.fixture
def unit(post: Post) -> Reader:
    return post.desk.admits("National unit", "RO")


def works_here(session: Session, staff_id: str) -> None:
    row: dict[str, Any] = {column.name: b"" for column in members.columns if not column.nullable}
    row |= {column.name: "" for column in members.columns if column.type.python_type is str}
    row |= {column.name: 0 for column in members.columns if column.type.python_type is int}
    session.execute(
        insert(members), {**row, "id": staff_id, "username": staff_id, "blocked": False}
    )


def member(post: Post, unit: Reader, staff_id: str) -> None:
    """Let somebody who signs in here read for an agency."""

    def join(session: Session) -> None:
        works_here(session, staff_id)
        agencies.join(session, unit.id, staff_id)

    post.store.write(join)


def made_by(post: Post, unit: Reader, receiver: Receiver, **who: str) -> Hook:
    agency = post.agency(unit)
    how: dict[str, Any] = {"also": HERE, "at": post.at, **who}
    made = post.store.write(
        lambda session: subscribing.subscribe(
            session, post.relay.public, agency, receiver.url, **how
        )
    )
    post.works()
    return Hook(*made)


def is_ended(post: Post, unit: Reader, hook: Hook) -> bool:
    its = post.hook(unit, hook)
    return (its.state, its.why) == (State.OFF, Why.ENDED)


def end_one(post: Post, unit: Reader) -> None:
    post.store.write(
        lambda session: agencies.end_token(session, unit.id, id_of(unit.token), at=post.at, by=NOOR)
    )


def renew_all(post: Post, unit: Reader) -> None:
    post.store.write(lambda session: agencies.renew(session, unit.id, at=post.at, by=NOOR))


@pytest.mark.parametrize("end", [end_one, renew_all])
def test_what_a_token_made_ends_with_it_and_a_member_may_have_it_go_on(
    post: Post, unit: Reader, receiver: Receiver, end: Callable[[Post, Reader], None]
) -> None:
    member(post, unit, ISA)
    hook = made_by(post, unit, receiver, token_id=id_of(unit.token))
    others = made_by(post, unit, receiver, by=ISA)
    end(post, unit)
    assert is_ended(post, unit, hook)
    assert post.hook(unit, others).state is State.ON
    post.store.write(
        lambda session: subscribing.end(session, unit.id, others.id, at=post.at, by=ISA)
    )
    post.passes(seconds=1)
    post.releases(unit)
    post.works()
    assert receiver.taken == []
    # No tool has it go on, by whatever way,
    for do in (subscribing.resume, subscribing.pause):
        with pytest.raises(Ended):
            post.store.write(
                lambda session, do=do: do(session, unit.id, hook.id, at=post.at)  # type: ignore[misc]
            )
    with pytest.raises(Ended):
        post.store.write(
            lambda session: subscribing.replay(session, unit.id, hook.id, 0, at=post.at)
        )
    with pytest.raises(Ended):
        post.store.write(
            lambda session: subscribing.renew(
                session, post.relay.public, unit.id, hook.id, at=post.at
            )
        )
    # but somebody who signs in does, and answers for it from then on.
    post.store.write(
        lambda session: subscribing.resume(session, unit.id, hook.id, at=post.at, by=ISA)
    )
    post.works()
    assert len(receiver.taken) == 1
    post.store.write(lambda session: agencies.leave(session, ISA))
    assert is_ended(post, unit, hook)


def test_a_token_whose_last_day_is_over_brings_nothing(
    post: Post, unit: Reader, receiver: Receiver
) -> None:
    token = post.store.write(
        lambda session: agencies.add_token(
            session, unit.id, "curl", f"{post.at:%Y-%m-%d}", at=post.at, by=NOOR
        )
    )
    hook = made_by(post, unit, receiver, token_id=id_of(token))
    post.passes(days=1)
    post.releases(unit)
    post.works()
    assert receiver.taken == []
    assert is_ended(post, unit, hook)


def test_what_a_member_made_ends_when_they_leave(
    post: Post, unit: Reader, receiver: Receiver
) -> None:
    other = post.desk.admits("Second unit", "RO")
    member(post, unit, ISA)
    member(post, unit, OMAR)
    hooks = {who: made_by(post, unit, receiver, by=who) for who in (ISA, OMAR)}
    # Who is let in once more has not left.
    post.store.write(lambda session: agencies.join(session, unit.id, ISA))
    assert not is_ended(post, unit, hooks[ISA])
    post.store.write(lambda session: agencies.join(session, other.id, ISA))
    assert is_ended(post, unit, hooks[ISA])
    assert not is_ended(post, unit, hooks[OMAR])
    # Who is kept out of the house reads by no address.
    post.store.write(
        lambda session: session.execute(
            update(members).where(members.c.id == OMAR).values(blocked=True)
        )
    )
    post.passes(seconds=1)
    post.releases(unit)
    post.works()
    assert receiver.taken == []
    assert is_ended(post, unit, hooks[OMAR])


def test_a_call_that_is_on_its_way_does_not_undo_an_end(
    post: Post, unit: Reader, receiver: Receiver
) -> None:
    hook = made_by(post, unit, receiver, token_id=id_of(unit.token))
    post.passes(seconds=1)
    post.releases(unit)

    def ends(handler: Any) -> None:
        end_one(post, unit)
        handler.wfile.write(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")

    receiver.talk = ends
    post.works()
    assert len(receiver.taken) == 1
    assert is_ended(post, unit, hook)
