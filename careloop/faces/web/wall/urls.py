"""Addresses of the wall, within a workspace and, for whoever looks after several, above them."""

from django.urls import URLPattern, URLResolver, include, path

from careloop.faces.web.wall import stream
from careloop.faces.web.wall.views import alarms, boards, operation, thresholds

_wall: list[URLPattern | URLResolver] = [
    path("", boards.wall, name="wall"),
    path("screen", boards.wall_screen, name="wall_screen"),
    path("figures", boards.wall_figures, name="wall_figures"),
    path("live", stream.wall_live, name="wall_live"),
    path("alarms", alarms.alarm_list, name="wall_alarms"),
    path("alarms/<int:alarm_id>/acknowledgment", alarms.acknowledgment, name="wall_acknowledgment"),
    path("thresholds", thresholds.threshold_list, name="wall_thresholds"),
    path("thresholds/<int:threshold_id>", thresholds.threshold_form, name="wall_threshold"),
    path("thresholds/<int:threshold_id>/removal", thresholds.threshold_removal, name="wall_threshold_removal"),
    path("targets", thresholds.targets, name="wall_targets"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("w/<slug:workspace>/wall/", include(_wall)),
    path("wall/", operation.walls, name="walls"),
    path("wall/figures", operation.walls_figures, name="walls_figures"),
    path("wall/live", stream.walls_live, name="walls_live"),
]
