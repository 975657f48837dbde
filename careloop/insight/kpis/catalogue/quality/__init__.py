"""Quality assurance (metrics.md §2.G)."""

from careloop.insight.kpis.catalogue.quality import (
    acceptance,
    agreement,
    alignment,
    coverage,
    disputes,
    errors,
    feedback,
    scores,
)

__all__ = ["METRICS"]

METRICS = (
    scores.QA_SCORE,
    scores.QA_PASS_RATE,
    errors.CRITICAL_ERROR_RATE,
    errors.NONCRITICAL_ERROR_RATE,
    coverage.QA_COVERAGE,
    agreement.EVALUATOR_AGREEMENT,
    agreement.EVALUATOR_BIAS,
    disputes.DISPUTE_RATE,
    disputes.OVERTURN_RATE,
    feedback.FEEDBACK_LOOP,
    feedback.FEEDBACK_TIME,
    feedback.REOFFENCE_RATE,
    alignment.QA_CSAT_ALIGNMENT,
    acceptance.STANDARD_ACCEPTANCE,
)
