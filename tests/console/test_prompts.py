"""The page of spoken sentences: one person uploads, another listens and approves, and callers hear no other words."""

import re

import pytest
from sqlalchemy import update

from hotline import audit
from hotline.domain.staff import RIGHTS, Right, Role
from hotline.prompts.audio import LARGEST
from hotline.prompts.tables import prompt_sounds
from tests.cast import Member
from tests.console.test_markup import faults_in
from tests.house import ORIGIN, House
from tests.prompts.sounding import mp3, tone, with_name

LIST = "/console/prompts"
SWAHILI = f"{LIST}/sw"
START = f"{SWAHILI}/start"


@pytest.fixture
def ada(house: House) -> Member:
    ada = Member(house, "ada")
    ada.signs_in()
    return ada


def uploads(member, raw=None, path=START, expect=303, name="start.wav", headers=None):
    # Written here, because the test client would put a large file into a temporary one.
    head = f'Content-Disposition: form-data; name="recording"; filename="{name}"'
    body = b"--x\r\n" + head.encode() + b"\r\n\r\n" + (raw or tone()) + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    answer = member.client.post(
        f"{path}/upload", data=body, content_type=kind, base_url=ORIGIN, headers=headers or {}
    )
    assert answer.status_code == expect, answer.text[:2000]
    return answer


def row(member, name="start", path=SWAHILI):
    """Return what the page says of one sentence."""
    text = member.opens(path)
    return re.search(rf'id="prompt-{name}".*?</tr>', text, re.DOTALL)[0]


def digest_in(text, act="approve"):
    found = re.search(rf'/{act}".*?name="digest" value="([0-9a-f]{{64}})"', text, re.DOTALL)
    return found[1] if found else ""


def plays(member, digest):
    return member.client.get(f"{LIST}/sound/{digest}", base_url=ORIGIN)


def done(house):
    with house.hotline.store.read() as session:
        lines = audit.page(session, desks=("",), limit=50)
    names = {member.id: member.username for member in house.hotline.keyring.members}
    return [
        (line.did, names.get(line.who, line.who), line.what.rpartition(" ")[0])
        for line in lines
        if line.did.startswith("prompt_")
    ]


def approved(house, ada, supervisor, raw=None, path=START):
    uploads(ada, raw, path)
    digest = digest_in(row(supervisor))
    supervisor.sends(f"{path}/approve", digest=digest)
    return digest


def test_languages_are_listed_with_how_they_are_heard(ada):
    text = ada.opens(LIST)
    assert re.search(r"Swahili.*?Kiswahili.*?offered.*?a machine's stand-in", text, re.DOTALL)
    assert '<bdi class="faint" lang="ur" dir="rtl">' in text
    assert "the provider's voice" in text
    assert faults_in(ada.client.get(LIST, base_url=ORIGIN).text) == []


def test_each_sentence_stands_in_its_language_and_in_english(ada, house):
    text = row(ada, path=f"{LIST}/ur")
    words = house.hotline.prompts.words("start", "ur")
    assert f'<p lang="ur" dir="rtl"><bdi>{words}</bdi></p>' in text
    assert '<p class="soft prompt__source" lang="en" dir="ltr"><bdi>Hello. If you can speak' in text
    assert "a machine's stand-in" in text
    assert 'preload="none"' in text


def test_what_a_voice_says_has_no_player(ada):
    text = row(ada, path=f"{LIST}/es")
    assert "the provider's voice" in text
    assert "<audio" not in text


def test_only_this_page_plays_and_only_from_here(ada):
    answer = ada.client.get(SWAHILI, base_url=ORIGIN)
    assert "media-src 'self'" in answer.headers["Content-Security-Policy"]
    assert faults_in(answer.text) == []
    assert (
        "media-src" not in ada.client.get(LIST, base_url=ORIGIN).headers["Content-Security-Policy"]
    )


def test_a_stand_in_is_played(ada):
    digest = re.search(r"/sound/([0-9a-f]{64})", row(ada))[1]
    answer = plays(ada, digest)
    assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert plays(ada, "0" * 64).status_code == 404


def test_two_people_make_a_recording_heard(house, ada, supervisor):
    uploads(ada)
    # Who uploaded it is told to wait; callers still hear the machine.
    mine = row(ada)
    assert "Somebody else has to listen to it." in mine
    assert digest_in(mine) == ""
    assert "a machine's stand-in" in mine
    # The other hears it on the page, and approves what was heard.
    theirs = row(supervisor)
    digest = digest_in(theirs)
    assert f"/sound/{digest}" in theirs
    assert plays(supervisor, digest).data == tone()
    supervisor.sends(f"{START}/approve", digest=digest)
    assert "your own recording" in row(ada)
    assert house.hotline.prompts.sound("start", "sw").digest == digest
    assert done(house) == [
        ("prompt_approved", "ines", "sw start"),
        ("prompt_uploaded", "ada", "sw start"),
    ]


def test_the_log_says_it_in_words(house, ada, supervisor, auditor):
    approved(house, ada, supervisor)
    auditing = Member(house, "enzo")
    auditing.signs_in()
    text = auditing.opens("/console/audit")
    assert "uploaded a recording for calls" in text
    assert "approved a recording for calls" in text
    assert "Swahili ·" in text


