"""Addresses of tasks: in a case, of the list of those who are asked, and of one task."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.tasks.views import asking, doing, exports

_task: list[URLPattern | URLResolver] = [
    path("", doing.task, name="task"),
    path("/acceptance", doing.task_acceptance, name="task_acceptance"),
    path("/answer", doing.task_answer, name="task_answer"),
    path("/refusal", doing.task_refusal, name="task_refusal"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/cases/<int:number>/tasks", asking.case_tasks, name="case_tasks"),
    path("w/<slug:workspace>/cases/<int:number>/tasks/new", asking.case_task_new, name="case_task_new"),
    path(
        "w/<slug:workspace>/cases/<int:number>/tasks/<int:task_id>/withdrawal",
        asking.case_task_withdrawal,
        name="case_task_withdrawal",
    ),
    path("w/<slug:workspace>/tasks", doing.task_list, name="task_list"),
    path("w/<slug:workspace>/tasks.csv", exports.task_export, name="task_export"),
    path("w/<slug:workspace>/tasks/<int:task_id>", include(_task)),
]
