"""A page may be made after a text was: whichever room is first to load a language, its templates know all names."""

from hotline.catalogs import TRANSLATIONS
from hotline.i18n import REPORTER, Languages


def test_templates_that_were_loaded_before_know_names_that_are_told_later(tmp_path):
    (tmp_path / "page.txt").write_text("{{ static('x') }} {{ house }}")
    languages = Languages(TRANSLATIONS, tmp_path)
    environment = languages.environment("en", REPORTER)
    languages.share(static=lambda name: f"/static/{name}", house="one")
    assert languages.render("page.txt", "en", REPORTER) == "/static/x one"
    # What a template knows already stays as it was.
    languages.share(house="two")
    assert languages.render("page.txt", "en", REPORTER) == "/static/x one"
    assert languages.environment("en", REPORTER) is environment
