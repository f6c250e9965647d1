"""Logging in with a browser: the page, the one-time link, and the way out; and where ``/mlflow`` begins."""

from __future__ import annotations

import base64
import hashlib
import html
from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response

from zaffre.api.addresses import FIRST_PAGE, leads_to_page
from zaffre.api.auth import OWNER, Permission, Tokens
from zaffre.api.forms import form
from zaffre.api.route import Call, Route, reply
from zaffre.api.sessions import COOKIE, SESSION_SECONDS, Sessions
from zaffre.core.errors import Forbidden, Invalid, Unauthenticated

_FORM = "application/x-www-form-urlencoded"
_SEE_OTHER = 303
_SCRIPT = """
function enter() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("secret").value = code;
  document.getElementById("login").submit();
}
enter();
addEventListener("hashchange", enter); // a link opened where this page is open already
"""
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #16202c; background: #f4f6f9; margin: 0; }
main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 8px; }
main { box-shadow: 0 1px 6px #0002; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; color: #1747a6; }
label { display: block; margin: 1rem 0 .25rem; }
input { width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; border: 1px solid #8896a8; border-radius: 4px; }
button { margin-top: 1rem; padding: .5rem 1.25rem; font: inherit; border: 0; border-radius: 4px; }
button { background: #1747a6; color: #fff; }
button.quiet { background: none; color: #1747a6; padding-left: 0; }
.wrong { color: #a11616; }
"""
_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Log in to Zaffre</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>Zaffre</h1>{told}
<p>Run <code>zaffre ui</code> in a terminal and open the link it prints, or paste a token
(the file <code>token</code> of the home directory).</p>
<form id="login" method="post" action="/login">
<input type="hidden" name="next" value="{next}">
<label for="secret">Token</label>
<input id="secret" name="secret" type="password" autocomplete="off" required>
<button>Log in</button></form>
<form method="post" action="/logout"><button class="quiet">Log out</button></form>
</main><script>{script}</script></body></html>
"""
_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    f"script-src 'sha256-{base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()}'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)


class Login:
    """The routes of logging in."""

    def __init__(self, sessions: Sessions, tokens: Tokens) -> None:
        self._sessions = sessions
        self._tokens = tokens

    def routes(self) -> list[Route]:
        """Page, log-in and log-out; ``/login`` alone answers to nobody in particular."""
        tag = "login"
        return [
            Route("POST", "/api/v1/login-links", Permission.SECRETS, self._link, "Make a one-time link", tag=tag),
            Route("GET", "/login", Permission.OPEN, self._page, "The page to log in", tag=tag),
            Route("POST", "/login", Permission.OPEN, self._enter, "Log in with a code or token", success=303, tag=tag),
            Route("POST", "/logout", Permission.READ, self._leave, "Log out", success=303, tag=tag),
            Route("GET", "/mlflow", Permission.TRACK, _begin, "MLflow's pages", success=307, tag=tag),
        ]

    async def _link(self, call: Call) -> Response:
        """The code lies in the fragment, which no server and no log sees."""
        page = (await call.object()).get("next")
        query = f"next={quote(local_page(page))}" if isinstance(page, str) else ""
        url = call.request.base_url.replace(path="/login", query=query, fragment=self._sessions.invite())
        return reply({"url": str(url)})

    async def _page(self, call: Call) -> Response:
        return _shown(local_page(call.query("next")))

    async def _enter(self, call: Call) -> Response:
        if not from_this_server(call):
            raise Forbidden("Logging in is for pages of this server: the request names no origin, or another one.")
        said = await _form(call)
        target, secret = local_page(said.get("next", "")), said.get("secret", "").strip()
        token = self._sessions.redeem(secret) or self._by_token(secret)
        if token is None:
            return _shown(target, "That is no token of this installation, or the link was used already.", 401)
        answer = RedirectResponse(target, _SEE_OTHER)
        secure = call.request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, int(SESSION_SECONDS), httponly=True, samesite="strict", secure=secure)
        return answer

    async def _leave(self, call: Call) -> Response:
        self._sessions.end(call.request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/login", _SEE_OTHER)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    def _by_token(self, secret: str) -> str | None:
        try:
            return self._sessions.begin() if self._tokens.check(secret) is OWNER else None
        except Unauthenticated:
            return None


def local_page(path: str) -> str:
    """Where to go after logging in: a page of this server, whatever was asked for."""
    return path if leads_to_page(path) else FIRST_PAGE


def login_address(path: str, query: str = "") -> str:
    """The page to log in, that leads on to ``path``, with its query where that is one of a page of ours."""
    whole = f"{path}?{query}"
    return f"/login?next={quote(whole if query and local_page(whole) == whole else local_page(path))}"


def from_this_server(call: Call) -> bool:
    """Whether a browser says that a page of this server sent the request; the gate has refused other origins."""
    headers = call.request.headers
    return "origin" in headers or headers.get("sec-fetch-site") == "same-origin"


async def _begin(call: Call) -> Response:
    del call
    return RedirectResponse(FIRST_PAGE)


async def _form(call: Call) -> dict[str, str]:
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise Invalid(f"Content-Type is {kind!r}; expected {_FORM}.")
    return await form(call)


def _shown(target: str, wrong: str = "", status: int = 200) -> Response:
    told = f'<p class="wrong" role="alert">{wrong}</p>' if wrong else ""
    text = _HTML.format(style=_STYLE, script=_SCRIPT, next=html.escape(target), told=told)
    return HTMLResponse(text, status, {"content-security-policy": _POLICY, "cache-control": "no-store"})
