"""Knowledge and procedures (metrics.md §2.H)."""

from careloop.insight.kpis.catalogue.guidance import (
    adherence,
    articles,
    containment,
    freshness,
    issues,
    learning,
    searching,
    self_service,
    suggestions,
)

__all__ = ["METRICS"]

METRICS = (
    searching.KNOWLEDGE_FINDABILITY,
    searching.TIME_TO_FIND,
    searching.ZERO_RESULT_RATE,
    searching.NO_CLICK_RATE,
    articles.LINK_RATE,
    articles.ARTICLE_HELPFULNESS,
    articles.VOTING_SHARE,
    freshness.ARTICLE_FRESHNESS,
    freshness.FRESH_ARTICLE_SHARE,
    self_service.SELF_SERVICE_RESOLUTION,
    self_service.SELF_SERVICE_DEFLECTION,
    containment.CONTAINMENT_RATE,
    containment.FALSE_CONTAINMENT,
    learning.PROCEDURE_ACK,
    learning.COMPREHENSION_RATE,
    learning.RETENTION_QUIZ_RATE,
    adherence.PROCEDURE_ADHERENCE,
    adherence.DEVIATION_CAUSE_SHARE,
    issues.PROCEDURE_ISSUE_RATE,
    issues.PROCEDURE_ISSUE_TIME,
    issues.PROCEDURE_ISSUES_ACCEPTED,
    issues.PROCEDURE_ISSUES_OPEN_AGE,
    suggestions.SUGGESTION_PARTICIPATION,
    suggestions.SUGGESTION_ADOPTION,
    suggestions.SUGGESTION_TIME,
)
