"""What is asked for on the way in. Fields may be pasted into and filled by a password manager: nothing has to be
remembered or solved (WCAG 2.2, 3.3.8)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from sizao.desk.access.models import User


class PlainForm(forms.Form):
    """A form whose errors a page can list, each leading to its field."""

    use_required_attribute = False

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | given))
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["class"] = f"govuk-input {field.widget.attrs.get('class', '')}".strip()

    @property
    def error_links(self) -> list[dict[str, str]]:
        """Every error, with where to mend it."""
        found = []
        for name, errors in self.errors.items():
            field = "" if name == "__all__" else f"#{self[name].id_for_label}"
            found += [{"text": str(error), "url": field} for error in errors]
        return found


def _secret(label: Any, *, autocomplete: str, help_text: Any = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=200, help_text=help_text, required=required,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )  # fmt: skip


def _code(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=40, required=required,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}),
    )  # fmt: skip


class SignInForm(PlainForm):
    """Name and password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _secret(_("Password"), autocomplete="current-password")


class CodeForm(PlainForm):
    """A code of the authenticator app, or a recovery code."""

    code = _code(
        _("Code to sign in with"), _("The six digits your authenticator app shows now, or one of your recovery codes.")
    )


class NewAppForm(PlainForm):
    """The code that proves that an authenticator app was set up right."""

    code = _code(_("Code to sign in with"), _("The six digits your new authenticator app shows now."))


class PasskeyForm(PlainForm):
    """What a browser answered; a script fills it in."""

    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)


class NewPasskeyForm(PasskeyForm):
    """The same with a name to know it by."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=40, help_text=_("For example: work telephone."))


class CheckForm(PlainForm):
    """Password or code: either says that it is still the same person."""

    password = _secret(_("Password"), autocomplete="current-password", required=False)
    code = _code(
        _("or a code"),
        _("The six digits your authenticator app shows now, or one of your recovery codes."),
        required=False,
    )


class NewPasswordForm(PlainForm):
    """A password of one's own, twice."""

    password = _secret(
        _("New password"),
        autocomplete="new-password",
        help_text=_("At least 12 characters. A few words that you do not use elsewhere are good."),
    )
    again = _secret(_("New password, again"), autocomplete="new-password")

    def __init__(self, user: User, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._user = user

    def clean(self) -> dict[str, Any]:
        """Both alike, and good enough."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("password") and told.get("again"):
            if told["password"] != told["again"]:
                self.add_error("again", _("The two are not the same."))
            else:
                try:
                    validate_password(told["password"], self._user)
                except forms.ValidationError as weak:
                    self.add_error("password", weak)
        return told
