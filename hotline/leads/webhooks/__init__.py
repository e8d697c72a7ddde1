"""Leads brought to an agency's own address as they are released, revised and recalled (standardwebhooks.com).

An agency subscribes an address and is shown a secret once (`subscribing`); with it each message is signed
(`messages`). A release rings in its own transaction (`ring`); the worker then brings what came after the webhook's
cursor, one after the other, each until it was taken (`delivering`), at waits that grow (`retrying`). Nothing is lost
while a receiver is down, and all can be replayed: what is brought is what stands in the agency's releases.

The address is an agency's word, so it is never trusted: `addresses` says which may be called at all, `resolving`
asks for where they are, and `calling` connects to nothing but the very place that was looked at.
"""

from hotline.leads.webhooks.ringing import ring

__all__ = ["ring"]
