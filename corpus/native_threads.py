"""How the numeric libraries wait for each other: asleep, not spinning.

GNU OpenMP's threads spin while they wait. With one busy neighbour on a machine of two cores that makes torch ten to
fifty times slower. The settings are read when the library is loaded, and spaCy loads torch where it is installed: so
whoever loads either calls `wait_asleep` first.
"""

import os

_SETTINGS = (
    ("OMP_WAIT_POLICY", "PASSIVE"),
    ("GOMP_SPINCOUNT", "0"),
    ("OPENBLAS_NUM_THREADS", "1"),  # numpy's: for the small matrices of a query more threads cost more than they give
    ("TOKENIZERS_PARALLELISM", "false"),
)


def wait_asleep() -> None:
    """Set what is not set yet in the environment of this process."""
    for name, value in _SETTINGS:
        os.environ.setdefault(name, value)
