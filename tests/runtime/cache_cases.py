"""Which behaviours of caches are asked for by the public tests of HTTP caches, and the answers.

The ids are those of the project `http-tests/cache-tests`, whose questions these are; what is sent
and expected here is written anew. `KIND` says of each what it is: `must` and `should` have one
right answer, and a `question` has none: there `yes` or `no` is what this cache does.

`python -m tests.runtime.cache_cases` prints the table that the guide shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Value: TypeAlias = str | int
Fields: TypeAlias = "tuple[tuple[str, Value], ...]"
Outcome: TypeAlias = Literal["asked", "stored", "etag", "modified", "error"]

PAUSE = 3
"""Seconds that pass where time passes."""
SHARED = "it is about caches that many users share, and this one is private"
OWN = "requests with conditions or ranges of their own go past this cache"


@dataclass(frozen=True)
class Step:
    """One request of a case.

    Attributes:
        outcome: `asked`: the server sees it as it is; `etag` and `modified`: the server is asked
            if what is stored is valid, and says so; `stored`: the server sees nothing; `error`:
            the call fails.
        fields: What the server answers; numbers are dates, seconds from now.
        status: The status that it answers with, 0 for a connection that breaks.
        sent: Header fields of the request.
        method: The method.
        query: What follows the path.
        pause: Seconds that pass before.
        expected: Header fields that the answer must have, `None` for those that it must not have.
        gives: The status that the call must give, where it is not that of the server.
    """

    outcome: Outcome
    fields: Fields = ()
    status: int = 200
    sent: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    query: str = ""
    pause: float = 0
    expected: tuple[tuple[str, Value | None], ...] = ()
    gives: int | None = None


@dataclass(frozen=True)
class Case:
    """A behaviour.

    Attributes:
        suite: The file of the public tests that it is from.
        id: Its id there.
        steps: What is requested.
        answer: `passed`, or for questions `yes` or `no`.
    """

    suite: str
    id: str
    steps: tuple[Step, ...]
    answer: Literal["passed", "yes", "no"] = "passed"


@dataclass
class Suite:
    """The cases of one file."""

    name: str
    cases: list[Case] = field(default_factory=list)

    def must(self, case: str, *steps: Step) -> None:
        """A behaviour with one right answer."""
        self.cases.append(Case(self.name, case, steps))

    def question(self, case: str, answer: Literal["yes", "no"], *steps: Step) -> None:
        """A behaviour that the public tests ask about, without saying what is right."""
        self.cases.append(Case(self.name, case, steps, answer))


def fresh(*fields: tuple[str, Value], **more: object) -> Step:
    """A first answer with header fields."""
    return Step("asked", fields, **more)  # type: ignore[arg-type]


def then(outcome: Outcome, pause: float = PAUSE, **more: object) -> Step:
    """A later request."""
    return Step(outcome, pause=pause, **more)  # type: ignore[arg-type]


def control(value: str) -> tuple[str, str]:
    """A `Cache-Control` field."""
    return ("Cache-Control", value)


DATE = ("Date", 0)
HOUR = control("max-age=3600")
SHORT = control("max-age=2")
TAG = ("ETag", '"abcdef"')
OLD = ("Last-Modified", -86400)
KEEP, ASK = then("stored"), then("asked")

# --- Freshness -----------------------------------------------------------------------------

FRESHNESS = Suite("cc-freshness")
FRESHNESS.must("freshness-none", fresh(), ASK)
FRESHNESS.must("freshness-max-age", fresh(HOUR), KEEP)
FRESHNESS.must("freshness-max-age-stale", fresh(SHORT), ASK)
for number in ("2147483648", "99999999999"):
    name = "max" if number == "2147483648" else "max-plus"
    FRESHNESS.must(f"freshness-max-age-{name}", fresh(control(f"max-age={number}")), KEEP)
FRESHNESS.must("freshness-max-age-0", fresh(control("max-age=0")), ASK)
FRESHNESS.must("freshness-max-age-negative", fresh(control("max-age=-3600")), ASK)
FRESHNESS.must("freshness-max-age-age", fresh(DATE, HOUR, ("Age", "7200")), ASK)
FRESHNESS.question("freshness-max-age-date", "no", fresh(("Date", -7200), HOUR), ASK)
FRESHNESS.must("freshness-max-age-expires", fresh(HOUR, ("Expires", -7200), DATE), KEEP)
FRESHNESS.must("freshness-max-age-expires-invalid", fresh(HOUR, ("Expires", "0"), DATE), KEEP)
FRESHNESS.must(
    "freshness-max-age-0-expires", fresh(("Expires", 3600), control("max-age=0"), DATE), ASK
)
FRESHNESS.must("freshness-max-age-extension", fresh(control("foobar, max-age=3600")), KEEP)
FRESHNESS.must("freshness-max-age-case-insenstive", fresh(control("MaX-AgE=3600")), KEEP)
FRESHNESS.must(
    "freshness-max-age-s-maxage-private", fresh(control("s-maxage=3600, max-age=1")), ASK
)
FRESHNESS.must(
    "freshness-max-age-s-maxage-private-multiple",
    fresh(control("s-maxage=3600"), control("max-age=1")),
    ASK,
)

PARSING = Suite("cc-parse")
SAME, APART = "sameline", "sepline"
PARSING.question(
    f"freshness-max-age-two-fresh-stale-{SAME}",
    "no",
    fresh(control("max-age=1800, max-age=1")),
    ASK,
)
PARSING.question(
    f"freshness-max-age-two-fresh-stale-{APART}",
    "no",
    fresh(control("max-age=1800"), control("max-age=1")),
    ASK,
)
PARSING.question(
    f"freshness-max-age-two-stale-fresh-{SAME}",
    "yes",
    fresh(control("max-age=1, max-age=1800")),
    KEEP,
)
PARSING.question(
    f"freshness-max-age-two-stale-fresh-{APART}",
    "yes",
    fresh(control("max-age=1"), control("max-age=1800")),
    KEEP,
)
PARSING.must(
    "freshness-max-age-ignore-quoted", fresh(control('extension="max-age=3600", max-age=1')), ASK
)
PARSING.must(
    "freshness-max-age-ignore-quoted-rev",
    fresh(control('max-age=1, extension="max-age=3600"')),
    ASK,
)
PARSING.must("freshness-max-age-leading-zero", fresh(control("max-age=003600")), KEEP)
PARSING.must("freshness-max-age-single-quoted", fresh(control("max-age='3600'")), ASK)
PARSING.question("freshness-max-age-quoted", "yes", fresh(control('max-age="3600"')), KEEP)
PARSING.question(
    "freshness-max-age-space-before-equals", "no", fresh(control("max-age =3600")), KEEP
)
PARSING.question(
    "freshness-max-age-space-after-equals", "no", fresh(control("max-age= 3600")), KEEP
)
for name, number in (
    ("decimal-zero", "3600.0"),
    ("decimal-five", "3600.5"),
    ("a100", "a3600"),
    ("100a", "3600a"),
):
    PARSING.question(f"freshness-max-age-{name}", "no", fresh(control(f"max-age={number}")), ASK)

AGES = Suite("age-parse")
for name, ages, outcome in (
    ("nonnumeric", ["abc"], KEEP),
    ("negative", ["-7200"], KEEP),
    ("float", ["7200.0"], KEEP),
    ("suffix", ["7200,0"], ASK),
    ("suffix-twoline", ["7200", "0"], ASK),
    ("prefix", ["0,7200"], KEEP),
    ("prefix-twoline", ["0", "7200"], KEEP),
    ("dup-0", ["0, 0"], KEEP),
    ("dup-0-twoline", ["0", "0"], KEEP),
    ("dup-old", ["7200, 7200"], ASK),
    ("dup-old-twoline", ["7200", "7200"], ASK),
):
    AGES.question(
        f"age-parse-{name}",
        "yes" if outcome is KEEP else "no",
        fresh(DATE, HOUR, *(("Age", age) for age in ages)),
        outcome,
    )

MONTH = 30 * 86400
EXPIRES = Suite("expires-freshness")
EXPIRES.must("freshness-expires-none", fresh(), ASK)
EXPIRES.must("freshness-expires-future", fresh(("Expires", MONTH), DATE), KEEP)
EXPIRES.must("freshness-expires-past", fresh(("Expires", -MONTH), DATE), ASK)
EXPIRES.must("freshness-expires-present", fresh(("Expires", 0), DATE), ASK)
EXPIRES.must("freshness-expires-old-date", fresh(("Expires", 300), ("Date", 400)), ASK)
EXPIRES.must("freshness-expires-invalid", fresh(("Expires", "0"), DATE), ASK)
EXPIRES.must(
    "freshness-expires-invalid-date",
    fresh(("Date", "foo"), ("Expires", 10)),
    then("stored", pause=0),
)
EXPIRES.must(
    "freshness-expires-age-slow-date",
    fresh(("Date", -10), ("Expires", 10), ("Age", "25")),
    ASK,
)
EXPIRES.must(
    "freshness-expires-age-fast-date",
    fresh(("Date", 10), ("Expires", 20), ("Age", "15")),
    ASK,
)

EXPIRES_PARSING = Suite("expires-parse")
for name, written, outcome in (
    ("wrong-case-weekday", "THU, 18 Aug 2050 02:01:18 GMT", KEEP),
    ("wrong-case-month", "Thu, 18 AUG 2050 02:01:18 GMT", KEEP),
    ("wrong-case-tz", "Thu, 18 Aug 2050 02:01:18 gMT", KEEP),
    ("invalid-utc", "Thu, 18 Aug 2050 02:01:18 UTC", KEEP),
    ("invalid-2-digit-year", "Thu, 18 Aug 50 02:01:18 GMT", KEEP),
    ("invalid-no-comma", "Thu 18 Aug 2050 02:01:18 GMT", KEEP),
    ("invalid-multiple-spaces", "Thu, 18  Aug  2050 02:01:18 GMT", KEEP),
    ("invalid-date-dashes", "Thu, 18-Aug-2050 02:01:18 GMT", KEEP),
    ("invalid-time-periods", "Thu, 18 Aug 2050 02.01.18 GMT", KEEP),
    ("invalid-1-digit-hour", "Thu, 18 Aug 2050 2:01:18 GMT", KEEP),
):
    EXPIRES_PARSING.question(
        f"freshness-expires-{name}",
        "yes" if outcome is KEEP else "no",
        fresh(("Expires", written), DATE),
        outcome,
    )

HEURISTIC = Suite("heuristic-freshness")
for status in (200, 203, 204, 404, 405, 410, 414, 501):
    HEURISTIC.must(f"heuristic-{status}-cached", fresh(OLD, DATE, status=status), KEEP)
for status in (201, 202, 403, 502, 503, 504, 599):
    HEURISTIC.must(f"heuristic-{status}-not_cached", fresh(OLD, DATE, status=status), ASK)
HEURISTIC.must("heuristic-599-cached", fresh(OLD, DATE, control("public"), status=599), KEEP)
for delta in (5, 10, 30, 60, 300, 600, 1200, 1800, 3600, 43200, 86400):
    lasts = delta // 10 > PAUSE
    HEURISTIC.question(
        f"heuristic-delta-{delta}",
        "yes" if lasts else "no",
        fresh(("Last-Modified", -delta), DATE),
        KEEP if lasts else then("modified", fields=(("Last-Modified", -delta - PAUSE), DATE)),
    )

STATUS = Suite("status")
for status in (
    *(200, 203, 204, 299, 301, 302, 303, 307, 308),
    *(400, 404, 410, 499, 500, 502, 503, 504, 599),
):
    STATUS.must(f"status-{status}-fresh", fresh(HOUR, status=status), KEEP)
    STATUS.must(f"status-{status}-stale", fresh(SHORT, status=status), ASK)

# --- Directives ----------------------------------------------------------------------------

REQUEST = Suite("cc-request")


def says(value: str) -> tuple[tuple[str, str], ...]:
    """A request's `Cache-Control`."""
    return (("Cache-Control", value),)


