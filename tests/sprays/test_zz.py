def test_zz(site):
    a=site.actors.client("owner").get("/host"); print(a.status_code)
    assert a.status_code==200
