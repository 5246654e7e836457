"""Colours by name: what a person calls the fill of a cell."""

import colorsys

# Fills this pale or this grey are bands and headings, not a status.
_LEAST_SATURATION = 0.35
_LEAST_VALUE = 0.35
_HUES = (
    (15, "red"),
    (48, "amber"),
    (70, "yellow"),
    (165, "green"),
    (260, "blue"),
    (330, "purple"),
    (361, "red"),
)


def colour_name(fill: str) -> str:
    """Name a strong ``RRGGBB``: red, amber, yellow, green, blue or purple. White, grey and pale have no name."""
    try:
        red, green, blue = (int(fill[place : place + 2], 16) / 255 for place in (0, 2, 4))
    except ValueError:
        return ""
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < _LEAST_SATURATION or value < _LEAST_VALUE:
        return ""
    return next(name for top, name in _HUES if hue * 360 < top)