REQUEST.question("ccreq-ma0", "yes", fresh(HOUR), then("asked", sent=says("max-age=0")))
REQUEST.question("ccreq-ma1", "yes", fresh(HOUR), then("asked", sent=says("max-age=1")))
REQUEST.question(
    "ccreq-magreaterage",
    "yes",
    fresh(HOUR, ("Age", "1800")),
    then("asked", sent=says("max-age=600")),
)
REQUEST.question(
    "ccreq-max-stale", "yes", fresh(SHORT, TAG), then("stored", sent=says("max-stale=1000"))
)
REQUEST.question(
    "ccreq-max-stale-age",
    "yes",
    fresh(control("max-age=1500"), ("Age", "2000"), TAG),
    then("stored", sent=says("max-stale=1000")),
)
REQUEST.question(
    "ccreq-min-fresh",
    "yes",
    fresh(control("max-age=1500")),
    then("asked", sent=says("min-fresh=2000")),
)
REQUEST.question(
    "ccreq-min-fresh-age",
    "yes",
    fresh(control("max-age=1500"), ("Age", "1000")),
    then("asked", sent=says("min-fresh=1000")),
)
REQUEST.question("ccreq-no-cache", "yes", fresh(HOUR), then("asked", sent=says("no-cache")))
REQUEST.question(
    "ccreq-no-cache-lm", "yes", fresh(HOUR, OLD, DATE), then("modified", sent=says("no-cache"))
)
REQUEST.question(
    "ccreq-no-cache-etag", "yes", fresh(HOUR, TAG), then("etag", sent=says("no-cache"))
)
REQUEST.question("ccreq-no-store", "yes", fresh(HOUR), then("asked", sent=says("no-store")))
REQUEST.question("ccreq-oic", "yes", Step("error", sent=says("only-if-cached")))

