"""Reading a form body: each field once, as it was before URL encoding."""

from urllib.parse import parse_qsl

from sync.sandbox.wire import BadInput, Request

_MOST_FIELDS = 50
_FORM = "application/x-www-form-urlencoded"


def form_of(request: Request) -> dict[str, str]:
    """The form fields; BadInput for any other body, text that is not UTF-8, or a field named twice."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != _FORM:
        raise BadInput(f"the body must be {_FORM}")
    try:
        text = request.body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as problem:
        raise BadInput("the form cannot be read") from problem
    form = dict(pairs)
    if len(form) != len(pairs):
        raise BadInput("the form names a field twice")
    return form
