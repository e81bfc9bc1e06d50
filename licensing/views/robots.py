"""Which requests are made by a program and not by somebody who wants to see the page."""

import re

from django.http import HttpRequest

ROBOTS = {
    # what its name for itself begins with or holds: how it is called here
    r"slack(?:bot|-imgproxy)": "Slack",
    r"skypeuripreview|teams-?link|microsoft teams.*preview": "Microsoft Teams",
    r"line-poker|linespider": "LINE",
    r"facebookexternal|facebookcatalog|facebookbot|meta-external": "Facebook",
    r"twitterbot": "X (Twitter)",
    r"^whatsapp/": "WhatsApp",
    r"telegrambot": "Telegram",
    r"discordbot": "Discord",
    r"linkedinbot": "LinkedIn",
    r"chatwork": "Chatwork",
    r"lineworks|works-?mobile.*preview": "LINE WORKS",
    r"zoombot|zoom.*preview": "Zoom",
    r"google-?bot|google(?:imageproxy|other|-safety|-pagerenderer|-read-aloud|-inspectiontool|webpreview)"
    r"|feedfetcher-google|apis-google|mediapartners-google|google web preview": "Google",
    r"bingbot|bingpreview|msnbot|adidxbot": "Bing",
    r"applebot|icloud.*preview": "Apple",
    r"safelinks|ms-office|microsoft office|microsoft outlook|msoffice|exchange.*protection": "Microsoft Office",
    r"proofpoint": "Proofpoint",
    r"barracuda": "Barracuda",
    r"mimecast": "Mimecast",
    r"trendmicro|trend micro": "Trend Micro",
    r"symantec|messagelabs": "Symantec",
    r"virustotal|urlscan|zscaler|forcepoint|cisco.*(?:talos|scan)": "security scanner",
    r"headlesschrome|phantomjs|puppeteer|playwright|selenium|lighthouse": "automatic browser",
}
LIBRARIES = (
    "python", "curl", "wget", "go-http-client", "java", "apache-httpclient", "okhttp", "axios", "node-fetch", "node",
    "undici", "libwww-perl", "lwp", "ruby", "faraday", "guzzlehttp", "php", "aiohttp", "httpx", "scrapy", "requests",
    "postmanruntime", "insomnia", "powershell", "winhttp", "reactor-netty", "dart", "rust", "reqwest", "restsharp",
    "http_request", "got", "superagent", "httpie", "jakarta", "winhttprequest", "windowspowershell", "nutch", "embedly",
)  # fmt: skip
"""What programs call themselves that nobody gave a name of their own."""
_KNOWN = [(re.compile(pattern), name) for pattern, name in ROBOTS.items()]
_LIBRARY = re.compile(r"(?:" + "|".join(map(re.escape, LIBRARIES)) + r")(?:[-/ ;(]|$)")
_GENERIC = re.compile(
    r"(?<![a-z])(?:[\w.-]*?)(?:bot|crawler|spider|unfurl\w*|link-?expand\w*|link-?preview\w*|url-?preview\w*|previewer|preview"
    r"|link-?check\w*|scanner|slurp|archiver|fetcher|validator|monitor(?:ing)?|uptime\w*)(?![a-z])"
)
_PEOPLE = re.compile(r"\bcubot\b")
"""A make of telephones."""


def is_fetched_beforehand(request: HttpRequest) -> bool:
    """Whether a browser asks before anybody has clicked, to be quick if somebody does."""
    purposes = (request.headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in purpose or "preview" in purpose or "prerender" in purpose for purpose in purposes)


def read_robot(request: HttpRequest) -> str:
    """The name of the program that asks by itself: a preview in a chat, a scanner, a search engine, an HTTP library.

    Empty for a browser, also one inside of a chat program, and for what does not say what it is. A scanner that calls
    itself a browser is not found out.
    """
    agent = " ".join(request.headers.get("User-Agent", "").lower().split())[:1000]
    for pattern, name in _KNOWN:
        if pattern.search(agent):
            return name
    if _LIBRARY.match(agent):
        return agent.partition(" ")[0][:60]
    found = _GENERIC.search(_PEOPLE.sub("", agent))
    return found[0].strip("-. ")[:60] if found else ""
