"""Invariants of the oracle and numbers worked out by hand.  python3 -m unittest discover -s tests/oracle"""
import json
import os
import random
import sys
import unittest
from fractions import Fraction as F
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from oracle import Planner, apportion, check, differences, plan, show  # noqa: E402
from pages import url_key  # noqa: E402
from profiles import LINK_TYPES, PAGE_LIMITS, PROFILES, TIERS  # noqa: E402

COUNTRIES = ["PK", "CA", "UK", "USA"]
QUESTDB = Path(__file__).resolve().parents[2] / "fixtures/blueprints/questdb-io.json"


def page(i, kind="post", structure="article", words=800, cluster=1, url=None, keyword=None, status="published"):
    return {"id": i, "url": url or f"https://example.com/p{i}", "title": f"Page {i}", "content_type": kind,
            "content_structure": structure, "status": status, "cluster_id": cluster, "word_count": words,
            "primary_keyword": keyword}


def site(pages, clusters=None, dr="12"):
    return {"id": 1, "site": {"id": 1, "name": "Ex", "brand": "Ex", "homepage_url": "https://example.com", "current_dr": dr,
                              "niches": []},
            "clusters": clusters or [{"id": 1, "name": "c", "hub_content_id": None,
                                      "keywords": [{"keyword": f"k{i}", "volume": 10 * i, "difficulty": i % 100}
                                                   for i in range(1, 40)]}], "pages": pages}


HOME = page(1, "homepage", "landing_page", url="HTTPS://Example.com:443/#x", cluster=None)


def random_site(rng):
    n_clusters, n = rng.randint(1, 6), rng.choice([1, 3, 8, 25, 70])
    clusters = [{"id": c, "name": f"c{c}", "hub_content_id": rng.choice([None, rng.randint(1, n)]),
                 "keywords": [{"keyword": f"k{i}", "volume": rng.choice([0, rng.randint(0, 9000)]),
                               "difficulty": rng.randint(0, 100)} for i in range(rng.randint(0, 9))]}
                for c in range(1, n_clusters + 1)]
    pages = [page(i, rng.choice(["post", "page", "product", "Category", "service"]),
                  rng.choice(["article", "guide", "tool", "cluster_hub", "listicle", "comparison", "product_page"]),
                  rng.choice([300, 1499, 1500, 4000]), rng.choice([None, rng.randint(1, n_clusters)]),
                  keyword=rng.choice([None, f"K{rng.randint(0, 9)}"]), status=rng.choice(["published"] * 5 + ["draft"]))
             for i in range(2, n + 1)] + [HOME]
    return site(pages, clusters, dr=rng.choice([None, "7.5", "30", "60"]))


