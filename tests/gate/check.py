"""Tests of the parts of `src/proof/gate.py` that need no network. The file is the first argument."""

import asyncio
import importlib.util
import json
import ssl
import struct
import sys
import unittest

spec = importlib.util.spec_from_file_location("gate", sys.argv.pop(1))
gate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gate)

RULES = gate.Rules([("pypi.org", None), ("*.debian.org", None), ("mirror", 8080)])


def hello(name, extra=b""):
    """The message with which Python begins TLS, without the heads of record and message."""
    context = ssl.create_default_context()
    if name is None:
        context.check_hostname = False
    sent = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        pass
    return sent.read()[9:] + extra


def query(name, kind=1, flags=0x0100):
    parts = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part)
    return struct.pack("!HHHHHH", 7, flags, 1, 0, 0, 0) + parts + b"\0" + struct.pack("!HH", kind, 1)


def request(*lines, port=80):
    return gate.Request("\r\n".join([*lines, "", ""]).encode(), port)


class Names(unittest.TestCase):
    def test_hosts_are_allowed_by_name_and_port(self):
        for name, port, is_allowed in [
            ("pypi.org", 80, True),
            ("pypi.org", 443, True),
            ("pypi.org", 8080, False),
            ("files.pypi.org", 443, False),
            ("deb.debian.org", 80, True),
            ("a.b.debian.org", 80, True),
            ("debian.org", 80, False),
            (".debian.org", 80, False),
            ("notdebian.org", 80, False),
            ("mirror", 8080, True),
            ("mirror", 80, False),
        ]:
            self.assertEqual(port in RULES.ports_of(name), is_allowed, (name, port))

    def test_questions_are_answered(self):
        noted = []

        def code(message):
            found = gate.answer(message, RULES, "203.0.113.3", lambda *note: noted.append(note))
            return found and (struct.unpack_from("!H", found, 2)[0] & 15, struct.unpack_from("!H", found, 6)[0])

        self.assertEqual(code(query("PyPI.org")), (0, 1))
        self.assertEqual(code(query("pypi.org", kind=28)), (0, 0))
        self.assertEqual(code(query("_https._tcp.pypi.org", kind=33)), (3, 0))
        self.assertEqual(code(query("example.org")), (3, 0))
        self.assertEqual(code(query("example.org", kind=28)), (3, 0))
        self.assertEqual(code(query("1.113.0.203.in-addr.arpa", kind=12)), (3, 0))
        self.assertEqual(code(query("")), (3, 0))
        self.assertEqual(code(query("pypi.org", flags=0x2800)), (4, 0))
        self.assertEqual(code(query("pypi.org")[:20]), (1, 0))
        self.assertEqual(code(query("pypi.org")[:12]), (1, 0))
        self.assertEqual(code(query("pypi.org")[:12] + b"\xc0\x0c\0\1\0\1"), (1, 0))
        self.assertIsNone(code(query("pypi.org", flags=0x8000)))
        self.assertIsNone(code(b"short"))
        refused = ["_https._tcp.pypi.org", "example.org", "example.org"]
        self.assertEqual([name for kind, name in noted if kind == "not-allowed"], refused)
        self.assertEqual({name for kind, name in noted if kind == "allowed"}, {"pypi.org"})
        found = gate.answer(query("pypi.org"), RULES, "203.0.113.3", lambda *note: None)
        self.assertTrue(found.endswith(b"\0\4" + bytes([203, 0, 113, 3])))


class Tls(unittest.TestCase):
    def test_the_name_of_the_server_is_read(self):
        self.assertEqual(gate.server_name(hello("pypi.org")), "pypi.org")
        self.assertEqual(gate.server_name(hello("PYPI.org")), "pypi.org")
        self.assertIsNone(gate.server_name(hello(None)))
        self.assertIsNone(gate.server_name(b""))

    def test_what_is_cut_off_has_no_name(self):
        whole = hello("pypi.org")
        for length in range(len(whole)):
            self.assertIsNone(gate.server_name(whole[:length]), length)

    def test_two_names_are_none(self):
        def with_extensions(*extensions):
            data = b"".join(extensions)
            return b"\3\3" + bytes(32) + b"\0" + b"\0\2\0\0" + b"\1\0" + struct.pack("!H", len(data)) + data

        def extension(name):
            entry = b"\0" + struct.pack("!H", len(name)) + name
            names = struct.pack("!H", len(entry)) + entry
            return struct.pack("!HH", 0, len(names)) + names

        one, other = extension(b"pypi.org"), extension(b"example.org")
        self.assertEqual(gate.server_name(with_extensions(one)), "pypi.org")
        self.assertIsNone(gate.server_name(with_extensions(one, other)))
        self.assertIsNone(gate.server_name(with_extensions(extension(b"a b"))))
        self.assertIsNone(gate.server_name(with_extensions(extension(b"\xff"))))


