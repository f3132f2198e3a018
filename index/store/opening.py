"""Which store a base has: the embedded one in its folder, or a collection of a Qdrant server."""

from pathlib import Path

from index.store.points import Vectors


def open_vectors(folder: Path, address: str | None, size: int, collection: str, *, anew: bool = False) -> Vectors:
    """Open the store in `folder`, or the server at `address` (`http://host:6333`, or with `/collection`).

    `anew` throws away what is there, whatever the size of its vectors.
    """
    if address:
        from index.store.server import ServerVectors

        return ServerVectors.open(address, size, collection, anew=anew)
    from index.store.edge import EdgeVectors

    return EdgeVectors.open(folder, size, anew=anew)
