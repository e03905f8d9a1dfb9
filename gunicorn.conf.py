"""The web process, here and in production: threads for waiting, a few workers for the cores there are."""

import os
from pathlib import Path

pythonpath = str(Path(__file__).resolve().parent / "platform")
bind = os.environ.get("BANGFU_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", min(4, (os.cpu_count() or 1) + 1)))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000  # a worker is replaced now and then, each at its own time
max_requests_jitter = 500
limit_request_line = 8190
forwarded_allow_ips = os.environ.get("BANGFU_PROXY_ADDRESSES", "127.0.0.1,::1")
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 — the heartbeat file, not data
control_socket_disable = True
accesslog = "-"
logger_class = "common.access_log.MaskedLogger"
access_log_format = (
    '%(t)s %(m)s "%(U)s" %(s)s %(B)s %(L)ss'  # no query strings: they may carry what people typed
)
