"""Nobody walks round consent: one room keeps it, whatever leaves asks it, and nothing else writes down that it left."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "hotline"
DECIDES = ("leads/leaving.py", "leads/recipients.py")
LETS_OUT = {
    "publish": ("leads/publish.py", *DECIDES),
    "release": ("leads/waiting.py", *DECIDES),
    "hand_over": ("handoff/offering.py",),
    "ask": ("handoff/links.py", "handoff/packet.py"),
    "_judge": ("handoff/opening.py",),
}
"""The functions that let something out, each with the modules that hold what it calls to decide."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield what runs where people's reports are; what is measured stands in a database of its own."""
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("migrations/", "operate/bench/")):
            yield name, ast.parse(path.read_text())


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def test_only_its_own_room_reads_what_consent_keeps() -> None:
    others = [
        (name, what)
        for name, tree in modules()
        for what in imported(tree)
        if what.startswith("hotline.consent.tables") and not name.startswith("consent/")
    ]
    assert others == []


def test_only_leads_and_handoff_write_down_what_left() -> None:
    kept = {"lead_releases", "lead_sources", "leads", "stix_objects", "handoffs"}
    writes = {
        name
        for name, tree in modules()
        for call in calls(tree)
        if called(call) == "insert" and call.args and ast.unparse(call.args[0]) in kept
    }
    leads = {"leads/leaving.py", "leads/releasing.py", "leads/shelving.py"}
    assert writes == {*leads, "handoff/offering.py"}


@pytest.mark.parametrize("what", LETS_OUT)
def test_what_lets_something_out_asks_in_the_transaction_that_does(what: str) -> None:
    trees = [ast.parse((ROOT / module).read_text()) for module in LETS_OUT[what]]
    functions = {
        node.name: node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)
    }
    reached, found = [what], set[str]()
    while reached:
        name = reached.pop()
        found.add(name)
        its = {called(call) for call in calls(functions[name])}
        reached += [other for other in its & set(functions) if other not in found]
    lines = [call for name in found for call in calls(functions[name])]
    cases = [call for call in lines if called(call) == "case_of"]
    assert [ast.unparse(word) for call in cases for word in call.keywords] == ["lock=True"]
    assert any(called(call) == "may" for call in lines)


def test_shelves_are_filled_by_publishing_alone() -> None:
    fills = {
        name
        for name, tree in modules()
        for call in calls(tree)
        if ast.unparse(call.func) in ("shelving.add", "shelving.replace")
    }
    # Who sends is told anew when that changes, and which leads share something; nothing else goes there.
    assert fills == {"leads/releasing.py", "leads/sending.py", "leads/linking_out.py"}


def test_who_takes_a_yes_back_has_what_rests_on_it_looked_through() -> None:
    """Only `triage` calls what takes back or excludes, because it reviews what was let out in the same transaction."""
    changes = {"consent.revoke", "excluding.read_words", "granting.end_lapsed", "granting.thaw"}
    changes |= {"consent.granting.thaw", "granting.revoke"}
    rooms = {
        name.split("/")[0]
        for name, tree in modules()
        for call in calls(tree)
        if ast.unparse(call.func) in changes
    }
    assert rooms <= {"triage", "consent"}
