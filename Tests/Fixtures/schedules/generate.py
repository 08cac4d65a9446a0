#!/usr/bin/env python3
"""Writes cron.json and offsets.json: what others say of expressions and zones.

Usage: python3 generate.py     (needs croniter 7; the output is the same each time)

cron.json: random cron expressions in UTC and the next five times by the Python package croniter. Where it differs from
cron itself, the expressions keep away: a step over `*` in one of the two day fields stands beside `*` in the other, and no range
begins where it ends.
offsets.json: offsets from UTC at random moments by Python's zoneinfo, for the zones that zic made of zones.zic.
"""

import json
import random
import zoneinfo
from datetime import datetime, timezone
from pathlib import Path

from croniter import croniter

here = Path(__file__).parent
draw = random.Random(20261121)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()


def part(low, high, names=None):
    a, b = sorted(draw.sample(range(low, high + 1), 2))
    kind = draw.randrange(5)
    if names and draw.random() < 0.5 and kind < 2:
        return names[a - low] if kind == 0 else f"{names[a - low]}-{names[b - low]}"
    return [str(a), f"{a}-{b}", f"{a}-{b}/{draw.randint(1, 7)}", str(b), f"{a}-{b}"][kind]


def field(low, high, star, names=None):
    if draw.random() < star:
        return "*"
    if draw.random() < 0.2:
        return f"*/{draw.randint(1, (high - low) // 2 + 1)}"
    return ",".join(part(low, high, names) for _ in range(draw.choice([1, 1, 1, 2, 3])))


def expression():
    day, weekday = field(1, 31, 0.5), field(0, 6, 0.5, DAYS)
    if day.startswith("*/"):
        weekday = "*"
    if weekday.startswith("*/"):
        day = "*"
    if draw.random() < 0.1:
        day, weekday = "L", "*"
    return " ".join([field(0, 59, 0.2), field(0, 23, 0.3), day, field(1, 12, 0.5, MONTHS), weekday])


cases = []
while len(cases) < 400:
    text, start = expression(), draw.randint(631152000, 2208988800)
    try:
        walk = croniter(text, datetime.fromtimestamp(start, timezone.utc))
        times = [int(walk.get_next(float)) for _ in range(5)]
    except Exception:  # a day that never comes
        continue
    cases.append({"cron": text, "start": start, "next": times})
(here / "cron.json").write_text(
    "[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")

zoneinfo.reset_tzpath([str(here / "zones")])
offsets = []
for name in sorted(str(p.relative_to(here / "zones")) for p in (here / "zones").rglob("*") if p.is_file()):
    zone = zoneinfo.ZoneInfo(name)
    moments = [draw.randint(315532800, 4102444800) for _ in range(60)]
    # And the edges of each change near some of them.
    for year in (1995, 2006, 2011, 2026, 2099):
        begin = int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp())
        last = None
        for hour in range(0, 366 * 48):
            moment = begin + hour * 1800
            now = datetime.fromtimestamp(moment, zone).utcoffset()
            if last is not None and now != last:
                moments += [moment - 1, moment]
            last = now
    offsets.append({"zone": name, "moments": [
        [m, int(datetime.fromtimestamp(m, zone).utcoffset().total_seconds())] for m in moments]})
(here / "offsets.json").write_text(json.dumps(offsets) + "\n")
