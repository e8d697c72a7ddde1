"""Which agencies may read leads, of which countries and kinds: admitted, changed and let go by an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.rooms import go, room
from hotline.console.showing import show, staff_name
from hotline.console.speech import countries
from hotline.domain.staff import Right, Role
from hotline.leads import agencies as admitted
from hotline.leads import rescoping
from hotline.leads.agency import RATE, Agency
from hotline.leads.codes import COUNTRIES, Theme, Tlp
from hotline.parts import here
from hotline.store import Session

agencies = room("agencies", Right.STAFF)

_PAGE, _LONGEST, _FASTEST = 50, 200, 60_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What a form says of an agency; *fault* is the field that cannot be kept as it is, empty where all can."""

    name: str = ""
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    tlp: Tlp = Tlp.STRICT
    rate: str = str(RATE)

    @property
    def fault(self) -> str:
        is_pace = self.rate.isascii() and self.rate.isdigit() and len(self.rate) < 6
        if not 1 <= len(self.name) <= _LONGEST:
            return "name"
        if not self.countries:
            return "countries"
        return "" if is_pace and 1 <= int(self.rate) <= _FASTEST else "rate"

    @property
    def rest(self) -> dict[str, Any]:
        """What is said besides name and countries, as `hotline.leads.agencies` takes it."""
        return {"themes": self.themes, "tlp": self.tlp, "rate": int(self.rate)}


@agencies.get("/agencies")
def show_agencies() -> Response:
    return _list(Scope())


@agencies.post("/agencies")
def admit() -> Response:
    """Admit an agency; its first token is shown now and never again."""
    scope, at, by = _scope(request.form), g.at, g.keyholder.staff_id
    if scope.fault:
        return _list(scope, status=422, fault=scope.fault)

    def write(session: Session) -> tuple[str, Agency | None]:
        token = admitted.admit(session, scope.name, scope.countries, at=at, by=by, **scope.rest)
        return token, admitted.by_token(session, token, at=at)

    token, agency = here().store.write(write)
    return show(
        "console/agencies/once.html", agency=agency, token=token, origin=here().config.public_url
    )


@agencies.get("/agencies/<agency_id>")
def show_agency(agency_id: str) -> Response:
    return agency_page(agency_id)


@agencies.post("/agencies/<agency_id>/scope")
def change(agency_id: str) -> AnyResponse:
    """Change what an agency may be told; where that takes leads from it, ask first."""
    at, by = g.at, g.keyholder.staff_id
    with here().store.read() as session:
        agency = admitted.find(session, agency_id)
        scope = replace(_scope(request.form), name=agency.name)
        narrower = replace(agency, countries=scope.countries, themes=scope.themes, tlp=scope.tlp)
        lost = 0 if scope.fault else rescoping.count_beyond(session, narrower)
    if scope.fault:
        return agency_page(agency_id, scope, status=422, fault=scope.fault)
    if lost and request.form.get("sure") != "yes":
        return show("console/agencies/ask.html", agency=agency, scope=scope, lost=lost)
    here().store.write(
        lambda session: rescoping.rescope(
            session, agency_id, scope.countries, at=at, by=by, **scope.rest
        )
    )
    return go("agencies.show_agency", agency_id=agency_id, done="scope")


@agencies.post("/agencies/<agency_id>/dismiss")
def dismiss(agency_id: str) -> AnyResponse:
    at, by = g.at, g.keyholder.staff_id
    here().store.write(lambda session: admitted.dismiss(session, agency_id, at=at, by=by))
    return go("agencies.show_agencies")


def agency_page(
    agency_id: str, scope: Scope | None = None, *, status: int = 200, fault: str = ""
) -> Response:
    """Show one agency: what it may be told, who reads for it here, and with which tokens its tools do."""
    with here().store.read() as session:
        agency = admitted.find(session, agency_id)
        tokens = admitted.tokens(session, agency_id)
        belongs = admitted.members(session)
        names = {one.id: one.name for one in admitted.everyone(session)}
    people = sorted(investigators(), key=lambda one: staff_name(one).casefold())
    return show(
        "console/agencies/agency.html",
        status=status,
        fault=fault,
        agency=agency,
        scope=scope or _of(agency),
        tokens=tokens,
        members=[one for one in people if belongs.get(one) == agency_id],
        others=[
            (one, names.get(belongs.get(one, ""), ""))
            for one in people
            if belongs.get(one) != agency_id
        ],
        typed=lambda name: request.form.get(name, ""),
        done=request.args.get("done", ""),
        **_choices(),
    )


def investigators() -> list[str]:
    """Return the ids of the investigators of this house."""
    return [one.id for one in here().keyring.members if one.role is Role.INVESTIGATOR]


def _list(scope: Scope, *, status: int = 200, fault: str = "") -> Response:
    after = request.args.get("after", "")
    with here().store.read() as session:
        found = admitted.page(session, after=after, limit=_PAGE + 1)
        belongs = admitted.members(session)
    here_now = set(investigators())
    counted = [agency for one, agency in belongs.items() if one in here_now]
    shown = found[:_PAGE]
    return show(
        "console/agencies.html",
        status=status,
        fault=fault,
        agencies=shown,
        members={one.id: counted.count(one.id) for one in shown},
        after=after,
        next=shown[-1].id if len(found) > _PAGE else "",
        scope=scope,
        **_choices(),
    )


def _choices() -> dict[str, object]:
    return {"countries": countries(COUNTRIES), "themes": tuple(Theme), "markings": tuple(Tlp)}


def _of(agency: Agency) -> Scope:
    return Scope(agency.name, agency.countries, agency.themes, agency.tlp, str(agency.rate))


def _scope(form: MultiDict[str, str]) -> Scope:
    """Read the form; what is none of our codes was not chosen."""
    tlp = form.get("tlp", "")
    return Scope(
        form.get("name", "").strip(),
        tuple(COUNTRIES) if "every" in form else _known(form.getlist("country"), tuple(COUNTRIES)),
        _known(form.getlist("theme"), tuple(Theme)),
        Tlp(tlp) if tlp in tuple(Tlp) else Tlp.STRICT,
        form.get("rate", "").strip(),
    )


def _known(chosen: Sequence[str], codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if code in chosen)
