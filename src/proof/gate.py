"""The gate: the only way out of the network of the machines, where a book names the hosts that they may reach.

It answers the machines' questions for names: each name that is allowed leads to the gate itself, and there is no other. It
passes on connections by the name in them, which is the header `Host` of a request of HTTP, or the server name with which a
connection of TLS begins. It looks up that name itself, so a machine cannot have it connect to an address.

Its argument is JSON: its address, the network of the machines, and the hosts, each with a port or null. When it is ready, it
prints an empty line. For each line of its input, it prints what was refused since the line before, as lines of JSON, and then
an empty line. So nobody has to compare clocks, which differ where it runs in a virtual machine. It ends with its input.
"""

import asyncio
import ipaddress
import json
import os
import re
import socket
import struct
import sys
import time

WEB = (80, 443)

# Other ports at which HTTP or TLS is usual. It listens there to say which host a connection was for.
USUAL = (465, 636, 993, 995, 3000, 5000, 8000, 8080, 8443, 8888, 11371)

# Ports of other protocols, which say not at all or too late for which host a connection is.
OTHER = {
    21: "FTP",
    22: "SSH",
    23: "Telnet",
    25: "SMTP",
    110: "POP3",
    143: "IMAP",
    389: "LDAP",
    587: "SMTP",
    873: "rsync",
    1433: "SQL Server",
    1883: "MQTT",
    3306: "MySQL",
    3690: "Subversion",
    5432: "PostgreSQL",
    5672: "AMQP",
    6379: "Redis",
    9418: "Git",
    27017: "MongoDB",
}

# The most bytes of the head of a request, and of the message with which TLS begins.
MOST_HEAD = 65536
# The most connections at a time. Each needs two of the 1024 files that the gate may have open; more have to wait.
MOST_CONNECTIONS = 400
# The most refusals that are noted; the oldest go first.
MOST_NOTES = 256
# For how many seconds a connection is taken for one to the name for which its machine has asked last.
FRESH = 60
# How many seconds a client has for its first message, how long it may take to look up a name and to connect to a server, and
# after how long a connection on which nothing is sent ends.
FIRST, LOOKUP, CONNECT, IDLE = 10, 20, 10, 300

NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
TOO_LONG = "the head of the request is too long"
HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)")
METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

# Headers of one connection, which is another one for the server.
OF_CONNECTION = (b"connection", b"keep-alive", b"proxy-connection", b"te", b"upgrade", b"http2-settings")
OF_MESSAGE = (b"host", b"content-length", b"transfer-encoding")


class Refused(Exception):
    """A connection that is not passed on: what is noted of it, and what a client is told.

    Its kind is `not-allowed` or `unreachable` with the name of a host, or `faulty` without one.
    """

    def __init__(self, kind, name, why, status="400 Bad Request"):
        super().__init__(why)
        self.kind, self.name, self.why, self.status = kind, name, why, status


def faulty(why, status="400 Bad Request"):
    return Refused("faulty", None, why, status)


async def first(message, late=f"what it sends first takes longer than {FIRST} s"):
    """What a client sends first. It is refused if it is not whole in time."""
    try:
        return await asyncio.wait_for(message, FIRST)
    except asyncio.TimeoutError:
        raise faulty(late, "408 Request Timeout") from None
    except asyncio.LimitOverrunError:
        raise faulty(TOO_LONG) from None
    except EOFError:
        raise faulty("it ends in the middle of what it sends first") from None


def normal(text):
    """A name in its usual form; None if it is none."""
    name = text.lower()
    name = name[:-1] if name.endswith(".") else name
    return name if NAME.fullmatch(name) else None


class Rules:
    """The hosts that are allowed."""

    def __init__(self, hosts):
        self.hosts = hosts
        listed = {port for _, port in hosts if port}
        self.ports = sorted(listed.union(WEB, USUAL))
        self.other_ports = sorted(set(OTHER).difference(listed))

    def ports_of(self, name):
        """The ports at which a host may be reached; none, if it may not."""
        found = set()
        for host, port in self.hosts:
            is_it = name.endswith(host[1:]) and len(name) >= len(host) if host.startswith("*.") else name == host
            if is_it:
                found.update([port] if port else WEB)
        return found

    def check(self, name, port):
        """Refuses a host that is not allowed at a port."""
        if port not in self.ports_of(name):
            shown = name if port in WEB and not self.ports_of(name) else f"{name}:{port}"
            raise Refused("not-allowed", shown, f"the network of this book does not allow {shown}", "403 Forbidden")


