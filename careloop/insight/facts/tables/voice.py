"""The voice of the customer and the quality of answers (metrics.md §1.3)."""

from careloop.insight.facts.tables.schema import (
    Table,
    choice,
    code,
    count,
    flag,
    ident,
    instant,
    maybe,
    number,
    share,
)
from careloop.insight.facts.tables.vocabulary import (
    Channel,
    DeviationCause,
    EvaluationSample,
    NoticeArm,
    SurveySelection,
)

__all__ = ["TABLES"]

SECTION = "1.3"

SURVEY_INVITE = Table(
    name="survey_invite",
    meaning="A customer was, or was not, asked for an opinion.",
    section=SECTION,
    key=("invite_id",),
    instant="decided_at",
    columns=(
        ident("invite_id", "Names the decision to ask."),
        code("programme", "Which survey."),
        ident("customer_id", "Who; a pseudonym."),
        maybe(ident("contact_id", "About which contact.")),
        maybe(ident("case_id", "About which case.")),
        maybe(ident("agent_id", "Who served.")),
        flag("eligible", "The rules of the programme admit it."),
        choice("selected_by", SurveySelection, "How it came to be asked."),
        maybe(share("inclusion_prob", "Chance of being drawn, above 0; null where nothing was drawn.")),
        instant("decided_at", "When it was decided."),
        maybe(instant("sent_at", "When it was sent.")),
        maybe(flag("delivered", "It arrived.")),
        maybe(instant("opened_at", "When it was opened.")),
        maybe(instant("started_at", "When the first answer was given.")),
        maybe(instant("completed_at", "When the last was.")),
        maybe(code("suppressed_reason", "Why a drawn customer was not asked.")),
        flag("is_transactional", "About one contact, as against the relation.", default=True),
        maybe(flag("consented_to_contact", "The customer agreed to be contacted about the answer.")),
    ),
)

SURVEY_ANSWER = Table(
    name="survey_answer",
    meaning="One answer to one question.",
    section=SECTION,
    key=("invite_id", "question_key"),
    instant="answered_at",
    columns=(
        ident("invite_id", "The invitation."),
        code("question_key", "Which question, such as csat, nps, ces, agent_csat, solved, first_time."),
        code("wording_id", "Which wording of it."),
        number("scale_min", "Lowest value offered."),
        number("scale_max", "Highest value offered."),
        number("value", "The answer; yes is 1 and no is 0."),
        instant("answered_at", "When."),
    ),
)

FOLLOW_UP = Table(
    name="follow_up",
    meaning="Somebody got back to a customer who gave a low score.",
    section=SECTION,
    key=("invite_id",),
    instant="at",
    columns=(
        ident("invite_id", "The answered invitation."),
        instant("at", "When."),
        maybe(ident("contact_id", "The outbound contact; without it nobody got back to anybody.")),
        maybe(code("outcome", "What came of it.")),
        maybe(ident("agent_id", "Who did.")),
    ),
)

EVALUATION = Table(
    name="evaluation",
    meaning="A contact judged against a form.",
    section=SECTION,
    key=("evaluation_id",),
    instant="evaluated_at",
    columns=(
        ident("evaluation_id", "Names the evaluation."),
        ident("contact_id", "The contact."),
        maybe(ident("segment_id", "The leg that was judged.")),
        ident("agent_id", "Whose work."),
        ident("evaluator_id", "Who judged."),
        ident("form_id", "By which form."),
        code("form_version", "Which version of it."),
        choice("sample_kind", EvaluationSample, "How the contact was chosen."),
        maybe(code("stratum", "From which stratum it was drawn.")),
        maybe(share("inclusion_prob", "Chance of being drawn; needed for random and risk.")),
        flag("blind", "The evaluator did not see other scores.", default=False),
        instant("evaluated_at", "When."),
        maybe(instant("published_at", "When the agent could see it.")),
        maybe(instant("acknowledged_at", "When the agent confirmed having read it.")),
        number("points", "Earned."),
        number("max_points", "Possible among what applied."),
        flag("passed", "At or above the pass mark of the form's version."),
        flag("critical_customer", "An error that harms the customer."),
        flag("critical_business", "An error that harms the business."),
        flag("critical_compliance", "An error against law or rule."),
        flag("is_automatic", "A machine judged.", default=False),
    ),
)

