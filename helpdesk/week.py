"""The days of a week, and a weekly span of local times as minutes: the database says whether two overlap."""

from typing import Any

from django.contrib.postgres.fields import IntegerRangeField
from django.db import models
from django.db.models import F, Func
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

WEEK = 7 * 24 * 60  # minutes


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WeekMinutes(Func):
    """The span as minutes since Monday 00:00; what runs past Sunday's midnight stands at the week's beginning.

    `weekday`, `starts` and `ends` are the names of the columns; a span that ends at or before it starts is over
    midnight. The columns are arguments, so that a form can compare its own values with the rows.
    """

    output_field = IntegerRangeField()

    def __init__(self, weekday: str, starts: str, ends: str) -> None:
        super().__init__(F(weekday), F(starts), F(ends))

    def as_sql(self, compiler: SQLCompiler, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        (day, day_values), (opens, open_values), (closes, close_values) = parts
        after_midnight = f"CASE WHEN {closes} <= {opens} THEN 1440 ELSE 0 END"
        begins = f"({day} * 1440 + EXTRACT(EPOCH FROM {opens}) / 60)::int"
        ends = f"({day} * 1440 + {after_midnight} + EXTRACT(EPOCH FROM {closes}) / 60)::int"
        sql = f"int4multirange(int4range({begins}, LEAST({ends}, {WEEK})), int4range(0, GREATEST({ends} - {WEEK}, 0)))"
        end_values = [*day_values, *close_values, *open_values, *close_values]
        return sql, [*day_values, *open_values, *end_values, *end_values]
