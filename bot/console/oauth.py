"""WeCom's login pages (protocol 7.1 and 7.3): where a browser is sent, inside WeCom and on the desktop."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from bot.config import Settings

_INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
_DESKTOP = "https://login.work.weixin.qq.com/wwlogin/sso/login"
_INSIDE_PATH = "/connect/oauth2/authorize"
_DESKTOP_PATH = "/wwlogin/sso/login"
# The clients of WeCom and of its WeChat plugin name themselves so; it only decides which page is shown.
_OWN_BROWSERS = ("wxwork", "micromessenger")
RETURN_PATH = "/console/login/done"


@dataclass(frozen=True, slots=True)
class LoginPages:
    """The two login pages for one app. `agent_id` names the app; `redirect_uri` is where WeCom sends the browser back,
    on the domain that the app's settings name as 可信域名 and 授权回调域."""

    inside: str
    desktop: str
    corp_id: str
    agent_id: int
    redirect_uri: str

    def address(self, user_agent: str, state: str) -> str:
        """Where this browser goes: silent inside WeCom, a QR code to be scanned elsewhere."""
        named = user_agent.lower()
        common = {"appid": self.corp_id, "agentid": self.agent_id, "redirect_uri": self.redirect_uri, "state": state}
        if any(own in named for own in _OWN_BROWSERS):
            query = {**common, "response_type": "code", "scope": "snsapi_base"}
            return f"{self.inside}?{urlencode(query)}#wechat_redirect"
        return f"{self.desktop}?{urlencode({'login_type': 'CorpApp', **common, 'lang': 'zh'})}"


def login_pages(settings: Settings) -> LoginPages | None:
    """The pages of this installation; a stand-in of WeCom on this machine has its own. None where nobody can sign in:
    that needs the self-built app, PUBLIC_URL and SECRET_KEY."""
    if settings.wecom_corp_id is None or settings.wecom_agent_id is None:
        return None
    if not settings.public_url or settings.secret_key is None or settings.wecom_app_secret is None:
        return None
    inside, desktop = _INSIDE, _DESKTOP
    if settings.api_is_loopback:
        api = urlsplit(settings.wecom_api_base)
        inside, desktop = (f"{api.scheme}://{api.netloc}{path}" for path in (_INSIDE_PATH, _DESKTOP_PATH))
    return LoginPages(
        inside=inside,
        desktop=desktop,
        corp_id=settings.wecom_corp_id,
        agent_id=settings.wecom_agent_id,
        redirect_uri=settings.public_url.rstrip("/") + RETURN_PATH,
    )
