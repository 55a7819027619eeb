"""Every word a pack may use has its term in both languages, and no term stands for a word that is gone."""

from __future__ import annotations

from sizao.policy.terms import VOCABULARIES, term
from sizao.words import Lang, say, terms


def test_every_word_of_the_packs_can_be_said_in_both_languages() -> None:
    codes = {term(word) for kind in VOCABULARIES for word in kind}
    assert {code for code in codes if code not in terms()} == set()
    assert {code for code in codes if say(code, Lang.ZH) == say(code, Lang.EN)} == set()


def test_no_term_stands_for_a_word_that_is_gone() -> None:
    codes = {term(word) for kind in VOCABULARIES for word in kind}
    written = {code for code in terms() if code.startswith("policy.") and not code.startswith("policy.shape.")}
    assert written - codes == set()
