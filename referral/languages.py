"""Tell when two language codes mean one language."""

from collections.abc import Mapping
from functools import lru_cache

from babel.core import get_global

SIGNED_IN = {
    "BR": "bzs", "CO": "csn", "DE": "gsg", "DK": "dsl", "ES": "ssp", "FR": "fsl", "GB": "bfi",
    "GR": "gss", "IE": "isg", "IT": "ise", "JP": "jsl", "MX": "mfs", "NI": "ncs", "NL": "dse",
    "NO": "nsl", "PT": "psr", "SE": "swl", "US": "ase", "ZA": "sfs",
}  # fmt: skip
"""The sign languages that are told by a country, as tags of IANA's registry name them."""

_SIGNED = """
ads aed aen afg ajs ase asf asp asq asw bfi bfk bog bqn bqy bvl bzs cds csc csd cse csf csg csl csn csq csr
csx doq dse dsl dsz ecs ehs esl esn eso eth fcs fse fsl fss gds gse gsg gsm gss gus hab haf hds hks hos hps
hsh hsl icl iks ils inl ins ise isg isr jcs jhs jks jls jos jsl jus kgi kvk lbs lls lsb lsc lsg lsl lsn lso
lsp lst lsv lsw lsy lws mdl mfs mre msd msr mzc mzg mzy nbs ncs nsi nsl nsp nsr nzs okl pgz pks prl prz psc
psd psg psl pso psp psr pys rib rms rnb rsi rsl rsm rsn sdl sfb sfs sgg sgn sgx slf sls sqk sqs sqx ssp ssr
svk swl syy szs tse tsm tsq tss tsy tza ugn ugy ukl uks vgt vsi vsl vsv wbs xki xml xms yds ygs yhs ysl ysm
zib zsl
"""
SIGNED = frozenset(_SIGNED.split())
"""The sign languages of IANA's registry (extended under ``sgn``), and ``sgn`` itself: one that is not named."""


@lru_cache(maxsize=1_000)
def main_language(code: str) -> str:
    """Return the language of *code* alone, as CLDR prefers it: ``pt-BR`` is ``pt``, ``tir`` is ``ti``.

    Directories write ISO 639-1 or 639-3 (HSDS language.code), callers BCP 47, where a sign language may be
    that of a country: ``sgn-US`` is ``ase``, as ``sgn-ase`` is.
    """
    main = _first(code)
    if main == "sgn":
        under = code.replace("_", "-").split("-")[1:]
        return SIGNED_IN.get(under[0].upper(), under[0].lower()) if under else main
    aliases: Mapping[str, str] = get_global("language_aliases")
    return _first(aliases.get(main, main))


def is_signed(code: str) -> bool:
    """Say whether *code* is a sign language."""
    return main_language(code) in SIGNED


def _first(code: str) -> str:
    return code.replace("_", "-").split("-")[0].strip().lower()
