from django.db import models

from careloop.kernel.models import TenantModel

__all__ = ["Calendar", "Day"]


class Calendar(TenantModel):
    """The hours of one service."""

    name = models.CharField(max_length=80)
    zone = models.CharField(max_length=60)
    # Seven lists from Monday on, each of pairs such as ["09:00", "18:00"].
    weekly = models.JSONField()
    # Whose national holidays it keeps, such as "KR"; empty: nobody's.
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "name"], condition=models.Q(is_active=True), name="calendars_name_once"
            ),
            models.UniqueConstraint(
                fields=["workspace_id"], condition=models.Q(is_default=True), name="calendars_one_default"
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=True) | models.Q(is_default=False), name="calendars_default_is_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Day(TenantModel):
    """A date with hours of its own, which count instead of the week's and of any holiday."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="+", db_index=False)
    date = models.DateField()
    name = models.CharField(max_length=80)
    spans = models.JSONField(default=list)
    # It comes again on this date of every year after.
    is_yearly = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="calendars_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
