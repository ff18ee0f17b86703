"""A refused upload: why stands over the form, the files stay chosen, and what is mended goes through."""

from playwright.sync_api import expect

from policy.vocabulary import Role
from tests.browser.county import logged_in

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def test_a_refused_file_is_told_and_the_chosen_ones_stay_chosen(browser, office, base):
    context = logged_in(browser, base, office, Role.TOWNSHIP_OFFICER)
    page = context.new_page()
    page.goto(f"{base}/files/case/{office.made.own['benefit']}/")
    field = page.locator("input[type=file][name=files]")
    field.set_input_files(
        [
            {"name": "残疾证.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "程序.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" * 20},
        ]
    )
    page.get_by_role("button", name="上传").click()
    alert = page.locator("main [role=alert]")
    expect(alert).to_contain_text("程序.exe")
    expect(alert).to_be_focused()
    assert field.evaluate("(one) => [...one.files].map((file) => file.name)") == ["残疾证.png", "程序.exe"]
    field.set_input_files([{"name": "残疾证.png", "mimeType": "image/png", "buffer": PNG}])
    page.get_by_role("button", name="上传").click()
    page.get_by_role("link", name="残疾证.png", exact=True).first.wait_for()
    context.close()