def test_nobody_approves_their_own_while_another_could_listen(house, ada, supervisor):
    uploads(ada)
    digest = digest_in(row(supervisor))
    answer = ada.sends(f"{START}/approve", expect=403, digest=digest)
    assert "somebody else has to listen to it" in answer.text
    assert house.hotline.prompts.sound("start", "sw").is_synthetic


def test_who_is_alone_may_approve_and_the_log_says_so(house, ada, monkeypatch):
    supervisor = RIGHTS[Role.SUPERVISOR]
    monkeypatch.setitem(RIGHTS, Role.SUPERVISOR, supervisor - {Right.OVERSEE})
    uploads(ada)
    text = row(ada)
    assert "Nobody else here could listen" in ada.opens(SWAHILI)
    ada.sends(f"{START}/approve", digest=digest_in(text))
    assert not house.hotline.prompts.sound("start", "sw").is_synthetic
    assert done(house)[0] == ("prompt_approved_alone", "ada", "sw start")


def test_another_recording_than_was_heard_is_not_approved(house, ada, supervisor):
    uploads(ada)
    digest = digest_in(row(supervisor))
    uploads(ada, tone(2))
    supervisor.sends(f"{START}/approve", expect=409, digest=digest)
    supervisor.sends(f"{START}/approve", expect=409, digest="")
    assert house.hotline.prompts.sound("start", "sw").is_synthetic


def test_taken_back_is_silent_at_once(house, ada, supervisor):
    digest = approved(house, ada, supervisor)
    supervisor.sends(f"{START}/withdraw", digest=digest)
    assert "a machine's stand-in" in row(ada)
    assert plays(ada, digest).status_code == 404
    assert done(house)[0] == ("prompt_withdrawn", "ines", "sw start")
    supervisor.sends(f"{START}/withdraw", expect=409, digest=digest)


def test_one_that_waits_is_taken_back_by_who_uploaded_it(house, ada):
    uploads(ada)
    ada.sends(f"{START}/withdraw", digest=digest_in(row(ada), "withdraw"))
    assert "waits for approval" not in row(ada)


def test_new_words_silence_an_old_recording_and_the_page_says_so(house, ada, supervisor):
    approved(house, ada, supervisor)
    uploads(ada, mp3())
    house.hotline.store.write(
        lambda session: session.execute(update(prompt_sounds).values(words="0" * 64))
    )
    house.hotline.prompts.forget()
    text = row(supervisor)
    assert "The words changed since this was recorded." in text
    assert "it cannot be approved" in text
    assert digest_in(text) == ""
    assert "a machine's stand-in" in text
    overview = supervisor.opens(LIST)
    assert "1 speaks old words" in overview
    assert "1 waits for approval" in overview


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"not a sound", "This is no WAV with 16 bits and no MP3"),
        (tone(7), "This recording takes too long."),
        (tone(0.1), "This recording is too short"),
        (tone(2, loud=50), "Nothing can be heard"),
        (b"RIFF" + b"\0" * LARGEST, "This file is too large."),
    ],
    ids=["unreadable", "long", "short", "silent", "large"],
)
def test_what_cannot_be_played_is_refused_at_its_sentence(house, ada, raw, words):
    answer = uploads(ada, raw, expect=422)
    assert words in answer.text
    assert 'href="#prompt-start"' in answer.text
    assert '<details class="fold" open>' in answer.text
    assert 'aria-invalid="true" aria-describedby="fault"' in answer.text
    assert faults_in(answer.text) == []
    assert done(house) == []


def test_a_file_far_beyond_every_limit_is_read_past(ada):
    answer = uploads(ada, b"\0" * (9 << 20), expect=422)
    assert "This file is too large." in answer.text


def test_no_file_at_all_is_refused(ada):
    ada.sends(f"{START}/upload", expect=422)
    ada.sends(f"{START}/upload", expect=422, recording="words")


def test_who_made_the_file_is_not_kept(house, ada):
    uploads(ada, with_name(tone()), name="Maria Lopez.wav")
    assert "Maria" not in ada.opens(SWAHILI)
    with house.hotline.store.read() as session:
        kept = session.execute(prompt_sounds.select()).one()
    assert b"Maria" not in kept.content
    assert "Maria" not in repr(kept._mapping)


def test_what_is_not_there_is_not_found(ada):
    for path in (f"{LIST}/xx", f"{LIST}/0"):
        assert ada.client.get(path, base_url=ORIGIN).status_code == 404
    for path in (f"{LIST}/xx/start", f"{SWAHILI}/nothing"):
        uploads(ada, path=path, expect=404)
        ada.sends(f"{path}/approve", expect=404)
        ada.sends(f"{path}/withdraw", expect=404)


def test_other_roles_do_not_reach_it(house):
    for username in ("noor", "abel", "ivo", "isa"):
        other = Member(house, username)
        other.signs_in()
        assert other.client.get(SWAHILI, base_url=ORIGIN).status_code == 403
        uploads(other, expect=403)


def test_no_other_site_uploads(ada):
    uploads(ada, expect=403, headers={"Sec-Fetch-Site": "cross-site"})


def test_the_page_is_whole_in_arabic(ada):
    text = ada.opens(f"{LIST}/ur?lang=ar")
    assert '<html lang="ar" dir="rtl">' in text
    assert "الجمل المنطوقة" in text
    assert faults_in(ada.client.get(f"{LIST}/ur?lang=ar", base_url=ORIGIN).text) == []
