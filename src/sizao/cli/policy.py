"""`sizao policy`: the group of commands about rules."""

from __future__ import annotations

import click

from sizao.cli.shell import SaidGroup, lang_option

MEMBERS = {
    "check": "sizao.cli.policy_check:check_packs",
    "show": "sizao.cli.policy_show:show",
    "diff": "sizao.cli.policy_diff:diff",
}


@click.group(
    "policy",
    cls=SaidGroup,
    key="policy",
    members=MEMBERS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@lang_option
def policy() -> None:
    """See `cli.policy` in the word catalogue."""
