"""The programs' own clients for bench/wire_benign.py: run often and briefly, or fed with lines now and then.

A row of ONCE is a program that must listen, how often the command runs at scale 1, and the command: {a} is the address, {p} the port,
{t} the folder. Rows of FED keep one connection and get lines on their standard input, at the gaps of a Beat.
"""
import asyncio
import os
import random
import shlex
import shutil

import wire_servers
import wire_talks

AT_ONCE = 6
LIMIT_S = 100
EXPECTED = (0, 32, 124)  # 32: a directory without entries; 124: ended by timeout
ONCE = {
    "tls": [
        ("nginx", 500, "curl -sk -o /dev/null https://{a}/900.txt"), ("apache2", 300, "curl -sk --tls-max 1.2 -o /dev/null https://{a}/30000.txt"),
        ("lighttpd", 200, "curl -sk --resolve www.bench.test:443:{a} -o /dev/null https://www.bench.test/900.txt"),
        ("haproxy", 200, "wget -q --no-check-certificate -O /dev/null https://{a}/rpc"),
        ("nginx", 200, "wget -q --no-check-certificate -O /dev/null https://{a}/40.txt"),
        ("apache2", 6, "ab -q -n 500 -c 8 https://{a}/900.txt"), ("lighttpd", 4, "ab -q -n 500 -c 8 https://{a}/40.txt"),
        ("openssl", 1, "openssl s_time -connect {a}:{p} -new -time 2 -www /"), ("nginx", 1, "openssl s_time -connect {a}:{p} -new -time 2 -www /40.txt"),
        ("redis", 2, "redis-benchmark --tls --insecure -h {a} -p {p} -k 0 -n 600 -c 10 -t set,get -q"),
        ("redis", 100, "redis-cli --tls --insecure -h {a} -p {p} lpush jobs work"),
        ("postgresql", 3, "pgbench -n -C -f {t}/select.sql -c 4 -t 150 -h {a} -U postgres postgres"),
        ("postgresql", 150, "psql -qAtc 'select now()' 'host={a} user=postgres sslmode=require'"),
        ("mosquitto", 200, "mosquitto_pub -h {a} -p {p} --cafile {t}/cert.pem --insecure -q 1 -t plant/1/state -m running"),
        ("slapd", 150, "ldapsearch -x -H ldaps://{a} -b dc=test -s base"), ("slapd", 100, "ldapsearch -x -ZZ -H ldap://{a} -b dc=test -s base"),
        ("unbound", 200, "kdig +tls @{a} www.bench.test +retry=0"), ("gnutls-serv", 60, "timeout 1 gnutls-cli --insecure -p {p} {a}"),
        ("vsftpd", 40, "timeout 10 lftp -c 'set ssl:verify-certificate no; set ftp:ssl-force yes; open {a}; cls'"),
        ("etcd", 60, "etcdctl --insecure-skip-tls-verify --endpoints https://{a}:{p} put key value"),
        ("dovecot", 150, "curl -sk imaps://{a}/INBOX -u user1:secret"), ("dovecot", 60, "curl -sk pop3s://{a}/ -u user2:secret"),
    ],
    "clear": [
        ("nginx", 150, "curl -s -o /dev/null http://{a}/900.txt"), ("apache2", 2, "ab -q -n 200 -c 8 http://{a}/900.txt"),
        ("redis", 1, "redis-benchmark -h {a} -p {p} -k 0 -n 200 -c 10 -t set,get -q"), ("redis", 50, "redis-cli -h {a} -p {p} lpush jobs work"),
        ("postgresql", 1, "pgbench -n -C -f {t}/select.sql -c 4 -t 50 -h {a} -U postgres postgres"),
        ("mosquitto", 100, "mosquitto_pub -h {a} -p {p} -q 1 -t plant/1/state -m running"), ("slapd", 80, "ldapsearch -x -H ldap://{a} -b dc=test -s base"),
        ("unbound", 80, "kdig +tcp @{a} www.bench.test +retry=0"),
        ("vsftpd", 30, "timeout 10 lftp -c 'set ftp:ssl-allow no; open {a}; cls'"), ("etcd", 40, "etcdctl --endpoints http://{a}:{p} put key value"),
        ("dovecot", 80, "curl -s imap://{a}/INBOX -u user1:secret"), ("gearmand", 40, "gearadmin -h {a} -p {p} --status"),
    ],
}
FED = {
    "tls": [
        ("postgresql", 60, "psql -qAt 'host={a} user=postgres sslmode=require'", "select '{x}';"), ("redis", 60, "redis-cli --tls --insecure -h {a} -p {p}", "set key {x}"),
        ("mosquitto", 60, "mosquitto_pub -h {a} -p {p} --cafile {t}/cert.pem --insecure -q 1 -t plant/2/state -l", "{x}"),
        ("socat", 60, "openssl s_client -quiet -connect {a}:{p}", "m{x}"), ("gnutls-serv", 60, "gnutls-cli --insecure -p {p} {a}", "m{x}"),
        ("ncat", 30, "ncat --ssl {a} {p}", "m{x}"),
    ],
    "clear": [
        ("postgresql", 20, "psql -qAt 'host={a} user=postgres sslmode=disable'", "select '{x}';"), ("redis", 20, "redis-cli -h {a} -p {p}", "set key {x}"),
        ("mosquitto", 20, "mosquitto_pub -h {a} -p {p} -q 1 -t plant/2/state -l", "{x}"), ("ncat", 20, "ncat {a} {p}", "m{x}"),
    ],
}


