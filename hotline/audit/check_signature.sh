#!/bin/sh
# Check who signed a checkpoint, with nothing but openssl: check_signature.sh CHECKPOINT KEY
# CHECKPOINT is the file that you kept, KEY holds the text of https://…/log/key, that you kept from before.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed '/^$/,$d' "$1" > "$folder/said"
sed -n 's/^— [^ ]* //p' "$1" | head -n 1 | base64 -d | tail -c 64 > "$folder/signature"
# Ed25519's name in ASN.1, and behind it the 32 bytes of the key.
printf '\060\052\060\005\006\003\053\145\160\003\041\000' > "$folder/key"
sed 's/^[^+]*+[^+]*+//' "$2" | base64 -d | tail -c 32 >> "$folder/key"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$folder/key" -rawin -in "$folder/said" \
  -sigfile "$folder/signature"