RESPONSE = Suite("cc-response")
RESPONSE.must("cc-resp-private-private", fresh(control("private, max-age=3600")), KEEP)
RESPONSE.must("cc-resp-no-store", fresh(control("no-store")), ASK)
RESPONSE.must("cc-resp-no-store-case-insensitive", fresh(control("No-StOrE")), ASK)
RESPONSE.must(
    "cc-resp-no-store-fresh",
    fresh(control("max-age=10000, no-store"), ("Expires", 10000), DATE),
    ASK,
)
for name, second in (("new", "no-store"), ("max-age", "no-store, max-age=0")):
    RESPONSE.question(
        f"cc-resp-no-store-old-{name}",
        "yes",
        fresh(control("max-age=10000"), ("Expires", 10000), DATE, ("A", "1")),
        then("asked", sent=says("no-cache"), fields=(control(second), DATE, ("A", "2"))),
        then("stored", expected=(("A", "1"),)),
    )
NO_CACHE = control("max-age=10000, no-cache")
RESPONSE.must("cc-resp-no-cache", fresh(NO_CACHE, ("Expires", 10000), DATE), ASK)
RESPONSE.must(
    "cc-resp-no-cache-case-insensitive",
    fresh(control("max-age=10000, No-CaChE"), ("Expires", 10000), DATE),
    ASK,
)
RESPONSE.must("cc-resp-no-cache-revalidate", fresh(control("no-cache"), TAG), then("etag"))
RESPONSE.must(
    "cc-resp-no-cache-revalidate-fresh",
    fresh(NO_CACHE, ("Expires", 10000), DATE, TAG),
    then("etag"),
)
RESPONSE.must(
    "cc-resp-must-revalidate-fresh", fresh(control("max-age=10000, must-revalidate"), TAG), KEEP
)
RESPONSE.must(
    "cc-resp-must-revalidate-stale",
    fresh(control("max-age=2, must-revalidate"), TAG),
    then("stored", pause=1),
    then("etag"),
)
RESPONSE.must("cc-resp-immutable-stale", fresh(control("max-age=2, immutable"), TAG), then("etag"))
for name, listed in (("-single", ("a",)), ("", ("a", "b"))):
    RESPONSE.question(
        f"headers-omit-headers-listed-in-Cache-Control-no-cache{name}",
        "yes",
        fresh(
            control(f'no-cache="{", ".join(listed)}"'),
            *((f, "1") for f in listed),
            ("C", "3"),
            HOUR,
            DATE,
        ),
        then("stored", expected=(("C", "3"), *((f, None) for f in listed))),
    )

