"""A person with a browser: installs the app, fills in modals."""

from __future__ import annotations

import html
import http.client
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

_LINK = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """What is shown at the end."""

    url: str
    status: int
    text: str


def install(url: str, *, allow: bool) -> Page:
    """Go from the app's install page over Slack's question back to the app."""
    cookies: dict[str, str] = {}
    page = _get(url, cookies)
    if "/oauth/v2/authorize" not in page.url:  # a page with a button rather than a redirect
        link = next((one for one in _LINK.findall(page.text) if "/oauth/v2/authorize" in one), None)
        if link is None:
            return page
        page = _get(urljoin(page.url, html.unescape(link)), cookies)
    wanted = "allow=1" if allow else "allow=0"
    decide = next((one for one in _LINK.findall(page.text) if wanted in one), None)
    if decide is None:
        return page
    return _get(urljoin(page.url, html.unescape(decide)), cookies)


def _get(url: str, cookies: dict[str, str]) -> Page:
    """Fetch a page and follow redirects; cookies marked Secure are sent on loopback too."""
    for _ in range(10):
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
        try:
            headers = (
                {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
            )
            connection.request("GET", f"{parts.path or '/'}?{parts.query}", headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            cookies[name.strip()] = value.strip().strip('"')
        target = answer.headers.get("Location")
        if target is None or "/oauth/v2/authorize" in url:
            return Page(url, answer.status, text)
        url = urljoin(url, target)
    raise RuntimeError("too many redirects")


def state_of(blocks: list[dict[str, Any]], values: dict[str, Any]) -> dict[str, Any]:
    """The state of a modal's inputs once a person has filled them in; those left alone have what they came with."""
    state: dict[str, Any] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        action_id = str(element.get("action_id", ""))
        given = values.get(action_id, values.get(str(block.get("block_id"))))
        state[block["block_id"]] = {action_id: _filled(element, given)}
    return state


def _filled(element: dict[str, Any], given: Any) -> dict[str, Any]:
    kind = str(element["type"])
    told: dict[str, Any] = {"type": kind}
    options = element.get("options") or []
    if kind in ("static_select", "radio_buttons"):
        picked = next((one for one in options if one["value"] == given), element.get("initial_option"))
        return told | {"selected_option": picked}
    if kind in ("checkboxes", "multi_static_select"):
        picked = [one for one in options if one["value"] in (given or ())]
        return told | {"selected_options": picked or element.get("initial_options", [])}
    if kind == "users_select":
        return told | {"selected_user": given or element.get("initial_user")}
    return told | {"value": given if given is not None else element.get("initial_value")}
