"""Which owed calls go to a platform together, where it takes several at once."""

from collections.abc import Mapping, Sequence

from sync.domain.outbox import CallKind
from sync.platforms.port import Batches, Platform
from sync.services.courier import Parcel

# All or none of them are redeemed in the end: below this that costs more than it saves.
LEAST_AT_ONCE = 4


def bundled(parcels: Sequence[Parcel], platforms: Mapping[str, Platform]) -> list[list[Parcel]]:
    """The parcels in the order they are sent: several together or one by one. What may have been done before goes
    alone, since it has to be asked about first."""
    bundles: list[list[Parcel]] = []
    filling: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        name = parcel.entry.platform
        platform = platforms[name]
        if parcel.entry.kind != CallKind.REDEEM or parcel.maybe_done or not isinstance(platform, Batches):
            bundles.append([parcel])
            continue
        if name not in filling or len(filling[name]) >= platform.most_orders:
            filling[name] = []
            bundles.append(filling[name])
        filling[name].append(parcel)
    return [part for bundle in bundles for part in _parts(bundle)]


def _parts(bundle: list[Parcel]) -> list[list[Parcel]]:
    return [bundle] if len(bundle) >= LEAST_AT_ONCE else [[parcel] for parcel in bundle]
