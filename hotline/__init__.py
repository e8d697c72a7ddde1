"""A line for people who are trafficked, and for those who saw something.

The rooms, in the order in which a report walks through them; a room may import
those below it, never those beside or above::

    cli                     commands
    operate                 benchmarks and drills
    demo                    the demo's cast, its phone, the loopback provider
    worker                  job name -> a room's function
    factory                 the parts wired into one Flask application
    channels | console      how it arrives; the caseworker's desk
    pages                   the headers that every page leaves with
    parts                   every part, chosen once at start-up
    triage | custody | proofreading
    intake | leads | handoff
    contact | retention     reaching them again; what ends when
    consent                 who may learn what, until when
    anonymize | assess | dialogue | vault | referral
    reports | messages | prompts | audit | jobs | scanning
    statements              those of the way in, made ready once
    store                   transactions
    i18n | config | logs | lexicon | law
    catalogs                what is translated, and what is not
    locales | pofiles | reviews | drawing | domain
    errors
"""
