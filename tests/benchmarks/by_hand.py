"""The roster's page of a chair as somebody would write it who needs this page and no other: sqlite3 and f-strings."""
# ruff: noqa: E501 – the page stands here as it is sent

from __future__ import annotations

import hashlib
import html
import json
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask

from tests.web.scenes import SLUG


class ByHand:
    """The page of a chair of a meeting in order, as somebody would write it who needs this page and no other."""

    def __init__(self, file: Path, cookie: str, app: Flask, now: datetime) -> None:
        self._rows = sqlite3.connect(file, isolation_level=None)
        self._cookie, self._now = cookie, now
        with app.test_request_context():
            from web.assets import address

            self._icons, self._mark, self._style = address("icons.svg"), address("mark.svg"), address("app.css")
            self._scripts = address("htmx-4.0.1.min.js"), address("app.js")

    def page(self) -> bytes:
        e, ask = html.escape, self._rows.execute
        self._rows.execute("BEGIN")
        hashed = hashlib.sha256(self._cookie.encode()).hexdigest()
        now, today = f"{self._now:%Y-%m-%dT%H:%M:%S}", f"{self._now:%Y-%m-%d}"
        lately = f"{self._now - timedelta(minutes=10):%Y-%m-%dT%H:%M:%S}"
        address, csrf, ends = ask(
            "SELECT address, csrf, expires_at FROM web_session WHERE token_hash = ?", (hashed,)
        ).fetchone()
        meeting, name, cap, zone = ask(
            "SELECT id, name, cap, time_zone FROM meeting WHERE slug = ?", (SLUG,)
        ).fetchone()
        chair = ask(
            "SELECT person_id FROM role JOIN address USING (person_id) WHERE folded = ? AND meeting_id = ? AND kind = 'chair'"
            " AND first_day <= ? AND (last_day IS NULL OR last_day >= ?)",
            (address, meeting, today, today),
        ).fetchone()
        if ends <= now or chair is None:
            raise LookupError("this is the page of a chair who is signed in")
        body = json.loads(
            ask(
                "SELECT body_json FROM event_picture JOIN series ON series.id = series_id WHERE meeting_id = ?",
                (meeting,),
            ).fetchone()[0]
        )
        answers = {one[0]: one[2] for one in body["guests"]}
        start = datetime.fromisoformat(body["start"]).astimezone(ZoneInfo(zone))
        end = datetime.fromisoformat(body["end"]).astimezone(ZoneInfo(zone))
        on = self._now.astimezone(ZoneInfo(zone)).date()
        days = (start.date() - on).days % 7
        on = on.fromordinal(on.toordinal() + days)
        that = on.isoformat()
        seats = ask(
            "SELECT seat.id, department.name, person.name, address.folded, mandate.limit_minor, mandate.scope FROM seat"
            " JOIN department ON department.id = department_id JOIN tenure ON tenure.seat_id = seat.id"
            " AND tenure.first_day <= ? AND (tenure.last_day IS NULL OR tenure.last_day >= ?)"
            " JOIN person ON person.id = tenure.person_id JOIN address ON address.person_id = person.id"
            " JOIN mandate ON mandate.seat_id = seat.id AND mandate.person_id = person.id AND mandate.first_day <= ?"
            " AND (mandate.last_day IS NULL OR mandate.last_day >= ?) AND mandate.state = 'confirmed'"
            " WHERE seat.meeting_id = ? AND seat.closed_on IS NULL ORDER BY department.folded",
            (that, that, that, that, meeting),
        ).fetchall()
        leads = ask(
            "SELECT name, kind FROM role JOIN person ON person.id = person_id WHERE meeting_id = ? ORDER BY kind",
            (meeting,),
        ).fetchall()
        # The page says of all these that there are none, and so has to ask.
        (others,) = ask(_OTHERS, (meeting, that, meeting, meeting, that, meeting, meeting, that)).fetchone()
        (just_done,) = ask(
            "SELECT count(*) FROM ledger_entry WHERE chain = ? AND actor = ? AND source = 'web' AND at >= ?",
            (str(UUID(meeting)), f"person:{UUID(chair[0])}", lately),
        ).fetchone()
        self._rows.execute("COMMIT")
        if others or just_done:
            raise LookupError("this is the page of a roster of delegates alone, of whom all may decide")
        base = f"/m/{SLUG}/roster"
        words = {"needsAction": ("circle-dashed", "No answer"), "accepted": ("circle-check", "Coming")}
        rows = []
        for seat, department, person, folded, limit, scope in seats:
            seat = f"{seat[:8]}-{seat[8:12]}-{seat[12:16]}-{seat[16:20]}-{seat[20:]}"
            icon, answer = words[answers.get(folded, "needsAction")]
            links = "".join(
                f'<li{more}><a href="{e(base)}/{act}?seat={e(seat)}">{said}</a></li>\n'
                if act != "waiting"
                else f'<li{more}><a href="/m/{SLUG}/waiting#seat-{e(seat)}">{said}</a></li>\n'
                for act, said, more in _MENU
            )
            rows.append(
                f'<tr role="row" id="seat-{e(seat)}"><th role="rowheader" scope="row">{e(department)}</th>'
                f'<td role="cell" class="delegate"><div class="person"><span class="face" aria-hidden="true">'
                f"{e(person[:1])}</span><div><b>{e(person)}</b></div></div></td>"
                f'<td role="cell" class="mandate"><span class="badge good"><svg class="icon" aria-hidden="true">'
                f'<use href="{e(self._icons)}#circle-check"/></svg>Confirmed</span>'
                f'<span class="small">Up to EUR {limit // 100:,}</span> <span class="small scope" title="{e(scope)}">'
                f'{e(scope)}</span></td><td role="cell" class="deputy nobody"><span class="soft">–</span></td>'
                f'<td role="cell" class="answer"><span class="badge quiet plain"><svg class="icon" aria-hidden="true">'
                f'<use href="{e(self._icons)}#{icon}"/></svg>{e(answer)}</span></td><td role="cell" class="do">'
                f'<details class="menu"><summary aria-label="Change the seat of {e(department)}">Change</summary>\n<ul>'
                f"{links}</ul></details></td></tr>\n"
            )
        held = "".join(
            f'<rect class="held" x="{n * 20}" y="0" width="16" height="8" rx="2"/>\n' for n in range(len(seats))
        )
        led = "".join(f'<li class="beside"><div><strong>{e(who)}</strong>, {e(kind)}</div></li>' for who, kind in leads)
        day = f"{on:%A} {on.day} {on:%B %Y}"
        place = zone.rpartition("/")[2]
        return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roster · {e(name)}</title><link rel="icon" href="{e(self._mark)}" type="image/svg+xml">
