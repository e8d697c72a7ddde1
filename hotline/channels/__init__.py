"""How a report arrives and how we answer: a complete folder for each channel, and one for each provider.

A *channel* (`sms`, `voice`, `web`) is what a person uses. A *provider* (`twilio`) carries texts and calls between
phones and us, and no other room imports its library. Another provider is one more folder beside it; what is asked of
it stands here.

**Receive.** Its webhooks become one `hotline.domain.report.IncomingMessage` each and go to
`hotline.intake.Reception.receive`; its list (`list_messages`) becomes the same messages, for webhooks get lost.
Before a webhook is believed: it is signed, over our configured origin and never a name that the request brings; it
is about our account; it is no larger than the provider's largest. After that nothing makes us refuse a person: a
sender may be a number, a name, an id or blank, a text of any length, empty, or packed. *provider_id* is what the
provider calls the text, the same in every delivery; *sender* and *line* stay as it wrote them. Words that it acts
on itself (STOP, START, HELP) are told in *opted*, and where it answered, *wants_answer* is false. Whatever else
comes along (the phone's town, a profile's name) ends at this edge.

**Answer.** The receipt's texts go back in the webhook's own answer, which needs no number. The same text delivered
again gets the same bytes. What is not kept is answered so that the provider comes again (503), and nothing is ever
answered by a redirect. Where it has a second address for what the first did not take, that one does the same.

**Send.** A class that is a `hotline.contact.carrier.Carrier`. `send` hands over one text from the line that the
person wrote to and returns the provider's id; *valid_for* is passed on, so that nothing is delivered late. It is not
repeated inside. What goes wrong becomes one sentence of that module: `CarrierRefused` (never: the number),
`ContentRefused` (this text), `ReporterOptedOut` (they closed the line), `CarrierBlocked` (taken for a fraud),
`CarrierBusy` (not taken, later perhaps), `CarrierMisconfigured` (an operator's to mend), `CarrierUnsure` (it may have
been taken). For the last one there is `find_sent`: by number and exact words, since most providers have nothing else
to know a repeated request by. `price_of` tells what a text cost, once that is known.

**What became of it.** News comes to an address that ends in our *ref*, in any order, twice or never. The folder
translates the provider's words into those of `hotline.contact.fate`: accepted, scheduled, queued, sending, sent,
canceled, failed, undelivered, delivered, read. They have ranks and only rise; another word changes nothing. News of
what we do not know is answered like any other (204).

**Be called.** Each webhook of a call becomes one `hotline.intake.call_settings.Call` and one
`hotline.dialogue.calls.turns.Heard`, and goes to `hotline.intake.calls.Calls.answer`; what comes back is a
`hotline.dialogue.calls.document.Document`, written in the provider's own form. A number that is withheld is an empty
sender, in whichever words or digits the provider says so; in a call of ours the person is who was called. Keys are
taken from the first word on, and every key is one, # and * too; held down or wrong, they are heard as they came. Words
are passed on as they were understood, censored by nobody and written down by no third party; noise is silence. Silence
is an answer, and is told; who hung up was not silent. An address for the next step holds an opaque id and never a key,
a number or a report. A talk is never recorded; a message is, after consent, and only for us. Every document is checked
by the provider's own rules, in tests.

**Never break off.** A fault of ours is answered by a document like everything else: first the work is done again while
the provider waits, with the keys in our hands; then the call comes back to the same question, twice at most; then it
ends with a sentence in the caller's language. No call hears the provider's own error. In a call that we placed,
nothing is said that would tell whose it is.

**Call.** `call` rings a phone from one of our lines, and what is said there is asked for at an address that ends in
our *ref*; where a machine may answer it is told apart first, and hears nothing. `find_calls` knows a repeated request
by its number and time, `hang_up` ends what rings for nobody. Whoever waits for a person waits in a queue that is named
by a *ref*, hears calm words in their own language, and leaves it with any key.

**Be told.** When a call is over, `hotline.intake.calls.Calls.ended` forgets where it stood. A recording is told of
before the caller's next step, after it, twice or never: `hotline.contact.recordings.recorded` asks for it once, and
`fetch_recording` brings it in pieces, with authentication. News of what we do not know is answered like any other.

**Limits.** A text of ours has at most 1,600 characters, an answer five texts and 64 KiB; a webhook has at most 64
KiB. `hotline.messages.weight` tells what a text weighs in parts. A text of a person has no limit but that, and is
kept whole. Pictures come by `fetch_media`, in pieces, with authentication, from the provider's own hosts alone; how
many and how large `hotline.contact.pictures` decides. A document for a call has at most 64 KiB, one piece of speech
4,096 characters; of one answer in a call 40 keys and 2,000 characters of speech are heard.

**Erase.** `erase` takes away, there, each of: the words of a text alone (``text``), a text with all that belongs to
it (``message``), one of its files (``media``), a ``recording``, a ``call``. True means gone, also when it was gone
before; False, not yet: it is asked again. `list_held` names everything of ours that is still there, so that an empty
list proves it. A provider that cannot list or cannot erase is no provider for us.

**Never** in a log, an error, an address, a job or a table in the clear: a number, a word of a text, a name, a code,
and beside a report the provider's id. Libraries log addresses and quote numbers in their errors: their loggers are
silenced in the folder, their errors end there (`from None`), and what they keep of the last request is dropped.
"""
