"""The front door. `python app.py` runs the demo; a WSGI server imports `app`."""

import sys


def __getattr__(name: str) -> object:
    """Build the application when a server asks for it, and not when the demo's parent imports this file."""
    if name != "app":
        raise AttributeError(name)
    from hotline.operate.application import application

    app = globals()["app"] = application()
    return app


if __name__ == "__main__":
    from hotline.cli import main

    sys.exit(main(["demo", *sys.argv[1:]]))
