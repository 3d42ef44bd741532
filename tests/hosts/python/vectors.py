"""The vector files of fixtures/vectors: reading, references, comparison. fixtures/README.md says what they hold."""
import json
from pathlib import Path

# The inputs of each call, in the order in which the component takes them.
CALLS = {
    "profile": ("country_code",),
    "vocabularies": (),
    "generate": ("blueprint", "options"),
    "adjust": ("campaign", "blueprint", "edits"),
    "topic": ("blueprint", "content_id"),
    "score": ("request",),
    "listed": ("request",),
    "tipping-point": ("request",),
    "validate": ("request",),
    "impact": ("link",),
    "reserve": ("request",),
    "replace": ("request",),
    "judge": ("request",),
}
FIELDS = {"about", "call", "inputs", "by_hand", "hand_checked", "same_as", "page", "truth", "expected", "error"}
MOST_SAFE_INTEGER = 2**53 - 1


class Broken(Exception):
    """A vector that says something nobody understands."""


class Vectors:
    def __init__(self, fixtures):
        self.fixtures = Path(fixtures)
        folder = self.fixtures / "vectors"
        self.paths = {p.relative_to(folder).with_suffix("").as_posix(): p for p in sorted(folder.glob("*/*.json"))}
        self.all = {name: json.loads(path.read_text("utf-8")) for name, path in self.paths.items()}

    def check(self, name, update=False):
        vector = self.all[name]
        if unknown := sorted(set(vector) - FIELDS):
            raise Broken(f"unknown field `{unknown[0]}`")
        call = vector.get("call")
        if call not in CALLS:
            raise Broken(f"unknown call `{call}`")
        if call != name.split("/")[0]:
            raise Broken(f"is in the folder of another call than `{call}`")
        if set(vector.get("inputs", ())) != set(CALLS[call]):
            raise Broken(f"inputs must be {', '.join(CALLS[call])}")
        if not vector.get("about"):
            raise Broken("does not say what it is about")
        if ("by_hand" in vector) != ("hand_checked" in vector):
            raise Broken("by_hand and hand_checked go together")
        if not update and ("expected" in vector) == ("error" in vector):
            raise Broken("needs one of expected and error; --update writes it")

    def documents(self, name, answer_of):
        """The texts that a call takes. `answer_of(name)` is another vector's answer."""
        vector = self.all[name]
        return [self._text(vector["inputs"][field], field, answer_of) for field in CALLS[vector["call"]]]

    def _text(self, value, path, answer_of):
        if isinstance(value, dict) and set(value) == {"$text"}:
            return value["$text"]
        value = self._resolved(value, path, answer_of)
        portable(value, path)
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def _resolved(self, value, path, answer_of):
        if isinstance(value, list):
            return [self._resolved(item, f"{path}.{at}", answer_of) for at, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        own = {key: self._resolved(item, f"{path}.{key}", answer_of) for key, item in value.items() if key[:1] != "$"}
        match sorted(key for key in value if key[:1] == "$"):
            case []:
                return own
            case ["$file"]:
                found = json.loads((self.fixtures / value["$file"]).read_text("utf-8"))
            case ["$vector"]:
                found = answer_of(value["$vector"])
            case ["$at", "$vector"]:
                found = pick(answer_of(value["$vector"]), value["$at"])
            case ["$lines"]:
                found = [line for line in (self.fixtures / value["$lines"]).read_text("utf-8").split("\n") if line]
            case _:
                raise Broken(f"{path}: a reference that nobody understands")
        if not own:
            return found
        if isinstance(found, dict):
            return found | own
        raise Broken(f"{path}: a reference that nobody understands")


def portable(value, path):
    """Refuses what JavaScript would write otherwise than Python: then the hosts' inputs would differ."""
    if isinstance(value, float) or isinstance(value, int) and abs(value) > MOST_SAFE_INTEGER:
        raise Broken(f"{path}: {value} is not a safe integer; write decimals as text")
    if isinstance(value, list):
        for at, item in enumerate(value):
            portable(item, f"{path}.{at}")
    if isinstance(value, dict):
        numbers = [key for key in value if key.isdecimal()]
        if numbers and list(value) != sorted(numbers, key=int):
            raise Broken(f"{path}: number keys must ascend and be alone, since JavaScript puts them so")
        for key, item in value.items():
            portable(item, f"{path}.{key}")


def difference(want, got, path=""):
    """The first place where two documents differ, or None."""
    at = path or "(the whole)"
    if type(want) is not type(got):
        return f"{at}: expected {shown(want)}, got {shown(got)}"
    if isinstance(want, dict):
        for key in want:
            if key not in got:
                return f"{path}.{key}".lstrip(".") + f": expected {shown(want[key])}, got nothing"
            if found := difference(want[key], got[key], f"{path}.{key}".lstrip(".")):
                return found
        extra = next((key for key in got if key not in want), None)
        return extra and f"{path}.{extra}".lstrip(".") + f": expected nothing, got {shown(got[extra])}"
    if isinstance(want, list):
        for i, (w, g) in enumerate(zip(want, got)):
            if found := difference(w, g, f"{path}.{i}".lstrip(".")):
                return found
        return None if len(want) == len(got) else f"{at}: expected {len(want)} items, got {len(got)}"
    return None if want == got else f"{at}: expected {shown(want)}, got {shown(got)}"


def shown(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "..."


def pick(value, path):
    """What stands at `pages.0.tier`; `*` takes every item of a list."""
    step, _, rest = path.partition(".")
    if not step:
        return value
    if step == "*":
        return [pick(item, rest) for item in value]
    return pick(value[int(step)] if isinstance(value, list) else value[step], rest)


def hand_difference(vector, answer):
    """The first hand-worked number that the answer does not have, or None."""
    for path, want in vector.get("hand_checked", {}).items():
        try:
            got = pick(answer, path)
        except (KeyError, IndexError, ValueError, TypeError):
            return f"by hand, {path}: expected {shown(want)}, got nothing"
        if found := difference(want, got):
            return f"by hand, {path}: {found.removeprefix('(the whole): ')}"
    return None
