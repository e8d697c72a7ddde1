"""Which service fits: a directory of who helps, and the choice among them.

The directory is kept as Human Services Data Specification (HSDS) 3.1 describes it and knows nothing of
reports: nothing here imports the hotline, and nothing that is asked here is written down.

`tables` holds the HSDS tables, `load` imports a tabular HSDS package, `directory` reads pages and records,
`api` answers them over HTTP, `shortlist` reads what `match` compares, and `match` says which service fits
and why the others do not.

One invariant: where a confidential location lies leaves neither through `api` nor through `match`
(`withheld`).
"""