class Http(unittest.TestCase):
    def test_the_host_is_read(self):
        for lines, port, host in [
            (["GET / HTTP/1.1", "Host: pypi.org"], 80, "pypi.org"),
            (["GET / HTTP/1.1", "host:PyPI.org."], 80, "pypi.org"),
            (["GET / HTTP/1.1", "Host: mirror:8080"], 8080, "mirror"),
            (["GET / HTTP/1.0", "Host: pypi.org"], 80, "pypi.org"),
            (["GET http://pypi.org/a HTTP/1.1", "Host: pypi.org"], 80, "pypi.org"),
            (["OPTIONS * HTTP/1.1", "Host: pypi.org"], 80, "pypi.org"),
            # An address is a name that no list has.
            (["GET / HTTP/1.1", "Host: 192.0.2.1"], 80, "192.0.2.1"),
        ]:
            self.assertEqual(request(*lines, port=port).host, host, lines)

    def test_what_is_not_clear_is_refused(self):
        get, host = "GET / HTTP/1.1", "Host: pypi.org"
        for lines in [
            [get],
            [get, host, host],
            [get, "Host:"],
            [get, "Host: pypi.org:8080"],
            [get, "Host: user@pypi.org"],
            [get, "Host: pypi.org, example.org"],
            [get, "Host: [::1]"],
            [get, "Host : pypi.org"],
            [get, host, " folded"],
            [get, host, "A: b\nHost: example.org"],
            [get, host, "A: b\rc"],
            [get, host, "no header"],
            ["GET  / HTTP/1.1", host],
            ["GET / HTTP/2.0", host],
            ["GET /", host],
            ["GET a HTTP/1.1", host],
            ["CONNECT pypi.org:443 HTTP/1.1", host],
            ["GET http://example.org/ HTTP/1.1", host],
            ["GET https://pypi.org/ HTTP/1.1", host],
            ["GET http://a@pypi.org/ HTTP/1.1", host],
            [get, host, "Content-Length: 1", "Content-Length: 2"],
            [get, host, "Content-Length: +1"],
            [get, host, "Content-Length: 1", "Transfer-Encoding: chunked"],
            [get, host, "Transfer-Encoding: gzip, chunked"],
            ["GET / HTTP/1.0", host, "Transfer-Encoding: chunked"],
        ]:
            with self.assertRaises(gate.Refused, msg=lines):
                request(*lines)

    def test_the_server_gets_one_request(self):
        lines = ["POST http://pypi.org?a=1 HTTP/1.1", "Host: pypi.org", "Connection: keep-alive, X-Own, Host"]
        found = request(*lines, "X-Own: 1", "Upgrade: h2c", "Accept:  */* ", "Content-Length: 12")
        expected = ["POST /?a=1 HTTP/1.1", "Host: pypi.org", "Accept: */*", "Content-Length: 12", "Connection: close"]
        self.assertEqual(found.head.decode(), "\r\n".join([*expected, "", ""]))
        self.assertEqual((found.length, found.is_chunked), (12, False))


class Notes(unittest.TestCase):
    def test_what_was_refused_is_told_once(self):
        notes = gate.Notes()
        self.assertEqual(notes.take(), "\n")
        notes.add("not-allowed", host="b.example")
        notes.add("faulty", port=443, host=None, why="not\nTLS")
        notes.add("not-allowed", host="b.example")
        faulty = '{"kind": "faulty", "port": 443, "host": null, "why": "not\\nTLS"}\n'
        self.assertEqual(notes.take(), faulty + '{"kind": "not-allowed", "host": "b.example"}\n\n')
        self.assertEqual(notes.take(), "\n")

    def test_a_flood_keeps_the_newest(self):
        notes = gate.Notes()
        for number in range(1000):
            notes.add("not-allowed", host=f"{number}.example")
        lines = notes.take().splitlines()
        self.assertEqual(len(lines), gate.MOST_NOTES + 1)
        self.assertIn("999.example", lines[-2])


