#!/usr/bin/env python3
"""Compares the plans that fixtures/vectors expects with the independent reference.

  check_vectors.py FIXTURES

Plans that the reference does not know are named and left out: edited page by page, or by a profile of their own.
"""
import sys
from pathlib import Path

from oracle import check, load
from profiles import PROFILES

EDITS = {"add_pages", "drop_pages", "page_links", "month_links", "moves"}


def blueprint(value, fixtures):
    return load(fixtures / value["$file"]) if "$file" in value else value


def left_out(plan):
    edits = sorted(EDITS & set(plan["overrides"]))
    if edits:
        return ", ".join(edits)
    own = plan["country_profile"]
    usual = PROFILES[plan["country_code"]]
    if (own["timeline_months"], own["replacement_reserve"]) != (usual["months"], f"{float(usual['reserve']):.2f}"):
        return "another profile"
    return None


def main():
    fixtures = Path(sys.argv[1])
    compared = failed = 0
    for path in sorted(p for call in ("generate", "adjust") for p in (fixtures / "vectors" / call).glob("*.json")):
        vector, name = load(path), f"{path.parent.name}/{path.stem}"
        if "expected" not in vector:
            continue
        if why := left_out(vector["expected"]):
            print(f"{name}: left out ({why})")
            continue
        compared += 1
        if found := check(vector["expected"], blueprint(vector["inputs"]["blueprint"], fixtures)):
            failed += 1
            print(f"{name}: {len(found)} differences, first: {found[0]}")
    print(f"{compared} plans, {failed} failed")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
