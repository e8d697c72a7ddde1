"""Texts, by SMS and WhatsApp: read, kept once, answered in one segment."""

from hotline.channels.sms.views import sms

__all__ = ["sms"]