STALE = Suite("stale")
BROKEN = then("error", status=0)
STALE.question("stale-close", "no", fresh(SHORT, TAG), BROKEN)
STALE.question("stale-503", "no", fresh(SHORT, TAG), then("asked", status=503))
LENIENT = control("max-age=2, stale-if-error=60")
STALE.question("stale-sie-close", "yes", fresh(LENIENT), then("stored", status=0))
STALE.question("stale-sie-503", "yes", fresh(LENIENT), then("stored", status=503, gives=200))
for name in ("must-revalidate", "no-cache"):
    STALE.must(
        f"stale-close-{name}", fresh(control(f"max-age=2, stale-if-error=60, {name}")), BROKEN
    )
for name in ("stored", "become"):
    STALE.question(
        f"stale-warning-{name}",
        "no",
        fresh(LENIENT),
        then("stored", status=0, expected=(("Warning", None),)),
    )

EXTENSIONS = Suite("cc-stale")
MEANWHILE = control("max-age=0, stale-while-revalidate=3600")
NEWER = (HOUR, ("ETag", '"newer"'))
EXTENSIONS.must(
    "stale-while-revalidate",
    fresh(MEANWHILE, ("ETag", '"older"')),
    then("stored", fields=NEWER, expected=(("ETag", '"older"'),)),
    then("stored", expected=(("ETag", '"newer"'),)),
)
ERROR_HOUR = control("max-age=0, stale-if-error=3600")
EXTENSIONS.question(
    "stale-if-error-cc-response", "yes", fresh(ERROR_HOUR), then("stored", status=500, gives=200)
)
EXTENSIONS.must(
    "stale-if-error-cc-response-expired",
    fresh(control("max-age=0, stale-if-error=1")),
    then("asked", status=500),
)
EXTENSIONS.question(
    "stale-if-error-cc-request",
    "yes",
    fresh(control("max-age=0"), TAG),
    then("stored", status=500, gives=200, sent=says("stale-if-error=3600")),
)
EXTENSIONS.must(
    "stale-if-error-cc-request-expired",
    fresh(control("max-age=0"), TAG),
    then("asked", status=500, sent=says("stale-if-error=1")),
)

