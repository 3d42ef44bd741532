#!/usr/bin/env python3
"""Independent reference for the campaign plan: engine.md sections 2 to 6 and the numbers of 11, in exact fractions.

  oracle.py BLUEPRINT.json COUNTRY [--set key=value ...]     print the plan's numbers
  oracle.py --check PLAN.json --blueprint BLUEPRINT.json     compare a plan with them; exit 1 on any difference

A value of --set is read as JSON where it is JSON; a dot goes one level down: --set unit_costs.haro.low=20
"""
import argparse
import json
import sys
from decimal import Decimal
from fractions import Fraction as F
from math import ceil, floor

from pages import classify
from profiles import ANCHORS, DR_RATES, GROUPS, LINK_TYPES, PAGE_LIMITS, PHASES, PROFILES, TIERS

CODES = {"no-homepage", "few-target-pages", "group-share-broken", "below-page-target", "anchor-band-rounded",
         "anchor-tier-bent", "high-price-over-budget"}


def show(x, places):
    """Decimal text with that many places, half-even."""
    units = round(F(x) * 10**places)
    return f"{'-' if units < 0 else ''}{abs(units) // 10**places}.{abs(units) % 10**places:0{places}d}"


def cents(x):
    return F(round(x * 100), 100)


def frac(x):
    return F(str(x))


