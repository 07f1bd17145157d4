"""The built pages, served with their first data inside; the browser talks to this same server's API."""

from sightline.interface.routes import router

__all__ = ["router"]