def words_of(command, program, part):
    address, port, tls_port = wire_servers.PLACES[program]
    fields = {"a": address, "p": tls_port if part == "tls" else port, "t": os.environ["BENCH_FOLDER"]}
    return [w.format(**fields) for w in shlex.split(command)]


async def start(words, part, **pipes):
    quiet = asyncio.subprocess.DEVNULL
    environment = {**os.environ, "PGSSLMODE": "require" if part == "tls" else "disable", "LDAPTLS_REQCERT": "never", "ETCDCTL_API": "3",
                   "HOME": os.environ["BENCH_FOLDER"]}
    return await asyncio.create_subprocess_exec(*words, **{"stdin": quiet, "stdout": quiet, "stderr": quiet, **pipes}, env=environment)


async def end(process):
    try:
        return await asyncio.wait_for(process.wait(), LIMIT_S)
    except asyncio.TimeoutError:
        process.kill()
        return await process.wait()


async def once(words, part, failed):
    status = await end(await start(words, part))
    if status not in EXPECTED:
        failed[f"{words[0]} exits with {status}"] += 1


async def fed(words, part, line):
    await asyncio.sleep(random.uniform(0, 20))
    process = await start(words, part, stdin=asyncio.subprocess.PIPE)
    beat = wire_talks.Beat(random.randint(14, 40), 1.0)
    try:
        async for _ in beat:
            process.stdin.write(line.format(x=beat.text()).encode() + b"\n")
            await process.stdin.drain()
        await asyncio.sleep(1)
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 3)
    except (OSError, asyncio.TimeoutError):
        if process.returncode is None:
            process.kill()
            await process.wait()


async def paced_database(part, scale):
    """A hundred connections of pgbench with queries at times left to chance."""
    words = words_of("pgbench -n -f {t}/select.sql -c COUNT -R 120 -T 40 -h {a} -U postgres postgres", "postgresql", part)
    words[words.index("COUNT")] = str(max(2, int(100 * min(1.0, scale))))
    await end(await start(words, part))


async def run(part, scale, programs, failed):
    with open(os.environ["BENCH_FOLDER"] + "/select.sql", "w", encoding="ascii") as file:
        file.write(f"select '{'a' * 150}', random();\n")
    left = [words_of(command, program, part) for program, times, command in ONCE[part] if program in programs for _ in range(max(1, int(times * scale)))]
    left = [words for words in left if shutil.which(words[0])]
    random.shuffle(left)

    async def worker():
        while left:
            await once(left.pop(), part, failed)
    slow = [fed(words_of(command, program, part), part, line) for program, times, command, line in FED[part]
            if program in programs and shutil.which(shlex.split(command)[0]) for _ in range(max(1, int(times * scale)))]
    if "postgresql" in programs:
        slow.append(paced_database(part, scale))
    await asyncio.gather(*slow, *(worker() for _ in range(AT_ONCE)))
