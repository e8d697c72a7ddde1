"""A supervisor takes a report over whose holder is not there, and says why."""

from tests.cast import Member
from tests.house import House


def test_a_supervisor_takes_over_what_a_colleague_holds(
    house: House, report: str, at_desk: Member, supervisor: Member
) -> None:
    path = f"/console/report/{report}"
    # What nobody holds, or they themselves, is not taken from anybody.
    supervisor.sends(f"{path}/take-over", expect=404, why="she is away")
    at_desk.sends(f"{path}/claim")
    assert "Take it over" in supervisor.opens(path)
    refused = supervisor.sends(f"{path}/take-over", expect=422, why=" ").text
    assert "Say why first" in refused
    supervisor.sends(f"{path}/take-over", why="she is away")
    assert "took it over from a colleague" in supervisor.opens(path)
    assert "she is away" in supervisor.opens("/console/audit")
    assert "Take it over" not in supervisor.opens(path)
    # Whoever held it reads along now, and takes nothing back by themselves.
    page = at_desk.opens(path)
    assert "Someone else holds this report" in page
    assert "Take it over" not in page
    at_desk.sends(f"{path}/claim", expect=409)
    at_desk.sends(f"{path}/take-over", expect=403, why="mine")
