"""Income by month, as the tax authority has it."""

from __future__ import annotations

from domain.records.category import Category, Coarse, Field, Kind
from domain.records.coarsening import money_band
from domain.records.validity import Within

_SOURCE = ("tax",)

INCOME = Category(
    name="income",
    number=4,
    title="MonthlyIncome",
    description="Declared income and pension contributions by month, in tenge.",
    fields=(
        Field("month", Kind.MONTH, "Calendar month, YYYY-MM.", _SOURCE, plain=True),
        Field(
            "amount",
            Kind.MONEY,
            "Income before deductions, tenge.",
            _SOURCE,
            coarse=Coarse("income_band", Kind.TEXT, money_band, "Income as a band of 100,000 tenge."),
        ),
        Field("pension", Kind.MONEY, "Pension contribution, tenge.", _SOURCE),
    ),
    item_key=("month",),
    valid=Within(),
)
