"""A catalog as the hotline itself reads it: what is whole and sure is said, everything else is missing."""

import pytest

from hotline.pofiles import Entry, Template, Words

TEMPLATE = Template(
    """
# Ours.
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

#. safety. a long
#. comment
#: web/a.html web/b.html
#: console/c.html
msgid "Stay\\n"
"\\"safe\\"."
msgstr ""

#, python-format
msgid "%(count)s day"
msgid_plural "%(count)s days"
msgstr[0] ""
msgstr[1] ""
"""
)
STAY, DAY = TEMPLATE.numbers
HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=(n%10==1 ? 0 "\n": n==0 ? 1 : 2);\\n"\n\n'


def words(text: str) -> Words:
    return Words(TEMPLATE, HEAD + text)


def test_a_template_knows_what_translators_are_told_and_where_a_sentence_stands():
    assert TEMPLATE.entries == (
        Entry(
            'Stay\n"safe".',
            ("safety. a long", "comment"),
            ("web/a.html", "web/b.html", "console/c.html"),
        ),
        Entry("%(count)s day", (), ()),
    )


def test_a_sentence_is_said_however_its_lines_are_broken():
    lines = [r'msgid "Stay\n\"safe"', r'  "\"."  ', 'msgstr ""', r'"\tBleib"', r'"\\da"']
    said = words("\r\n".join(lines))
    assert said.said(STAY) == ("\tBleib\\da",)
    assert said.has(STAY)
    assert said.gettext(STAY) == "\tBleib\\da"


def test_each_number_has_its_form_as_the_head_counts():
    said = words(
        'msgid "%(count)s day"\nmsgid_plural "x"\nmsgstr[0] "A"\nmsgstr[1] "B"\nmsgstr[2] "C"\n'
    )
    assert [said.ngettext(DAY, "days", number) for number in (21, 0, 5)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        'msgid "%(count)s day"\nmsgid_plural "x"\nmsgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\n',
        'msgid "%(count)s day"\nmsgid_plural "x"\nmsgstr[0] "A"\nmsgstr[1] ""\nmsgstr[2] "C"\n',
        'msgid "%(count)s day"\nmsgid_plural "x"\nmsgstr[0] "A"\nmsgstr[1] "B"\n',
        '#, python-format, fuzzy\nmsgid "%(count)s day"\nmsgid_plural "x"\nmsgstr[0] "A"\nmsgstr[1] "B"\nmsgstr[2] "C"\n',
        '#~ msgid "%(count)s day"\n#~ msgstr "A"\n',
        'msgid "%(count)s day\nmsgstr "A"\n',
        'msgid "%(count)s day"\nmsgstr ""\n"A "\n"B\n',
        'msgid "%(count)s day"\nmsgstr ""\n"A "\n"says "B"."\n\nmsgid "Old"\nmsgstr "Alt"\n',
        'msgid "%(count)s day"\nmsgstr "A "\nB\n',
        'msgid "%(count)s day"\nmsgid_plural "x"\nmsgstr[0] "A"\nmsgstr[1] "B"\nmsgstr[2] "C "\n"D\n',
        '#, fuzzy\nmsgctxt "x"\nmsgid "%(count)s day"\nmsgstr "A"\n',
    ],
    ids=[
        "nothing",
        "blank",
        "a form is blank",
        "a form lacks",
        "fuzzy",
        "gone",
        "torn",
        "torn at its end",
        "torn by a quote",
        "a line without quotes",
        "a form is torn",
        "of a context",
    ],
)
def test_what_is_not_whole_or_not_sure_is_missing(text):
    said = words(text)
    assert not said.has(DAY)
    assert said.said(DAY) == ()
    assert [said.ngettext(DAY, "days", number) for number in (1, 5)] == [DAY, "days"]


def test_what_no_template_says_is_not_kept():
    said = words('msgid "Old"\nmsgstr "Alt"\n')
    assert not said.has("Old")
    assert said.gettext("Old") == "Old"
