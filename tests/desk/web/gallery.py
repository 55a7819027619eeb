"""A gallery of every part with invented people, for the tests and for whoever draws a page; not part of the product."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sizao.desk.store.rights import Actor, Role
from sizao.desk.web.fields import DayField, MomentField, ReasonsField
from sizao.desk.web.forms import ActForm, FilterForm
from sizao.desk.web.moments import Oldest, as_of_asked
from sizao.desk.web.parts import Card, DutyLine, Event, Identity, Link, Receipt, Row, Step, paging_of
from sizao.desk.web.reading import reader_lang
from sizao.facts.kinds import (
    CaseClass,
    CaseNotice,
    DataClass,
    Exposure,
    Fact,
    FactId,
    Grade,
    How,
    Result,
    SubjectId,
    Test,
)
from sizao.rules.reasons import Clause, Reason, Standing
from sizao.rules.timeline import Duty, StandingSpan, State
from sizao.when import OPEN, Instant, Precision, local, parse_day, parse_instant
from sizao.words import Lang

ME = SubjectId("person:c-0731")


def at(text: str) -> Instant:
    """A moment in Shanghai."""
    return parse_instant(f"{text}+08:00")


NOW = at("2021-07-28T13:40")


def iso_local(moment: Instant) -> str:
    """A moment in Shanghai as an address writes it."""
    return f"{local(moment, 'Asia/Shanghai'):%Y-%m-%dT%H:%M}"


def both(zh: str, en: str) -> str:
    """The text in the reader's language."""
    return zh if reader_lang() is Lang.ZH else en


class Filters(FilterForm):
    """Which contacts a list shows."""

    standing = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    overdue = forms.BooleanField(required=False)
    who = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for name, label in (
            ("standing", both("状态", "Standing")),
            ("overdue", both("只看逾期", "Overdue only")),
            ("who", both("负责", "Team")),
        ):
            self.fields[name].label = label
        self.fields["standing"].choices = [("yellow", both("黄", "yellow")), ("red", both("红", "red"))]  # type: ignore[attr-defined]  # a choice field
        self.fields["who"].choices = [("", both("全部", "All")), ("t3", both("流调三组", "Tracing team 3"))]  # type: ignore[attr-defined]  # as above


class TestForm(ActForm):
    """Every kind of field."""

    __test__ = False
    sample = forms.CharField()
    taken = MomentField()
    onset = DayField(required=False)
    result = forms.ChoiceField(widget=forms.RadioSelect)
    signs = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    place = forms.ChoiceField()
    file = forms.FileField(required=False, widget=forms.FileInput)
    reasons = ReasonsField()
    told = forms.BooleanField()

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        labels = {
            "sample": ("采样管编号", "Number of the tube"),
            "taken": ("采样时间", "When it was taken"),
            "onset": ("发病日期", "Day of onset"),
            "result": ("结果", "Result"),
            "signs": ("症状", "Symptoms"),
            "place": ("采样点", "Where"),
            "file": ("附件", "File"),
            "reasons": ("理由", "Reasons"),
            "told": ("本人已被告知", "The person was told"),
        }
        for name, (zh, en) in labels.items():
            self.fields[name].label = both(zh, en)
        self.fields["sample"].help_text = both("管身标签上的 12 位数字", "The twelve digits on the label")
        self.fields["taken"].help_text = both("例如 2021 7 28 9:05", "For example 28 7 2021 9:05")
        self.fields["result"].choices = [("negative", both("阴性", "Negative")), ("positive", both("阳性", "Positive"))]  # type: ignore[attr-defined]  # a choice field
        self.fields["signs"].choices = [("fever", both("发热", "Fever")), ("cough", both("咳嗽", "Cough"))]  # type: ignore[attr-defined]  # as above
        self.fields["place"].choices = [("", both("请选择", "Choose")), ("e", both("东城街道采样点", "East street"))]  # type: ignore[attr-defined]  # as above


def _fact(kind: type[Fact], name: str, when: str, learnt: str, **values: Any) -> Fact:
    carried = {
        "source": both("外地协查", "another city"),
        "recorder": "user:1",
        "basis": "law",
        "data_class": DataClass.HEALTH,
    }
    return kind(id=FactId(name), subject=ME, at=at(when), recorded_at=at(learnt), **carried, **values)  # type: ignore[arg-type]


