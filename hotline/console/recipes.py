"""How an agency's tools read leads: recipes with this house's own address in them."""

from flask import Response

from hotline.console.following import following, our_agency
from hotline.console.showing import show
from hotline.leads import recipes as written
from hotline.parts import here

recipes = following("recipes")


@recipes.get("/recipes")
def show_recipes() -> Response:
    origin = here().config.public_url
    return show(
        "console/recipes.html", agency=our_agency(), origin=origin, recipes=written.all(origin)
    )
