"""What is on its way to a reporter, and what the provider must still erase.

A send carries no number in the clear and no provider id; the provider's ids stand in a table of
their own that knows no report.
"""

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from hotline.store import UtcTime, metadata

sends = Table(
    "sends",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("report_id", String(32), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("channel", String(12), nullable=False),
    # Number and text, sealed to the relay key; emptied at the final status or at expiry.
    Column("sealed", LargeBinary),
    # Rank of the provider's status, which only rises.
    Column("rank", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    # Set in the transaction before the provider is called: afterwards the outcome may be unknown.
    Column("tried_at", UtcTime),
)

erase_at_provider = Table(
    "erase_at_provider",
    metadata,
    Column("id", String(32), primary_key=True),
    # message, recording, call
    Column("kind", String(12), nullable=False),
    Column("provider_id", String(64), nullable=False, unique=True),
    Column("since", UtcTime, nullable=False),
)
