"""Reads branches together with what their policies say of each class of devices, in one query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from reservations.models import Branch, ClassRule, Turn

_COLUMNS = {field.attname: field.attname for field in ClassRule._meta.concrete_fields}


def with_rules(branches: QuerySet[Branch]) -> QuerySet[Branch]:
    """Return `branches` with their policy, its rules of classes, and whether anybody waits in line there.

    Give each row to `taken` before use.
    """
    rules = ClassRule.objects.filter(policy=OuterRef("policy")).order_by("pk").values(row=JSONObject(**_COLUMNS))
    line = Turn.objects.open().filter(branch=OuterRef("pk"))
    return branches.select_related("policy").annotate(class_rules=ArraySubquery(rules), has_line=Exists(line))


def taken(branch: Any) -> Branch:
    """Return `branch` with its policy knowing its rules."""
    branch.policy.know([ClassRule(**row) for row in branch.class_rules])
    return branch  # type: ignore[no-any-return]
