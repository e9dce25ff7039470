"""The body of ``/v1/summary``."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Summary(BaseModel):
    """Counts of the flags that match, as far as the office may see them."""

    flags: int
    as_of: str | None = Field(description="When the newest of your flags was updated, by event time.")
    heard_at: str | None = Field(description="When the ledger last heard from the detectors, by its own clock.")
    by_category: dict[str, int]
    by_severity: dict[str, int]
    by_status: dict[str, int]
    by_institution: dict[str, int]
    by_institution_type: dict[str, int]
    by_typology: dict[str, int]
    by_region: dict[str, int] = Field(
        description="By area of the region table, your own and those below it; a flag counts in each area of its "
        "branch and of its subject, so children may sum to more than their parent."
    )
    by_day: dict[str, int] = Field(description="By day of the last update, Asia/Shanghai.")
