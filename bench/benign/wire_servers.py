"""The servers of bench/wire_benign.py: real programs of Debian, each on a loopback address of its own, in clear and with TLS.

`start_all(tmp, log, part)` starts whatever is installed and gives the names of those that listen. Everything they write lies under
`tmp`. The end of the caller's process namespace ends them; nothing here does.
"""
import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import time

START_LIMIT_S = 20
# program -> address, port in clear, port with TLS (0: there is none)
PLACES = {
    "nginx": ("127.0.1.1", 80, 443), "apache2": ("127.0.1.2", 80, 443), "lighttpd": ("127.0.1.3", 80, 443),
    "haproxy": ("127.0.1.4", 80, 443), "dovecot": ("127.0.1.5", 143, 993), "mosquitto": ("127.0.1.6", 1883, 8883),
    "postgresql": ("127.0.1.7", 5432, 5432), "redis": ("127.0.1.8", 6379, 6380), "slapd": ("127.0.1.9", 389, 636),
    "rsyslog": ("127.0.1.10", 601, 6514), "prosody": ("127.0.1.11", 5222, 5222), "unbound": ("127.0.1.12", 53, 853),
    "beanstalkd": ("127.0.1.14", 11300, 11301), "gearmand": ("127.0.1.15", 4730, 4731),
    "memcached": ("127.0.1.16", 11211, 11212), "nats": ("127.0.1.17", 4222, 4222), "etcd": ("127.0.1.18", 2379, 2389),
    "ngircd": ("127.0.1.19", 6667, 6697), "vsftpd": ("127.0.1.20", 21, 21), "node": ("127.0.1.21", 8080, 8443),
    "python3": ("127.0.1.22", 8765, 8766), "gnutls-serv": ("127.0.1.23", 0, 5556), "openssl": ("127.0.1.24", 0, 4433),
    "socat": ("127.0.1.25", 7000, 7001), "ncat": ("127.0.1.26", 7100, 7101),
    "wallet server": ("127.0.1.27", 50001, 50002), "editor server": ("127.0.1.28", 2087, 2088),
}

APACHE = """ServerRoot {tmp}
ServerName bench.test
PidFile {tmp}/apache.pid
ErrorLog {tmp}/apache.log
DefaultRuntimeDir {tmp}
User www-data
Group www-data
ServerLimit 8
ThreadLimit 128
ThreadsPerChild 128
MaxRequestWorkers 1024
KeepAliveTimeout 90
MaxKeepAliveRequests 0
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
Listen 127.0.1.2:80
Listen 127.0.1.2:443
DocumentRoot {tmp}/www
<Directory {tmp}/www>
Require all granted
</Directory>
<VirtualHost 127.0.1.2:443>
SSLEngine on
SSLCertificateFile {tmp}/cert.pem
SSLCertificateKeyFile {tmp}/key.pem
</VirtualHost>
"""
NGINX = """user www-data;
pid {tmp}/nginx.pid;
error_log {tmp}/nginx.log;
worker_processes 1;
events {{ worker_connections 4000; }}
http {{
  access_log off;
  keepalive_timeout 90s;
  keepalive_requests 100000;
  server {{
    listen 127.0.1.1:80;
    listen 127.0.1.1:443 ssl;
    ssl_certificate {tmp}/cert.pem;
    ssl_certificate_key {tmp}/key.pem;
    root {tmp}/www;
    location /rpc {{ default_type application/json; return 200 '{{"jsonrpc":"2.0","id":1,"result":{{"status":"OK"}}}}'; }}
  }}
}}
"""
LIGHTTPD = """server.modules = ("mod_openssl")
server.document-root = "{tmp}/www"
server.bind = "127.0.1.3"
server.port = 80
server.errorlog = "{tmp}/lighttpd.log"
server.max-keep-alive-requests = 100000
server.max-keep-alive-idle = 90
server.max-fds = 4096
server.max-connections = 2000
$SERVER["socket"] == "127.0.1.3:443" {{ ssl.engine = "enable" ssl.pemfile = "{tmp}/both.pem" }}
"""
HAPROXY = """global
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 120s
  timeout server 120s
  timeout http-keep-alive 120s
frontend web
  bind 127.0.1.4:80
  bind 127.0.1.4:443 ssl crt {tmp}/both.pem
  http-request return status 200 content-type application/json string '{{"id":7,"result":true,"error":null}}' if {{ path /rpc }}
  default_backend pages
backend pages
  server nginx 127.0.1.1:80
"""
DOVECOT = """base_dir = {tmp}/dovecot
log_path = {tmp}/dovecot.log
protocols = imap pop3
listen = 127.0.1.5
ssl = yes
disable_plaintext_auth = no
ssl_cert = <{tmp}/cert.pem
ssl_key = <{tmp}/key.pem
mail_location = maildir:{tmp}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 5000
default_client_limit = 20000
default_process_limit = 3000
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={tmp}/mail/%u
}}
service imap-login {{
  service_count = 0
  client_limit = 4000
  process_limit = 4
  process_min_avail = 2
  vsz_limit = 1G
}}
service pop3-login {{
  service_count = 0
  client_limit = 4000
  process_limit = 4
  vsz_limit = 1G
}}
service imap {{
  service_count = 100
}}
"""
MOSQUITTO = """per_listener_settings false
allow_anonymous true
user nobody
listener 1883 127.0.1.6
listener 8883 127.0.1.6
certfile {tmp}/cert.pem
keyfile {tmp}/key.pem
max_connections -1
"""
SLAPD = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {tmp}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {tmp}/cert.pem
TLSCertificateKeyFile {tmp}/key.pem
database mdb
suffix "dc=test"
directory {tmp}/ldap
rootdn "cn=admin,dc=test"
rootpw secret
"""
RSYSLOG = """global(workDirectory="{tmp}/rsyslog" DefaultNetstreamDriverCAFile="{tmp}/cert.pem"
  DefaultNetstreamDriverCertFile="{tmp}/cert.pem" DefaultNetstreamDriverKeyFile="{tmp}/key.pem")