PRAGMA = Suite("pragma")
for name in ("no-cache", "extension"):
    value = "unrecognised-extension" if name == "extension" else name
    PRAGMA.question(
        f"pragma-request-{name}", "yes", fresh(HOUR), then("stored", sent=(("Pragma", value),))
    )
    PRAGMA.question(f"pragma-response-{name}", "yes", fresh(HOUR, ("Pragma", value)), KEEP)
PRAGMA.question(
    "pragma-response-no-cache-heuristic", "yes", fresh(OLD, ("Pragma", "no-cache")), KEEP
)

# --- Conditional requests ------------------------------------------------------------------

CONDITIONAL = Suite("conditional-etag")
CONDITIONAL.must("conditional-etag-strong-generate", fresh(SHORT, TAG), then("etag"))
CONDITIONAL.must(
    "conditional-etag-weak-generate-weak", fresh(SHORT, ("ETag", 'W/"abcdef"')), then("etag")
)
CONDITIONAL.question(
    "conditional-etag-strong-generate-unquoted",
    "no",
    fresh(SHORT, ("ETag", "abcdef")),
    then("etag"),
)
CONDITIONAL.question(
    "conditional-etag-forward",
    "yes",
    Step("etag", status=304, fields=(TAG,), sent=(("If-None-Match", '"abcdef"'),), gives=304),
)
CONDITIONAL.question(
    "conditional-etag-forward-unquoted",
    "no",
    Step("etag", status=304, fields=(TAG,), sent=(("If-None-Match", "abcdef"),), gives=304),
)
SELECTED = (("Expires", 1), TAG, DATE, ("Vary", "Abc"))
CONDITIONAL.must(
    "conditional-etag-vary-headers",
    fresh(*SELECTED, sent=(("Abc", "123"),)),
    then("etag", sent=(("Abc", "123"),)),
)
CONDITIONAL.question(
    "conditional-etag-vary-headers-mismatch",
    "no",
    fresh(("Expires", 10000), TAG, DATE, ("Vary", "Abc"), sent=(("Abc", "123"),)),
    then("asked", sent=(("Abc", "456"),)),
)

