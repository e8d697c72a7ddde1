"""What a step of the history may do while the code of before still runs.

A release is rolled out host by host, so the code of before and the code of now meet the same shape. A step may add what
nobody needs to know. What takes something away, or asks more than before, comes a release after the code that stopped
using it: such a step says ``unused_since``, the revision with which that release came.
"""

import ast
from collections.abc import Collection, Iterator

_ADDS = frozenset({"create_table", "create_index", "add_column", "batch_alter_table", "f"})
_OF_SQLALCHEMY = frozenset({"sa", "postgresql", "sqlite"})


def refused(source: str, *, earlier: Collection[str]) -> list[str]:
    """Return why a step may not come as it is, given its *source* and the names of the steps before it."""
    tree = ast.parse(source)
    takes = list(_takes_away(tree))
    if not takes or _said(tree, "unused_since") in earlier:
        return []
    return takes


def _takes_away(tree: ast.Module) -> Iterator[str]:
    """Yield each operation that the code of before does not expect."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    fresh = {_word(call, 0) for call in calls if _name(call) == "create_table"}
    for call in calls:
        name = _name(call)
        is_full = name == "add_column" and not _may_be_left_out(call)
        is_strict = name == "create_index" and _is_true(call, "unique")
        if name and (name not in _ADDS or is_full or (is_strict and _word(call, 1) not in fresh)):
            yield name


def _name(call: ast.Call) -> str:
    """Return what *call* does to the database; nothing where it only describes."""
    place = call.func
    if not isinstance(place, ast.Attribute) or not isinstance(place.value, ast.Name):
        return ""
    return "" if place.value.id in _OF_SQLALCHEMY else place.attr


def _word(call: ast.Call, number: int) -> str:
    words = call.args[number : number + 1]
    return str(words[0].value) if words and isinstance(words[0], ast.Constant) else ""


def _may_be_left_out(call: ast.Call) -> bool:
    """Tell whether code that does not know the column can still insert rows."""
    inner = [one for one in ast.walk(call) if isinstance(one, ast.Call)]
    return any(
        _is_true(one, "nullable") or any(word.arg == "server_default" for word in one.keywords)
        for one in inner
    )


def _is_true(call: ast.Call, name: str) -> bool:
    return any(
        word.arg == name and isinstance(word.value, ast.Constant) and word.value.value is True
        for word in call.keywords
    )


def _said(tree: ast.Module, name: str) -> str:
    """Return what the step says of itself as *name*."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return str(ast.literal_eval(node.value))
    return ""
