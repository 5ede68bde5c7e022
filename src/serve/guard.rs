//! Who may send requests: the rules about `Host` and `Origin`.
//!
//! A page of another site, open in the author's browser, can send requests to this machine. Under a name of
//! its own that points here (DNS rebinding) it could read the answers, so only names that cannot be
//! another site's are answered to; and a socket is opened only for a page that came from here.

use std::net::{IpAddr, SocketAddr};

/// The names under which the preview may be asked for.
#[derive(Clone, Debug)]
pub struct AllowedHosts {
    /// The host that the author named, in lower case.
    named: Option<String>,
}

impl AllowedHosts {
    /// Takes the host that the preview is bound to.
    pub fn new(named: Option<&str>) -> Self {
        AllowedHosts { named: named.map(|name| name.trim_matches(['[', ']']).to_ascii_lowercase()) }
    }

    /// Whether a `Host` header names this preview: this machine, the host that the author named, or, once there
    /// is such a one, any address in numbers. A name can be made to point here, a number cannot.
    pub fn allow(&self, host: &str) -> bool {
        let Some(name) = without_port(host).map(str::to_ascii_lowercase) else { return false };
        match name.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback() || self.named.is_some(),
            Err(_) => {
                name == "localhost"
                    || name.ends_with(".localhost")
                    || self.named.as_ref().is_some_and(|named| *named == name)
            }
        }
    }

    /// Whether the page that opens a socket came from here. Programs that are no browsers send no origin.
    pub fn allow_origin(&self, host: &str, origin: Option<&str>) -> bool {
        let Some(origin) = origin else { return true };
        origin.strip_prefix("http://").is_some_and(|from| from.eq_ignore_ascii_case(host) && self.allow(from))
    }
}

/// The name in a `Host` header, without the brackets of an IPv6 address; `None` if it is none with a port or without.
fn without_port(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address, port),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let is_port =
        |port: &str| port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    (port.is_empty() || is_port(port)).then_some(name)
}

/// Whether a client is on this machine.
pub fn is_local(peer: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::AllowedHosts;

    #[test]
    fn only_names_that_are_ours() {
        let local = AllowedHosts::new(None);
        for host in
            ["localhost:3000", "127.0.0.1", "[::1]:3000", "book.localhost:1", "LOCALHOST", "127.9.9.9:1"]
        {
            assert!(local.allow(host), "{host}");
        }
        for host in [
            "example.com",
            "localhost.example.com:3000",
            "192.168.1.5:3000",
            "127.0.0.1.nip.io",
            "",
            "[::2]",
            "[::1]example.com",
            "localhost:example.com",
        ] {
            assert!(!local.allow(host), "{host}");
        }
        let open = AllowedHosts::new(Some("0.0.0.0"));
        assert!(open.allow("192.168.1.5:3000") && !open.allow("rebound.example.com:3000"));
        assert!(AllowedHosts::new(Some("Laptop.local")).allow("laptop.local:3000"));
    }

    #[test]
    fn only_pages_that_came_from_here() {
        let hosts = AllowedHosts::new(None);
        assert!(hosts.allow_origin("127.0.0.1:3000", None));
        assert!(hosts.allow_origin("127.0.0.1:3000", Some("http://127.0.0.1:3000")));
        for origin in ["http://127.0.0.1:8080", "https://127.0.0.1:3000", "null", "http://example.com"] {
            assert!(!hosts.allow_origin("127.0.0.1:3000", Some(origin)), "{origin}");
        }
        assert!(!hosts.allow_origin("example.com", Some("http://example.com")));
    }
}
