"""What code and documents cite exists, and what customers read cites nothing: `python3 tests/docs/citations.py`.

Exit code 1 with a line for each fault. `R-x.y` is a rule of docs/requirements.md, `R-x` one of its sections.
"section 8" and "§8" are docs/engine.md's where its name stands before them, "section 8" in code also where no other
standard's does.
"""

import os
import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RULE = re.compile(r"\bR-(\d+)(?:\.(\d+))?(?:\s+to\s+R-(\d+)(?:\.(\d+))?)?(?!\w)")
# A comment goes on in the next line.
GAP = r"(?:,?(?:\s|//[/!]?|#)+)"
NUMBERS = r"(\d+)((?:,|\s|and|to|the numbers of|§)*\d+)*"
ENGINE = re.compile(rf"\b[Ee]ngine(?:\.md|\s+spec(?:ification)?){GAP}(?:§+\s*|sections?{GAP}){NUMBERS}(?!\.\d)")
# Other standards' sections have their name before them.
BARE = re.compile(rf"(?<!Standard, )(?<!\w)[Ss]ections?{GAP}(\d+)(?![\d.]*\.\d)")
QUOTED = re.compile(rf"\b[Ee]ngine(?:\.md|\s+spec(?:ification)?)[^\"\n()]*\"([^\"\n]+)\"")
TEXTS = {".rs", ".wit", ".py", ".md", ".toml", ".mjs", ".ts", ".tsx", ".snap"}
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")


def ours():
    """Text files of the project by path: not what is built, fetched or written by others."""
    skipped = {"target", "node_modules", "fixtures", "deps", "kept", "__pycache__"}
    files = {}
    for folder, folders, names in os.walk(TOP):
        folders[:] = sorted(name for name in folders if name not in skipped and (name[0] != "." or name == ".ci"))
        for name in sorted(names):
            path = Path(folder, name)
            if (path.suffix in TEXTS or name == "run") and path != Path(__file__).resolve():
                files[path.relative_to(TOP).as_posix()] = path.read_text()
    files |= {path.relative_to(TOP).as_posix(): path.read_text() for path in TOP.glob("fixtures/**/README.md")}
    return files


def at(name, text, offset):
    return f"{name}:{text.count(chr(10), 0, offset) + 1}"


def rules(text):
    """Offset and (section, number) of each rule that is named; of a range all; number `None`: the section."""
    for found in RULE.finditer(text):
        section, number, to_section, to_number = (part and int(part) for part in found.groups())
        last = to_number if to_section == section and number and to_number else number
        for each in range(number, last + 1) if number else [None]:
            yield found.start(), (section, each)
        if to_section and to_section != section:
            yield found.start(), (to_section, to_number)


def cited(files, requirements, engine):
    """Every rule and section that is cited is there."""
    defined = set(definitions(requirements))
    chapters = {(int(number), None) for number in re.findall(r"^## (\d+)\.", requirements, re.M)}
    sections = set(re.findall(r"^## (\d+)\.", engine, re.M))
    plain = " ".join(engine.split())
    for name, text in files.items():
        for offset, (section, number) in rules(text):
            if (section, number) not in defined | chapters:
                rule = f"R-{section}" if number is None else f"R-{section}.{number}"
                yield f"{at(name, text, offset)}: docs/requirements.md has no {rule}"
        found = [(match.start(), number) for match in ENGINE.finditer(text) for number in re.findall(r"\d+", match[0])]
        if name.endswith((".rs", ".wit", ".py")):
            found += [(match.start(), match[1]) for match in BARE.finditer(text)]
        for offset, number in sorted(set(found)):
            if number not in sections:
                yield f"{at(name, text, offset)}: docs/engine.md has no section {number}"
        for match in QUOTED.finditer(text):
            if match[1] not in plain:
                yield f"{at(name, text, match.start())}: docs/engine.md does not say \"{match[1]}\""


def definitions(requirements):
    """The rules that requirements.md defines: those in bold."""
    bold = re.findall(r"\*\*(R-[^*]+)\*\*|^\| \*\*(R-[\d.]+)", requirements, re.M)
    return [rule for one, other in bold for _, rule in list(rules(one or other))[:1]]


def tested(files, requirements):
    """Every rule has a test that names it: a file of tests, or what stands below `#[cfg(test)]`."""
    named = set()
    for name, text in files.items():
        if name.endswith(".md"):
            continue
        if not (name.startswith("tests/") or "/tests/" in name or name.endswith("/tests.rs")):
            text = text.partition("#[cfg(test)]")[2] if name.endswith(".rs") else ""
        named |= {rule for _, rule in rules(text)}
    for section, number in definitions(requirements):
        if (section, number) not in named and f"R-{section}.{number}" not in NOT_BUILT:
            rule = f"R-{section}.{number}"
            yield f"docs/requirements.md: no test names {rule}; name it in the comment of one that covers it"
    for rule, why in NOT_BUILT.items():
        if tuple(map(int, rule[2:].split("."))) in named:
            yield f"tests/docs/citations.py: a test names {rule}, which is said to be not built ({why}); take it out"