UPDATE = Suite("update304")
UPDATE.must(
    "304-lm-use-stored-Test-Header",
    fresh(SHORT, OLD, DATE, ("Test-Header", "A")),
    then("modified", fields=(HOUR, DATE), expected=(("Test-Header", "A"),)),
)
UPDATED: dict[str, tuple[str, str]] = {
    "Test-Header": ("A", "B"),
    "X-Test-Header": ("A", "B"),
    "Content-Foo": ("A", "B"),
    "X-Content-Foo": ("A", "B"),
    "Content-MD5": ("rL0Y20zC+Fzt72VPzMSk2A==", "N7UdGUp1E+RbVvZSTy1R8g=="),
    "Content-Location": ("/foo", "/bar"),
    "Content-Security-Policy": ("default-src 'self'", "default-src 'none'"),
    "X-Frame-Options": ("deny", "sameorigin"),
    "X-XSS-Protection": ("1", "1; mode=block"),
    "Cache-Control": ("max-age=2", "max-age=3600"),
    "Expires": ("Fri, 01 Jan 2038 01:01:01 GMT", "Mon, 11 Jan 2038 11:11:11 GMT"),
    "Clear-Site-Data": ("cache", "cookies"),
    "Public-Key-Pins": ("A", "B"),
    "Set-Cookie": ("a=b", "a=c"),
    "Set-Cookie2": ("a=b", "a=c"),
}
for name, (before, after) in UPDATED.items():
    for kind, validator, how in (("lm", OLD, "modified"), ("etag", TAG, "etag")):
        first = fresh(
            DATE, validator, *(() if name == "Cache-Control" else (SHORT,)), (name, before)
        )
        lasting = () if name == "Cache-Control" else (HOUR,)
        later = then(
            how,  # type: ignore[arg-type]
            fields=(DATE, validator if kind == "etag" else ("X", "1"), *lasting, (name, after)),
            expected=((name, after),),
        )
        UPDATE.must(f"304-{kind}-update-response-{name}", first, later)
        if not name.startswith("Set-Cookie"):
            last = then("stored", expected=((name, after),))
            UPDATE.must(f"304-{kind}-update-stored-{name}", first, later, last)

HEAD = Suite("update-head")
STALE_FIRST = fresh(SHORT, TAG, ("Template-A", "1"))
HEAD.question("head-writethrough", "yes", STALE_FIRST, then("asked", method="HEAD"))
HEAD.question(
    "head-200-retain",
    "no",
    STALE_FIRST,
    then("asked", method="HEAD", expected=(("Template-A", None),)),
)
HEAD.question(
    "head-200-freshness-update",
    "no",
    STALE_FIRST,
    then("asked", method="HEAD", fields=(HOUR,)),
    then("etag"),
)
for status in (200, 410):
    HEAD.question(
        f"head-{status}-update",
        "no",
        STALE_FIRST,
        then("asked", method="HEAD", status=status, fields=(HOUR, ("Template-A", "2"))),
        then("etag", expected=(("Template-A", "1"),)),
    )

# --- Vary ----------------------------------------------------------------------------------

VARY = Suite("vary")
EXPIRY = (("Expires", 5000), ("Last-Modified", -3000), DATE)


def varying(names: str, **sent: str) -> Step:
    """An answer that depends on header fields of the request."""
    return fresh(*EXPIRY, ("Vary", names), sent=tuple(sent.items()))


def asking(outcome: Outcome, **sent: str) -> Step:
    """A request with header fields, at once."""
    return Step(outcome, sent=tuple(sent.items()))


