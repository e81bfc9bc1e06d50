"""What is done with every request before any view sees it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

NULL = "\x00"


def without_null_characters(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """PostgreSQL holds no null character and fails when asked for one. Nobody types one, so none reaches a view.

    An address with one does not exist; in a query and in cookies they are left out. Forms refuse them by themselves,
    with words at the field.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if NULL in request.path:
            raise Http404
        for name, value in request.COOKIES.items():
            request.COOKIES[name] = value.replace(NULL, "")
        if any(NULL in text for name, texts in request.GET.lists() for text in (name, *texts)):
            query = request.GET.copy()
            query.clear()
            for name, texts in request.GET.lists():
                query.setlist(name.replace(NULL, ""), [text.replace(NULL, "") for text in texts])
            query._mutable = False
            request.GET = query  # type: ignore[assignment]
        return get_response(request)

    return answer
