"""`secrel cve`: requests for CVE ids, and the records that will be published (mission M5)."""

from __future__ import annotations

import json

from cyclopts import App

from secrel.cli.session import NOWHERE, Format, Where, columns, finish, open_desk, release_name, say, someone
from secrel.cli.spelling import json_that_fits
from secrel.cli.turns import whose_turn_it_is
from secrel.desk.carrying_out import carry_out_free
from secrel.desk.looking import look
from secrel.faces.fixes.cves import cve_standing, cves_told
from secrel.papers.cve5.current import record_now
from secrel.words.errors import Exit

app = App(name="cve", version_flags=(), help="Request CVE ids, and look at the records that will be published.")


@app.command
def request(release: str = "", /, *, where: Where = NOWHERE) -> int:
    """Open a request issue for every fix that needs a CVE id and has no request, and bring the others up to date.

    Example: `secrel cve request 2026-11 --by amara`.

    Exit words: 0 done, 4 refused when its turn has not come.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    """
    someone(where)
    desk = open_desk(where)
    name = release_name(desk, release)
    works = whose_turn_it_is(desk, name, ("cve_requests", "cve_updates"))
    return finish(where, carry_out_free(desk, name, works), works)


@app.command
def show(
    release: str = "", ref: str = "", /, *, record: bool = False, format: Format = "text", where: Where = NOWHERE
) -> int:
    """Show what is known for each CVE, and what is still missing; or the record as it would be published.

    Example: `secrel cve show 2026-11`, or `secrel cve show 2026-11 acme/app#4 --record`.

    Exit words: 0 done, 2 misused when there is no such fix, or a fact is missing that a record needs.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    ref
        The fix's issue; without it, all of them.
    record
        Print the CVE record (JSON 5.1.1), proven against the official schema; without a fix, one record a line.
    format
        text, markdown or json; a record is always JSON.
    """
    desk = open_desk(where)
    seen = look(desk, release_name(desk, release))
    refs = [ref] if ref else [advisory.fix for advisory in seen.snapshot.contents.advisories]
    if record:
        for one in refs:
            body = record_now(seen, one)
            say(json_that_fits(body if ref else json.dumps(json.loads(body), ensure_ascii=False)))
        return Exit.DONE
    standings = [cve_standing(seen, one) for one in refs]
    say(cves_told(seen.snapshot.release.name, standings, format, columns()))
    return Exit.DONE
