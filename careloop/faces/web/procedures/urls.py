"""Addresses of procedures: in a case, of what waits for approval, and of the designer."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.procedures.views import approvals, designing, doing

_case: list[URLPattern | URLResolver] = [
    path("", doing.case_procedures, name="case_procedures"),
    path("/begun", doing.case_procedure_begin, name="case_procedure_begin"),
    path("/<int:run_id>/skip", doing.case_procedure_skip, name="case_procedure_skip"),
    path("/<int:run_id>/steps/<slug:step>/check", doing.step_check, name="step_check"),
    path("/<int:run_id>/steps/<slug:step>/check/end", doing.step_check_end, name="step_check_end"),
    path("/<int:run_id>/steps/<slug:step>/confirmation", doing.step_confirmation, name="step_confirmation"),
    path("/<int:run_id>/steps/<slug:step>/answers", doing.step_answers, name="step_answers"),
    path("/<int:run_id>/steps/<slug:step>/request", doing.step_request, name="step_request"),
    path("/<int:run_id>/steps/<slug:step>/approval", doing.step_approval, name="step_approval"),
    path("/<int:run_id>/steps/<slug:step>/refusal", doing.step_refusal, name="step_refusal"),
]

_admin: list[URLPattern | URLResolver] = [
    path("", designing.procedure_list, name="admin_procedures"),
    path("new", designing.procedure_new, name="admin_procedure_new"),
    path("<int:procedure_id>", designing.procedure_form, name="admin_procedure"),
    path("<int:procedure_id>/retirement", designing.procedure_retirement, name="admin_procedure_retirement"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/cases/<int:number>/procedures", include(_case)),
    path("w/<slug:workspace>/approvals", approvals.approval_list, name="approval_list"),
    path("w/<slug:workspace>/approvals/absence", approvals.absence, name="absence"),
    path("w/<slug:workspace>/approvals/absence/end", approvals.absence_end, name="absence_end"),
    path("w/<slug:workspace>/admin/procedures/", include(_admin)),
]
