"""A small folder of translations that is right in everything: three languages, a page, a few texts, a call."""

from collections.abc import Mapping
from pathlib import Path

from hotline.operate import strings
from hotline.operate.strings import catalogs

CORE, DESK = ("ar", "es", "ru"), ("es",)

TEMPLATES = {
    "web/page.html": """
        {# Translators: the heading of a page. #}
        <h1 title="{{ _("Safe here") }}">{{ _("Hello %(name)s.", name=name) }}</h1>
        {% trans count=days %}{{ count }} day left.{% pluralize %}{{ count }} days left.{% endtrans %}
        {{ _("Call +1 500 555 0142, or look at https://example.org today.") }}
        {{ _('Write <a href="%(url)s">here</a> at any time.', url=url) }}
        {{ _("The code has 21 digits.") }}
        {# Translators: at most 5 words. #}
        {{ _("Nobody else can read it.") }}
        {{ _("Two lines.\nAnd no more.") }}
        {# Translators: safety. A promise. #}
        {{ _("What you write is locked away") }}
        {{ _("Web") }}
    """,
    "messages/received/sms.txt": """
        {# Translators: the first answer. At most 70 characters. #}
        {{ _("Got it. OK to write here? 1 yes 2 no") }}
    """,
    "messages/more/sms.txt": '{{ _("We read it soon.") }}',
    "messages/erase_word/sms.txt": '{{ _("ERASE") }}',
    "messages/keep_word/sms.txt": '{{ _("KEEP") }}',
    "voice/start.txt": '{{ _("To talk, press 1. To wait, press 2.") }}',
    "phrases/approved.txt": '{% if name == "hurt" %}{{ _("Is anyone hurt?") }}{% endif %}',
    "console/desk.html": '{{ _("Take it over, %(name)s", name=name) }}',
}

SAID: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    "es": {
        "Safe here": "Aquí a salvo",
        "Hello %(name)s.": "Hola, %(name)s.",
        "%(count)s day left.": ("Queda %(count)s día.", "Quedan %(count)s días."),
        "Call +1 500 555 0142, or look at https://example.org today.": "Llame al +1 500 555 0142 o mire https://example.org por favor.",
        'Write <a href="%(url)s">here</a> at any time.': 'Escriba <a href="%(url)s">aquí</a> cuando quiera.',
        "The code has 21 digits.": "El código tiene 21 cifras.",
        "Nobody else can read it.": "Nadie más puede leerlo.",
        "Two lines.\nAnd no more.": "Dos líneas.\nY nada más.",
        "What you write is locked away": "Lo que escribe queda bajo llave",
        "Web": "Web",
        "Got it. OK to write here? 1 yes 2 no": "Recibido. ¿Escribimos aquí? 1 sí 2 no",
        "We read it soon.": "Lo leemos pronto.",
        "ERASE": "BORRAR",
        "KEEP": "CONSERVAR",
        "To talk, press 1. To wait, press 2.": "Para hablar, pulse 1. Para esperar, pulse 2.",
        "Is anyone hurt?": "¿Hay alguien con heridas?",
        "Take it over, %(name)s": "Tómelo, %(name)s",
    },
    "ar": {
        "Safe here": "أمان هنا",
        "Hello %(name)s.": "مرحبًا %(name)s.",
        "%(count)s day left.": (
            "لم يبق أي يوم.",
            "بقي يوم واحد.",
            "بقي يومان.",
            "بقيت %(count)s أيام.",
            "بقي %(count)s يومًا.",
            "بقي %(count)s يوم.",
        ),
        "Call +1 500 555 0142, or look at https://example.org today.": "اتصل على \u2066+1 500 555 0142\u2069 أو انظر https://example.org اليوم.",
        'Write <a href="%(url)s">here</a> at any time.': 'اكتب <a href="%(url)s">هنا</a> في أي وقت.',
        "The code has 21 digits.": "في الرمز 21 رقمًا.",
        "Nobody else can read it.": "لا يقرؤه أحد غيرك.",
        "Two lines.\nAnd no more.": "سطران.\nولا أكثر.",
        "What you write is locked away": "ما تكتبه محفوظ",
        "Web": "الويب",
        "Got it. OK to write here? 1 yes 2 no": "وصلت. هل نكتب هنا؟ 1 نعم 2 لا",
        "We read it soon.": "نقرؤها قريبًا.",
        "ERASE": "امسح",
        "KEEP": "احتفظ",
        "To talk, press 1. To wait, press 2.": "للكلام اضغط 1. للانتظار اضغط 2.",
        "Is anyone hurt?": "هل تأذى أحد؟",
    },
    "ru": {
        "Safe here": "Здесь безопасно",
        "Hello %(name)s.": "Здравствуйте, %(name)s.",
        "%(count)s day left.": (
            "Остался %(count)s день.",
            "Осталось %(count)s дня.",
            "Осталось %(count)s дней.",
        ),
        "Call +1 500 555 0142, or look at https://example.org today.": "Звоните +1 500 555 0142 или смотрите https://example.org сегодня.",
        'Write <a href="%(url)s">here</a> at any time.': 'Пишите <a href="%(url)s">сюда</a> когда угодно.',
        "The code has 21 digits.": "В коде 21 цифра.",
        "Nobody else can read it.": "Никто другой не прочтёт.",
        "Two lines.\nAnd no more.": "Две строки.\nИ всё.",
        "What you write is locked away": "Сказанное заперто",
        "Web": "Веб",
        "Got it. OK to write here? 1 yes 2 no": "Получили. Можно писать сюда? 1 да 2 нет",
        "We read it soon.": "Скоро прочтём.",
        "ERASE": "СТЕРЕТЬ",
        "KEEP": "ОСТАВИТЬ",
        "To talk, press 1. To wait, press 2.": "Чтобы говорить, нажмите 1. Чтобы ждать, нажмите 2.",
        "Is anyone hurt?": "Кто-нибудь ранен?",
    },
}

