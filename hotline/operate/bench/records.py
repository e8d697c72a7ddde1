"""What was measured, kept for other programs: one JSON file a measurement, with the machine before and after it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def keep(
    folder: Path,
    name: str,
    figures: Mapping[str, float],
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Path:
    """Write ``<name>.json`` into *folder* and return where that is; the load stands for before and after."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = {**before, "load": {"before": before["load"], "after": after["load"]}}
    told = {"measured": name, "machine": machine, "figures": figures}
    path = folder / f"{name}.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
