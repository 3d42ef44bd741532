#!/usr/bin/env python3
"""Runs the vectors of fixtures/vectors through the component's `documents` interface in Python.

  run_vectors.py COMPONENT FIXTURES OUT [--update]

OUT receives the SHA-256 of every answer's text, to be compared with other hosts'. --update writes the answers into
the vector files instead of comparing them; numbers worked by hand are compared all the same.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

from wasmtime import Engine, Store
from wasmtime.component import Component, Linker, Record, ResourceAny, Variant

from vectors import Broken, Vectors, difference, hand_difference

PACKAGE, VERSION = "igny8:linker", "0.1.0"
FUNCTIONS = {
    "profile": "profile-of",
    "vocabularies": "vocabularies",
    "listed": "listed",
    "validate": "validate",
    "reserve": "reserve-left",
    "generate": "generate",
    "adjust": "adjust",
    "score": "score",
    "tipping-point": "evaluate-tipping-point",
    "impact": "impact",
    "replace": "recommend-replacements",
    "judge": "judge",
}


class Host:
    """Compiled once; every instance has a store of its own."""

    def __init__(self, path):
        self.engine = Engine()
        self.component = Component.from_file(self.engine, path)
        self.panics = []
        self.linker = Linker(self.engine)
        with self.linker.root() as root:
            with root.add_instance(f"{PACKAGE}/storage@{VERSION}") as storage:
                storage.add_func("load-blueprint", lambda _store, _id: Variant("err", no_storage()))
            with root.add_instance(f"{PACKAGE}/diagnostics@{VERSION}") as diagnostics:
                diagnostics.add_func("panicked", lambda _store, message: self.panics.append(message))
        # wasi:http: a host that filters no addresses fetches nothing.
        self.linker.define_unknown_imports_as_traps(self.component)

    def instance(self):
        return Instance(self)

    def call(self, function, *texts):
        """One call in a store of its own: (answered?, text)."""
        return self.instance().call(function, *texts)

    def topic(self, blueprint, content_id):
        """The same of a planner."""
        instance = self.instance()
        planner = instance.load(blueprint)
        if not isinstance(planner, ResourceAny):
            return False, planner
        return True, instance.raw("[method]planner.topic", planner, json.loads(content_id))


class Instance:
    def __init__(self, host):
        self.host, self.store = host, Store(host.engine)
        self.instance = host.linker.instantiate(self.store, host.component)
        self.documents = self.instance.get_export_index(self.store, f"{PACKAGE}/documents@{VERSION}")

    def raw(self, function, *arguments):
        index = self.instance.get_export_index(self.store, function, self.documents)
        function = index and self.instance.get_func(self.store, index)
        if function is None:
            raise RuntimeError("the component has no such function")
        try:
            return function(self.store, *arguments)
        except Exception as trap:
            if self.host.panics:
                raise RuntimeError(f"panicked: {self.host.panics.pop()}") from trap
            raise

    def call(self, function, *texts):
        answer = self.raw(function, *texts)
        # A call that can't fail gives its text as it is.
        return (True, answer) if isinstance(answer, str) else (answer.tag == "ok", answer.payload)

    def load(self, blueprint):
        """A planner, or the error's text. (wasmtime tags a result only where both sides have one Python type.)"""
        return self.raw("[static]planner.load", blueprint)

    def plan(self, planner, options):
        return self.call("[method]planner.plan", planner, options)


def no_storage():
    error = Record()
    for field, value in {"code": "not-found", "field": "", "message": "this host stores nothing"}.items():
        setattr(error, field, value)
    return error


