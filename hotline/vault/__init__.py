"""WHO, SEALED: what identifies a person, so that it opens only for whom it was sealed.

The web process holds public keys only: it can seal, and cannot open. What opens is held by people: a
caseworker's passphrase and one-time code, a reporter's return code, the offline recovery key.

One record format and one wrap format carry everything (`envelope`) but the content of files (`stream`)::

    record  "HLV1" | suite 1 | commitment (32) | nonce (12) | AES-256-GCM(length | text | zeros to a bucket)
    wrap    "HLW1" | suite 1 | key id (8) | HPKE(32-byte secret)   ML-KEM-768 + X25519, HKDF-SHA256, AES-256-GCM

Both are bound to their *place* (what for, desk, birth report id, field, version), so nothing opens in another
row. A check that fails says `SealBroken` and never which check it was. Who may be sealed to stands in a roster
signed by people whom an offline root appointed (`roster`, `chain`, `keyring`), so whoever writes to the database cannot
add a reader. Nothing else in the house imports a cryptographic library.

Its modules, by what they are for:

* **Seals**: `keys`, `envelope`, `stream` (files), `letters` (to one key), `halves` (four eyes), `argon`, `signatures`;
  `tables`.
* **Who may be sealed to**: `roster`, `depths`, `chain`, `pin`, `keyring`; `keyfolder`, `keyfiles`, `locks`, `logkey`.
* **Masking by hand**: `marks` (what people decided), `graphemes`, `masking` (an account with it in force), `reviewed` (the one
  place where accounts are opened), `remasking` (made permanent).
* **Sealing**: `contents` (what is said), `sealing`, `attachments`, `pouring` (large ones, kept while they come in),
  `unfinished`, `spare` (room for them), `digests`, `words` (of the log), `relay`, `seen`.
* **Reporters**: `codes`, `codes_in_text`, `attest`, `reporters`, `threads`.
* **A member's keys**: `totp`, `strength`, `member`, `epochs`, `opening`, `opening_files`.
* **Looking at who someone is**: `revealing`, `emergency`; with four eyes `requests`, made of `asked`, `granting`, `granted`.
* **Changing who may read**: `offline` and `papers` (`papers_print`), `change`, `ceremony`, `handing`, `renewing`, `house`,
  `appointing` (the root's acts).
* **Coming in**: `tries`, `seats` (at the door), `sessions`, `devices`, `recovery` (codes of who lost their
  authenticator), `staff`, `own`, `people`, `candidates` and `joining`; `sweeping` deletes what ended of it.
* **Ending**: `shelves` (where wraps lie), `erasing`, `erasedlist`.
"""
