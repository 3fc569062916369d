"""How far apart places are, and which offers are near enough to a need."""

import numpy as np
import numpy.typing as npt

from helpers.analysis.checks import Floats

Ints = npt.NDArray[np.int64]

# Mean radius of the Earth (IUGG): a sphere is right to half a per cent.
EARTH_RADIUS_KM = 6371.0088
# Pairs computed at once: some tens of megabytes.
_BLOCK = 2_000_000


def great_circle_km(
    latitude: Floats | float,
    longitude: Floats | float,
    to_latitude: Floats | float,
    to_longitude: Floats | float,
) -> Floats:
    """Compute great-circle distances by the haversine formula.

    Parameters
    ----------
    latitude, longitude, to_latitude, to_longitude
        Degrees; numbers or arrays that broadcast.

    Returns
    -------
    array
        Kilometres; missing where a place is missing.

    Examples
    --------
    Paris to Berlin, and a quarter of the way round the Earth:

    >>> round(float(great_circle_km(48.8566, 2.3522, 52.5200, 13.4050)), 1)
    877.5
    >>> round(float(great_circle_km(0.0, 0.0, 0.0, 90.0)), 1)
    10007.6

    References
    ----------
    Sinnott, R. W. (1984), Virtues of the haversine, *Sky and Telescope* 68(2), 159.
    """
    phi, to_phi = np.radians(latitude), np.radians(to_latitude)
    half_up = np.sin((to_phi - phi) / 2) ** 2
    half_across = np.sin(np.radians(np.subtract(to_longitude, longitude)) / 2) ** 2
    chord = half_up + np.cos(phi) * np.cos(to_phi) * half_across
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))), dtype=np.float64)


def all_pairs(from_place: Floats, to_place: Floats, max_km: float | None = None) -> tuple[Ints, Ints, Floats]:
    """List all pairs of places, or those at most so far apart.

    Parameters
    ----------
    from_place, to_place
        A row a place: latitude, longitude. Places that are missing stay in, their distance missing.
    max_km
        The farthest; without it all.

    Returns
    -------
    tuple of arrays
        Row of the one, row of the other, kilometres.

    Examples
    --------
    >>> here, there = np.array([[0.0, 0.0], [0.0, 9.0]]), np.array([[0.0, 1.0]])
    >>> one, other, km = all_pairs(here, there, max_km=200)
    >>> one.tolist(), other.tolist(), km.round(1).tolist()
    ([0], [0], [111.2])
    """
    parts: list[tuple[Ints, Ints, Floats]] = []
    rows = max(1, _BLOCK // max(1, len(from_place)))
    for start in range(0, len(to_place), rows):
        block = to_place[start : start + rows]
        km = great_circle_km(from_place[:, 0], from_place[:, 1], block[:, :1], block[:, 1:])
        kept = ~(km > (np.inf if max_km is None else max_km))
        other, one = np.nonzero(kept)
        parts.append((one.astype(np.int64), other.astype(np.int64) + start, km[kept]))
    return _joined(parts)


def nearest_pairs(from_place: Floats, to_place: Floats, nearest: int) -> tuple[Ints, Ints, Floats]:
    """List for each of the second places the nearest of the first, and those as near as the last of them.

    Parameters
    ----------
    from_place, to_place
        A row a place: latitude, longitude.
    nearest
        How many. Ties with the last are listed too: no name or order decides.

    Returns
    -------
    tuple of arrays
        Row of the one, row of the other, kilometres.

    Examples
    --------
    >>> here, there = np.array([[0.0, 0.0], [0.0, 2.0], [0.0, 9.0]]), np.array([[0.0, 1.0]])
    >>> nearest_pairs(here, there, nearest=1)[0].tolist()
    [0, 1]
    """
    from scipy.spatial import cKDTree

    if not len(from_place) or not len(to_place):
        return _joined([])
    # On the unit sphere a straight line is longer where the arc is longer: nearest is nearest.
    tree = cKDTree(_on_sphere(from_place))
    targets = _on_sphere(to_place)
    farthest = tree.query(targets, k=[min(nearest, len(from_place))])[0][:, 0]
    found = tree.query_ball_point(targets, farthest * (1 + 1e-9) + 1e-12, return_sorted=True)
    counts = np.array([len(one) for one in found])
    one = np.concatenate([np.asarray(rows, dtype=np.int64) for rows in found])
    other = np.repeat(np.arange(len(to_place)), counts)
    return one, other, great_circle_km(*from_place[one].T, *to_place[other].T)


def _on_sphere(place: Floats) -> Floats:
    phi, theta = np.radians(place).T
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def _joined(parts: list[tuple[Ints, Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    one, other, km = zip(*parts, strict=True)
    return np.concatenate(one), np.concatenate(other), np.concatenate(km)
