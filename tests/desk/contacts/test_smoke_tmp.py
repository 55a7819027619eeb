from __future__ import annotations
import pytest
from tests.desk.contacts.conftest import *
pytestmark = pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("lang",["en","zh-hans"])
def test_pages(matched, sign_in, lang):
    c=sign_in("tracer"); c.cookies["sizao_language"]=lang
    session=c.session; session["sizao_factor_at"]=1; session.save()
    out=[]
    for url in ("/contacts/","/contacts/person/person:a/","/contacts/person/person:a/read/","/contacts/assign/?subject=person:a","/contacts/confirm/?subject=person:a","/contacts/person/person:a/confirm/","/contacts/person/person:a/reject/","/contacts/person/person:a/tell/","/contacts/person/person:a/report/","/contacts/person/person:a/verify/","/contacts/person/person:a/test/"):
        r=c.get(url); print(url,r.status_code)
        __import__("pathlib").Path("/tmp/work/out"+url.replace("/","_").replace("?","_")+lang+".html").write_bytes(r.content)
    c=sign_in("follower"); session=c.session; session["sizao_factor_at"]=1; session.save(); c.cookies["sizao_language"]=lang
    for f in ("check","tell","test","result","refused","admit","left","release","report"):
        r=c.get(f"/contacts/person/person:a/{f}/"); print(f,r.status_code)
        __import__("pathlib").Path("/tmp/work/out_"+f+lang+".html").write_bytes(r.content)
    print(c.get("/contacts/round/").status_code)
