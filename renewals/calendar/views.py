"""The page on which somebody gets the address of their feed, and the feed."""

from datetime import UTC, datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from licensing.models import User
from licensing.views import for_resellers, is_too_often
from quotes.customers.views.page import kept_private

from ..models import CalendarFeed
from .operations import end_feed, make_feed
from .queries import entries_of, find_owner

MOST_FETCHED = "60/h"
"""From one address, of tokens that open nothing."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_resellers
def calendar(request: HttpRequest) -> HttpResponse:
    """Whether there is a feed; a new address is shown once, in the answer that makes it."""
    user = cast(User, request.user)
    address = ""
    if request.method == "POST" and request.POST.get("act") == "end":
        if end_feed(user=user):
            messages.success(request, _("The address opens nothing any more."))
        return redirect("renewals:calendar")
    if request.method == "POST" and request.POST.get("act") == "make":
        token = make_feed(user=user, now=timezone.now())
        address = settings.PUBLIC_URL + reverse("renewals:calendar-feed", args=[token])
    feed = CalendarFeed.objects.filter(user=user).first()
    return render(request, "renewals/calendar/calendar.html", {"feed": feed, "address": address})


@login_not_required
@kept_private
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's feed, for the program that holds its address. What opens nothing is 404, after many tries 429."""
    user = find_owner(token)
    if user is None:
        status = 429 if is_too_often(request, action="calendar", rate=MOST_FETCHED) else 404
        return HttpResponse(status=status, content_type="text/plain; charset=utf-8")
    with translation.override(settings.LANGUAGE_CODE):
        content = draw_feed(user, now=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def draw_feed(user: User, *, now: datetime) -> bytes:
    """The feed as RFC 5545 has it: whole days, in Japan."""
    feed = Calendar()
    feed.add("prodid", "-//Renewal quotes//JA")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", _("Renewals"))
    feed.add_component(_japan())  # a feed without any component is none (RFC 5545, 3.6)
    host = settings.PUBLIC_URL.partition("//")[2] or "portal"
    for entry in entries_of(user, on=timezone.localdate(now)):
        event = Event()
        event.add("uid", f"{entry.key}@{host}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.words)
        event.add("url", settings.PUBLIC_URL + entry.path)
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    return cast(bytes, feed.to_ical())


def _japan() -> Timezone:
    """The zone in which the days are days."""
    nine = timedelta(hours=9)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", nine)
    standard.add("tzoffsetto", nine)
    standard.add("tzname", "JST")
    zone = Timezone()
    zone.add("tzid", "Asia/Tokyo")
    zone.add_component(standard)
    return zone