VARY.must("vary-match", varying("Foo", Foo="1"), asking("stored", Foo="1"))
VARY.must("vary-no-match", varying("Foo", Foo="1"), asking("asked", Foo="2"))
VARY.must("vary-omit-stored", varying("Foo"), asking("asked", Foo="1"))
VARY.must("vary-omit", varying("Foo", Foo="1"), asking("asked"))
VARY.must(
    "vary-invalidate",
    varying("Foo", Foo="1"),
    varying("Foo", Foo="2"),
    asking("stored", Foo="1"),
)
VARY.must(
    "vary-cache-key", varying("Foo", Foo="1", Other="2"), asking("stored", Foo="1", Other="3")
)
TWO, THREE = {"Foo": "1", "Bar": "abc"}, {"Foo": "1", "Bar": "abc", "Baz": "789"}
VARY.must("vary-2-match", varying("Foo, Bar", **TWO), asking("stored", **TWO))
VARY.must("vary-2-no-match", varying("Foo, Bar", **TWO), asking("asked", **{**TWO, "Foo": "2"}))
VARY.must("vary-2-match-omit", varying("Foo, Bar", Foo="1"), asking("asked"))
VARY.must("vary-3-match", varying("Foo, Bar, Baz", **THREE), asking("stored", **THREE))
VARY.must(
    "vary-3-no-match", varying("Foo, Bar, Baz", **THREE), asking("asked", **{**THREE, "Foo": "2"})
)
VARY.must(
    "vary-3-order", varying("Foo, Bar, Baz", **{**THREE, "Bar": "abc4"}), asking("asked", **THREE)
)
VARY.must(
    "vary-3-omit",
    varying("Foo, Bar, Baz", Foo="1", Baz="789"),
    asking("stored", Foo="1", Baz="789"),
)
VALIDATED = then("modified", pause=0, sent=(("Foo", "1"), ("Baz", "789")))
VARY.must("vary-star", varying("*", Foo="1", Baz="789"), VALIDATED)
VARY.must("vary-normalise-space", varying("Foo", Foo="1,2"), asking("stored", Foo="1, 2"))
VARY.must("vary-normalise-combine", varying("Foo", Foo="1, 2"), asking("stored", Foo="1,2"))
VARY.question(
    "vary-normalise-lang-order",
    "no",
    fresh(*EXPIRY, ("Vary", "Accept-Language"), sent=(("Accept-Language", "en, de"),)),
    Step("asked", sent=(("Accept-Language", "de, en"),)),
)

VARY_PARSING = Suite("vary-parse")
for name, lines in (
    ("star", ["*"]),
    ("star-star", ["*, *"]),
    ("star-star-lines", ["*", "*"]),
    ("empty-star", [", *"]),
    ("empty-star-lines", ["", "*"]),
    ("star-foo", ["*, Foo"]),
    ("foo-star", ["Foo, *"]),
):
    VARY_PARSING.must(
        f"vary-syntax-{name}",
        fresh(*EXPIRY, *(("Vary", line) for line in lines), sent=(("Foo", "1"), ("Baz", "789"))),
        VALIDATED,
    )

# --- Invalidation --------------------------------------------------------------------------

INVALIDATION = Suite("invalidation")
for method in ("POST", "PUT", "DELETE", "M-SEARCH"):
    AGAIN = then("asked", pause=0)
    INVALIDATION.must(f"invalidate-{method}", fresh(HOUR), Step("asked", method=method), AGAIN)
    INVALIDATION.must(
        f"invalidate-{method}-failed",
        fresh(HOUR),
        Step("asked", method=method, status=500),
        then("stored", pause=0),
    )
    for name, header in (("location", "Location"), ("cl", "Content-Location")):
        INVALIDATION.must(
            f"invalidate-{method}-{name}",
            fresh(HOUR, query="?other"),
            Step("asked", method=method, fields=((header, "?other"),)),
            then("asked", pause=0, query="?other"),
        )

# --- The rest ------------------------------------------------------------------------------

HEADERS = Suite("headers")
STORED = {
    "Test-Header": "A",
    "X-Test-Header": "A",
    "Content-Type": "text/plain",
    "X-Frame-Options": "deny",
    "X-XSS-Protection": "1",
    "Clear-Site-Data": "cookies",
    "Public-Key-Pins": "A",
    "Strict-Transport-Security": "A",
    "Strict-Transport-Security2": "A",
    "WWW-Authenticate": "A",
}
for name, value in STORED.items():
    HEADERS.question(
        f"headers-store-{name}",
        "yes",
        fresh((name, value), HOUR, DATE),
        then("stored", expected=((name, value),)),
    )
for name in (
    *("Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info"),
    *("Proxy-Authorization", "Proxy-Connection", "TE", "Upgrade"),
):
    HEADERS.question(
        f"headers-store-{name}",
        "no",
        fresh((name, "A"), HOUR, DATE),
        then("stored", expected=((name, None),)),
    )
HEADERS.must(
    "headers-omit-headers-listed-in-Connection",
    fresh(("Connection", "a, b"), ("A", "1"), ("B", "2"), ("C", "3"), HOUR, DATE),
    then("stored", expected=(("C", "3"), ("Connection", None), ("A", None), ("B", None))),
)

