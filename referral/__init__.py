"""Which service fits: a directory of who helps, and the choice among them.

The directory is kept as Human Services Data Specification (HSDS) 3.1 describes it and knows nothing of
reports: nothing here imports the hotline, and nothing that is asked here is written down.

`tables` holds the HSDS tables. A package (`package`: folder, zip, JSON; `lines`: CSV) is read whole by `arriving`, with
`documents` (JSON as rows), `older` (1.0 to 2.0 in the words of 3.1) and `outlying` (points that cannot be); `planning`
says what it would change (`load_report` in lines), `marking` that no mark falls, `load` does it, `provenance` knows who brought what, and
`export` hands all of it out. `directory` reads pages and
records, `api` answers them over HTTP (`answers` says how, `door` to whom, `described` in which words), `shortlist`
reads what `match` compares (`answering` and `marks` say what its terms mean, `synonyms` which need a word means),
`capacity` keeps what services say of their room and of today's hours, and `match` says which service fits
and why the others do not; a `shelf` lays services out for it. `numbers` finds whom a person may call by themselves.

By hand it is edited through `editing` (`parts` says what can be), checked through `verifying` and put back through
`putting_back`; `history` keeps each field before and after, `listing` and `viewing` show it to those who do, and `shut`
says what of its history is opened first.

Whoever writes to the directory ends with `revision.revise`: pages are reached by what is kept of its last state.

One invariant: where a confidential location lies leaves neither through `api` nor through `match`
(`withheld`; `telltale` knows a text that repeats it).
"""
