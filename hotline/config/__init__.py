"""Settings, read once and typed. What is missing or malformed is named, and nothing starts.

Secrets come as files only (``NAME_FILE``): a web server copies the process environment into every
request, and an environment is read by whoever may list processes.
"""

from hotline.config.settings import Config, Mail, TwilioSettings

__all__ = ["Config", "Mail", "TwilioSettings"]