OTHER = Suite("other")
LONG = ("Expires", MONTH)
OTHER.must("other-age-gen", fresh(LONG, DATE), then("stored", expected=(("Age", "3"),)))
OTHER.must(
    "other-age-update-expires",
    fresh(LONG, DATE, ("Age", "30")),
    then("stored", expected=(("Age", "33"),)),
)
OTHER.must(
    "other-age-update-max-age",
    fresh(control("max-age=600"), DATE, ("Age", "30")),
    then("stored", expected=(("Age", "33"),)),
)
OTHER.must("other-date-update", fresh(LONG, DATE), then("stored", expected=(("Date", -PAUSE),)))
OTHER.must(
    "query-args-different", fresh(HOUR, query="?test=1"), then("asked", pause=0, query="?test=2")
)
OTHER.must(
    "query-args-same", fresh(HOUR, query="?test=1"), then("stored", pause=0, query="?test=1")
)
FILE = ("Content-Disposition", "attachment; filename=example.txt")
OTHER.question(
    "other-heuristic-content-disposition-attachment", "yes", fresh(OLD, DATE, FILE), KEEP
)
OTHER.question("other-fresh-content-disposition-attachment", "yes", fresh(HOUR, FILE), KEEP)
OTHER.must("other-set-cookie", fresh(HOUR, ("Set-Cookie", "a=b")), KEEP)

SUITES = [
    *(FRESHNESS, PARSING, AGES, EXPIRES, EXPIRES_PARSING, HEURISTIC, STATUS),
    *(REQUEST, RESPONSE, STALE, EXTENSIONS, PRAGMA, CONDITIONAL, UPDATE, HEAD),
    *(VARY, VARY_PARSING, INVALIDATION, HEADERS, OTHER),
]
CASES = [case for suite in SUITES for case in suite.cases]

NOT_APPLICABLE: dict[str, tuple[str, str]] = {
    "cdn-cache-control": ("all", SHARED),
    "surrogate-control": ("all", SHARED),
    "authorization": ("all", SHARED),
    "cc-freshness": ("`freshness-*s-maxage-shared*`", SHARED),
    "cc-response": ("`cc-resp-private-shared`", SHARED),
    "cc-response, request": (
        "`cc-resp-immutable-fresh`",
        "it is about the reload button of browsers",
    ),
    "stale": ("`stale-close-proxy-revalidate`, `stale-close-s-maxage=2`", SHARED),
    "conditional-etag": ("`conditional-etag-*-respond*`, `-304-etag`, `-precedence`", OWN),
    "conditional-lm": ("all", OWN),
    "partial": ("all", OWN),
    "interim": ("all", "interim answers are not given to users of the runtime"),
    "method": ("`method-POST`", "answers to POST are not stored; RFC 9111 section 4 allows that"),
    "collapse": ("`collapse-basic`", "tested in `test_cache.py`, with calls that overlap"),
    "headers, update304": (
        "`headers-store-Set-Cookie*`, `304-*-update-stored-Set-Cookie*`",
        "cookies are never stored, since they are secrets",
    ),
    "update304": (
        "`304-*-update-*-Content-Type`, `-Content-Encoding`, `-Content-Range`",
        "these describe the stored body, and stay; RFC 9111 section 3.2 allows that",
    ),
    "headers": (
        "`headers-store-Transfer-Encoding`",
        "the transport takes it away before the cache sees the answer",
    ),
    "other": (
        "`other-cookie`, `other-warning`",
        "requests with cookies are kept apart, since they are credentials; `Warning` is obsolete",
    ),
}


def table() -> str:
    """The results as the guide shows them, in Markdown."""
    lines = [
        "| tests | passed | questions: yes | questions: no |",
        "|---|---|---|---|",
    ]
    for suite in SUITES:
        counts = [sum(c.answer == a for c in suite.cases) for a in ("passed", "yes", "no")]
        lines.append(f"| {suite.name} | {' | '.join(map(str, counts))} |")
    totals = [sum(c.answer == a for c in CASES) for a in ("passed", "yes", "no")]
    lines.append(f"| all | {' | '.join(map(str, totals))} |")
    lines += ["", "| tests | not applicable | reason |", "|---|---|---|"]
    lines += [f"| {name} | {which} | {why} |" for name, (which, why) in NOT_APPLICABLE.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