class Run:
    def __init__(self, host, vectors, update):
        self.host, self.vectors, self.update = host, vectors, update
        self.texts, self.answers, self.failed = {}, {}, {}

    def fail(self, name, why):
        self.failed.setdefault(name, why)

    def answer(self, name):
        """What the component answers now: (answered?, text)."""
        if name not in self.answers:
            self.vectors.check(name, self.update)
            self.answers[name] = None
            self.texts[name] = self.vectors.documents(name, self.referred)
            call, texts = self.vectors.all[name]["call"], self.texts[name]
            self.answers[name] = self.host.topic(*texts) if call == "topic" else self.host.call(FUNCTIONS[call], *texts)
        return self.answers[name]

    def referred(self, name):
        if name not in self.vectors.all:
            raise Broken(f"refers to `{name}`, which is no vector")
        if not self.update:
            return self.vectors.all[name]["expected"]
        answer = self.answer(name)
        if answer is None or not answer[0]:
            raise Broken(f"refers to `{name}`, which has no answer to refer to")
        return json.loads(answer[1])

    def one(self, name):
        answered, text = self.answer(name)
        vector, got = self.vectors.all[name], json.loads(text)
        wanted, other = ("expected", "error") if answered else ("error", "expected")
        if self.update:
            vector.pop(other, None)
            vector.pop(wanted, None)
            vector[wanted] = got
            self.vectors.paths[name].write_text(json.dumps(vector, ensure_ascii=False, indent=2) + "\n", "utf-8")
        if wanted not in vector:
            return self.fail(name, f"has `{other}`, but the answer is `{wanted}`: {text[:300]}")
        for found in (difference(vector[wanted], got), hand_difference(vector, got) if answered else None):
            if found:
                return self.fail(name, found)
        if "hand_checked" in vector and not answered:
            return self.fail(name, "has hand-worked numbers, but the answer is an error")
        if "same_as" in vector and (found := difference(self.referred(vector["same_as"]), got)):
            self.fail(name, f"not the same as {vector['same_as']}: {found}")

    def planners(self):
        """Every blueprint loaded once, all its options planned in turn, the first of them once more at the end."""
        groups = {}
        for name, texts in self.texts.items():
            if self.vectors.all[name]["call"] == "generate" and self.answers[name]:
                groups.setdefault(texts[0], []).append(name)
        plans = 0
        for blueprint, names in groups.items():
            instance = planner = None
            for name in [*names, names[0]]:
                try:
                    instance = instance or self.host.instance()
                    planner = planner or instance.load(blueprint)
                    loaded = isinstance(planner, ResourceAny)
                    got = instance.plan(planner, self.texts[name][1]) if loaded else (False, planner)
                    if got != self.answers[name]:
                        found = difference(json.loads(self.answers[name][1]), json.loads(got[1]))
                        self.fail(name, f"planner and generate differ: {found}")
                    plans += 1
                except Exception as error:
                    self.fail(name, f"planner: {type(error).__name__}: {error}")
                    instance = planner = None  # nothing can be called after a trap
            if isinstance(planner, ResourceAny):
                planner.drop(instance.store)
        return len(groups), plans

    def guarded(self, name, step):
        try:
            step(name)
        except Broken as broken:
            self.fail(name, str(broken))
        except Exception as error:
            self.fail(name, f"{type(error).__name__}: {error}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("component")
    arguments.add_argument("fixtures")
    arguments.add_argument("out")
    arguments.add_argument("--update", action="store_true")
    given = arguments.parse_args()
    vectors = Vectors(given.fixtures)
    run = Run(Host(given.component), vectors, given.update)
    for name in vectors.all:
        run.guarded(name, run.one)
    groups, plans = run.planners()
    hashes = {name: hashlib.sha256(a[1].encode()).hexdigest() for name, a in run.answers.items() if a}
    Path(given.out).write_text(json.dumps(hashes, indent=1, sort_keys=True) + "\n", "utf-8")
    for name, why in sorted(run.failed.items()):
        print(f"FAILED {name}: {why}", file=sys.stderr)
    if not vectors.all:
        print(f"no vectors in {given.fixtures}", file=sys.stderr)
    print(f"planner: {groups} blueprints loaded once, {plans} plans compared")
    print(f"{len(vectors.all)} vectors, {len(run.failed)} failed")
    return 1 if run.failed or not vectors.all else 0


if __name__ == "__main__":
    sys.exit(main())