def facts() -> dict[FactId, Fact]:
    """What is on record."""
    found = (
        _fact(
            Exposure,
            "f81f3a0",
            "2021-07-22T18:00",
            "2021-07-27T21:10",
            case=SubjectId("case:D-3"),
            how=How.MATCHED,
            grade=Grade.CLOSE,
            first=at("2021-07-22T18:01"),
            last=at("2021-07-22T18:59"),
            minutes=58,
            place=both("外地某剧场", "a theatre elsewhere"),
            rule="venue",
        ),
        _fact(
            CaseNotice,
            "f9c2011",
            "2021-07-26T22:00",
            "2021-07-27T21:10",
            case_class=CaseClass.ASYMPTOMATIC,
            disease="covid19",
            reporting_area="430800",
        ),
        _fact(Test, "f07aa33", "2021-07-19T09:12", "2021-07-19T15:00", sample="s1", result=Result.NEGATIVE),
    )
    return {fact.id: fact for fact in found}


def reason() -> Reason:
    """Why the standing is yellow."""
    clause = Clause(
        "cn-covid19-8",
        "1",
        "venue.minutes",
        parse_day("2021-07-27"),
        "CN",
        "four-days",
        both("新型冠状病毒肺炎防控方案（第八版）", "Protocol, eighth edition"),
        both("附件 5 第 2 条", "annex 5, 2"),
        "1",
    )
    exposure = (
        ("case", "D-3"),
        ("place", "place.not-stated"),
        ("minutes", 58),
        ("first", at("2021-07-22T18:01")),
        ("last", at("2021-07-22T18:59")),
        ("rule", "venue"),
        ("grade", "grade.close"),
    )
    matched = Reason("exposure.matched", exposure, (clause,), (FactId("f81f3a0"), FactId("f9c2011")))
    ground = Reason(
        "ground",
        (("grade", "grade.close"), ("until", at("2021-07-28T21:10"))),
        (),
        (),
        (matched, Reason("preliminary")),
    )
    return Reason(
        "standing.preliminary",
        (("standing", "standing.yellow"),),
        (),
        (FactId("f07aa33"), FactId("fhidden")),
        (ground,),
    )


def span(standing: Standing, *, preliminary: bool = False, end: Instant = OPEN) -> StandingSpan:
    """A standing from the match on."""
    return StandingSpan(at("2021-07-27T21:10"), end, standing, preliminary, reason())


def _duty(code: str, holder: str, due: str | None, met: str | None = None) -> Duty:
    return Duty(
        code,
        holder,
        ME,
        at("2021-07-27T21:10"),
        None if due is None else at(due),
        None if met is None else at(met),
        None,
        None,
        None,
        reason(),
    )


def duties() -> list[DutyLine]:
    """What must be done, by whom, by when."""
    told = (
        (_duty("tell-contact", "tracing_team", "2021-07-28T13:15"), both("记录告知", "Record the telling")),
        (_duty("confirm-match", "tracing_team", "2021-07-28T21:10"), both("确认", "Confirm")),
        (_duty("test-contact", "person", "2021-07-29T00:00"), both("预约", "Book")),
        (_duty("assist_feedback", "cdc", "2021-07-29T21:10"), both("起草", "Draft")),
        (_duty("verify-tip", "community", None), both("核实", "Verify")),
        (_duty("assist_locate", "area", "2021-07-28T09:10", "2021-07-27T22:02"), ""),
        (_duty("hospital_report", "hospital", "2021-07-27T23:10", "2021-07-28T01:02"), ""),
    )
    return [
        DutyLine(
            duty=duty,
            state=duty.state(NOW),
            holder=both("流调三组", "Tracing team 3") if duty.holder == "tracing_team" else "",
            note=both("本人义务自告知时起算", "The person's own duties begin with it")
            if duty.code == "tell-contact"
            else "",
            actions=(Link(text=does, url="#", post=duty.code == "confirm-match"),) if does else (),
        )
        for duty, does in told
    ]


