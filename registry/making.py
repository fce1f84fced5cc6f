"""The real maker: the generator's press, the signing room's key and seal, one press per sealing authority."""

from house.settings import Home
from registry.pressing import Maker


def certificate_maker(home: Home) -> Maker:
    raise NotImplementedError
