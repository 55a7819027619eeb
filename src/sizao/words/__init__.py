"""Code → zh, en: the kernel's sentences. Conclusions and errors store codes and slots, never sentences.

Catalogues are YAML, one per room: `errors/<room>.yaml` (`CODE: {zh: {says, do}, en: {says, do}}`) and
`said/<room>.yaml` (`code: {zh: "…{slot}…", en: "…{slot}…"}`). A slot that holds another code is written `{slot:term}` and is
looked up first; `{slot:moment}` and `{slot:day}` render an instant in the reader's zone and language.
"""

from __future__ import annotations

from sizao.words.catalogue import Lang, say, say_day, say_error, say_moment, terms

__all__ = ["Lang", "say", "say_day", "say_error", "say_moment", "terms"]