def events() -> list[Event]:
    """What happened."""
    late = at("2021-07-27T21:10")
    return [
        Event(
            at=at("2021-07-12T08:30"),
            text=both("出行报备：甲地、乙地、丙地，自驾", "Trip reported: places A, B, C, by car"),
            learnt_at=at("2021-07-12T08:30"),
        ),
        Event(
            at=at("2021-07-22T18:00"),
            until=at("2021-07-22T19:00"),
            text=both("外地某剧场，B 区 9 排", "A theatre elsewhere, block B, row 9"),
            learnt_at=late,
            url="#",
        ),
        Event(
            at=at("2021-07-23T00:00"),
            precision=Precision.DAY,
            text=both("外省健康码显示黄色，原因未知", "A code elsewhere showed yellow, cause unknown"),
            learnt_at=late,
        ),
        Event(at=at("2021-07-25T01:20"), text=both("返回甲市", "Back in city A"), learnt_at=at("2021-07-25T09:00")),
        Event(
            at=late,
            text=both("外市协查到达：剧场场次", "Referral from another city: the session"),
            source=both("外市疾控", "the CDC there"),
        ),
        Event(
            at=at("2021-07-27T21:10:01"), text=both("比对得出初步判定", "Preliminary match"), note=both("1 秒", "1 s")
        ),
    ]


def identity() -> Identity:
    """Whom the page is about."""
    return Identity(
        name=both("密接 C-2021-0731", "Contact C-2021-0731"),
        details=(both("男 · 30–39 岁 · 甲市东城街道", "male · 30–39 · East street, city A"),),
        hidden=both("姓名与证件：本案在办人员可见", "Name and document: seen by who works on the matter"),
        standing=span(Standing.YELLOW, preliminary=True, end=at("2021-07-28T21:10")),
    )


def _frame(request: HttpRequest) -> None:
    request.now = NOW  # type: ignore[attr-defined]  # see access.middleware
    if "open" in request.GET:
        return
    roles = frozenset({Role.TRACER, Role.HOSPITAL})
    request.actor = Actor(id="user:1", unit="t3", roles=roles, areas=("999901",))  # type: ignore[attr-defined]  # as above
    request.user = SimpleNamespace(is_authenticated=True, name_zh="流调员甲", name_en="Tracer A")  # type: ignore[assignment]


def subject(request: HttpRequest) -> HttpResponse:
    """A contact's page."""
    _frame(request)
    context = {
        "as_of": as_of_asked(
            request, oldest=Oldest(at=Instant(NOW - 14 * 60), name=both("丁县采样", "sampling in county D"))
        ),
        "identity": identity(),
        "reason": reason(),
        "facts": facts(),
        "duties": duties(),
        "events": events(),
        "now": NOW,
        "conclusion": both(
            "初步判定为密切接触者，尚待流调员在今晚 21:10 前确认",
            "Preliminarily a close contact, to be confirmed by 21:10 tonight",
        ),
        "lead": both(
            "仅凭行程比对得出。24 小时内无人确认即自动解除，不影响急诊就医。",
            "It rests on a match of journeys, and lapses unless confirmed in 24 h. It never stands in the way of urgent care.",
        ),
        "actions": (
            Link(text=both("确认判定", "Confirm"), url="#"),
            Link(text=both("不是同一场次", "Not the same session"), url="#", post=True),
        ),
    }
    return render(request, "web/subject.html", context)


def listing(request: HttpRequest) -> HttpResponse:
    """A list of contacts."""
    _frame(request)
    people = [
        (
            f"C-2021-{number:04}",
            ("yellow", "red", "unknown", "green")[number % 4],
            at("2021-07-28T12:00") + number * 1800,
        )
        for number in range(731, 743)
    ]
    context = {
        "heading": both("密接随访", "Contacts"),
        "form": Filters({"standing": ["yellow"], "who": ""}),
        "applied": (Link(text=both("黄", "yellow"), url="#"),),
        "people": people,
        "now": NOW,
        "paging": paging_of(request, 12, "1627387200|person:p9", (10_000, True)),
    }
    return render(request, "gallery/list.html", context)


def form(request: HttpRequest) -> HttpResponse:
    """Every kind of field, with errors once it was sent."""
    _frame(request)
    sent = TestForm(request.POST) if request.method == "POST" else TestForm(initial={"taken": NOW})
    context = {
        "form": sent,
        "heading": both("记录一次检测", "Record a test"),
        "identity": identity(),
        "cancel": Link(text=both("取消", "Cancel"), url="#"),
        "back": Link(text=both("返回", "Back"), url="#"),
    }
    return render(request, "web/form.html", context, status=422 if sent.errors else 200)