class Connections(unittest.TestCase):
    """A gate that serves connections at a free port of this computer, as if it were another one."""

    def notes(self, *sent, port=80, waits=True, asked="pypi.org"):
        """What is noted of a connection that sends this after a question for a name, and what comes back."""
        made = gate.Gate({"address": "127.0.0.1", "network": "203.0.113.0/28", "hosts": [["pypi.org", None]]})
        made.answer(query(asked), "127.0.0.1")

        async def serve(reader, writer):
            await (made.refuse if port in gate.OTHER else made.serve)(reader, writer, port)
            served.set()

        async def answer(reader, writer):
            # It waits for the end of the body, or of the connection.
            try:
                await reader.readuntil(b"0\r\n\r\n")
            except EOFError:
                pass
            writer.close()

        async def run():
            nonlocal served
            served = asyncio.Event()
            # The host that is allowed.
            host = await asyncio.start_server(answer, "127.0.0.1", 0)
            made.connect = lambda *_: asyncio.open_connection(*host.sockets[0].getsockname())
            server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=gate.MOST_HEAD)
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            for data in sent:
                writer.write(data)
            if not waits:
                writer.write_eof()
            back = await reader.read()
            writer.close()
            await served.wait()
            server.close()
            host.close()
            return back

        served = None
        back = asyncio.run(run())
        return [json.loads(line) for line in made.notes.take().splitlines() if line], back.split(b"\r\n")[0]

    def test_what_cannot_be_passed_on_is_noted(self):
        request = b"HTTP/1.1 400 Bad Request"
        for sent, why, answer in [
            (b"SSH-2.0-OpenSSH_9.2\r\n", "this is not a request of HTTP/1.0 or HTTP/1.1", request),
            (b"GET / HTTP/1.1\r\n\r\n", "a request must have one header Host, and cannot be CONNECT", request),
            (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20000, "the head of the request is too long", request),
            (b"GET / HTTP/1.1\r\n" + b"A" * 200000, "the head of the request is too long", request),
            (b"\x16\x01\x02\x03\x04", "this is not TLS", b"\x15\x03\x01\x00\x02\x02\x70"),
        ]:
            noted = {"kind": "faulty", "port": 80, "host": "pypi.org", "why": why}
            self.assertEqual(self.notes(sent), ([noted], answer), sent[:40])
        (note,), _ = self.notes(b"GET / HT", waits=False)
        self.assertEqual(note["why"], "it ends in the middle of what it sends first")
        self.assertEqual(self.notes(waits=False)[0], [])

    def test_a_host_that_is_not_allowed_is_noted_once(self):
        request = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
        noted, answer = self.notes(request, asked="example.org")
        self.assertEqual((noted, answer), ([{"kind": "not-allowed", "host": "example.org"}], b"HTTP/1.1 403 Forbidden"))

    def test_a_body_that_is_not_valid_is_noted(self):
        chunked = b"POST / HTTP/1.1\r\nHost: pypi.org\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in [b"zz\r\n", b"5\r\nab", b"5\r\nabcdefg", b"A" * 100000]:
            (note,), _ = self.notes(chunked + body, waits=False)
            self.assertIn("the body of the request", note["why"], body[:20])
        self.assertEqual(self.notes(chunked + b"0\r\n\r\n", waits=False), ([], b""))

    def test_what_is_slow_is_noted(self):
        before, gate.FIRST = gate.FIRST, 0.1
        self.addCleanup(setattr, gate, "FIRST", before)
        (note,), answer = self.notes(b"GET / HT")
        self.assertEqual(answer, b"HTTP/1.1 408 Request Timeout")
        self.assertIn("takes longer", note["why"])
        (note,), _ = self.notes()
        self.assertIn("it sends nothing", note["why"])

    def test_other_protocols_are_named(self):
        noted = {"kind": "protocol", "port": 22, "host": "pypi.org", "protocol": "SSH"}
        self.assertEqual(self.notes(port=22), ([noted], b""))

    def test_ports_are_listened_at_once(self):
        rules = gate.Rules([("a.example", 22), ("b.example", 8080), ("c.example", 12345)])
        self.assertIn(22, rules.ports)
        self.assertNotIn(22, rules.other_ports)
        self.assertEqual(rules.ports.count(8080), 1)
        self.assertIn(12345, rules.ports)
        self.assertEqual(set(rules.ports) & set(rules.other_ports), set())


class Addresses(unittest.TestCase):
    def test_names_do_not_lead_back(self):
        made = gate.Gate({"address": "203.0.113.3", "network": "203.0.113.0/28", "hosts": []})
        for address, is_inside in [
            ("127.0.0.1", True),
            ("::1", True),
            ("::ffff:127.0.0.1", True),
            ("0.0.0.0", True),
            ("169.254.169.254", True),
            ("fe80::1%eth0", True),
            ("203.0.113.2", True),
            ("::ffff:203.0.113.2", True),
            ("203.0.113.80", False),
            ("10.0.0.1", False),
            ("2001:db8::1", False),
        ]:
            self.assertEqual(made.is_inside(address), is_inside, address)


unittest.main()
