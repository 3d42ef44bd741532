"""engine.md section 2: which page is in which tier, its figures and its priority (and URL equality of section 8)."""
import re
from fractions import Fraction as F
from urllib.parse import quote, unquote, urlsplit

NO_TIER = {"taxonomy", "term", "category", "tag", "attribute", "attribute_term"}


def url_key(url):
    """Two URLs are equal when their keys are."""
    url = re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33)))))
    head, mark, query = url.split("#")[0].partition("?")
    parts = urlsplit(head.replace("\\", "/"))
    scheme, host, port = parts.scheme.lower(), unquote(parts.hostname or "").lower(), parts.port
    try:
        host = host.encode("idna").decode().lower()
    except UnicodeError:
        pass
    if port == {"http": 80, "https": 443}.get(scheme):
        port = None

    def unreserved(text, safe):
        text = re.sub(r"%(2[dDeE]|3\d|4[1-9a-fA-F]|5[\daAfF]|6[1-9a-fA-F]|7[\daAeE])",
                      lambda m: chr(int(m[1], 16)), text)
        return quote(text, safe=safe)

    path = []
    segments = unreserved(parts.path, "%/:@!$&'()*+,;=[]|^\\")[1:].split("/")
    for i, segment in enumerate(segments):
        if segment == "..":
            del path[-1:]
        if segment not in (".", ".."):
            path.append(segment)
        elif i == len(segments) - 1:
            path.append("")
    query = unreserved(query, "%/?:@!$&()*+,;=[]{}|^\\`") if mark else None
    return scheme, parts.username, parts.password, host, port, "/" + "/".join(path), query


def classify(blueprint):
    """-> ([{id, url, tier, volume, difficulty, priority}] of every T1-T5 page, ascending id), homepage found?"""
    clusters = {c["id"]: c for c in blueprint["clusters"]}
    naming = {}  # page id -> ids of the clusters whose hub it is
    for c in sorted(blueprint["clusters"], key=lambda c: c["id"]):
        if c.get("hub_content_id") is not None:
            naming.setdefault(c["hub_content_id"], []).append(c["id"])
    pages = []
    for p in sorted(blueprint["pages"], key=lambda p: p["id"]):
        p = dict(p, kind=p["content_type"].lower(), structure=p["content_structure"].lower(), tier=None)
        if p["status"].lower() == "published" and p["kind"] not in NO_TIER:
            pages.append(p)

    home = [p for p in pages if url_key(p["url"]) == url_key(blueprint["site"]["homepage_url"])]
    home = home or [p for p in pages if p["kind"] == "homepage"]
    if len(home) > 1:
        raise ValueError("two homepages")
    for p in home:
        p["tier"] = "T1"

    hubs = []
    for p in pages:
        own = [p["cluster_id"]] if p.get("cluster_id") is not None else []
        p["hub"] = p["tier"] is None and (p["id"] in naming or p["structure"] == "cluster_hub")
        p["from"] = [clusters[i] for i in (naming.get(p["id"], own) if p["hub"] else own)]
        if p["hub"]:
            hubs.append(p)
        elif p["tier"] is None:
            if is_product(p):
                p["tier"] = "T3"
            elif p["structure"] in ("tool", "calculator") or (
                    p["structure"] in ("guide", "comparison", "listicle") and p["word_count"] >= 1500):
                p["tier"] = "T5"
            else:
                p["tier"] = "T4"
        figures(p)
    hubs.sort(key=lambda p: (-p["volume"], p["id"]))
    for i, p in enumerate(hubs):
        p["tier"] = "T2" if i < -(-2 * len(hubs) // 5) else "T3"

    top = max((p["volume"] for p in pages), default=0)
    for p in pages:
        v = F(p["volume"], top) if top else F(0)
        priority = F("0.5") * v + F("0.3") * (1 - p["difficulty"] / 100) + F("0.2") * commercial(p)
        p["priority"] = F(round(priority * 10**6), 10**6)
    return pages, bool(home)


def is_product(p):
    return p["kind"] in ("product", "service") or p["structure"] in ("product_page", "service_page")


def figures(p):
    """volume (whole) and difficulty (exact) of a page."""
    words = [k for c in p["from"] for k in c["keywords"]]
    wanted = (p.get("primary_keyword") or "").lower()
    primary = next((k for k in words if wanted and k["keyword"].lower() == wanted), None)
    total = sum(k["volume"] for k in words)
    p["volume"] = total if p["hub"] else primary["volume"] if primary else 0
    if primary:
        p["difficulty"] = F(primary["difficulty"])
    elif total:
        p["difficulty"] = F(sum(k["volume"] * k["difficulty"] for k in words), total)
    else:
        p["difficulty"] = F(50)


def commercial(p):
    if p["tier"] == "T1" or p["hub"]:
        return F("0.8")
    if is_product(p):
        return F(1)
    by_structure = {"comparison": "0.7", "listicle": "0.6", "tool": "0.5", "calculator": "0.5", "guide": "0.4"}
    return F(by_structure.get(p["structure"], "0.2"))