def apportion(n, weights):
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    exact = [F(n) * w / total for w in weights]
    parts = [floor(q) for q in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[:n - sum(parts)]:
        parts[i] += 1
    return parts


class Planner:
    def __init__(self, blueprint, country, overrides):
        o = {k: v for k, v in overrides.items() if v is not None}
        self.country, self.o, self.warnings = country.upper(), o, set()
        self.p = p = PROFILES[self.country]
        self.months = int(o.get("timeline_months", p["months"]))
        self.budget_max = frac(o.get("budget_max", p["budget"][1]))
        self.alloc = {t: frac(o["tier_allocation"].get(t, 0)) for t in TIERS} if "tier_allocation" in o else p["tiers"]
        self.low, self.high = ({t: p["costs"][t][i] for t in LINK_TYPES} for i in (0, 1))
        for t, c in o.get("unit_costs", {}).items():
            self.low[t], self.high[t] = frac(c.get("low", self.low[t])), frac(c.get("high", self.high[t]))
        self.expected = {t: cents((self.low[t] + self.high[t]) / 2) for t in LINK_TYPES}
        self.current_dr = o.get("current_dr", blueprint["site"].get("current_dr"))
        self.pages, has_home = classify(blueprint)
        if not self.pages:
            raise ValueError("no_target_pages")
        if not has_home:
            self.warn("no-homepage")
        order = sorted(self.pages, key=lambda p: (-p["priority"], p["id"]))
        self.tier_pages = {t: [p for p in order if p["tier"] == t] for t in TIERS}
        self.limit = {t: len(self.tier_pages[t]) * PAGE_LIMITS[t][1] for t in TIERS}

    def warn(self, code, subject=None):
        self.warnings.add((code, subject))

    # --- section 4: how many links ---

    def for_dr(self):
        if self.current_dr is None:
            return self.p["baseline"]
        here, need, start = frac(self.current_dr), F(0), 0
        for end, rate in DR_RATES:
            need += rate * max(F(0), min(self.p["target_dr"], end) - max(here, start))
            start = end
        return ceil(need)

    def mix(self, n):
        """Whole links per link type."""
        return dict(zip(LINK_TYPES, apportion(n, [self.p["mix"][t] for t in LINK_TYPES])))

    def cost(self, counts, unit=None):
        return sum((unit or self.expected)[t] * n for t, n in counts.items())

    def budget_links(self):
        """links_low, links_high. Apportioning is off by less than 1 per type, so the ratio +- one link of each bounds N."""
        def b(n):
            return self.cost(self.mix(n)) / (1 - self.p["reserve"])
        per_link = sum(self.p["mix"][t] * self.expected[t] for t in LINK_TYPES) / (1 - self.p["reserve"])
        slack = sum(self.expected.values()) / (1 - self.p["reserve"])
        if per_link == 0:
            raise ValueError("free links: no budget bounds their number")
        low = 0
        while b(low) < self.p["budget"][0]:
            low += 1
        high = floor((self.budget_max + slack) / per_link) + 1
        while b(high) > self.budget_max:
            high -= 1
        return low, high

    def chosen(self, tier, links):
        return min(len(self.tier_pages[tier]), max(1, links // PAGE_LIMITS[tier][0])) if links else 0

    def page_demand(self, links_high):
        """The least links that reach 20 target pages (R-1.3) -> (number, found?)"""
        for n in range(1, links_high + 1):
            per_tier, _ = self.links_by_tier(n)
            if (sum(self.chosen(t, per_tier[t]) for t in TIERS) >= min(20, len(self.pages))
                    and all(per_tier[t] >= PAGE_LIMITS[t][0] for t in TIERS if self.tier_pages[t])):
                return n, True
        return links_high, False

    def referring_domains(self):
        low, high = self.budget_links()
        demand, found = self.page_demand(high)
        r = {"for_dr": self.for_dr(), "links_low": low, "page_demand": demand, "links_high": high,
             "capacity": sum(self.limit.values())}
        if "total_links" in self.o:
            wanted = int(self.o["total_links"])
            names = [("page_capacity", r["capacity"]), ("budget_ceiling", high), ("override", wanted)]
        else:
            wanted = max(r["for_dr"], low, demand)
            names = [("page_capacity", r["capacity"]), ("budget_ceiling", high), ("dr_gap", r["for_dr"]),
                     ("budget_floor", low), ("page_demand" if found else "budget_ceiling", demand)]
        r["needed"] = min(wanted, high, r["capacity"])
        r["binding"] = next(name for name, number in names if number == r["needed"])
        return r

    def pool(self, n, n45):
        """Link types of the T4-T5 group."""
        totals = self.mix(n)
        return dict(zip(LINK_TYPES, apportion(n45, list(totals.values()))))

    def group_split(self, n):
        share45 = self.alloc["T4"] + self.alloc["T5"]
        if share45 == 0:
            return 0
        if self.alloc["T1"] + self.alloc["T2"] + self.alloc["T3"] == 0:
            return n
        n45 = floor(n * share45 + F(1, 2))
        least, most = ceil(F(15, 100) * n), floor(F(30, 100) * n)
        if least > most:
            return n45
        n45 = min(max(n45, least), most)
        total = self.cost(self.mix(n))

        def spent():
            return self.cost(self.pool(n, n45))
        if spent() < F(15, 100) * total:
            while n45 < most and spent() < F(15, 100) * total:
                n45 += 1
        else:
            while n45 > least and spent() > F(30, 100) * total:
                n45 -= 1
        return n45

    def links_by_tier(self, n):
        """-> ({tier: links}, did links cross from one group to the other?)"""
        n45 = self.group_split(n)
        got, left = {}, []
        for group, links in zip(GROUPS, (n - n45, n45)):
            got.update(zip(group, apportion(links, [self.alloc[t] for t in group])))
            over = 0
            for t in group:
                over += max(0, got[t] - self.limit[t])
                got[t] = min(got[t], self.limit[t])
            left.append(self.fill(got, group, over))
        rest = self.fill(got, GROUPS[1], left[0]) + self.fill(got, GROUPS[0], left[1])
        assert rest == max(0, n - sum(self.limit.values()))
        return got, any(left)

    def fill(self, got, group, links):
        """Put links where there is room, largest allocation first; returns what found none."""
        for t in sorted(group, key=lambda t: -self.alloc[t]):
            put = min(links, self.limit[t] - got[t])
            got[t] += put
            links -= put
        return links

    def share_out(self, tier, links):
        """-> [(page, its links)] of the target pages of a tier."""
        chosen = self.tier_pages[tier][:self.chosen(tier, links)]
        low, high = PAGE_LIMITS[tier]
        if 0 < links < low:
            self.warn("below-page-target", tier)
            return [(chosen[0], links)]
        got, rest = [low] * len(chosen), links - low * len(chosen)
        while rest:
            more = apportion(rest, [p["priority"] if g < high else 0 for p, g in zip(chosen, got)])
            rest = 0
            for i, m in enumerate(more):
                take = min(m, high - got[i])
                got[i], rest = got[i] + take, rest + m - take
        return list(zip(chosen, got))

    # --- anchors ---

    def anchor_targets(self):
        bands, fixed = self.p["anchors"], {}
        while True:
            free = [a for a in bands if a not in fixed]
            total = sum(sum(bands[a]) for a in free)
            target = {a: sum(bands[a]) / total * (1 - sum(fixed.values())) for a in free}
            outside = {a: min(max(x, bands[a][0]), bands[a][1]) for a, x in target.items()}
            outside = {a: x for a, x in outside.items() if x != target[a]}
            if not outside:
                return {a: fixed.get(a, target.get(a)) for a in bands}
            fixed.update(outside)

    def anchor_counts(self, n):
        bands, target = self.p["anchors"], self.anchor_targets()
        count = dict(zip(bands, apportion(n, list(target.values()))))
        low = {a: ceil(b[0] * n) for a, b in bands.items()}
        high = {a: floor(b[1] * n) for a, b in bands.items()}
        if any(low[a] > high[a] for a in bands) or not sum(low.values()) <= n <= sum(high.values()):
            self.warn("anchor-band-rounded")
            surplus = max(0, count["exact_match"] - high["exact_match"])
            count["exact_match"] -= surplus
            count["branded"] += surplus
            return count
        count = {a: min(max(c, low[a]), high[a]) for a, c in count.items()}
        # max and min return the first of equals, which is R-3.1's order
        while sum(count.values()) > n:
            count[max((a for a in bands if count[a] > low[a]), key=lambda a: count[a] - target[a] * n)] -= 1
        while sum(count.values()) < n:
            count[min((a for a in bands if count[a] < high[a]), key=lambda a: count[a] - target[a] * n)] += 1
        return count

    def assign_anchors(self, links, counts):
        left = dict(counts)
        for i, link in enumerate(links):
            tier, after = link["tier"], [x["tier"] for x in links[i + 1:]]
            outside_t1, t2_t3 = sum(t != "T1" for t in after), sum(t in ("T2", "T3") for t in after)

            def servable(a):
                rest = dict(left, **{a: left[a] - 1})
                return (rest["partial_match"] + rest["exact_match"] + rest["lsi"] <= outside_t1
                        and rest["exact_match"] <= t2_t3)
            forbidden = {"T1": ("partial_match", "exact_match", "lsi"), "T4": ("exact_match",), "T5": ("exact_match",)}
            some = [a for a in left if left[a]]
            permitted = [a for a in some if a not in forbidden.get(tier, ())]
            if not permitted:
                self.warn("anchor-tier-bent")
            candidates = [a for a in permitted if servable(a)] or permitted or some
            link["anchor_type"] = max(candidates, key=lambda a: F(left[a], counts[a]))
            left[link["anchor_type"]] -= 1

    def assign_link_types(self, links, n, n45):
        pool45 = self.pool(n, n45)
        pool13 = {t: c - pool45[t] for t, c in self.mix(n).items()}
        for group, pool in zip(GROUPS, (pool13, pool45)):
            left = dict(pool)
            for link in links:
                if link["tier"] in group:
                    best = max((t for t in LINK_TYPES if left[t]), key=lambda t: F(left[t], pool[t]))
                    link["link_type"] = best
                    left[best] -= 1

    # --- section 5: when ---

    def calendar(self):
        """-> [(phase, weight)] a month"""
        out = []
        for phase, n in zip(PHASES, apportion(self.months, [25, 30, 30, 15])):
            for k in range(n):
                ramp = F("0.4") + F("0.6") * k / (n - 1) if n > 1 else F("0.7")
                out.append((phase, {"ramp": ramp, "peak": F("1.25"), "cruise": F("0.9"), "maintenance": F("0.4")}[phase]))
        return out

    # --- everything ---

    def plan(self):
        domains = self.referring_domains()
        n = domains["needed"]
        per_tier, crossed = self.links_by_tier(n)
        if crossed:
            self.warn("group-share-broken")
        targets = [x for t in TIERS for x in self.share_out(t, per_tier[t])]
        if len(targets) < min(20, len(self.pages)):
            self.warn("few-target-pages")

        top = max((p["priority"] for p, _ in targets), default=F(0))
        queue = []
        for p, k in targets:
            for j in range(k):
                place = (j + F(1, 2)) / k - F(1, 4) * (p["priority"] / top if top else 0)
                queue.append((place, -p["priority"], p["id"], j, p["tier"]))
        calendar = self.calendar()
        month_targets = apportion(n, [w for _, w in calendar])
        months = [m for m, k in enumerate(month_targets, 1) for _ in range(k)]
        links = [{"month": m, "content_id": q[2], "tier": q[4]} for m, q in zip(months, sorted(queue))]
        counts = self.anchor_counts(n)
        self.assign_anchors(links, counts)
        self.assign_link_types(links, n, per_tier["T4"] + per_tier["T5"])

        gross = 1 / (1 - self.p["reserve"])
        monthly, budget_total = [], F(0)
        for m, (phase, _) in enumerate(calendar, 1):
            mine = [x for x in links if x["month"] == m]
            ids = [x["content_id"] for x in mine]
            placements = sum((self.expected[x["link_type"]] for x in mine), F(0))
            budget = cents(placements * gross)
            budget_total += budget
            monthly.append({"month": m, "phase": phase, "links_target": month_targets[m - 1],
                            "pages": [{"content_id": i, "links": ids.count(i)} for i in sorted(set(ids))],
                            "placements": show(placements, 2), "reserve": show(budget - placements, 2),
                            "budget": show(budget, 2)})
        estimate_min = cents(self.cost(self.mix(n), self.low) * gross)
        estimate_max = cents(self.cost(self.mix(n), self.high) * gross)
        if estimate_max > self.budget_max:
            self.warn("high-price-over-budget")

        shown = []
        for p, k in targets:
            mine = [x for x in links if x["content_id"] == p["id"]]
            shown.append({"content_id": p["id"], "url": p["url"], "tier": p["tier"], "priority": show(p["priority"], 6),
                          "volume": p["volume"], "difficulty": round(p["difficulty"]), "links_target": k,
                          "first_month": min(x["month"] for x in mine),
                          "expected_cost": show(sum(self.expected[x["link_type"]] for x in mine), 2)})
        allocated = {str(p["id"]): {} for p, _ in targets}  # a type's links go round its three variants in turn
        for p, _ in targets:
            for a in counts:
                k = sum(x["content_id"] == p["id"] and x["anchor_type"] == a for x in links)
                allocated[str(p["id"])][a] = [(k + 2 - i) // 3 for i in range(3)]
        for x in links:
            t = x["link_type"]
            x.update(cost_low=show(self.low[t], 2), cost_expected=show(self.expected[t], 2),
                     cost_high=show(self.high[t], 2))
        return {
            "country_code": self.country, "timeline_months": self.months, "total_links_target": n,
            "tier_assignments": {str(p["id"]): p["tier"] for p in self.pages},
            "referring_domains": domains, "links_by_tier": per_tier, "pages": shown, "links": links,
            "monthly_plan": monthly, "allocated": allocated,
            "anchor_mix": [{"type": a, "links": c, "share": show(F(c, n) if n else 0, 4),
                            "min": show(self.p["anchors"][a][0], 2), "max": show(self.p["anchors"][a][1], 2)}
                           for a, c in counts.items()],
            "budget_estimate_min": show(estimate_min, 2), "budget_estimate_max": show(estimate_max, 2),
            "budget_expected": show(budget_total, 2),
            "quality_requirements": {"min_score": self.p["threshold"], "min_source_dr": self.p["source_dr"],
                                     "min_organic_traffic": 500, "dofollow": True},
            "warnings": [list(w) for w in sorted(self.warnings, key=lambda w: (w[0], w[1] or ""))],
        }


def plan(blueprint, country, overrides):
    return Planner(blueprint, country, overrides).plan()


# --- command line ---

EXACT_KEYS = {"tier_assignments", "links_by_tier", "referring_domains", "allocated"}  # nothing may be there besides ours


def differences(want, got, path=""):
    if isinstance(want, dict) and isinstance(got, dict):
        for k in want:
            if k not in got:
                yield f"{path}.{k}: missing, expected {json.dumps(want[k])[:200]}"
            else:
                yield from differences(want[k], got[k], f"{path}.{k}")
        if path.strip(".").split(".")[0] in EXACT_KEYS:
            yield from (f"{path}.{k}: unexpected {got[k]!r}" for k in got if k not in want)
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{path}: {len(got)} items, expected {len(want)}"
        for i, (w, g) in enumerate(zip(want, got)):
            yield from differences(w, g, f"{path}[{i}]")
    elif type(want) is not type(got) or want != got:
        yield f"{path}: got {got!r}, expected {want!r}"


def check(given, blueprint):
    """Differences between a full plan and the oracle's, as text lines."""
    given = dict(given)
    want = plan(blueprint, given["country_code"], given.get("overrides") or {})
    seen = {(w["code"], w.get("subject")) for w in given.get("warnings", []) if w["code"] in CODES}
    given["warnings"] = [list(w) for w in sorted(seen, key=lambda w: (w[0], str(w[1] or "")))]
    given["allocated"] = {}
    for page, variants in given.get("anchor_text_plan", {}).items():
        by_type = given["allocated"][page] = {a: [] for a in ANCHORS if a in want["allocated"].get(page, {})}
        for v in variants:
            by_type.setdefault(v["type"], []).append(v["allocated"])
    return [d.lstrip(".") for d in differences(want, given)]


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f, parse_float=Decimal)


def parse_sets(items):
    out = {}
    for item in items:
        key, _, text = item.partition("=")
        try:
            value = json.loads(text, parse_float=Decimal)
        except ValueError:
            value = text
        *outer, last = key.split(".")
        at = out
        for k in outer:
            at = at.setdefault(k, {})
        at[last] = value
    return out


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("file", nargs="?", metavar="BLUEPRINT.json")
    ap.add_argument("country", nargs="?")
    ap.add_argument("--set", action="append", default=[], metavar="key=value")
    ap.add_argument("--check", metavar="PLAN.json")
    ap.add_argument("--blueprint", metavar="BLUEPRINT.json")
    a = ap.parse_args()
    if a.check:
        if not a.blueprint:
            ap.error("--check needs --blueprint")
        found = check(load(a.check), load(a.blueprint))
        print("\n".join(found) or "no differences")
        return 1 if found else 0
    if not a.country:
        ap.error("a blueprint and a country are needed")
    print(json.dumps(plan(load(a.file), a.country, parse_sets(a.set)), indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