class Notes:
    """What was refused, as lines of JSON. What is refused again is one line."""

    def __init__(self):
        self.known = {}

    def add(self, kind, **facts):
        line = json.dumps({"kind": kind, **facts})
        self.known.pop(line, None)
        self.known[line] = None
        while len(self.known) > MOST_NOTES:
            del self.known[next(iter(self.known))]

    def take(self):
        """All lines, and an empty one. After that there are none."""
        lines, self.known = [*self.known, ""], {}
        return "".join(line + "\n" for line in lines)


def question(message):
    """The name and the type that a message of DNS asks for, and where the question ends."""
    at, parts = 12, []
    while message[at]:
        length = message[at]
        if length > 63:
            raise ValueError("a name in a question has no pointers")
        part = message[at + 1 : at + 1 + length]
        parts.append(part.decode("ascii"))
        at += 1 + length
    kind, group = struct.unpack_from("!HH", message, at + 1)
    if group != 1:
        raise ValueError("it is not about the internet")
    return ".".join(parts), kind, at + 5


def answer(message, rules, address, note):
    """The answer to a question for a name; None, if it is none. What is asked is noted: whether it is allowed, and the name."""
    if len(message) < 12:
        return None
    number, flags, questions = struct.unpack_from("!HHH", message)
    if flags & 0x8000:
        return None

    def head(code, answers=0, asked=0):
        # An answer, as recursion is asked for and offered, with authority.
        return struct.pack("!HHHHHH", number, 0x8480 | flags & 0x0100 | code, asked, answers, 0, 0)

    if flags & 0x7800 or questions != 1:
        return head(4 if flags & 0x7800 else 1)
    try:
        asked, kind, end = question(message)
    except (IndexError, UnicodeDecodeError, ValueError, struct.error):
        return head(1)

    name = normal(asked)
    text = message[12:end]
    if name is None or not rules.ports_of(name):
        # Programs ask on their own for the names of addresses.
        if name is not None and not name.endswith(".arpa"):
            note("not-allowed", name)
        return head(3, asked=1) + text
    note("allowed", name)
    if kind not in (1, 255):
        return head(0, asked=1) + text
    record = struct.pack("!HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(address)
    return head(0, answers=1, asked=1) + text + record


def part(data, at, size):
    """A part of a message whose length is before it, and where it ends."""
    start = at + size
    end = start + int.from_bytes(data[at:start], "big")
    if len(data) < start or len(data) < end:
        raise ValueError("it is cut off")
    return data[start:end], end


def server_name(hello):
    """The name of the server in the message with which TLS begins; None, if there is not exactly one."""
    try:
        # Its version and a random number come first.
        _, at = part(hello, 34, 1)
        _, at = part(hello, at, 2)
        _, at = part(hello, at, 1)
        extensions, _ = part(hello, at, 2)
        names, at = [], 0
        while at < len(extensions):
            kind = extensions[at : at + 2]
            data, at = part(extensions, at + 2, 2)
            if kind == b"\0\0":
                names.append(data)
        (data,) = names
        entries, _ = part(data, 0, 2)
        name, end = part(entries, 1, 2)
        if entries[0] != 0 or end != len(entries):
            return None
        return normal(name.decode("ascii"))
    except (IndexError, ValueError):
        return None


def host_of(authority, port):
    """The name of a host, perhaps with the port, as requests have it; None, if it is none or has another port."""
    try:
        text = authority.decode("ascii")
    except UnicodeDecodeError:
        return None
    name, colon, number = text.partition(":")
    if colon and number != str(port):
        return None
    return normal(name)


class Request:
    """The head of a request, as the server gets it, and the form of the body after it."""

    def __init__(self, head, port):
        lines = head[:-4].split(b"\r\n")
        if any(re.search(rb"[\r\n\0]", line) for line in lines):
            raise faulty("a line of the request has a character that it cannot have")
        method, target, version = self.words(lines[0])

        found = [HEADER.fullmatch(line) for line in lines[1:]]
        if None in found:
            raise faulty("a header of the request is not valid")
        headers = [(match[1], match[2].strip(b" \t")) for match in found]

        def values(wanted):
            return [value for name, value in headers if name.lower() == wanted]

        hosts = values(b"host")
        if len(hosts) != 1 or method == b"CONNECT":
            raise faulty("a request must have one header Host, and cannot be CONNECT")
        self.host = host_of(hosts[0], port)
        if not target.startswith(b"/") and target != b"*":
            absolute = re.fullmatch(rb"(?i:http)://([^/?#]*)(.*)", target)
            if not absolute or host_of(absolute[1], port) != self.host:
                raise faulty("the request names two hosts, or none")
            target = absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]
        if self.host is None:
            raise faulty("the header Host is not the name of a host, or has another port")

        self.length, self.is_chunked = self.body(values, version)
        named = {name.strip().lower() for value in values(b"connection") for name in value.split(b",")}
        dropped = named.difference(OF_MESSAGE).union(OF_CONNECTION)
        kept = [name + b": " + value for name, value in headers if name.lower() not in dropped]
        # The next request on the connection may be for another host.
        lines = [b" ".join([method, target, version]), *kept, b"Connection: close", b"", b""]
        self.head = b"\r\n".join(lines)

    @staticmethod
    def words(line):
        """The method, the target and the version of a request, which are its first line."""
        words = line.split(b" ")
        if len(words) != 3 or not METHOD.fullmatch(words[0]) or words[2] not in (b"HTTP/1.0", b"HTTP/1.1"):
            raise faulty("this is not a request of HTTP/1.0 or HTTP/1.1")
        return words

    @staticmethod
    def body(values, version):
        """The length of the body, and whether it comes in chunks."""
        lengths, codings = values(b"content-length"), values(b"transfer-encoding")
        if not codings and not lengths:
            return 0, False
        if not codings and len(lengths) == 1 and re.fullmatch(rb"[0-9]{1,15}", lengths[0]):
            return int(lengths[0]), False
        if not lengths and [coding.lower() for coding in codings] == [b"chunked"] and version == b"HTTP/1.1":
            return 0, True
        raise faulty("the length of the request is not clear")


