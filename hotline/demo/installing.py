"""Put the loopback provider on an application: its interface, its account, its control page, its remote control."""

from functools import partial

from flask import Flask

from hotline.demo.account import Account
from hotline.demo.account_views import account
from hotline.demo.doors import door_of, line_of
from hotline.demo.network import Network
from hotline.demo.provider import provider
from hotline.demo.remote import remote
from hotline.demo.sky import sky


def install(app: Flask, network: Network) -> None:
    """Let *app* answer as the provider that *network* is."""
    app.extensions["network"] = network
    for blueprint in (provider, account, sky, remote):
        app.register_blueprint(blueprint)
    ours: Account = app.extensions["account"]
    network.finds_door = partial(door_of, ours)
    network.finds_line = partial(line_of, ours)
    network.may_text = lambda country: country in ours.texted
    network.may_dial = lambda country: "low" in ours.dialed.get(country, ())
