"""Logins taken out of addresses."""

from zaffre.builder.parts import logins
from zaffre.builder.parts.logins import Login


def test_taken_out():
    whole = "https://me%40corp:p%3Aw@index.example:8443/simple"
    bare, found = logins.taken_out((whole, "https://open.example", "", "name=https://x"))
    assert bare[whole] == "https://index.example:8443/simple"
    assert bare["https://open.example"] == "https://open.example"
    assert [(one.user, one.password) for one in found] == [("me@corp", "p:w")]
    assert found[0].whole == whole


def test_variables_for_the_installer():
    login = Login("https://a/simple", "me", "pw")
    told = logins.environ({"L0": "https://a/simple/", "L1": "https://b"}, [login])
    assert told == {"UV_INDEX_L0_USERNAME": "me", "UV_INDEX_L0_PASSWORD": "pw"}


def test_words_are_made_fit_to_be_kept():
    assert logins.without("at https://me:secret@x", [Login("https://x", "me", "secret")]) == "at https://me:***@x"
    assert logins.without("at https://token@x", [Login("https://x", "token", "")]) == "at https://***@x"


def test_a_login_does_not_show_itself():
    assert "secret" not in repr(Login("https://x", "me", "secret"))