EVALUATION_ITEM = Table(
    name="evaluation_item",
    meaning="One line of an evaluation.",
    section=SECTION,
    key=("evaluation_id", "item_id"),
    instant=None,
    columns=(
        ident("evaluation_id", "The evaluation."),
        ident("item_id", "The line of the form."),
        flag("applicable", "It applied to this contact."),
        maybe(flag("met", "It was met.")),
        maybe(code("severity", "How grave a miss is; critical ones begin with critical.")),
        maybe(number("points", "Earned.")),
        maybe(number("max_points", "Possible.")),
        maybe(ident("procedure_id", "The procedure that asks for it.")),
        maybe(choice("deviation_cause", DeviationCause, "Why it was missed.")),
        maybe(ident("procedure_issue_id", "The issue raised, where the procedure is unfit.")),
    ),
)

DISPUTE = Table(
    name="dispute",
    meaning="An agent disagrees with an evaluation.",
    section=SECTION,
    key=("evaluation_id", "raised_at"),
    instant="raised_at",
    columns=(
        ident("evaluation_id", "The evaluation."),
        instant("raised_at", "When."),
        maybe(instant("decided_at", "When it was decided.")),
        maybe(flag("changed", "The evaluation was changed.")),
    ),
)

MYSTERY_ITEM = Table(
    name="mystery_item",
    meaning="One line of a mystery visit.",
    section=SECTION,
    key=("visit_id", "item"),
    instant="visited_at",
    columns=(
        ident("visit_id", "The visit."),
        instant("visited_at", "When."),
        maybe(ident("contact_id", "The contact it was.")),
        code("stage", "Before, during or after."),
        code("item", "What was looked for."),
        flag("applicable", "It applied."),
        maybe(flag("met", "It was fulfilled.")),
    ),
)

SELF_SERVICE_SESSION = Table(
    name="self_service_session",
    meaning="A customer tried alone.",
    section=SECTION,
    key=("session_id",),
    instant="started_at",
    columns=(
        ident("session_id", "Names the session."),
        maybe(ident("customer_id", "Who; a pseudonym.")),
        choice("channel", Channel, "Where."),
        maybe(code("intent", "What for; null without a wish for service.")),
        instant("started_at", "From."),
        instant("ended_at", "Until."),
        maybe(flag("task_done", "What the customer came for happened.")),
        maybe(flag("confirmed_solved", "The customer said so.")),
        flag("entered_contact_flow", "The way to a human was begun.", default=False),
        maybe(ident("escalated_contact_id", "The contact it led to.")),
        flag("is_automated_dialog", "A bot or voice menu, as against pages.", default=False),
    ),
)

NOTICE_RECIPIENT = Table(
    name="notice_recipient",
    meaning="A customer affected by something, told of it or held out.",
    section=SECTION,
    key=("campaign_id", "customer_id"),
    instant="assigned_at",
    columns=(
        ident("campaign_id", "The campaign."),
        ident("customer_id", "Who; a pseudonym."),
        instant("assigned_at", "When it was drawn who is told."),
        choice("arm", NoticeArm, "Told or held out."),
        maybe(instant("delivered_at", "When the notice arrived.")),
        code("issue_reason_group", "The reason for which contacts are expected."),
        maybe(count("affected_count", "Customers known to be affected, where the list is shorter.")),
    ),
)

JOURNEY = Table(
    name="journey",
    meaning="A customer on the way to a goal.",
    section=SECTION,
    key=("journey_id",),
    instant="started_at",
    columns=(
        ident("journey_id", "Names the journey."),
        maybe(ident("customer_id", "Who; a pseudonym.")),
        code("kind", "Which journey."),
        code("definition_version", "By which definition it started."),
        instant("started_at", "From."),
        maybe(code("last_step", "How far it came.")),
        maybe(instant("goal_reached_at", "When the goal was reached.")),
        flag("is_rescued", "Only with help of a human.", default=False),
    ),
)

TABLES = (
    SURVEY_INVITE,
    SURVEY_ANSWER,
    FOLLOW_UP,
    EVALUATION,
    EVALUATION_ITEM,
    DISPUTE,
    MYSTERY_ITEM,
    SELF_SERVICE_SESSION,
    NOTICE_RECIPIENT,
    JOURNEY,
)
