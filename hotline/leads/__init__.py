"""Leads: what investigators get to know, and nothing else of what a person told us.

A caseworker drafts a lead; `disclose` makes of it exactly what leaves, and refuses what must not; `publish`
lets it out on the ground of a standing consent or of a bystander's report, to the agencies that the ground
covers, and `recall` takes it back. Investigators read it with the tools they have: TAXII 2.1 (`taxii`), and feeds for
MISP, readers and spreadsheets and for closed networks (`feeds`; `recipes` has a text for each tool), each agency with
a token of its own and a collection of its own; or have it brought to them (`webhooks`).

* Whatever an agency can read stands in its own collection. There is no query whose mistake could show it
  another agency's leads.
* The id of a lead and every id in its objects is random. One row (`lead_sources`) says which report a lead
  came from; it never leaves, and exists so that a person who takes consent back has their leads recalled.
* What tells of the person fits at least k sources, together with all that was told of them before (`gating`,
  `crowds`); what few could know leaves only after the person was told so; nothing leaves in which nothing was done to
  anybody. The words say no name, number or rare word of the sealed identity (`checking`).
* Nobody writes to us over TAXII.
* A lead waits for a random time before it leaves, and everything is asked again then (`waiting`). A later version takes
  the place of the former (`revising`); of a recall, each agency that knew the lead says that it followed (`notices`).
* Who reads what is written down before the answer leaves (`fetching`).
"""