def confirm(request: HttpRequest) -> HttpResponse:
    """Check your answers."""
    _frame(request)
    rows = (
        Row(label=both("采样管编号", "Tube"), value="2021 0728 0001", change="#"),
        Row(label=both("结果", "Result"), value=both("阳性", "Positive"), change="#"),
    )
    context = {
        "heading": both("请核对", "Check"),
        "rows": rows,
        "form": ActForm(),
        "identity": identity(),
        "warning": both("这将使 1 人的状态改变。", "This changes the standing of one person."),
        "people": (both("密接 C-2021-0731", "Contact C-2021-0731"),),
        "cancel": Link(text=both("取消", "Cancel"), url="#"),
    }
    return render(request, "web/confirm.html", context)


def receipt(request: HttpRequest) -> HttpResponse:
    """What somebody takes home."""
    _frame(request)
    told = Receipt(
        number="R-2021-48211", at=NOW, says=(both("检测：阴性", "Test: negative"),), leaf=48211, proof_url="#"
    )
    context = {
        "heading": both("已收到", "Received"),
        "receipt": told,
        "next": (Link(text=both("回到名单", "To the list"), url="#"),),
    }
    return render(request, "web/receipt.html", context)


def parts(request: HttpRequest) -> HttpResponse:
    """The parts no other page shows."""
    _frame(request)
    tags = [span(one, preliminary=one is Standing.YELLOW, end=at("2021-08-05T00:00")) for one in Standing]
    card = Card(
        title=both("检测", "Tests"),
        rows=(
            Row(label=both("7月19日", "19 July"), value=both("阴性", "negative"), url="#"),
            Row(label=both("7月28日", "28 July"), value=both("未出结果", "no result yet")),
        ),
        actions=(Link(text=both("添加", "Add"), url="#"),),
    )
    steps = tuple(
        Step(
            text=both(f"第 {place} 步", f"Step {place}"),
            state=state,
            url="" if state == "later" else "#",
            note=both("说明", "A note"),
        )
        for place, state in enumerate(("done", "begun", "open", "later"), 1)
    )
    context = {
        "tags": tags,
        "card": card,
        "steps": steps,
        "facts": facts(),
        "event_facts": list(facts().values()),
        "nobody": both("没有待办", "Nothing to do"),
        "figures": (
            (
                both("早报告　阳性到网报", "Report: positive to network"),
                both("1 小时 12 分", "1 h 12 min"),
                "#",
                both("超过 2 小时：1 例", "over 2 h: 1"),
            ),
            (both("逾期义务", "Overdue duties"), 1429, "#", ""),
        ),
        "meters": (
            (82, 64, False, both("核酸检测力量 82%", "Testing 82 %")),
            (46, 38, True, both("隔离容量 46%", "Rooms 46 %")),
        ),
        "zh": reader_lang() is Lang.ZH,
    }
    return render(request, "gallery/parts.html", context)


def me(request: HttpRequest) -> HttpResponse:
    """A resident's telephone."""
    _frame(request)
    mine = [line for line in duties() if line.duty.holder == "person" or line.state is State.OVERDUE]
    context = {
        "span": span(Standing.YELLOW, preliminary=True, end=at("2021-07-28T21:10")),
        "duties": mine,
        "reason": reason(),
        "facts": facts(),
        "lifts": both("无人确认即恢复绿色。", "Green again unless somebody confirms it."),
        "zh": reader_lang() is Lang.ZH,
        "now": NOW,
        "actions": (
            Link(text=both("现在报告", "Report now"), url="#"),
            Link(text=both("我认为不对（24 小时内答复）", "I think this is wrong (answer within 24 h)"), url="#"),
            Link(text=both("出示凭证", "Show my pass"), url="#"),
        ),
    }
    return render(request, "gallery/me.html", context)


def broken(request: HttpRequest) -> HttpResponse:
    """A page that breaks the content policy: an inline style and an inline script."""
    return HttpResponse(
        '<!doctype html><html lang="en"><title>x</title><p style="color:red">x</p><script>document.title="y"</script>'
    )


PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "subject": subject,
    "list": listing,
    "form": form,
    "confirm": confirm,
    "receipt": receipt,
    "parts": parts,
    "me": me,
}