FILES = {
    "ALLOWED.toml": '[[same]]\nin = ["es"]\nallow = ["Web"]\nwhy = "A name."\n',
    "GLOSSARY.toml": '[code]\nenglish = ["code", "codes"]\nmeans = "opens the answers"\n\n[write]\nenglish = ["write"]\nmeans = "to us"\n',
    "REVIEW.toml": """
        [ar]
        state = "drafted"
        [es]
        state = "drafted"
        doubts = [{ sentence = "KEEP", why = "May be too stiff." }]
        [ru]
        state = "cross-checked"
    """,
    "es/glossary.toml": """
        never = ["víctima"]
        never_in_texts = ["denuncia"]
        [terms]
        code = ["código"]
        write = ["escrib"]
    """,
    "ar/glossary.toml": 'never = ["ضحي"]\n[terms]\ncode = ["رمز"]\nwrite = ["كتب"]\n',
    "ru/glossary.toml": """
        never = ["жертв"]
        [terms]
        code = ["код"]
        write = ["пиш", "писа"]
        [except."What you write is locked away"]
        write = "A participle of it."
    """,
}


def lay_out(folder: Path) -> tuple[Path, Path]:
    """Write all of it; return the folder of translations and that of templates."""
    translations, templates = folder / "translations", folder / "templates"
    for name, text in TEMPLATES.items():
        write(templates / name, text)
    for domain in strings.FOLDERS:
        (templates / domain).mkdir(exist_ok=True)
        template = strings.template(domain, templates)
        for locale in CORE if domain != "console" else DESK:
            catalog = catalogs.blank(locale)
            catalog.update(template)
            for message in catalog:
                if message.id:
                    message.string = SAID[locale][catalogs.sources(message)[0]]
            path = catalogs.place_of(translations, locale, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogs.write(path, catalog)
    for name, text in FILES.items():
        write(translations / name, text)
    said = [
        one for text in SAID["ru"].values() for one in ([text] if isinstance(text, str) else text)
    ]
    quoted = (one.replace('"', '\\"').replace("\n", "\\n") for one in said)
    write(translations / "ru/back.toml", "".join(f'"{one}" = "Read back."\n' for one in quoted))
    strings.extract(translations, templates)
    return translations, templates


def check(folder: Path) -> list[str]:
    return strings.check(
        folder / "translations", templates=folder / "templates", core=CORE, desk=DESK
    )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line.strip() for line in text.split("\n")), "utf-8")
