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
from zaffre.api.members import MARK, Members
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
const theme = localStorage.getItem("zaffre.theme");
if (theme) document.documentElement.dataset.theme = theme;
enter();
addEventListener("hashchange", enter); // a link opened where this page is open already
"""
_STYLE = """
:root { color-scheme: light; --bg: #f6f7f9; --surface: #fff; --line: #dfe3e8; --line-2: #c6ccd4; --ink: #17212b;
  --ink-2: #52606d; --accent: #0f5fd6; --on-accent: #fff; --code: #f0f2f5; --bad: #a8171c; --bad-bg: #fde7e7; }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; --bg: #0f1419;
  --surface: #171e25; --line: #2b353f; --line-2: #42505d; --ink: #e8edf2; --ink-2: #aab6c2; --accent: #6ba6ff;
  --on-accent: #071322; --code: #202932; --bad: #ff9a9a; --bad-bg: #3b1517; } }
:root[data-theme="dark"] { color-scheme: dark; --bg: #0f1419; --surface: #171e25; --line: #2b353f; --line-2: #42505d;
  --ink: #e8edf2; --ink-2: #aab6c2; --accent: #6ba6ff; --on-accent: #071322; --code: #202932; --bad: #ff9a9a;
  --bad-bg: #3b1517; }
* { box-sizing: border-box; }
body { font: 14px/20px system-ui, sans-serif; color: var(--ink); background: var(--bg); margin: 0; padding: 0 16px; }
main { max-width: 400px; margin: 16vh auto 0; padding: 28px 32px 32px; background: var(--surface); }
main { border: 1px solid var(--line); border-radius: 10px; }
h1 { display: flex; align-items: center; gap: 10px; font-size: 22px; line-height: 28px; margin: 0 0 12px; }
p { margin: 0 0 8px; color: var(--ink-2); }
code { padding: 1px 5px; border-radius: 4px; background: var(--code); color: var(--ink); }
code { font: 12.5px/18px ui-monospace, monospace; }
label { display: block; margin: 20px 0 4px; font-weight: 550; }
input { width: 100%; height: 36px; padding: 0 10px; font: inherit; color: var(--ink); background: var(--surface); }
input { border: 1px solid var(--line-2); border-radius: 6px; }
input:focus { outline: 2px solid var(--accent); outline-offset: -1px; }
button { width: 100%; height: 36px; margin-top: 12px; font: 550 14px/20px system-ui, sans-serif; }
button { border: 0; border-radius: 6px; }
button { background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.quiet { background: none; color: var(--ink-2); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.wrong { padding: 8px 12px; border-radius: 6px; background: var(--bad-bg); color: var(--bad); }
"""
_SIGN = (
    '<svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#0f5fd6"/>'
    '<path d="M9 9h14l-10.5 14H23" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)
_HTML = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Log in to Zaffre</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>{sign}Zaffre</h1>{told}
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

    def __init__(self, sessions: Sessions, tokens: Tokens, members: Members) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._members = members

    def routes(self) -> list[Route]:
        """Page, log-in and log-out; ``/login`` alone answers to nobody in particular."""
        tag = "login"
        return [
            Route(
                "POST", "/api/v1/login-links", Permission.SECRETS, self._link, "Make a link", tag=tag, asks_again=True
            ),
            Route("GET", "/login", Permission.OPEN, self._page, "The page to log in", tag=tag),
            Route("POST", "/login", Permission.OPEN, self._enter, "Log in with a code or token", success=303, tag=tag),
            Route("POST", "/logout", Permission.READ, self._leave, "Log out", success=303, tag=tag),
            Route("GET", "/mlflow", Permission.TRACK, _begin, "MLflow's pages", success=307, tag=tag),
        ]

    async def _link(self, call: Call) -> Response:
        """The code lies in the fragment, which no server and no log sees."""
        page = (await call.object()).get("next")
        code = self._sessions.invite(call.principal.token)
        query = f"next={quote(local_page(page))}" if isinstance(page, str) else ""
        url = call.request.base_url.replace(path="/login", query=query, fragment=code)
        return reply({"url": str(url)})

    async def _page(self, call: Call) -> Response:
        return _shown(local_page(call.query("next")))

    async def _enter(self, call: Call) -> Response:
        if not from_this_server(call):
            raise Forbidden("Logging in is for pages of this server: the request names no origin, or another one.")
        said = await _form(call)
        target, secret = local_page(said.get("next", "")), said.get("secret", "").strip()
        session = self._sessions.redeem(secret) or await self._by_token(secret)
        if session is None:
            return _shown(target, "That is no token of this installation, or the link was used already.", 401)
        answer = RedirectResponse(target, _SEE_OTHER)
        secure = call.request.url.scheme == "https"
        answer.set_cookie(COOKIE, session, int(SESSION_SECONDS), httponly=True, samesite="strict", secure=secure)
        return answer

    async def _leave(self, call: Call) -> Response:
        self._sessions.end(call.request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/login", _SEE_OTHER)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    async def _by_token(self, secret: str) -> str | None:
        """A session begun with the token of the home, or with a personal one."""
        try:
            who = await self._members.shown(secret) if secret.startswith(MARK) else self._tokens.check(secret)
        except Unauthenticated:
            return None
        if not who.token and who is not OWNER:
            return None
        await self._members.entered(who)
        return self._sessions.begin(who.token)


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
    return RedirectResponse("/mlflow/")  # whose links are relative to it


async def _form(call: Call) -> dict[str, str]:
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise Invalid(f"Content-Type is {kind!r}; expected {_FORM}.")
    return await form(call)


def _shown(target: str, wrong: str = "", status: int = 200) -> Response:
    told = f'<p class="wrong" role="alert">{wrong}</p>' if wrong else ""
    text = _HTML.format(sign=_SIGN, style=_STYLE, script=_SCRIPT, next=html.escape(target), told=told)
    return HTMLResponse(text, status, {"content-security-policy": _POLICY, "cache-control": "no-store"})