class Invariants(unittest.TestCase):
    def hold(self, blueprint, country, overrides):
        o = plan(blueprint, country, overrides)
        profile, n = PROFILES[country], o["total_links_target"]
        codes = {(c, s) for c, s in o["warnings"]}
        rd = o["referring_domains"]
        wanted = overrides.get("total_links") or max(rd["for_dr"], rd["links_low"], rd["page_demand"])
        self.assertEqual(n, min(wanted, rd["links_high"], rd["capacity"]))
        self.assertEqual(n, sum(o["links_by_tier"].values()))
        self.assertEqual(n, len(o["links"]))
        self.assertEqual(n, sum(m["links_target"] for m in o["monthly_plan"]))
        self.assertEqual(n, sum(a["links"] for a in o["anchor_mix"]))
        self.assertEqual(o["timeline_months"], len(o["monthly_plan"]))
        for m in o["monthly_plan"]:
            mine = [x for x in o["links"] if x["month"] == m["month"]]
            self.assertEqual(len(mine), m["links_target"])
            self.assertEqual(sum(p["links"] for p in m["pages"]), m["links_target"])
            self.assertEqual(sum(F(x["cost_expected"]) for x in mine), F(m["placements"]))
            self.assertEqual(F(m["placements"]) + F(m["reserve"]), F(m["budget"]))
        self.assertEqual(sum(F(m["budget"]) for m in o["monthly_plan"]), F(o["budget_expected"]))
        for t in TIERS:
            mine = [p for p in o["pages"] if p["tier"] == t]
            self.assertEqual(sum(p["links_target"] for p in mine), o["links_by_tier"][t])
            low, high = PAGE_LIMITS[t]
            for p in mine:
                self.assertLessEqual(p["links_target"], high)
                if ("below-page-target", t) not in codes:
                    self.assertGreaterEqual(p["links_target"], low)
        for p in o["pages"]:
            mine = [x for x in o["links"] if x["content_id"] == p["content_id"]]
            self.assertEqual(len(mine), p["links_target"])
            self.assertEqual(sum(F(x["cost_expected"]) for x in mine), F(p["expected_cost"]))
            self.assertEqual(sum(map(sum, o["allocated"][str(p["content_id"])].values())), p["links_target"])
        for a in o["anchor_mix"]:
            self.assertEqual(sum(x["anchor_type"] == a["type"] for x in o["links"]), a["links"])
            if ("anchor-band-rounded", None) not in codes:
                self.assertTrue(F(a["min"]) * n <= a["links"] <= F(a["max"]) * n)
            if a["type"] == "exact_match":
                self.assertLessEqual(a["links"], F(a["max"]) * n)
        if ("anchor-tier-bent", None) not in codes:
            for x in o["links"]:
                if x["tier"] == "T1":
                    self.assertIn(x["anchor_type"], ("branded", "naked_url", "generic", "brand_keyword"))
                if x["tier"] in ("T4", "T5"):
                    self.assertNotEqual(x["anchor_type"], "exact_match")
        totals = apportion(n, [profile["mix"][t] for t in LINK_TYPES])
        self.assertEqual(totals, [sum(x["link_type"] == t for x in o["links"]) for t in LINK_TYPES])
        if ("group-share-broken", None) not in codes and n >= 7 and "tier_allocation" not in overrides:
            self.assertTrue(F(15, 100) * n <= o["links_by_tier"]["T4"] + o["links_by_tier"]["T5"] <= F(30, 100) * n)
        if not overrides and ("group-share-broken", None) not in codes:
            # rounding each month to the cent may add up to half a cent a month
            self.assertLessEqual(F(o["budget_expected"]), profile["budget"][1] + F(len(o["monthly_plan"]), 200))
        # a plan agrees with itself, and a changed one doesn't
        given = dict(o, overrides=overrides, warnings=[{"code": c, "message": "", "subject": s} for c, s in o["warnings"]],
                     anchor_text_plan={i: [{"text": "", "type": a, "allocated": k} for a, ks in v.items() for k in ks]
                                       for i, v in o["allocated"].items()})
        given = json.loads(json.dumps(given))
        self.assertEqual(check(given, blueprint), [])
        given["budget_expected"] = "1"
        self.assertEqual(len(check(given, blueprint)), 1)
        return o

    def test_hand_made(self):
        many = [HOME] + [page(i, keyword=f"k{i % 39 + 1}") for i in range(2, 60)] + \
            [page(i, structure="guide", words=2000, keyword=f"k{i - 59}") for i in range(60, 90)] + \
            [page(i, "product", "product_page") for i in range(90, 100)] + \
            [page(i, structure="cluster_hub") for i in range(100, 106)]
        sites = {
            "one": site([HOME]), "no home": site([p for p in many if p["id"] != 1]),
            "products": site([page(i, "product") for i in range(1, 31)]),
            "no t4 t5": site([HOME] + many[-16:]), "many": site(many), "three": site(many[:3], dr=None)}
        for name, blueprint in sites.items():
            for country in COUNTRIES:
                for n in [None, *range(1, 81, 1 if country == "PK" else 7)]:
                    with self.subTest(name=name, country=country, n=n):
                        o = self.hold(blueprint, country, {"total_links": n} if n else {})
                        codes = {c for c, _ in o["warnings"]}
                        self.assertEqual("no-homepage" in codes, name in ("no home", "products"))
                        if n is None and name in ("one", "products", "no t4 t5"):
                            self.assertIn("group-share-broken", codes)

    def test_random(self):
        rng = random.Random(2)
        alloc = {"T1": "0.5", "T2": "0", "T3": "0.25", "T4": "0", "T5": "0.25"}
        for k in range(150):
            o = rng.choice([{}, {"total_links": rng.randint(1, 120)}, {"budget_max": "900"}, {"budget_max": "20000"},
                            {"timeline_months": rng.randint(1, 30)}, {"current_dr": "12.25"}, {"tier_allocation": alloc},
                            {"tier_allocation": {"T1": "0.4", "T2": "0.4", "T3": "0.2"}},
                            {"tier_allocation": {"T4": "0.5", "T5": "0.5"}},
                            {"unit_costs": {"haro": {"low": "10.01", "high": "10.02"}}}])
            with self.subTest(k=k, o=o):
                self.hold(random_site(rng), rng.choice(COUNTRIES), o)

    def test_questdb(self):
        with open(QUESTDB, encoding="utf-8") as f:
            blueprint = json.load(f)
        for country in COUNTRIES:
            for o in ({}, {"total_links": 40}, {"budget_max": "4000"}, {"timeline_months": 6}, {"current_dr": 33.5}):
                with self.subTest(country=country, o=o):
                    self.hold(blueprint, country, o)


