"""OpenStack Swift and its S3 interface in one process: `python swift_server.py FOLDER`, which says its port."""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402 - what is imported before is not patched
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import eventlet.wsgi  # noqa: E402
from swift.common import utils, wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

STORES = ("account", "container", "object")
HASHES = """
[swift-hash]
swift_hash_path_suffix = tests
[storage-policy:0]
name = only
default = yes
"""
STORE = """
[DEFAULT]
devices = {folder}/devices
swift_dir = {folder}
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = made-up .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


def ring(folder: Path, kind: str, port: int) -> None:
    """Write the map that says that everything lies on one device."""
    place = {"ip": "127.0.0.1", "port": port, "replication_ip": "127.0.0.1", "replication_port": port}
    builder = RingBuilder(2, 1, 0)
    builder.add_dev({"region": 1, "zone": 1, "device": "d1", "weight": 1.0, "meta": ""} | place)
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def application(folder: Path, kind: str, settings: str) -> object:
    """Load one server from its settings."""
    path = folder / f"{kind}.conf"
    path.write_text(settings.format(folder=folder, kind=kind))
    return wsgi.loadapp(str(path), global_conf={"log_name": kind, "log_facility": "LOG_LOCAL0"})


def main(folder: Path) -> None:
    """Serve until killed; what was stored in the folder before is still there."""
    (folder / "devices" / "d1").mkdir(parents=True, exist_ok=True)
    (folder / "swift.conf").write_text(HASHES)
    utils.set_swift_dir(str(folder))
    sockets = {kind: eventlet.listen(("127.0.0.1", 0)) for kind in (*STORES, "proxy")}
    ports = {kind: listener.getsockname()[1] for kind, listener in sockets.items()}
    for kind in STORES:
        ring(folder, kind, ports[kind])
    with Path(os.devnull).open("w") as nowhere:
        for kind, listener in sockets.items():
            app = application(folder, kind, PROXY if kind == "proxy" else STORE)
            eventlet.spawn(eventlet.wsgi.server, listener, app, log=nowhere, log_output=False)
        sys.stdout.write(f"{ports['proxy']}\n")
        sys.stdout.flush()
        while True:
            eventlet.sleep(3600)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