<link rel="stylesheet" href="{e(self._style)}"><script src="{self._scripts[0]}" defer></script>
<script src="{self._scripts[1]}" defer></script></head><body><a class="skip" href="#content">Skip to the content</a>
<header class="top"><div class="wide"><a class="brand" href="/">Meeting governance</a><div class="who">
<a href="/sessions">{e(address)}</a><form method="post" action="/sign-out"><input type="hidden" name="csrf"
value="{e(csrf)}"><button class="slight">Sign out</button></form></div></div><nav class="tabs"><ul>
<li><a href="/m/{SLUG}">Meeting</a></li><li><a href="{base}" aria-current="page">Roster</a></li><li><a
href="/m/{SLUG}/rules">Rules</a></li><li><a href="/m/{SLUG}/ledger">Ledger</a></li></ul></nav></header>
<main id="content"><p hidden>The page is not up to date any more: the service does not answer. It goes on by itself
when the service is back.</p> <div class="wide"><div class="head with-acts"><div><p class="crumb"><a href="/m/{SLUG}">{e(name)}</a></p>
<h1>Roster</h1><p class="when">Next on {day}, {start:%H:%M}–{end:%H:%M} <time>({e(place)})</time>, in {days} days</p></div></div>
<section class="card"><header><h2>The room</h2> <span>{len(seats)} of at most {cap} seats are held</span>
<a href="{base}/cap">Change the cap</a></header><div class="room"><svg class="meter" viewBox="0 0 {cap * 20 - 4} 8">{held}</svg></div>
</section><section class="card"><header><h2>Seats</h2> <span>As it will be on {day}</span> <a href="{base}/open-seat">Open a seat</a>
<a href="{base}/import">Import a CSV</a> <a href="{base}.csv">Download as CSV</a></header><table class="roster full" role="table">
<thead role="rowgroup"><tr role="row"><th>Department</th> <th>Delegate</th> <th>Mandate</th> <th>Deputies</th> <th>Answer</th>
<th>Change</th></tr></thead> <tbody role="rowgroup">{"".join(rows)}</tbody></table></section><section class="card"><header>
<h2>Who leads</h2> <a href="{base}/acting-chair">Name an acting chair</a></header><ul class="lines">{led}</ul></section>
<section class="card"><header><h2>Without a seat</h2> <span>Visitors of one day and standing guests: no position, and not
counted in the cap</span> <a href="{base}/visitor">Admit a visitor</a> <a href="{base}/guest">Admit a standing guest</a></header>
<p class="empty">Nobody. Whoever has to be in the room for one topic comes as a visitor, with a reason.</p></section>
<p class="soft"><a href="/me">What is recorded about you</a></p></div></main><footer><button hidden>Keyboard shortcuts <kbd>?</kbd>
</button></footer><dialog><h2>Keyboard shortcuts</h2><dl><dt>/</dt> <dd>Search, where a page has a search
field</dd> <dt>n</dt> <dd>A new
seat, on the roster</dd> <dt>h</dt> <dd>The first page</dd> <dt>Tab</dt> <dt>Enter</dt> <dd>From one link, button or field to the
next; open or press it</dd> <dt>?</dt> <dd>This list</dd> <dt>Esc</dt> <dd>Close it</dd></dl> <p>Keys do nothing while you type in
a field.</p> <button>Close</button></dialog></body></html>""".encode()


_OTHERS = (
    "SELECT (SELECT count(*) FROM deputy JOIN seat ON seat.id = seat_id WHERE meeting_id = ?"
    " AND (last_day IS NULL OR last_day >= ?))"
    " + (SELECT count(*) FROM sponsor JOIN seat USING (department_id) WHERE meeting_id = ?)"
    " + (SELECT count(*) FROM stand_in JOIN seat ON seat.id = seat_id JOIN occurrence ON occurrence.id = occurrence_id"
    " WHERE meeting_id = ? AND original_start >= ?)"
    " + (SELECT count(*) FROM visitor JOIN occurrence ON occurrence.id = occurrence_id JOIN series ON series.id = series_id"
    " WHERE meeting_id = ?) + (SELECT count(*) FROM standing_guest WHERE meeting_id = ?"
    " AND (last_day IS NULL OR last_day >= ?))"
)
_MENU = (
    ("stand-in", "Somebody stands in for a day", ""),
    ("mandate", "Renew the mandate", ""),
    ("withdraw-mandate", "Withdraw a mandate", ""),
    ("hand-over", "Hand over to somebody else", ""),
    ("waiting", "See its waiting list", ""),
    ("deputy", "Name a deputy", ""),
    ("rename", "Rename the department", ' class="last"'),
    ("merge", "Another department joins it", ""),
    ("split", "Split the department", ""),
    ("vacate", "Vacate the seat", ' class="last grave"'),
    ("close", "Close the seat", ' class="grave"'),
)
