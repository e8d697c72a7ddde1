"""What the desk keeps in someone's own browser, beside their key: a language, a habit, a count."""

from werkzeug.wrappers import Response as AnyResponse

from hotline.parts import here

_YEAR = 365 * 24 * 60 * 60


def desk_cookie(
    response: AnyResponse, name: str, value: str, *, max_age: int | None = _YEAR
) -> None:
    """Keep *value* for the pages of the desk alone, out of scripts' reach; without *max_age* for this session."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/console",
        secure=here().config.is_https,
        httponly=True,
        samesite="Strict",
    )
