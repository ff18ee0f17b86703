"""A village worker's day on a phone: the round, a visit written without network, a family in need handed in."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from models import Benefit, Household, Lead, User, Visit
from policy.vocabulary import Role, Scheme, Stage
from tests.browser.county import logged_in
from tests.browser.test_phone import PHONE, TOO_WIDE
from tests.browser.watching import network, until

V = Role.VILLAGE_WORKER
FAR = "新胜村红星组128号（老粮站后面第三排，靠近小学旧址的平房）"


@pytest.fixture
def page(office, base, browser):
    context = logged_in(browser, base, office, V, **PHONE)
    yield context.new_page()
    context.close()


def visits(office) -> int:
    return office.read(lambda session: session.scalar(select(func.count(Visit.id)).where(Visit.done_on.is_not(None))))


def far_away(session) -> None:
    for home in session.scalars(select(Household)):
        home.address = FAR


def test_the_round_leads_group_by_group_to_the_visit_and_to_what_changed(office, page, base):
    office.add(far_away)
    page.goto(f"{base}/desk/")
    page.locator("summary", has_text="菜单").click()
    page.locator("details.menu").get_by_role("link", name="我的走访路线").click()
    page.get_by_role("link", name="全部家庭").click()
    page.wait_for_url("**/round/*show=all*")  # whole, with its style
    assert page.locator(".round h2").count() and page.evaluate(TOO_WIDE) == []
    buttons = page.locator(".round .acts .btn")
    heights = buttons.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(heights) >= 48
    page.get_by_role("link", name="有变化").first.click()
    page.wait_for_url("**/household/*/**")
    assert page.locator("main h1").is_visible()


def test_a_visit_written_without_network_waits_on_its_page_and_is_sent_once_when_it_is_back(office, page, base):
    before = visits(office)
    page.goto(f"{base}/household/{office.made.own['household']}/visit/")
    page.locator("[name=consistent][value=same]").check()
    picture = {"name": "门口.png", "mimeType": "image/png", "buffer": PNG}
    page.locator("[name=photos]").set_input_files(picture)
    network(page, there=False)
    page.get_by_role("button", name="保存走访").click()
    page.locator("[data-waiting]").wait_for(state="visible")
    expect(page.locator("[data-waiting]")).to_be_in_viewport()  # the button was pressed far below it
    page.get_by_role("button", name="保存走访").click()  # impatient thumbs
    assert visits(office) == before
    network(page, there=True)
    page.wait_for_url("**/visit/*/")
    assert visits(office) == before + 1
    assert "门口" in page.locator("main").inner_text()


def test_a_visit_that_waits_in_two_windows_is_recorded_once(office, page, base):
    before, windows = visits(office), (page, page.context.new_page())
    for window in windows:
        window.goto(f"{base}/household/{office.made.own['household']}/visit/")
        window.locator("[name=consistent][value=same]").check()
        window.locator("[name=words]").fill("两个窗口")
        window.locator("[name=photos]").set_input_files(photo("院坝.png"))
    network(page, there=False)
    for window in windows:
        window.get_by_role("button", name="保存走访").click()
        window.locator("[data-waiting]").wait_for(state="visible")
    network(page, there=True)
    for window in windows:
        window.wait_for_url("**/visit/*/")
    assert visits(office) == before + 1


def photo(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": PNG}


def chosen(page) -> list[str]:
    return page.locator("[name=photos]").evaluate("one => [...one.files].map(file => file.name)")


def test_photos_are_added_one_by_one_taken_out_again_and_kept_when_the_form_is_refused(office, page, base):
    page.goto(f"{base}/household/{office.made.own['household']}/visit/")
    for name in ("门口.png", "厨房.png", "错拍.png"):
        page.locator("[name=photos]").set_input_files(photo(name))
    expect(page.locator(".previews img")).to_have_count(3)
    assert chosen(page) == ["门口.png", "厨房.png", "错拍.png"]
    page.get_by_role("button", name="移除 错拍.png").click()
    expect(page.locator(".previews li")).to_have_count(2)
    page.get_by_role("button", name="保存走访").click()
    page.locator("[data-refusal]", has_text="请选").wait_for()
    assert chosen(page) == ["门口.png", "厨房.png"]
    page.locator("[name=consistent][value=same]").check()
    page.get_by_role("button", name="保存走访").click()
    page.wait_for_url("**/visit/*/")
    assert all(name in page.locator("main").inner_text() for name in ("门口", "厨房"))
    assert "走访已登记" in page.inner_text("body")


def test_a_large_photo_is_made_smaller_even_if_the_visit_is_saved_at_once(office, page, base):
    page.goto(f"{base}/household/{office.made.own['household']}/visit/")
    page.locator("[name=consistent][value=same]").check()
    large = {"name": "全景.png", "mimeType": "image/png", "buffer": _png(2400, 1800, noise=True)}
    assert len(large["buffer"]) > 10_000_000  # more than the server takes
    page.locator("[name=photos]").set_input_files(large)
    page.get_by_role("button", name="保存走访").click()
    page.wait_for_url("**/visit/*/")
    assert "全景.jpg" in page.locator("main").inner_text()


def test_an_answer_that_never_came_is_asked_for_again_and_the_visit_stands_once(office, page, base):
    before = visits(office)
    page.goto(f"{base}/household/{office.made.own['household']}/visit/")
    page.locator("[name=consistent][value=same]").check()
    page.locator("[name=words]").fill("路上没有信号")
    page.locator("[name=photos]").set_input_files(photo("门口.png"))
    lost = []

    def lose(route) -> None:
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.fetch(max_redirects=0).status)  # it arrived, and the network was gone
        return route.abort()

    page.route("**/visit/", lose)
    page.get_by_role("button", name="保存走访").click()
    page.locator("[data-waiting]").wait_for(state="visible")
    assert chosen(page) == ["门口.png"]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/visit/*/")
    assert visits(office) == before + 1 and lost == [204]


def test_whoever_is_no_longer_logged_in_is_told_and_the_visit_goes_out_after_the_login(office, page, base):
    before = visits(office)
    page.goto(f"{base}/household/{office.made.own['household']}/visit/")
    page.locator("[name=consistent][value=same]").check()
    page.locator("[name=words]").fill("登录已过期")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="保存走访").click()
    page.locator("[data-closed]").wait_for(state="visible")
    assert visits(office) == before
    page.context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/visit/*/")
    assert visits(office) == before + 1


@pytest.mark.parametrize("where", ["/household/{household}/visit/", "/leads/new"])
def test_what_was_typed_on_the_road_is_there_again_after_the_page_was_lost(office, page, base, where):
    page.goto(base + where.format_map(office.made.own))
    page.locator("[name=words]").fill("房顶漏雨")
    # What is typed is kept a moment after the last key.
    until(page, "Object.keys(sessionStorage).some(key => key.startsWith('draft:'))")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("[data-restored]").wait_for(state="visible")
    expect(page.locator("[name=words]")).to_have_value("房顶漏雨")
    assert not page.locator("[data-files-lost]").is_visible()


def test_photos_that_went_with_a_lost_page_are_asked_for_again(office, page, base):
    page.goto(f"{base}/household/{office.made.own['household']}/visit/")
    page.locator("[name=photos]").set_input_files(photo("院坝.png"))
    until(page, "Object.values(sessionStorage).some(kept => JSON.parse(kept).files === 1)")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.locator("[data-files-lost]").wait_for(state="visible")


def test_a_survey_of_two_written_without_network_is_sent_when_it_is_back(office, browser, base):
    officer = select(User.division_code).where(User.role == Role.TOWNSHIP_OFFICER).order_by(User.id).limit(1)
    query = select(Benefit.id).where(Benefit.scheme == Scheme.DIBAO, Benefit.stage == Stage.REVIEW)
    case = office.read(lambda session: session.scalar(query.where(Benefit.township_code == officer.scalar_subquery())))
    context = logged_in(browser, base, office, Role.TOWNSHIP_OFFICER, **PHONE)
    page = context.new_page()
    page.goto(f"{base}/case/{case}/")
    page.locator("#acts").get_by_role("link", name="登记调查结果", exact=True).click()
    page.wait_for_url("**/record_survey/")
    page.locator("[name=surveyor_name]").first.fill("王支书")
    page.locator("[name=words]").fill("住土坯房，情况与申请一致")
    network(page, there=False)
    page.get_by_role("button", name="登记调查结果").click()
    page.locator("[data-waiting]").wait_for(state="visible")
    network(page, there=True)
    page.wait_for_url(f"**/case/{case}/?done=*")
    assert "王支书" in page.locator("main").inner_text()
    context.close()


def test_a_family_in_need_is_handed_in_with_four_fields(office, page, base):
    page.goto(f"{base}/leads/")
    page.get_by_role("link", name="上报困难家庭线索").click()
    page.wait_for_url("**/leads/new")
    fields = page.locator("form[data-waits] :is(input, textarea, select)").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => one.name)"
    )
    assert fields == ["name", "address", "words", "phone"]
    page.get_by_role("button", name="上报线索").click()
    page.locator(".say.bad").wait_for()
    expect(page.locator(".say.bad li")).to_have_count(2)
    page.locator("[name=name]").fill("王五")
    page.locator("[name=address]").fill("3组")
    page.locator("[name=words]").fill("独居，卧病在床，无人照料")
    page.get_by_role("button", name="上报线索").click()
    page.wait_for_url("**/leads/")
    assert "已上报 王五" in page.inner_text("body")
    found = office.read(lambda session: session.scalars(select(Lead).where(Lead.why == "found")).all())
    assert [lead.name for lead in found] == ["王五"]


def _png(width: int = 1, height: int = 1, *, noise: bool = False) -> bytes:
    """The smallest picture there is, or one that is as large as a telephone's."""
    import random
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2 if noise else 0, 0, 0, 0))
    draw = random.Random(1)
    rows = (b"\0" + (draw.randbytes(3 * width) if noise else bytes(width)) for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"".join(rows), 1)) + chunk(b"IEND", b"")


PNG = _png()
