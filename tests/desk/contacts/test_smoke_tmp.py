from __future__ import annotations
import pytest
from tests.desk.contacts.conftest import *
from tests.desk.web.serving import serving
from sizao.desk.store.rights import Role
from tests.desk.store.facts_told import *
from sizao.facts.kinds import *
from sizao.desk.store.acts import make
from pathlib import Path
def put(kind, subject, by, purpose, at, **k):
    f=make(kind, subject, at=at, actor=CAST[by], now=NOW, data_class=DataClass.HEALTH, **k); tell(f, by=CAST[by], purpose=purpose); return f
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_shots(committed, now, sign_in, django_db_serialized_rollback=None):
    from tests.desk.store.facts_told import notice
    tell(notice(), by=CAST["doctor"], purpose=Purpose.CARE)
    who = Who(name=NAME, phone=PHONE, born=parse_day("1986-05-04"), sex=Sex.MALE, document_kind=DocumentKind.NONE)
    register([Resident(ALIEN, who, COUNTY)], by=CAST["clerk"], purpose=Purpose.COUNTER, key="register-a", now=NOW)
    found = exposure(ALIEN, by=MATCHER, how=How.MATCHED)
    tell(found, by=MATCHER, purpose=Purpose.TRACING)
    match_many(5)
    put(Admitted,"person:case","doctor",Purpose.CARE,NOW-20*3600,setting=Setting.HOSPITAL,place="hospital-1")
    put(Test,"person:case","doctor",Purpose.CARE,NOW-3*3600,sample="S1",result=Result.POSITIVE,resulted_at=NOW-3600)
    put(Symptom,"person:case","doctor",Purpose.CARE,NOW-5*3600,symptom="fever")
    from sizao.desk.store.assigning import assign
    assign(["person:a","person:m001"],desk="contacts",team="community-east",by=CAST["tracer"],purpose=Purpose.FOLLOW_UP,key="as1",now=NOW)
    from playwright.sync_api import sync_playwright
    shots=[("tracer","/contacts/",1280),("tracer","/contacts/person/person:a/",1280),("tracer","/contacts/person/person:a/confirm/",1280),("tracer","/contacts/confirm/?all=1",1280),("tracer","/contacts/assign/?subject=person:a",1280),
      ("follower","/contacts/person/person:a/",1280),("follower","/contacts/person/person:a/check/",390),("follower","/contacts/round/",390),("follower","/contacts/person/person:a/",390),("follower","/contacts/",390),
      ("doctor","/hospitals/",1280),("doctor","/hospitals/person/person:case/",1280),("doctor","/hospitals/new/",1280),("doctor","/hospitals/find/",1280),("doctor","/hospitals/person/person:case/discharge/",1280),("reviewer","/hospitals/person/person:case/",1280)]
    import os; os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
    cookies={}
    for n in {s[0] for s in shots}:
        c=sign_in(n); s=c.session; s["sizao_factor_at"]=1; s.save(); cookies[n]=c.cookies["sizao_session"].value
    with serving() as base, sync_playwright() as p:
        b=p.chromium.launch(executable_path=os.environ.get("CHROME") or None)
        for who,url,w in shots:
            ctx=b.new_context(viewport={"width":w,"height":900},locale="zh-CN")
            ctx.add_cookies([{"name":"sizao_session","value":cookies[who],"url":base}])
            pg=ctx.new_page(); pg.on("console",lambda m:print("console",url,m.text)); r=pg.goto(base+url)
            name=f"/tmp/work/shot_{who}{url.replace('/','_').replace('?','_')}{w}.png"
            pg.screenshot(path=name,full_page=True); print(r.status,name, pg.evaluate("document.documentElement.scrollWidth"))
            ctx.close()