module(load="imtcp" MaxSessions="4000")
input(type="imtcp" address="127.0.1.10" port="601" StreamDriver.Name="ptcp" StreamDriver.Mode="0")
input(type="imtcp" address="127.0.1.10" port="6514" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
action(type="omfile" file="/dev/null")
"""
PROSODY = """daemonize = false
pidfile = "{tmp}/prosody/prosody.pid"
data_path = "{tmp}/prosody"
interfaces = {{ "127.0.1.11" }}
modules_enabled = {{ "saslauth", "tls", "ping", "disco", "roster" }}
modules_disabled = {{ "s2s" }}
c2s_require_encryption = false
authentication = "anonymous"
allow_unencrypted_plain_auth = true
storage = "memory"
ssl = {{ key = "{tmp}/key.pem"; certificate = "{tmp}/cert.pem"; }}
log = {{ error = "*console" }}
VirtualHost "bench.test"
"""
UNBOUND = """server:
  interface: 127.0.1.12@53
  interface: 127.0.1.12@853
  tls-service-key: {tmp}/key.pem
  tls-service-pem: {tmp}/cert.pem
  access-control: 127.0.0.0/8 allow
  chroot: ""
  directory: "{tmp}"
  pidfile: "{tmp}/unbound.pid"
  username: "nobody"
  incoming-num-tcp: 3000
  tcp-idle-timeout: 120000
  do-not-query-localhost: no
  module-config: "iterator"
  local-zone: "bench.test." static
  local-data: "www.bench.test. A 127.0.1.1"
  local-data: "mail.bench.test. MX 10 www.bench.test."
  local-data: "text.bench.test. TXT 'some words of text that a zone may carry'"
remote-control:
  control-enable: no
"""
NGIRCD = """[Global]
Name = irc.bench.test
AdminInfo1 = bench
Listen = 127.0.1.19
Ports = 6667
ServerUID = nobody
ServerGID = nogroup
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 10
[Options]
Ident = no
DNS = no
PAM = no
[SSL]
CertFile = {tmp}/cert.pem
KeyFile = {tmp}/key.pem
Ports = 6697
"""
VSFTPD = """listen=YES
listen_address=127.0.1.20
background=NO
anonymous_enable=YES
local_enable=NO
anon_root={tmp}/ftp
ssl_enable=YES
allow_anon_ssl=YES
force_local_data_ssl=NO
force_local_logins_ssl=NO
rsa_cert_file={tmp}/both.pem
rsa_private_key_file={tmp}/both.pem
ssl_ciphers=HIGH
require_ssl_reuse=NO
secure_chroot_dir={tmp}/empty
max_clients=0
max_per_ip=0
seccomp_sandbox=NO
"""
STUNNEL = """foreground = yes
pid =
[beanstalkd]
accept = 127.0.1.14:11301
connect = 127.0.1.14:11300
cert = {tmp}/both.pem
[gearmand]
accept = 127.0.1.15:4731
connect = 127.0.1.15:4730
cert = {tmp}/both.pem
[memcached]
accept = 127.0.1.16:11212
connect = 127.0.1.16:11211
cert = {tmp}/both.pem
"""
FILES = {"apache.conf": APACHE, "nginx.conf": NGINX, "lighttpd.conf": LIGHTTPD, "haproxy.conf": HAPROXY, "dovecot.conf": DOVECOT,
         "mosquitto.conf": MOSQUITTO, "slapd.conf": SLAPD, "rsyslog.conf": RSYSLOG, "prosody.cfg.lua": PROSODY, "unbound.conf": UNBOUND,
         "ngircd.conf": NGIRCD, "vsftpd.conf": VSFTPD, "stunnel.conf": STUNNEL}
PG = "/usr/lib/postgresql/15/bin"
HERE = pathlib.Path(__file__).resolve().parent
COMMANDS = {
    "nginx": "nginx -c {tmp}/nginx.conf -g 'daemon off;'", "apache2": "apache2 -f {tmp}/apache.conf -DFOREGROUND",
    "lighttpd": "lighttpd -D -f {tmp}/lighttpd.conf", "haproxy": "haproxy -f {tmp}/haproxy.conf",
    "dovecot": "dovecot -F -c {tmp}/dovecot.conf", "mosquitto": "mosquitto -c {tmp}/mosquitto.conf",
    "postgresql": f"setpriv --reuid postgres --regid postgres --clear-groups {PG}/postgres -D {{tmp}}/pg -k {{tmp}}/pg",
    "redis": "redis-server --bind 127.0.1.8 --port 6379 --tls-port 6380 --tls-cert-file {tmp}/cert.pem --tls-key-file {tmp}/key.pem "
             "--tls-ca-cert-file {tmp}/cert.pem --tls-auth-clients no --save '' --maxclients 5000",
    "slapd": "slapd -d 0 -f {tmp}/slapd.conf -h 'ldap://127.0.1.9 ldaps://127.0.1.9'",
    "rsyslog": "rsyslogd -n -iNONE -f {tmp}/rsyslog.conf",
    "prosody": "setpriv --reuid prosody --regid prosody --clear-groups prosody --config {tmp}/prosody.cfg.lua",
    "unbound": "unbound -d -c {tmp}/unbound.conf",
    "beanstalkd": "beanstalkd -l 127.0.1.14 -u nobody", "gearmand": "gearmand -u nobody -L 127.0.1.15 -l stderr",
    "memcached": "memcached -u nobody -l 127.0.1.16 -c 5000", "stunnel4": "stunnel4 {tmp}/stunnel.conf",
    "nats": "nats-server -a 127.0.1.17 --tls --tlscert {tmp}/cert.pem --tlskey {tmp}/key.pem",
    "nats in clear": "nats-server -a 127.0.1.17",
    "etcd": "etcd --data-dir {tmp}/etcd --log-level error --listen-client-urls http://127.0.1.18:2379,https://127.0.1.18:2389 "
            "--advertise-client-urls http://127.0.1.18:2379 --cert-file {tmp}/cert.pem --key-file {tmp}/key.pem "
            "--listen-peer-urls http://127.0.1.18:2380 --initial-advertise-peer-urls http://127.0.1.18:2380 "
            "--initial-cluster default=http://127.0.1.18:2380",
    "ngircd": "ngircd -n -f {tmp}/ngircd.conf", "vsftpd": "vsftpd {tmp}/vsftpd.conf",
    "node": "env NODE_PATH=/usr/share/nodejs node {here}/wire_server.js {tmp} 127.0.1.21 8080 8443",
    "python3": "/usr/bin/python3 {here}/wire_server.py {tmp} web 127.0.1.22 8765 8766",
    "wallet server": "/usr/bin/python3 {here}/wire_server.py {tmp} wallet 127.0.1.27 50001 50002",
    "editor server": "/usr/bin/python3 {here}/wire_server.py {tmp} editor 127.0.1.28 2087 2088",
    "gnutls-serv": "gnutls-serv --echo -q -p 5556 --x509certfile {tmp}/cert.pem --x509keyfile {tmp}/key.pem",
    "openssl": "openssl s_server -quiet -www -accept 127.0.1.24:4433 -cert {tmp}/cert.pem -key {tmp}/key.pem",
    "socat": "socat OPENSSL-LISTEN:7001,bind=127.0.1.25,cert={tmp}/both.pem,verify=0,fork,reuseaddr,backlog=128 EXEC:cat",
    "socat in clear": "socat TCP-LISTEN:7000,bind=127.0.1.25,fork,reuseaddr,backlog=128 EXEC:cat",
    "ncat": "ncat -l 127.0.1.26 7101 -k -m 1000 --ssl --ssl-cert {tmp}/cert.pem --ssl-key {tmp}/key.pem -e /bin/cat",
    "ncat in clear": "ncat -l 127.0.1.26 7100 -k -m 1000 -e /bin/cat",
}
AS_POSTGRES = "setpriv --reuid postgres --regid postgres --clear-groups"


def prepare(tmp):
    """Settings, certificates, folders, and a database of PostgreSQL."""
    subprocess.run(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=bench.test -addext "
                   f"subjectAltName=DNS:bench.test,DNS:www.bench.test -keyout {tmp}/key.pem -out {tmp}/cert.pem 2>/dev/null && "
                   f"cat {tmp}/key.pem {tmp}/cert.pem > {tmp}/both.pem && chmod 644 {tmp}/*.pem", shell=True, check=True)
    for folder in ("www", "mail", "ldap", "rsyslog", "prosody", "ftp", "empty", "dovecot"):
        pathlib.Path(tmp, folder).mkdir(parents=True)
    for name, text in FILES.items():
        pathlib.Path(tmp, name).write_text(text.format(tmp=tmp), encoding="utf-8")
    for size in (40, 900, 30_000):
        pathlib.Path(tmp, "www", f"{size}.txt").write_text("x" * size, encoding="ascii")
    users = pathlib.Path("/etc/passwd").read_text(encoding="utf-8").splitlines()
    for folder, owner in (("mail", "mail"), ("prosody", "prosody")):
        if any(line.startswith(owner + ":") for line in users):
            shutil.chown(f"{tmp}/{folder}", owner)
    if os.path.exists(PG):
        prepare_postgresql(tmp)


def prepare_postgresql(tmp):
    place = pathlib.Path(tmp, "pg")
    place.mkdir()
    shutil.chown(place, "postgres")
    subprocess.run(f"{AS_POSTGRES} {PG}/initdb -D {place} -A trust -N >/dev/null", shell=True, check=True, cwd="/")
    shutil.copy(f"{tmp}/key.pem", place / "server.key")
    shutil.copy(f"{tmp}/cert.pem", place / "server.crt")
    with open(place / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("listen_addresses='127.0.1.7'\nssl=on\nmax_connections=1500\nfsync=off\nshared_buffers=64MB\nlogging_collector=off\n")
    subprocess.run(f"chown -R postgres {place} && chmod 600 {place}/server.key", shell=True, check=True)


def start_all(tmp, log, part):
    """Starts those of a part; gives the names of the programs that listen, and of those that do not."""
    prepare(tmp)
    for name, command in COMMANDS.items():
        words = [w.format(tmp=tmp, here=HERE) for w in shlex.split(command)]
        program = words[words.index("--clear-groups") + 1] if words[0] == "setpriv" else words[0]
        if name == ("nats in clear" if part == "tls" else "nats") or shutil.which(program) is None:
            continue
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)
    wanted = {name: place[2] if part == "tls" else place[1] for name, place in PLACES.items()}
    end = time.monotonic() + START_LIMIT_S
    up = {name for name, port in wanted.items() if port and answers(PLACES[name][0], port, end)}
    return sorted(up), sorted(name for name, port in wanted.items() if port and name not in up)


def answers(address, port, end):
    while True:
        try:
            socket.create_connection((address, port), timeout=1).close()
            return True
        except OSError:
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
