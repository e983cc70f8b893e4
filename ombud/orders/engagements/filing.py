"""Putting down what is applied for, and whom it then waits for."""

from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.cases.models import Case
from ombud.lib import clock
from ombud.lib.errors import Misshapen
from ombud.orders.catalogue import FieldBody, Form
from ombud.orders.engagements.catalogue import Published
from ombud.orders.engagements.models import CIRCLES, Engagement
from ombud.orders.engagements.states import State
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.settings import said

COMPLETION_DAYS = timedelta(days=14)


def open_case(agent: Organisation, known: Published, typed: dict, *, by: Actor) -> Engagement:
    """The case of an application, which both parties see from the first moment."""
    service, chain, terms = known.service, known.chain, known.terms
    assert service and chain and terms and by.face
    operator = terms.organisation
    case = Case.objects.begin(Case.Kind.ENGAGEMENT, called(service.read.name), operator)
    case.is_held = True
    scope = f"service:{service.key}"
    case.admit(agent, "engagement", CIRCLES["engagement"], scope=scope)
    case.admit(operator, "operator", CIRCLES["operator"])
    return Engagement.objects.create(
        case=case,
        agent=agent,
        operator=operator,
        applicant=by.face,
        key=service.key,
        service=service,
        chain=chain,
        terms=terms,
        form=known.form,
        answers=typed["answers"],
        contact=typed["contact"],
    )


def called(names: dict[str, str]) -> dict[str, str]:
    """What the case is called in each language that the house speaks."""
    found = {}
    for language, _named in settings.LANGUAGES:
        with translation.override(language):
            title = _("Agent engagement: %(service)s") % {"service": said(names)}
            found[language] = title[:200]
    return found


def gaps(form: Form | None, typed: dict) -> list[dict]:
    """What the application still lacks, field by field."""
    contact, answers = typed["contact"], typed["answers"]
    found = []
    if not contact.get("name"):
        found.append(("contact.name", _("Name a contact person.")))
    if not (contact.get("email") or contact.get("phone")):
        found.append(("contact.email", _("Give an e-mail address or a phone number.")))
    fields: list[FieldBody] = form.read.fields if form else []
    for field in fields:
        if field.required and answers.get(field.name) in (None, "", False):
            text = _("Tick the box to go on.") if field.kind == "check" else _("Fill this in.")
            found.append((f"answers.{field.name}", text))
    names = {field.name for field in fields}
    unknown = [name for name in answers if name not in names]
    found += [(f"answers.{name}", _("This is not asked for.")) for name in unknown]
    return [{"field": field, "text": text} for field, text in found]


def require_whole(form: Form | None, typed: dict) -> None:
    if lacking := gaps(form, typed):
        raise Misshapen(lacking)


def correct(engagement: Engagement, typed: dict) -> None:
    engagement.answers, engagement.contact = typed["answers"], typed["contact"]
    engagement.save(update_fields=["answers", "contact"])


def await_step(engagement: Engagement) -> None:
    """From now on it waits for whoever decides the present step, whose days begin anew; each asked
    within the own organisation."""
    step = engagement.step
    assert step is not None
    engagement.case.wait_for(
        engagement.party(step.party),
        step.role,
        scope=engagement.scope_of(step),
        not_persons=engagement.barred_from(step),
        due_at=clock.now() + timedelta(days=step.due_days),
    )


def await_completion(engagement: Engagement) -> None:
    due_at = clock.now() + COMPLETION_DAYS
    engagement.case.wait_for(engagement.agent, Role.ENGAGEMENT_ORDERER, due_at=due_at)


def review(engagement: Engagement, *, by: Actor) -> None:
    """Found good by the operator; now the agent binds itself."""
    engagement.reviewed_at, engagement.reviewed_by = clock.now(), by.person
    engagement.save(update_fields=["reviewed_at", "reviewed_by"])
    engagement.become(State.AGENT_ATTEST)
    await_step(engagement)


def put_in_force(engagement: Engagement) -> None:
    engagement.become(State.ACTIVE)
    engagement.case.wait_no_more()


def stop(engagement: Engagement, *, by: Actor) -> None:
    engagement.ended_at, engagement.ended_by = clock.now(), by.organisation
    engagement.save(update_fields=["ended_at", "ended_by"])
    engagement.become(State.ENDED)
