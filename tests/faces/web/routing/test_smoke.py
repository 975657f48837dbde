import pytest
from datetime import timedelta
from careloop.kernel import clock
from careloop.domains.workforce.states import State
from tests.cast import House
from tests.routing import *
pytestmark = pytest.mark.database

def test_all(house: House, signed_in):
    now = clock.now()
    queue = equip(house, at=now)
    ada = signed_in("ada"); grace=signed_in("grace"); mina=signed_in("mina")
    put_into(house, "ada", State.AVAILABLE, at=now)
    w = make_wait(house, queue, since=now-timedelta(seconds=40), at=now)
    assert offer(house, w, at=now)
    for who, url in [(ada,"/w/north/cases/"),(ada,"/w/north/seat"),(ada,"/w/north/offers/"),(grace,"/w/north/floor/"),(grace,"/w/north/floor/news"),(grace,f"/w/north/floor/waiting/{w}"),(mina,"/w/north/admin/queues/"),(mina,"/w/north/admin/queues/new"),(mina,f"/w/north/admin/queues/{queue}"),(mina,"/w/north/admin/queues/rules/new"),(mina,"/w/north/admin/skills/"),(mina,f"/w/north/admin/skills/people/{house.ids['ada']}")]:
        a = who.get(url)
        assert a.status_code == 200, (url, a.status_code, a.content.decode()[-800:])
        print(url, len(a.content))
    print(ada.get("/w/north/offers/", headers={"HX-Request":"true"}).content.decode())
    print(grace.get(f"/w/north/floor/waiting/{w}").content.decode())
    o = offer_of(house, "ada")
    a = ada.post(f"/w/north/offers/{o.id}/acceptance")
    assert a.status_code==302, a.content.decode()
    print(a["Location"])
