"""Knowledge and procedures (metrics.md §1.3)."""

from careloop.insight.facts.tables.schema import (
    Table,
    choice,
    code,
    count,
    flag,
    ident,
    idents,
    instant,
    maybe,
    number,
    seconds,
)
from careloop.insight.facts.tables.vocabulary import LinkKind, UserKind

__all__ = ["TABLES"]

SECTION = "1.3"

KNOWLEDGE_SEARCH = Table(
    name="knowledge_search",
    meaning="One query of somebody looking for an answer.",
    section=SECTION,
    key=("session_id", "reformulation_no"),
    instant="at",
    columns=(
        ident("session_id", "The search it is part of."),
        choice("user_kind", UserKind, "Who looked."),
        maybe(ident("agent_id", "The agent, where user_kind is agent.")),
        instant("at", "When."),
        ident("query_hash", "Keyed hash of the normalized words."),
        count("results_n", "How many results."),
        maybe(ident("opened_article_id", "What was opened.")),
        maybe(instant("opened_at", "When.")),
        maybe(seconds("dwell_s", "How long it stayed open.")),
        count("reformulation_no", "0 for the first query of the session."),
        maybe(instant("session_ended_at", "When the search ended.")),
        maybe(ident("linked_case_id", "The case the article was linked to.")),
        maybe(ident("linked_article_id", "Which article was linked.")),
        maybe(flag("rated_useful", "The reader said it helped.")),
        flag("has_solving_intent", "Looking for an answer, not browsing or editing.", default=True),
    ),
)

ARTICLE = Table(
    name="article",
    meaning="One version of an article.",
    section=SECTION,
    key=("article_id", "version"),
    instant=None,
    columns=(
        ident("article_id", "The article."),
        count("version", "Which version."),
        code("state", "Such as draft, published, retired."),
        code("audience", "Who may read it."),
        maybe(instant("published_at", "When.")),
        maybe(instant("review_due_at", "When it should be read again by its owner.")),
        maybe(ident("owner", "Whose it is.")),
        flag("is_flagged_wrong", "Somebody said it is wrong and nobody has answered.", default=False),
        maybe(count("changed_characters", "How much this version changed.")),
    ),
)

ARTICLE_LINK = Table(
    name="article_link",
    meaning="An article used for a case.",
    section=SECTION,
    key=("case_id", "article_id", "kind"),
    instant="linked_at",
    columns=(
        ident("case_id", "The case."),
        ident("article_id", "The article."),
        choice("kind", LinkKind, "How it was used."),
        instant("linked_at", "When."),
        maybe(ident("agent_id", "By whom.")),
        maybe(flag("correct", "An audit found the link right or wrong.")),
    ),
)

ARTICLE_VOTE = Table(
    name="article_vote",
    meaning="A reader said whether an article helped.",
    section=SECTION,
    key=("vote_id",),
    instant="at",
    columns=(
        ident("vote_id", "Names the vote."),
        ident("article_id", "The article."),
        choice("user_kind", UserKind, "Who voted."),
        instant("at", "When."),
        flag("is_helpful", "It helped."),
        flag("is_author", "The author voted; that counts for nothing.", default=False),
    ),
)

ARTICLE_VIEW = Table(
    name="article_view",
    meaning="An article was read.",
    section=SECTION,
    key=("view_id",),
    instant="at",
    columns=(
        ident("view_id", "Names the view."),
        ident("article_id", "The article."),
        choice("user_kind", UserKind, "Who read."),
        instant("at", "When."),
    ),
)

PROCEDURE_VERSION = Table(
    name="procedure_version",
    meaning="One version of a rule of how to serve.",
    section=SECTION,
    key=("procedure_id", "version"),
    instant=None,
    columns=(
        ident("procedure_id", "The procedure."),
        count("version", "Which version."),
        instant("effective_at", "From when it holds."),
        idents("audience_roles", "Roles that have to know it."),
    ),
)

PROCEDURE_ACK = Table(
    name="procedure_ack",
    meaning="Whether a person who has to know a procedure has read it.",
    section=SECTION,
    key=("agent_id", "procedure_id", "version"),
    instant=None,
    columns=(
        ident("agent_id", "The person."),
        ident("procedure_id", "The procedure."),
        count("version", "Which version."),
        instant("required_by", "Until when; later for who was away."),
        maybe(instant("opened_at", "When it was opened.")),
        maybe(seconds("read_s", "How long it was read.")),
        maybe(instant("acked_at", "When it was confirmed.")),
    ),
)

PROCEDURE_USE = Table(
    name="procedure_use",
    meaning="A procedure applied to a contact or case.",
    section=SECTION,
    key=("use_id",),
    instant="at",
    columns=(
        ident("use_id", "Names the use."),
        ident("procedure_id", "The procedure."),
        count("version", "Which version."),
        instant("at", "When."),
        maybe(ident("agent_id", "By whom.")),
        maybe(ident("contact_id", "In which contact.")),
        maybe(ident("case_id", "In which case.")),
    ),
)

QUIZ_ATTEMPT = Table(
    name="quiz_attempt",
    meaning="A person showed, or did not, that a procedure was understood.",
    section=SECTION,
    key=("agent_id", "procedure_id", "version", "attempt_no"),
    instant="started_at",
    columns=(
        ident("agent_id", "The person."),
        ident("procedure_id", "The procedure."),
        count("version", "Which version."),
        count("attempt_no", "From 1."),
        number("score", "Points earned, as a share of all."),
        flag("passed", "At or above the pass mark."),
        instant("started_at", "From."),
        instant("ended_at", "Until."),
        flag("is_retention", "Asked again after a while.", default=False),
    ),
)

PROCEDURE_ISSUE = Table(
    name="procedure_issue",
    meaning="Staff say that a procedure does not fit.",
    section=SECTION,
    key=("issue_id",),
    instant="raised_at",
    columns=(
        ident("issue_id", "Names the issue."),
        ident("procedure_id", "The procedure."),
        maybe(ident("raised_by", "Who.")),
        instant("raised_at", "When."),
        maybe(instant("answered_at", "When it was answered.")),
        maybe(code("outcome", "Such as accepted, refused, known.")),
        maybe(instant("implemented_at", "When the procedure was changed.")),
    ),
)

SUGGESTION = Table(
    name="suggestion",
    meaning="Staff propose something better.",
    section=SECTION,
    key=("suggestion_id",),
    instant="raised_at",
    columns=(
        ident("suggestion_id", "Names the suggestion."),
        maybe(ident("raised_by", "Who.")),
        instant("raised_at", "When."),
        maybe(instant("answered_at", "When it was decided.")),
        maybe(code("outcome", "Such as adopted, refused.")),
        maybe(instant("implemented_at", "When it was done.")),
    ),
)

TABLES = (
    KNOWLEDGE_SEARCH,
    ARTICLE,
    ARTICLE_LINK,
    ARTICLE_VOTE,
    ARTICLE_VIEW,
    PROCEDURE_VERSION,
    PROCEDURE_ACK,
    PROCEDURE_USE,
    QUIZ_ATTEMPT,
    PROCEDURE_ISSUE,
    SUGGESTION,
)
