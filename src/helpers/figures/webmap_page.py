"""One complete page for an interactive map: nothing is fetched from anywhere."""

import html
import re
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

import folium
from branca.element import Element, Figure
from folium.elements import JSCSSMixin
from jinja2 import Environment, PackageLoader
from xstatic.pkg import leaflet

from helpers.data.errors import InputError
from helpers.figures import style

_PAGES = Environment(loader=PackageLoader("helpers.figures"), autoescape=False)  # noqa: S701  # page parts are HTML


class PageMap(folium.Map):
    """A folium map that knows the title and the legend of its page.

    Parameters
    ----------
    page_title
        Plain text: title of the page and name of the frame.
    page_legend
        HTML beneath the map.
    **options
        As for :class:`folium.Map`.
    """

    def __init__(self, page_title: str, page_legend: str, **options: object) -> None:
        settings: dict[str, Any] = dict(options)
        super().__init__(**settings)
        self.page_title = page_title
        self.page_legend = page_legend


def offline_html(interactive: folium.Map, template: str = "webmap.html", **parts: object) -> str:
    """Return a page that shows the map without a request to anywhere.

    Leaflet is inlined from the wheel XStatic-Leaflet; everything that folium would load from a content
    delivery network is left out. The page fits a frame with ``sandbox="allow-scripts"`` and carries its own
    content security policy. The same map gives the same bytes.

    Parameters
    ----------
    interactive
        A map from :func:`helpers.figures.webmap.seat_map`, or another folium map of vector layers without
        popups of its own.
    template
        Page of the folder ``templates``, for a map that is more than a frame in a report.
    **parts
        What else that page shows.

    Returns
    -------
    str
        HTML of a whole document.

    Raises
    ------
    InputError
        If the map holds a layer that needs the network or a library other than Leaflet.
    """
    root = interactive.get_root()
    if not isinstance(root, Figure):
        raise InputError("interactive map: the map is not the root of a page")
    _refuse_online_layers(interactive)
    _set_stable_ids(interactive)
    root.render()
    return _PAGES.get_template(template).render(
        title=getattr(interactive, "page_title", "Map"),
        legend=getattr(interactive, "page_legend", ""),
        leaflet_css=_leaflet_css(),
        css=page_css(),
        body=root.html.render().strip(),
        leaflet_js=_leaflet_js(),
        script=root.script.render().strip(),
        **parts,
    )


def frame_html(interactive: folium.Map, title: str | None = None) -> str:
    """Return the page as an ``<iframe>`` that may run scripts and nothing else.

    Parameters
    ----------
    interactive
        A map from :func:`helpers.figures.webmap.seat_map`.
    title
        Name of the frame, plain text; the title of the map's page if not given.

    Returns
    -------
    str
        HTML of one ``<iframe>`` element with the page in ``srcdoc``.
    """
    page = html.escape(offline_html(interactive))
    name = html.escape(title or str(getattr(interactive, "page_title", "Map")))
    # The size is for JupyterLab; the report's style sheet has its own.
    start = '<iframe sandbox="allow-scripts" loading="lazy" width="100%" height="480"'
    return f'{start} title="{name}" srcdoc="{page}"></iframe>'


def template_text(name: str) -> str:
    """Return a file of the folder ``templates``."""
    return files("helpers.figures").joinpath("templates", name).read_text(encoding="utf-8")


def page_css() -> str:
    """Return the style of the page, with the colours of :mod:`helpers.figures.style`."""
    return Template(template_text("webmap.css")).substitute(
        INK=style.INK,
        MUTED=style.MUTED,
        SEA=style.SEA,
        LAND=style.OTHER_COUNTRIES,
        FOCUS=style.RAMP[0],
        NO_SEAT=style.NO_DATA,
        PLACE=style.RAMP[3],
        MARK=style.ACCENTS[1],
    )


def _refuse_online_layers(element: Element) -> None:
    """Refuse what would come up empty without a network."""
    for child in element._children.values():
        wants = isinstance(child, JSCSSMixin) and (child.default_js or child.default_css)
        if wants or isinstance(child, folium.TileLayer | folium.Popup | folium.Marker):
            raise InputError(
                f"interactive map: a layer of type {type(child).__name__} needs the network or jQuery; "
                "allowed are vector layers without popups of their own"
            )
        _refuse_online_layers(child)


def _set_stable_ids(interactive: folium.Map) -> None:
    """Replace folium's random ids by counted ones."""
    interactive._id = "0"
    waiting: list[Element] = list(interactive._children.values())
    for number, element in enumerate(waiting, start=1):
        element._id = str(number)
        waiting.extend(element._children.values())


def _leaflet_file(name: str) -> str:
    return files(leaflet).joinpath("data", name).read_text(encoding="utf-8")


@cache
def _leaflet_js() -> str:
    """Leaflet's script without the reference to its source map."""
    script = re.sub(r"//# sourceMappingURL=\S+", "", _leaflet_file("leaflet.js")).strip()
    if "</script" in script.lower():
        raise ValueError("leaflet.js holds </script and cannot be inlined")
    return script


@cache
def _leaflet_css() -> str:
    """Leaflet's style sheet without comments and images, which no layer here uses."""
    sheet = re.sub(r"/\*.*?\*/", "", _leaflet_file("leaflet.css"), flags=re.DOTALL)
    sheet = re.sub(r"[^;{}]*url\([^)]*\)\s*;", "", sheet)
    return re.sub(r"\s+", " ", sheet).strip()
