"""Fields of the tables in which price admins type yen, quantities and percentages side by side."""

from typing import Any

from foundation.fields import PercentField, WholeNumberField
from foundation.text.numbers import COUNTED, YEN


class TableNumberField(WholeNumberField):
    """Yen or a quantity: `１,２３４`, `￥1,234`, `1234円`."""

    units = (*COUNTED, *YEN)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "class": "number", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


class TablePercentField(PercentField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "class": "number", "autocomplete": "off"}
