"""WHO, SEALED: what identifies a person, so that it opens only for whom it was sealed.

The web process holds public keys only: it can seal, and cannot open. What opens is held by people: a
caseworker's passphrase and one-time code, a reporter's return code, the offline recovery key.

One record format and one wrap format carry everything (`envelope`)::

    record  "HLV1" | suite 1 | commitment (32) | nonce (12) | AES-256-GCM(length | text | zeros to a bucket)
    wrap    "HLW1" | suite 1 | key id (8) | HPKE(32-byte secret)   ML-KEM-768 + X25519, HKDF-SHA256, AES-256-GCM

Both are bound to their *place* (what for, desk, birth report id, field, version), so nothing opens in another
row. A check that fails says `SealBroken` and never which check it was. Who may be sealed to stands in a roster
signed by people whom an offline root appointed (`roster`, `chain`, `keyring`), so whoever writes to the database cannot
add a reader. Nothing else in the house imports a cryptographic library.
"""
