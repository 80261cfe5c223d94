"""What English words say about an API: which are verbs, which are plurals.

Small lists and cheap rules on purpose: a word they do not know is taken for a noun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Verbs that start the name of an action whatever follows: `add-models`, `get_users`.
VERBS = _set(
    "accept acknowledge activate add allow append apply assign attach authenticate authorize "
    "calculate cancel clear compute convert create deactivate decline decrypt delete deny "
    "detach detect disable disconnect discover edit enable encrypt exchange execute fetch "
    "finalize find finish generate get initialize insert invalidate invite join launch leave "
    "load lookup make mark modify move obtain perform prepare process provision publish put "
    "reactivate read reboot recalculate reconnect redeliver redo refresh regenerate reject "
    "remove rename renew reopen replace resend reset resolve restart restore resume retrieve "
    "retry revert revoke rotate save send set shutdown simulate start stop submit subscribe "
    "suspend synchronize terminate toggle trigger unarchive unassign unattach unban unblock "
    "unfollow unhide uninstall unlike unlink unlock unmark unmute unpin unpublish unregister "
    "unset unsubscribe update upload upsert validate verify write"
)

# Words that are a verb alone or before one thing (`search`, `merge-upstream`), but name a
# collection before many: `check-runs`, `import-jobs`.
SOMETIMES_VERBS = _set(
    "abort ack advance analyze annotate answer approve archive autocomplete ban begin block "
    "build call capture check claim clone close collect combine complete confirm connect "
    "consume copy count debug deliver deploy dispatch download duplicate estimate evaluate "
    "evict expire export extend fail filter flag flush follow forgot grant hide import index "
    "ingest install kill like link list lock login logout match merge migrate mute normalize "
    "notify open pause pin ping play preview print probe promote purge push query queue "
    "rebuild receive record recover redeem register release reload rerun reserve respond "
    "return review rollback run scan schedule search seek select share ship show sign skip "
    "split star stream succeed suggest swap switch sync tag test track transfer transform "
    "translate uncompress unconfirm undo unstar view void vote watch withdraw"
)

# Of these, the ones that make sense when asked with GET.
READING_VERBS = _set(
    "autocomplete check complete convert count download estimate evaluate export filter list "
    "lookup match normalize ping preview print query scan search select show stream suggest "
    "test view watch"
)

# Words that stand for some view of what is before them: `users.me`, `jobs.recent`.
VIEWS = _set(
    "all available current first full last latest me mine newest next oldest past popular "
    "previous random recent self significant similar today top total unread upcoming"
)

# Words before a verb that leave it one: `bulk-delete`, `de-authenticate`.
MODIFIERS = _set("async auto batch bulk de force mass multi partial quick re un")
# Verbs that some authors write in one word with what follows: `updatestatus`.
GLUED_VERBS = ("create", "delete", "find", "generate", "remove", "search", "update", "validate")

PREPOSITIONS = _set("about after at before between by for from in of on since to with without")
FILLERS = PREPOSITIONS | {"a", "an", "and", "the", "using", "via"}

CREATING = _set("add create insert make new post register")
UPDATING = _set("change edit modify patch replace save set update")

# Plural in form, one thing in fact, so that their GET may well be a `retrieve`.
SINGLE_PLURALS = _set(
    "analytics credentials defaults details diagnostics insights limits metrics options "
    "preferences properties settings statistics stats totals"
)
UNCOUNTABLE = _set("data history info inventory media metadata news staff")
NO_PLURALS = _set("alias apns bus canvas dns gas gps https sms status tls yes") | UNCOUNTABLE
IRREGULAR_PLURALS = {
    "children": "child",
    "criteria": "criterion",
    "indices": "index",
    "matrices": "matrix",
    "men": "man",
    "people": "person",
    "series": "series",
    "species": "species",
    "vertices": "vertex",
    "women": "woman",
}


def singular(word: str) -> str:
    """One of what a word names: `categories` is `category`. Good enough to compare words by."""
    if word in IRREGULAR_PLURALS:
        return IRREGULAR_PLURALS[word]
    if not _ends_as_plural(word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "uses")):
        return word[:-2]
    return word[:-1]


def plural(word: str) -> str:
    """Several of what a word names: `category` is `categories`."""
    if is_plural(word):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def is_plural(word: str) -> bool:
    """Whether a word names several things."""
    return word in IRREGULAR_PLURALS or _ends_as_plural(word)


def is_plural_name(name: str) -> bool:
    """Whether a snake_case name is that of several things."""
    return is_plural(name.rpartition("_")[2])


def is_verb(words: Sequence[str], *, reading: bool = False) -> bool:
    """Whether a name is something to do, such as `search` or `add_models`.

    Args:
        words: The words of the name.
        reading: Whether it is asked with GET, as most verbs are not.
    """
    first, last = words[0], words[-1]
    if first in MODIFIERS and len(words) > 1:
        return is_verb(words[1:], reading=reading)
    if first in VERBS or any(first.startswith(verb, 0, -4) for verb in GLUED_VERBS):
        return True
    if first not in SOMETIMES_VERBS or (len(words) > 1 and is_plural(last)):
        return False
    return first in READING_VERBS if reading else True


def ends_in_verb(words: Sequence[str]) -> bool:
    """Whether a name such as `saml_login` may be something to do, if the rest agrees."""
    return words[-1] in VERBS | SOMETIMES_VERBS


def is_view(words: Sequence[str]) -> bool:
    """Whether a name is a way to look at what is before it: `me`, `featured`, `by_name`."""
    first, *rest = words
    if first in PREPOSITIONS or (_is_participle(first) and rest[-1:] == ["by"]):
        return True
    return not rest and (first in VIEWS or _is_participle(first))


def _is_participle(word: str) -> bool:
    return word.endswith("ed") and not word.endswith("eed") and len(word) > 4


def _ends_as_plural(word: str) -> bool:
    return (
        word.endswith("s")
        and len(word) > 2
        and word not in NO_PLURALS
        and not word.endswith(("ss", "us", "is", "news", "metadata"))
    )