class Pipe:
    """The way between a client and a server. It ends if nothing is sent for some time."""

    def __init__(self):
        self.last = time.monotonic()

    async def within(self, work):
        return await asyncio.wait_for(work, IDLE)

    async def read(self, reader):
        """Some bytes; none at the end, or if nothing goes either way."""
        while True:
            try:
                data = await self.within(reader.read(65536))
            except asyncio.TimeoutError:
                if time.monotonic() - self.last >= IDLE:
                    return b""
                continue
            self.last = time.monotonic()
            return data

    async def send(self, writer, data):
        writer.write(data)
        await self.within(writer.drain())
        self.last = time.monotonic()

    async def all(self, reader, writer):
        """Passes on all that comes."""
        while True:
            data = await self.read(reader)
            if not data:
                break
            await self.send(writer, data)
        if writer.can_write_eof():
            writer.write_eof()

    async def bytes(self, reader, writer, count):
        """Passes on so many bytes."""
        while count:
            data = await self.within(reader.read(min(count, 65536)))
            if not data:
                raise EOFError
            await self.send(writer, data)
            count -= len(data)

    async def body(self, reader, writer, request):
        """Passes on the body of a request, and nothing after it."""
        await self.bytes(reader, writer, request.length)
        while request.is_chunked:
            line = await self.within(reader.readuntil(b"\r\n"))
            size = re.fullmatch(rb"([0-9A-Fa-f]{1,12})[ \t]*(;.*)?\r\n", line)
            if not size:
                raise EOFError
            if not int(size[1], 16):
                # What may come after the last chunk is left out.
                while await self.within(reader.readuntil(b"\r\n")) != b"\r\n":
                    pass
                await self.send(writer, b"0\r\n\r\n")
                return
            await self.send(writer, size[1] + b"\r\n")
            await self.bytes(reader, writer, int(size[1], 16))
            if await self.within(reader.readexactly(2)) != b"\r\n":
                raise EOFError
            await self.send(writer, b"\r\n")


