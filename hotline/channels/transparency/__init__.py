"""What the house did in a quarter, in numbers, for everybody: a page, its drawings and tables, and the same as a file.

It stands among the channels because it is for people outside, and beside `web` because it is for none who report: no
page of theirs leads here, since its words would give away what theirs are for. Nobody signs in, no cookie is set, no
script runs. All that it shows was made ready in `triage.quarters` before anybody could ask, so a visit reads no report
and tells nothing that the last visit did not.
"""

from hotline.channels.transparency.views import transparency

__all__ = ["transparency"]
