"""What is wrong with a guide before it may be published: loops, dead ends, steps that nobody reaches, missing words."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from troubleshooting.guides.shape import ASK_LIMIT, DO_LIMIT, ENDS, NOTHING, Step

NO_STEPS, NO_TARGET, LOOP, NO_END, UNREACHED = "no_steps", "no_target", "loop", "no_end", "unreached"
NO_TEXT, LONG_TEXT = "no_text", "long_text"
NEVER_ENDS = frozenset({NO_STEPS, NO_TARGET, LOOP, NO_END})  # somebody who follows the guide would not come out


@dataclass(frozen=True)
class Problem:
    """What keeps a guide from being published: a stable code, the step it is about, a sentence with what to do."""

    code: str
    key: str
    sentence: str


def problems(steps: Sequence[Step], languages: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with the guide of `steps`, whose first one is the entry; nothing: it may be published.

    `languages` are the languages each step must speak, by code, with their names.
    """
    if not steps:
        return [Problem(NO_STEPS, "", _("The guide has no step yet. Add the first one."))]
    number = {step.key: place for place, step in enumerate(steps, start=1)}
    found = [*_no_targets(steps, number), *_loops(steps, number), *_no_ends(steps, number)]
    return [*found, *_unreached(steps, number), *_texts(steps, number, languages)]


def _name(key: str, number: Mapping[str, int]) -> str:
    return _("Step %(number)d (%(key)s)") % {"number": number[key], "key": key}


def _targets(step: Step) -> tuple[str, ...]:
    return tuple(dict.fromkeys((step.yes, step.no)))


def _no_targets(steps: Sequence[Step], number: Mapping[str, int]) -> Iterator[Problem]:
    for step in steps:
        for target in _targets(step):
            if target not in number and target not in ENDS:
                said = {"step": _name(step.key, number), "target": target}
                sentence = _("%(step)s leads to “%(target)s”, which is not there. Choose another step or an end.")
                yield Problem(NO_TARGET, step.key, sentence % said)


def _loops(steps: Sequence[Step], number: Mapping[str, int]) -> Iterator[Problem]:
    """Yield each step that leads back to one that came before it on the way from the entry."""
    by_key = {step.key: step for step in steps}
    done: set[str] = set()
    way: list[tuple[str, Iterator[str]]] = [(steps[0].key, iter(_targets(steps[0])))]
    while way:
        key, left = way[-1]
        target = next(left, None)
        if target is None:
            done.add(way.pop()[0])
        elif target in {each for each, _left in way}:
            said = {"step": _name(key, number), "target": _name(target, number)}
            sentence = _("%(step)s leads back to %(target)s, so the guide goes round. Choose a later step or an end.")
            yield Problem(LOOP, key, sentence % said)
        elif target in by_key and target not in done:
            way.append((target, iter(_targets(by_key[target]))))


def _no_ends(steps: Sequence[Step], number: Mapping[str, int]) -> Iterator[Problem]:
    """Yield each reachable step from which no end can be reached at all."""
    ending: set[str] = set(ENDS)
    while more := {step.key for step in steps if ending & {step.yes, step.no}} - ending:
        ending |= more
    for key in number:
        if key in reached(steps) and key not in ending:
            sentence = _("From %(step)s no way comes to an end. Let one of its answers end the guide.")
            yield Problem(NO_END, key, sentence % {"step": _name(key, number)})


def _unreached(steps: Sequence[Step], number: Mapping[str, int]) -> Iterator[Problem]:
    here = reached(steps)
    for key in number:
        if key not in here:
            sentence = _("No answer leads to %(step)s. Let an earlier step lead there, or delete it.")
            yield Problem(UNREACHED, key, sentence % {"step": _name(key, number)})


def _texts(steps: Sequence[Step], number: Mapping[str, int], languages: Mapping[str, str]) -> Iterator[Problem]:
    for step in steps:
        for code, language in languages.items():
            text = step.texts.get(code, NOTHING)
            said = {"step": _name(step.key, number), "language": language}
            if not text.do.strip() or not text.ask.strip():
                sentence = _("%(step)s lacks words in %(language)s. Write what to do and what to ask.")
                yield Problem(NO_TEXT, step.key, sentence % said)
            elif len(text.do) > DO_LIMIT or len(text.ask) > ASK_LIMIT:
                sentence = _("%(step)s says too much in %(language)s. Make it shorter.")
                yield Problem(LONG_TEXT, step.key, sentence % said)


def reached(steps: Sequence[Step]) -> Collection[str]:
    """Return the keys of the steps that some row of answers leads to, the entry among them."""
    by_key = {step.key: step for step in steps}
    found: set[str] = set()
    todo = [steps[0].key] if steps else []
    while todo:
        key = todo.pop()
        if key in by_key and key not in found:
            found.add(key)
            todo += _targets(by_key[key])
    return found