# Rules without a test, because there is nothing to test yet.
NOT_BUILT = {
    "R-11.1": "checks run when they are asked for, not yet weekly",
    "R-11.2": "no monthly jobs yet",
    "R-11.3": "no monthly jobs yet",
    "R-13.1": "no screens yet",
    "R-13.2": "no admin yet",
}


def differences(files, engine):
    """Every file that says `DIFFERENCE:` is in engine.md's list, as often as it says it."""
    listed = re.findall(r"^- `([^`]+)`", engine.partition("\n## Where the code differs\n")[2], re.M)
    for name, text in files.items():
        tags = len(re.findall(r"//[/!]? DIFFERENCE:", text)) if name.endswith(".rs") else 0
        if tags != listed.count(name):
            times = f"{tags} times, \"Where the code differs\" lists {listed.count(name)}"
            yield f"docs/engine.md: {name} says `DIFFERENCE:` {times}"
    yield from (f"docs/engine.md: there is no {name}" for name in sorted(set(listed) - set(files)))


def shown(name, text):
    """The parts of a file that customers read, with their offsets: the API's description, `--help`."""
    if name.startswith("host/tests/") and name.endswith(".snap"):
        yield 0, text
    if not re.match(r"(host/src|host/store/src|host/marketplace/src|wit/src)/.*\.rs$", name):
        return
    if name == "host/src/cli/help.rs":
        yield 0, text
    # Comments, attributes and the item that they are about, down to the end of its fields.
    item = r"((?:^[ ]*(?://[^\n]*|#\[(?:[^\]\"]|\"[^\"]*\"|\[[^\]]*\])*\])\n)+)(^[^\n]*\{\n(?:[^\n]*\n)*?^\}|^[^\n]*\n)"
    kinds = r"ToSchema|IntoParams|utoipa::path|derive\([^)]*\b(?:Args|Parser|Subcommand|ValueEnum)\b"
    for found in re.finditer(item, text, re.M):
        if not re.search(kinds, found[1]):
            continue
        fields = "" if "utoipa::path" in found[1] else found[2]
        for part, start in [(found[1], found.start(1)), (fields, found.start(2))]:
            for comment in re.finditer(r"^[ ]*///[^\n]*|\"[^\"]*\"", part, re.M):
                yield start + comment.start(), comment[0]


def addressed(files):
    """What customers read cites nothing that they can't look up."""
    inside = re.compile(rf"{RULE.pattern}|engine\.md|requirements\.md|[Ee]ngine spec|§|\b[Ss]ection \d")
    for name, text in files.items():
        for start, part in shown(name, text):
            for found in inside.finditer(part):
                yield f"{at(name, text, start + found.start())}: customers read `{found[0]}`; say it in a `//` comment"


def linked(files):
    """Every relative link of a document leads to a file, and its `#part` to a heading."""
    slug = lambda heading: re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    for name, text in files.items():
        if not name.endswith(".md"):
            continue
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", lambda code: re.sub(r"[^\n]", " ", code[0]), text, flags=re.M | re.S)
        for found in LINK.finditer(prose):
            path, _, part = found[1].partition("#")
            if ":" in path:
                continue
            target = ((TOP / name).parent / path).resolve() if path else TOP / name
            if not target.exists():
                yield f"{at(name, text, found.start())}: there is no {found[1]}"
            elif part and part not in map(slug, re.findall(r"^#+ (.+)$", target.read_text(), re.M)):
                yield f"{at(name, text, found.start())}: {path or name} has no heading #{part}"


def main():
    files = ours()
    requirements, engine = files["docs/requirements.md"], files["docs/engine.md"]
    if len(definitions(requirements)) < 40:
        sys.exit("docs/requirements.md: its rules can't be read")
    faults = [
        *cited(files, requirements, engine),
        *tested(files, requirements),
        *differences(files, engine),
        *addressed(files),
        *linked(files),
    ]
    for fault in dict.fromkeys(faults):
        print(fault)
    if faults:
        sys.exit(1)
    built = len(definitions(requirements)) - len(NOT_BUILT)
    print(f"{built} rules, each named by a test, and {len(NOT_BUILT)} not built; what {len(files)} files cite exists")


if __name__ == "__main__":
    main()
