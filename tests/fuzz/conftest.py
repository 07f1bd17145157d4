from tests.reliability.conftest import server

__all__ = ["server"]
