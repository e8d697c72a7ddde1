"""Runs in OpenTAXII's own environment: put the objects of standard input into a database, and tell how they are read."""

import json
import os
import secrets
import sys
from pathlib import Path

folder = Path(sys.argv[1])
database = f"sqlite:///{folder / 'opentaxii.db'}"
accounts = {"db_connection": database, "create_tables": True, "secret": secrets.token_hex(16)}
settings = {
    "auth_api": {"class": "opentaxii.auth.sqldb.SQLDatabaseAPI", "parameters": accounts},
    "taxii1": None,
    "taxii2": {
        "title": "Leads",
        "contact": "",
        "description": "",
        "public_discovery": True,
        "max_content_length": 10_000_000,
        "persistence_api": {
            "class": "opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI",
            "parameters": {"db_connection": database, "create_tables": True},
        },
    },
    "logging": {"opentaxii": "error", "root": "error"},
}
(folder / "opentaxii.yml").write_text(json.dumps(settings))
os.environ["OPENTAXII_CONFIG"] = str(folder / "opentaxii.yml")

from opentaxii.entities import Account  # noqa: E402 - it reads the settings when it is imported.
from opentaxii.http import app, server  # noqa: E402

with app.app_context():
    passphrase = secrets.token_hex(16)
    server.auth.api.update_account(Account(None, "dele", {}, is_admin=True), passphrase)
    token = server.auth.authenticate("dele", passphrase)
    api = server.servers.taxii2.persistence.api
    root = api.add_api_root("Leads", default=True)
    collection = api.add_collection(root.id, "Leads")
    objects = json.load(sys.stdin)
    for done in range(0, len(objects), 500):
        api.add_objects(root.id, collection.id, objects[done : done + 500])

told = token.decode() if isinstance(token, bytes) else token
print(json.dumps({"token": told, "path": f"/taxii2/{root.id}/collections/{collection.id}/"}))
