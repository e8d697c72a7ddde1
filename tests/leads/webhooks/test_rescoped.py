"""An agency that is admitted for less hears at its own address what it must delete."""

from hotline.leads import rescoping
from tests.leads.webhooks.post import Post
from tests.leads.webhooks.receiver import Receiver


def test_what_is_taken_from_an_agency_is_brought_as_recalled(
    post: Post, receiver: Receiver
) -> None:
    dele = post.desk.admits("Both", "RO", "BG")
    post.subscribes(dele, receiver.url)
    post.desk.at = post.at
    post.desk.publishes()
    post.works()
    post.store.write(
        lambda session: rescoping.rescope(session, dele.id, ["BG"], at=post.at, by="system")
    )
    post.works()
    assert [one.type for one in receiver.taken] == ["lead.released", "lead.recalled"]
