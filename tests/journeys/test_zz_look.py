import pytest
pytestmark = pytest.mark.browser
from pathlib import Path
import psycopg
def test_look(arrive, served):
    ids={}
    with psycopg.connect(served.owner_url) as d:
        ids['done']=d.execute("select id from inspections_sample where state='reported' and municipality_id=901").fetchone()
        ids['open']=d.execute("select id from inspections_sample where state='drawn' and municipality_id=901").fetchone()
        ids['room']=d.execute("select d.id from inspections_drawncase d join inspections_sample s on s.id=d.sample_id where s.state='drawn' and s.municipality_id=901 order by rank limit 1").fetchone()
        ids['finding']=d.execute("select id from inspections_finding where municipality_id=901").fetchone()
        ids['measure']=d.execute("select id from inspections_measure where municipality_id=901 and done_on is null").fetchone()
    print(ids)
    i={k:v[0] if v else None for k,v in ids.items()}
    pages={'overview':'/tilsyn/','new':'/tilsyn/ny/','done':f"/tilsyn/stikproever/{i['done']}/",'open':f"/tilsyn/stikproever/{i['open']}/",'room':f"/tilsyn/sager/{i['room']}/",'verifier':'/tilsyn/proev-efter/','procedures':'/tilsyn/forretningsgange/','part':f"/tilsyn/stikproever/{i['open']}/forretningsgange/",'plan':f"/tilsyn/fund/{i['finding']}/tiltag/",'desk':'/revision/'}
    for phone in (False, True):
        e=arrive("Erik Eng", phone=phone)
        for n,u in pages.items():
            e.open(u)
            e.page.screenshot(path=f"/tmp/insp_shots/{n}-{390 if phone else 1280}.png", full_page=True)
            w=e.page.evaluate("document.documentElement.scrollWidth")
            print(n, phone, w)
    h=arrive("Henrik Holm"); h.open("/ledelse/"); h.page.screenshot(path="/tmp/insp_shots/leder-1280.png", full_page=True)
    h.open("/tilsyn/tiltag/"); h.page.screenshot(path="/tmp/insp_shots/tiltag-1280.png", full_page=True)
    h.open("/tilsyn/forretningsgange/decision/"); h.page.screenshot(path="/tmp/insp_shots/proc-1280.png", full_page=True)
    h.open(f"/tilsyn/stikproever/{i['done']}/")
    for k in ("ledelsen","udvalget","regneark"):
        r=h.page.request.get(f"/tilsyn/stikproever/{i['done']}/rapport/{k}/")
        Path(f"/tmp/insp_shots/{k}").write_bytes(r.body())