class Gate:
    def __init__(self, settings):
        self.address = settings["address"]
        self.network = ipaddress.ip_network(settings["network"])
        self.rules = Rules([tuple(host) for host in settings["hosts"]])
        self.notes = Notes()
        # The name for which each machine has asked last, and when.
        self.asked = {}
        self.free = None

    def is_inside(self, address):
        """Whether an address leads to the gate itself, to its neighbours, or to what only its host can reach."""
        found = ipaddress.ip_address(address.split("%")[0])
        found = getattr(found, "ipv4_mapped", None) or found
        is_special = found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified
        return is_special or found in self.network

    async def connect(self, name, port):
        """Connects to a host by its name."""
        why = "its name leads to no address"
        try:
            found = asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
            for *_, address in await asyncio.wait_for(found, LOOKUP):
                if self.is_inside(address[0]):
                    why = "its name leads to an address that is not allowed"
                    continue
                try:
                    opened = asyncio.open_connection(address[0], port, limit=MOST_HEAD)
                    return await asyncio.wait_for(opened, CONNECT)
                except asyncio.TimeoutError:
                    why = "it does not answer"
                except OSError as error:
                    why = os.strerror(error.errno) if error.errno else "it cannot be connected to"
        except asyncio.TimeoutError:
            why = "its name is not answered"
        except (OSError, UnicodeError):
            pass
        raise Refused("unreachable", name, why, "502 Bad Gateway")

    async def hello(self, reader, byte):
        """The message with which TLS begins, which may be in several records, and its bytes as they came."""
        raw, message = b"", b""
        while len(raw) < MOST_HEAD:
            head = byte + await reader.readexactly(4)
            kind, version, _, length = struct.unpack("!BBBH", head)
            if kind != 22 or version != 3 or not 0 < length <= 16384:
                break
            body = await reader.readexactly(length)
            raw, message = raw + head + body, message + body
            if message[0] != 1:
                break
            if len(message) >= 4 and len(message) >= 4 + int.from_bytes(message[1:4], "big"):
                return raw, message[4 : 4 + int.from_bytes(message[1:4], "big")]
            byte = await reader.readexactly(1)
        raise faulty("this is not TLS")

    async def tls(self, reader, writer, port):
        """Passes on a connection of TLS, as it is."""
        raw, message = await first(self.hello(reader, b"\x16"))
        name = server_name(message)
        if name is None:
            raise faulty("TLS begins without the name of a server")
        self.rules.check(name, port)
        server_reader, server = await self.connect(name, port)
        try:
            server.write(raw)
            pipe = Pipe()
            await both(pipe.all(reader, server), pipe.all(server_reader, writer))
        finally:
            server.close()

    async def head(self, reader, byte):
        """The head of a request. It is refused as soon as it can be none."""
        lines = [byte + await reader.readuntil(b"\r\n")]
        Request.words(lines[0][:-2])
        length = 0
        while lines[-1] != b"\r\n":
            lines.append(await reader.readuntil(b"\r\n"))
            length += len(lines[-1])
            if length > MOST_HEAD:
                raise faulty(TOO_LONG)
        return b"".join(lines)

    async def http(self, reader, writer, byte, port):
        """Passes on one request, and its answer."""
        head = await first(self.head(reader, byte))
        request = Request(head, port)
        self.rules.check(request.host, port)
        server_reader, server = await self.connect(request.host, port)
        pipe = Pipe()

        async def send():
            try:
                await pipe.body(reader, server, request)
            except (EOFError, asyncio.LimitOverrunError):
                self.note_faulty(writer, port, "the body of the request ends early, or a chunk of it is not valid")
                # Without the whole body, there is no answer to wait for.
                server.close()
            except (OSError, asyncio.TimeoutError):
                server.close()

        server.write(request.head)
        body = asyncio.ensure_future(send())
        try:
            await pipe.all(server_reader, writer)
        finally:
            body.cancel()
            await asyncio.gather(body, return_exceptions=True)
            server.close()

    async def serve(self, reader, writer, port):
        """Passes on a connection, or says why not."""
        is_tls = False
        try:
            # A connection on which nothing is sent is an attempt whether it can be opened.
            byte = await first(reader.read(1), f"it sends nothing for {FIRST} s, as no HTTP and no TLS does")
            is_tls = byte == b"\x16"
            if is_tls:
                await self.tls(reader, writer, port)
            elif byte:
                await self.http(reader, writer, byte, port)
        except Refused as refused:
            if refused.kind == "faulty":
                self.note_faulty(writer, port, refused.why)
            elif refused.kind == "unreachable":
                self.notes.add("unreachable", host=refused.name, why=refused.why)
            else:
                self.notes.add("not-allowed", host=refused.name)
            writer.write(refusal(refused, is_tls))
        except (OSError, EOFError, asyncio.LimitOverrunError, asyncio.TimeoutError):
            pass

        try:
            await asyncio.wait_for(end(reader, writer), FIRST)
        except (OSError, asyncio.TimeoutError):
            pass
        writer.close()

    async def refuse(self, _, writer, port):
        """Ends a connection of another protocol."""
        self.notes.add("protocol", port=port, host=self.asked_for(writer), protocol=OTHER[port])
        writer.close()

    def note_faulty(self, writer, port, why):
        """Notes what is wrong with a connection."""
        self.notes.add("faulty", port=port, host=self.asked_for(writer), why=why)

    def asked_for(self, writer):
        """The name for which the machine at the other end has asked, as far as it is known."""
        name, time_asked = self.asked.get(machine_of(writer), (None, 0))
        return name if time.monotonic() - time_asked < FRESH else None

    async def names(self, reader, writer, _):
        """Answers questions for names that come in a connection."""
        machine = machine_of(writer)
        try:
            while True:
                length = await asyncio.wait_for(reader.readexactly(2), FIRST)
                message = await asyncio.wait_for(reader.readexactly(int.from_bytes(length, "big")), FIRST)
                found = self.answer(message, machine)
                if found is None:
                    break
                writer.write(len(found).to_bytes(2, "big") + found)
                await asyncio.wait_for(writer.drain(), FIRST)
        except (OSError, EOFError, asyncio.TimeoutError):
            pass
        writer.close()

    def answer(self, message, machine):
        """The answer to a question of a machine for a name."""
        def note(kind, name):
            if kind == "allowed":
                self.asked[machine] = name, time.monotonic()
            else:
                self.notes.add(kind, host=name)

        return answer(message, self.rules, self.address, note)

    async def listen(self, port, serve):
        """Serves the connections at a port. Where there are too many, no more are accepted."""
        listener = socket.create_server((self.address, port), backlog=1024)
        listener.setblocking(False)
        loop = asyncio.get_running_loop()
        running = set()
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
                reader, writer = await asyncio.open_connection(sock=connection, limit=MOST_HEAD)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            await self.free.acquire()
            task = asyncio.ensure_future(serve(reader, writer, port))
            running.add(task)
            task.add_done_callback(lambda task: (running.discard(task), self.free.release()))

    async def run(self):
        self.free = asyncio.Semaphore(MOST_CONNECTIONS)
        loop = asyncio.get_running_loop()
        # What a client breaks is no fault of the gate.
        loop.set_exception_handler(lambda *_: None)
        await loop.create_datagram_endpoint(lambda: Names(self), local_addr=(self.address, 53))
        served = [self.listen(53, self.names)]
        served += [self.listen(port, self.serve) for port in self.rules.ports]
        served += [self.listen(port, self.refuse) for port in self.rules.other_ports]
        tasks = [asyncio.ensure_future(task) for task in served]
        await asyncio.wait([*tasks, asyncio.ensure_future(self.tell())], return_when=asyncio.FIRST_COMPLETED)
        # What cannot listen says why.
        for task in tasks:
            if task.done():
                task.result()
            task.cancel()

    async def tell(self):
        """Prints what was refused, for each line of input."""
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        told = self.notes.take()
        while True:
            sys.stdout.write(told)
            sys.stdout.flush()
            if not await lines.readline():
                return
            told = self.notes.take()


class Names(asyncio.DatagramProtocol):
    """Answers questions for names."""

    def __init__(self, gate):
        self.gate, self.transport = gate, None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        found = self.gate.answer(data, addr[0])
        if found is not None:
            self.transport.sendto(found, addr)


def machine_of(writer):
    """The address of the machine at the other end; None if the connection has ended already."""
    address = writer.get_extra_info("peername")
    return address and address[0]


async def both(*ways):
    """Both ways of a connection. If one fails, the other ends too."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def end(reader, writer):
    """Ends a connection so that a client that still sends gets all that was sent to it."""
    await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    while await reader.read(65536):
        pass


def refusal(refused, is_tls):
    """What a client is told."""
    if is_tls:
        # An alert: there is no such name, or something is wrong inside.
        return bytes([21, 3, 1, 0, 2, 2, 80 if refused.kind == "unreachable" else 112])
    why = f"{refused.name} cannot be reached: {refused.why}" if refused.kind == "unreachable" else refused.why
    text = f"{why}\n".encode()
    head = f"HTTP/1.1 {refused.status}\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    return head.encode() + text


if __name__ == "__main__":
    asyncio.run(Gate(json.loads(sys.argv[1])).run())
