"""A step of the trace: what a rule decided, as a person can check it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .decision import decision
from .wording import WORDS, Language, Rule, Text, find_fact, parsed


@dataclass(frozen=True, slots=True)
class StepKind:
    """What a rule says of its decision."""

    rule: Rule
    step: str
    """Stable: it is stored with issued quotes."""
    words: Text
    """What was decided, and from what."""
    result: str = ""
    """What came out, in figures; empty where the words say it all."""
    told: str = ""
    """The same as a page shows it, where that is more than figures: with the unit of years."""
    about: str = ""
    """What it decides: steps about the same say it in different circumstances. Empty: what no other kind decides."""

    def under(self, rule: Rule) -> "StepKind":
        """The same said of another rule."""
        return replace(self, rule=rule)


@decision
class Step:
    """One step that a person can check."""

    line: str | None
    """The key of the line it belongs to; None: the quote as a whole."""
    kind: StepKind
    decision: object
    """What the words read, by the names of its attributes."""

    @property
    def rule(self) -> str:
        return self.kind.rule.number

    @property
    def step(self) -> str:
        """Stable name of the kind of step."""
        return self.kind.step

    def text(self, language: Language) -> str:
        """What was decided, and from what."""
        return WORDS[language].say(self.kind.words, self.decision)

    @property
    def result(self) -> str:
        """What came out, in figures; empty where the text says it all."""
        return WORDS["ja"].put(self.kind.result, self.decision)

    def result_in(self, language: Language) -> str:
        """What came out, as a page in that language shows it: with the unit of years, and days in its form."""
        return WORDS[language].put(self.kind.told or self.kind.result, self.decision)

    @property
    def facts(self) -> Mapping[str, object]:
        """What the words and the result mention, by name."""
        mentioned = [name for text in (*self.kind.words.values(), self.kind.result) for _, name, _ in parsed(text)]
        return {name: find_fact(name, self.decision) for name in mentioned if name}