class ByHand(unittest.TestCase):
    def test_calendar(self):
        weights = {c: Planner(site([HOME]), c, {}).calendar() for c in COUNTRIES}
        self.assertEqual([str(w) for _, w in weights["UK"]],
                         ["2/5", "3/5", "4/5", "1"] + ["5/4"] * 4 + ["9/10"] * 4 + ["2/5"] * 2)
        self.assertEqual(sum(w for _, w in weights["UK"]), F("12.2"))
        phases = {c: [sum(p == q for p, _ in w) for q in ("ramp", "peak", "cruise", "maintenance")]
                  for c, w in weights.items()}
        self.assertEqual(phases, {"PK": [2, 3, 2, 1], "CA": [3, 4, 3, 2], "UK": [4, 4, 4, 2], "USA": [5, 5, 5, 3]})
        # 68 links in the UK: 68*w/12.2 = 2.23 3.34 4.46 5.57 6.97x4 5.02x4 2.23x2, floors 62, six more to the largest rests
        self.assertEqual(apportion(68, [w for _, w in weights["UK"]]), [2, 3, 5, 6, 7, 7, 7, 7, 5, 5, 5, 5, 2, 2])
        for m, want in {1: [0, 1, 0, 0], 2: [0, 1, 1, 0], 3: [1, 1, 1, 0], 4: [1, 1, 1, 1], 5: [1, 2, 1, 1]}.items():
            got = [p for p, _ in Planner(site([HOME]), "UK", {"timeline_months": m}).calendar()]
            self.assertEqual([got.count(q) for q in ("ramp", "peak", "cruise", "maintenance")], want)

    def test_for_dr(self):
        # 22 -> 35: 8*1.2 + 5*1.8 = 18.6; 0 -> 40: 16 + 12 + 18 = 46; 19.5 -> 25: 0.4 + 6 = 6.4
        for country, dr, want in (("UK", "22", 19), ("USA", 0, 46), ("PK", 19.5, 7), ("PK", "25", 0), ("CA", "90", 0)):
            self.assertEqual(Planner(site([HOME]), country, {"current_dr": dr}).for_dr(), want)
        self.assertEqual(Planner(site([HOME], dr=None), "UK", {}).for_dr(), 32)

    def test_budget_links(self):
        # UK, 76 links: 23,21,6,8,9,5,4 -> 7899.00 / .88 = 8976.14; 77: 23,22,6,8,9,5,4 -> 7996.50 / .88 = 9086.93
        uk = Planner(site([HOME]), "UK", {})
        self.assertEqual(list(uk.mix(76).values()), [23, 21, 6, 8, 9, 5, 4])
        self.assertEqual(uk.cost(uk.mix(76)), 7899)
        self.assertEqual(uk.budget_links()[1], 76)
        for c in COUNTRIES:  # a far wider search finds the same
            p = Planner(site([HOME]), c, {})
            low, high = p.budget_links()
            b = [p.cost(p.mix(n)) / (1 - p.p["reserve"]) for n in range(1000)]
            self.assertEqual(low, min(n for n in range(1000) if b[n] >= p.p["budget"][0]))
            self.assertEqual(high, max(n for n in range(1000) if b[n] <= p.p["budget"][1]))

    def test_anchor_targets(self):
        for c in COUNTRIES:
            p = Planner(site([HOME]), c, {})
            self.assertEqual(sum(p.anchor_targets().values()), 1)
            self.assertEqual(sum(p.p["mix"].values()), 1)
            self.assertEqual(sum(p.p["tiers"].values()), 1)

    def test_small(self):
        self.assertEqual(apportion(5, [1, 1, 1]), [2, 2, 1])
        self.assertEqual([show(F(x), 2) for x in ("0.005", "0.015", "-0.5", "3")], ["0.00", "0.02", "-0.50", "3.00"])
        base = url_key("https://example.com")
        for same in ("HTTPS://EXAMPLE.com:443/", "https://example.com/#a", "https://example.com/a/..", "https://example.com/./"):
            self.assertEqual(url_key(same), base)
        self.assertEqual(url_key("https://bücher.de/%7Ea/ü"), url_key("https://xn--bcher-kva.de/~a/%C3%BC"))
        for other in ("http://example.com", "https://www.example.com", "https://example.com/?", "https://example.com/a"):
            self.assertNotEqual(url_key(other), base)
        self.assertEqual(list(differences({"a": [1, "2"]}, {"a": [1, 2], "b": 3})), [".a[1]: got 2, expected '2'"])


if __name__ == "__main__":
    unittest.main()
