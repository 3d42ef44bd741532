"""Constants of the spec (requirements.md R-2, R-3.1; engine.md section 3), typed in from the tables, nothing else."""
from fractions import Fraction as F

TIERS = ["T1", "T2", "T3", "T4", "T5"]
GROUPS = [["T1", "T2", "T3"], ["T4", "T5"]]
PAGE_LIMITS = {"T1": (10, 30), "T2": (5, 15), "T3": (3, 10), "T4": (1, 4), "T5": (2, 6)}
ANCHORS = ["branded", "naked_url", "generic", "partial_match", "exact_match", "lsi", "brand_keyword"]
LINK_TYPES = ["guest_post", "niche_edit", "pr_distribution", "directory", "resource_page", "broken_link", "haro"]
PHASES = ["ramp", "peak", "cruise", "maintenance"]
# Rate of referring domains per DR point: (upper end of the stretch, rate)
DR_RATES = [(20, F("0.8")), (30, F("1.2")), (40, F("1.8")), (50, F("2.5")), (100, F(4))]

_MIX_PK = ".30 .30 .05 .15 .10 .05 .05"
_MIX_CA_UK = ".30 .28 .08 .10 .12 .06 .06"
_MIX_USA = ".30 .28 .10 .06 .12 .06 .08"


def _profile(months, budget, target_dr, threshold, source_dr, baseline, reserve, tiers, anchors, mix, costs):
    bands = [tuple(F(int(x), 100) for x in band.split("-")) for band in anchors.split()]
    return {
        "months": months, "budget": budget, "target_dr": target_dr, "threshold": threshold,
        "source_dr": source_dr, "baseline": baseline, "reserve": F(reserve),
        "tiers": dict(zip(TIERS, map(F, tiers.split()))),
        "anchors": dict(zip(ANCHORS, bands)),  # PK has six: zip stops before brand_keyword
        "mix": dict(zip(LINK_TYPES, map(F, mix.split()))),
        "costs": {t: tuple(map(F, c.split("-"))) for t, c in zip(LINK_TYPES, costs.split())},
    }


PROFILES = {
    "PK": _profile(8, (2000, 5000), 25, 5, 25, 40, ".14", ".25 .35 .25 .10 .05",
                   "30-35 15-20 15-20 15-20 5-10 5-10", _MIX_PK,
                   "40-90 20-60 99-299 2-10 15-40 10-50 30-120"),
    "CA": _profile(12, (3000, 7000), 35, 6, 35, 30, ".12", ".22 .34 .26 .11 .07",
                   "35-40 15-20 15-20 12-18 3-7 5-10 3-5", _MIX_CA_UK,
                   "55-130 45-115 99-499 5-25 30-80 18-75 35-95"),
    "UK": _profile(14, (3000, 9000), 35, 6, 35, 32, ".12", ".22 .34 .26 .11 .07",
                   "35-40 15-20 15-20 12-18 3-7 5-10 3-5", _MIX_CA_UK,
                   "70-170 55-140 99-499 5-25 40-95 20-80 40-120"),
    "USA": _profile(18, (5000, 13000), 40, 7, 40, 36, ".11", ".20 .32 .26 .13 .09",
                    "35-45 15-20 15-20 10-15 2-5 5-8 3-5", _MIX_USA,
                    "90-220 70-180 99-499 5-30 50-120 25-100 50-150"),
}
