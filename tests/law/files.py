"""Jurisdiction files for tests: one that is whole, and changes to it."""

from pathlib import Path

WHOLE = """
code = "IE"
name = "Ireland"
for = "A house of the tests."

[counsel]
name = "Aoife Byrne, solicitor"
date = "2026-01-15"

[[duty]]
id = "children_first"
under = 18
who = "A mandated person."
what = "That a child may be harmed."
within = 48
to = "child_protection"
to_whom = "The Child and Family Agency"
how = "On its form."
penalty = ""
statute = "An Act, section 14"
source = "https://law.example/14"
checked = 2026-01-10

[consent_age]
alone = 16
with = "A parent or guardian."
statute = "An Act, section 2"
source = "https://law.example/2"
checked = "2026-01-10"

[feedback]
acknowledge_days = 5
answer_months = 2
statute = "A directive, article 9"
source = "https://law.example/9"
checked = "2026-01-10"

[feedback.desk.night]
acknowledge_days = 0

[emergency]
numbers = ["112", "999"]
"""


def jurisdiction_file(folder: Path, *changes: tuple[str, str], name: str = "ie.toml") -> Path:
    """Write a jurisdiction file with *changes* to the whole one into *folder*; return the folder."""
    text = WHOLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
