"""The parts wired into one Flask application, and errors turned into answers."""

from hotline.factory.answering import answer_to_error
from hotline.factory.application import create_app, let_templates_know
from hotline.factory.wiring import build

__all__ = ["answer_to_error", "build", "create_app", "let_templates_know"]
