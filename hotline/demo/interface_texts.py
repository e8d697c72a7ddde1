"""The interface to texts and their pictures: create, list, fetch, empty, delete."""

from flask import Blueprint, Response, request

from hotline.demo import answers
from hotline.demo.answers import account_sid, error, gone, network, not_found, shown
from hotline.demo.orders import Order, Refused
from hotline.demo.texts import Picture, Text

texts = Blueprint("texts", __name__)


@texts.post("/Messages.json")
def create() -> Response:
    word = network().weather.at("requests", request.form.get("To", ""))
    if failure := answers.mishap(word):
        return failure
    try:
        order = Order.of(request.form)
        if word.isdecimal():
            raise Refused(int(word), to=order.to, sender=order.sender)
        text = network().create(order)
    except Refused as refused:
        return error(refused.refusal.status, refused.refusal.code, refused.message)
    return answers.aftermath(word, _shown(text, 201))


@texts.get("/Messages.json")
def list_texts() -> Response:
    return answers.page("messages", "Messages", network().texts(_is_wanted), _as_shown)


@texts.get("/Messages/<sid>.json")
def fetch(sid: str) -> Response:
    text = network().find(sid)
    return _shown(text) if text else not_found()


@texts.post("/Messages/<sid>.json")
def redact(sid: str) -> Response:
    """Empty a text's body; nothing else may be changed about it."""
    text = network().find(sid)
    if text is None:
        return not_found()
    if request.form.get("Body") != "" or "Status" in request.form:
        return error(400, 30400, "Only an empty body is accepted")
    word = network().weather.at("erasing", text.phone)
    if failure := answers.mishap(word):
        return failure
    text.body = ""
    return answers.aftermath(word, _shown(text))


@texts.delete("/Messages/<sid>.json")
def delete(sid: str) -> Response:
    """Delete a text that has finished, and its pictures with it."""
    text = network().find(sid)
    if text is None:
        return not_found()
    word = network().weather.at("erasing", text.phone)
    if failure := answers.mishap(word) or answers.put_off(text, word, is_live=not text.is_final):
        return failure
    network().forget(sid)
    return answers.aftermath(word, gone())


@texts.get("/Messages/<sid>/Media.json")
def list_pictures(sid: str) -> Response:
    text = network().find(sid)
    if text is None:
        return not_found()
    found = [one for one in text.pictures if answers.is_within(one.created, "DateCreated")]
    return answers.page(
        "media_list",
        f"Messages/{sid}/Media",
        found,
        lambda picture: picture.shown(account_sid(), sid),
    )


@texts.get("/Messages/<sid>/Media/<picture>.json")
def fetch_picture(sid: str, picture: str) -> Response:
    found = _picture(sid, picture)
    return shown(found.shown(account_sid(), sid)) if found else not_found()


@texts.get("/Messages/<sid>/Media/<string(length=34):picture>")
def fetch_content(sid: str, picture: str) -> Response:
    found = _picture(sid, picture)
    return Response(found.content, mimetype=found.kind) if found else not_found()


@texts.delete("/Messages/<sid>/Media/<picture>.json")
def delete_picture(sid: str, picture: str) -> Response:
    text, found = network().find(sid), _picture(sid, picture)
    if text is None or found is None:
        return not_found()
    word = network().weather.at("erasing", text.phone)
    if failure := answers.mishap(word) or answers.put_off(text, word):
        return failure
    text.pictures = [one for one in text.pictures if one is not found]
    return answers.aftermath(word, gone())


def _picture(sid: str, picture: str) -> Picture | None:
    text = network().find(sid)
    return text.picture(picture) if text else None


def _is_wanted(text: Text) -> bool:
    """Tell whether the query asks for *text*."""
    return (
        answers.is_asked("To", text.to)
        and answers.is_asked("From", text.sender)
        and answers.is_within(text.sent, "DateSent")
    )


def _as_shown(text: Text) -> dict[str, object]:
    return text.shown(account_sid())


def _shown(text: Text, status: int = 200) -> Response:
    return shown(_as_shown(text), status)
