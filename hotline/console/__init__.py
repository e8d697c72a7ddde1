"""The caseworker's desk: pages for staff, whole without a script, by keyboard, in their own language.

Every page but the sign-in asks who is there before anything else: the guard stands on the blueprints
(`rooms.room`), so a new route cannot forget it. Views read the request, call one function and answer.
Nothing that identifies anybody stands in an address or a title; an address holds random ids only.
"""

from hotline.console.account import account
from hotline.console.acts import acts, notes
from hotline.console.admitting import admitting
from hotline.console.agencies import agencies
from hotline.console.alerts import alerts
from hotline.console.answering_agencies import answering_agencies
from hotline.console.approvals import approvals
from hotline.console.asking_providers import asking_providers
from hotline.console.assigned import assigned
from hotline.console.auditing import auditing
from hotline.console.calling_back import calling_back
from hotline.console.capacity_links import capacity_links
from hotline.console.charts import charts
from hotline.console.children import children
from hotline.console.choosing import choosing
from hotline.console.closed import closed
from hotline.console.closing import closing
from hotline.console.complaints import complaints
from hotline.console.consenting import consenting
from hotline.console.custody import custody
from hotline.console.deciding import deciding
from hotline.console.directory import services
from hotline.console.directory_editing import keeping
from hotline.console.dismissing import dismissing
from hotline.console.door import door
from hotline.console.duties import duties
from hotline.console.excluding import excluding
from hotline.console.exporting import exporting
from hotline.console.fetched import fetched
from hotline.console.following_offers import following_offers
from hotline.console.given import given
from hotline.console.habits import habits
from hotline.console.holding import holding
from hotline.console.interpreting import interpreting
from hotline.console.joining import joining
from hotline.console.judging import judging
from hotline.console.keys import keys
from hotline.console.languages import languages
from hotline.console.lead_links import lead_links
from hotline.console.leading import leading
from hotline.console.legal import legal
from hotline.console.listening import listening
from hotline.console.looking import looking
from hotline.console.merging import merging
from hotline.console.on_call import on_call
from hotline.console.overview import workload
from hotline.console.paged import pages
from hotline.console.prompts import prompts
from hotline.console.proofreading import proofreading
from hotline.console.providers import providers
from hotline.console.quarantine import quarantine, sorting
from hotline.console.queue import queue
from hotline.console.recalls import recalls
from hotline.console.recipes import recipes
from hotline.console.referring import referring
from hotline.console.released import released
from hotline.console.released_leads import released_leads
from hotline.console.replying import replying
from hotline.console.report import report
from hotline.console.restricting import restricting
from hotline.console.retaining import retaining
from hotline.console.revealing import revealing
from hotline.console.reviewing import reviewing
from hotline.console.rota import rota
from hotline.console.sampling import feedback, sampling
from hotline.console.searching import searching
from hotline.console.settings import settings
from hotline.console.sharing import sharing
from hotline.console.spans import spans
from hotline.console.speaking import speaking
from hotline.console.staffing import staffing
from hotline.console.state import state
from hotline.console.subscriptions import subscriptions
from hotline.console.tagging import listing, tagging
from hotline.console.taking import taking
from hotline.console.taking_over import taking_over
from hotline.console.tasking import tasking
from hotline.console.timeline import timeline
from hotline.console.tokens import tokens
from hotline.console.tying import tying
from hotline.console.urgent import urgent

blueprints = (
    door,
    habits,
    settings,
    queue,
    state,
    choosing,
    searching,
    quarantine,
    sorting,
    dismissing,
    report,
    acts,
    notes,
    closing,
    closed,
    tasking,
    tagging,
    listing,
    tying,
    sharing,
    merging,
    judging,
    timeline,
    replying,
    interpreting,
    assigned,
    calling_back,
    on_call,
    rota,
    pages,
    revealing,
    urgent,
    listening,
    looking,
    reviewing,
    spans,
    alerts,
    approvals,
    given,
    taking,
    taking_over,
    consenting,
    excluding,
    deciding,
    leading,
    released_leads,
    lead_links,
    answering_agencies,
    referring,
    capacity_links,
    asking_providers,
    following_offers,
    auditing,
    custody,
    legal,
    duties,
    children,
    restricting,
    retaining,
    holding,
    prompts,
    joining,
    account,
    speaking,
    staffing,
    keys,
    released,
    recalls,
    subscriptions,
    tokens,
    recipes,
    fetched,
    agencies,
    admitting,
    charts,
    complaints,
    exporting,
    workload,
    sampling,
    feedback,
    languages,
    proofreading,
    providers,
    services,
    keeping,
)

__all__ = ["blueprints"]
