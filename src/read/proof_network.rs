//! What the machines of tests can reach: the setting `network`.

use std::fmt;
use std::net::Ipv4Addr;

use super::placeholder::OneOrMore;
use crate::text::nearest;
use crate::text::yaml::{YamlReader, YamlTable};

/// The port of DNS. Machines ask for names there, so no host can be reached by it.
const DNS: u16 = 53;

/// What the machines can reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProofNetwork {
    /// What the computer reaches.
    #[default]
    Open,
    /// Each other.
    Closed,
    /// Each other, and these hosts.
    Listed(Vec<NetworkHost>),
}

/// A host that machines can reach by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NetworkHost {
    /// The name, in small letters; after `*.` it stands for all names below it.
    pub name: String,
    /// The only port; without one, those of HTTP and HTTPS.
    pub port: Option<u16>,
}

impl ProofNetwork {
    /// Takes the setting: a word, or a list of hosts. What is not valid is reported, and allows nothing.
    pub(super) fn take(reader: &mut YamlReader<'_>, table: &mut YamlTable) -> Self {
        let is_there = table.has("network");
        let names = match reader.take(table, "network") {
            Some(OneOrMore::More(names)) => names,
            Some(OneOrMore::One(word)) if word == "open" => return ProofNetwork::Open,
            Some(OneOrMore::One(word)) if word == "none" => return ProofNetwork::Closed,
            Some(OneOrMore::One(word)) => {
                reader.report(table, "network", no_word(&word));
                return ProofNetwork::Closed;
            }
            None if is_there => {
                reader.report(table, "network", "write `open`, `none`, or a list of hosts");
                return ProofNetwork::Closed;
            }
            None => return ProofNetwork::Open,
        };
        if names.is_empty() {
            reader.report(table, "network", "this list allows no host; write `network: none`");
        }

        let mut hosts = Vec::new();
        for name in names {
            match NetworkHost::read(&name) {
                Ok(host) => hosts.push(host),
                Err(message) => reader.report(table, "network", message),
            }
        }
        // A list in another order is the same.
        hosts.sort();
        hosts.dedup();
        match hosts.is_empty() {
            true => ProofNetwork::Closed,
            false => ProofNetwork::Listed(hosts),
        }
    }

    /// The network of a container alone, if it is not the engine's own.
    pub fn option(&self) -> Option<&'static str> {
        (*self == ProofNetwork::Closed).then_some("none")
    }

    /// Whether the machines reach nothing by themselves but each other.
    pub fn is_internal(&self) -> bool {
        *self != ProofNetwork::Open
    }

    /// The hosts of a list.
    pub fn hosts(&self) -> &[NetworkHost] {
        match self {
            ProofNetwork::Listed(hosts) => hosts,
            ProofNetwork::Open | ProofNetwork::Closed => &[],
        }
    }
}

impl fmt::Display for ProofNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProofNetwork::Open => f.write_str("open"),
            ProofNetwork::Closed => f.write_str("none"),
            ProofNetwork::Listed(hosts) => {
                let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
                write!(f, "only {}", hosts.join(", "))
            }
        }
    }
}

impl NetworkHost {
    /// Reads a host as authors write it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        if ["open", "none"].contains(&text) {
            return Err(format!(
                "`{text}` allows all hosts or no host, so it cannot be in a list of some: write `network: {text}`"
            ));
        }
        if text == "*" {
            return Err("`*` would be every host: write `network: open`".to_owned());
        }
        let written = without_url(text);
        let (name, port) = match written.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (written, None),
        };
        let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
        let port_number =
            port.map(|port| port.parse::<u16>().ok().filter(|number| *number != 0 && !port.starts_with('+')));

        if name.parse::<Ipv4Addr>().is_ok() || text.starts_with('[') || text.matches(':').count() > 2 {
            return Err(format!("`{text}` is an address: hosts are allowed by their names"));
        }
        if !name.is_ascii() {
            return Err(format!("`{text}` has letters that names of hosts have only in the form `xn--…`"));
        }
        if !is_name(name.strip_prefix("*.").unwrap_or(&name)) || port_number == Some(None) {
            return Err(format!(
                "`{text}` is not the name of a host such as `pypi.org`, `*.debian.org` or `example.org:8080`"
            ));
        }
        let host = NetworkHost { name, port: port_number.flatten() };
        if host.port == Some(DNS) {
            return Err(format!("`{text}` has port {DNS}, at which machines ask for names"));
        }
        match written == text {
            true => Ok(host),
            false => Err(format!("`{text}` is a URL, and a whole host is allowed; did you mean `{host}`?")),
        }
    }
}

impl fmt::Display for NetworkHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// What is wrong with a word that is no network.
fn no_word(word: &str) -> String {
    match (nearest(word, ["open", "none"]), NetworkHost::read(word)) {
        (Some(near), _) => format!("`{word}` is not a network; did you mean `{near}`?"),
        (None, Ok(host)) => {
            format!("`{word}` is not `open` or `none`; did you mean the list `[\"{host}\"]`?")
        }
        (None, Err(_)) => {
            format!("`{word}` is not `open`, `none`, or a list of hosts such as `[pypi.org]`")
        }
    }
}

/// A host without what a URL has before and after it.
fn without_url(text: &str) -> &str {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    host.split(['/', '?', '#']).next().unwrap_or(host)
}

/// Whether it is the name of a host. The last part of an address is a number.
fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        (1..=63).contains(&part.len())
            && part.chars().all(is_known)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= 253 && name.split('.').all(is_part) && last.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names() {
        for (text, host) in [
            ("pypi.org", "pypi.org"),
            ("*.Debian.org", "*.debian.org"),
            ("example.org.", "example.org"),
            ("mirror:8080", "mirror:8080"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(NetworkHost::read(text).map(|host| host.to_string()).as_deref(), Ok(host));
        }
        for text in [
            "",
            "*",
            "open",
            "none",
            "a b",
            "a..b",
            ".org",
            "-a.org",
            "*.",
            "a.*.org",
            "192.0.2.1",
            "192.0.2.1:80",
            "1.2",
            "[::1]",
            "::1",
            "fe80::1",
            "bücher.example",
            "a.org:0",
            "a.org:+80",
            "a.org:70000",
            "a.org:",
            "a.org:53",
            "https://a.org/b",
            "a.org/b",
            "x@a.org",
        ] {
            assert!(NetworkHost::read(text).is_err(), "{text}");
        }
        let near = NetworkHost::read("https://pypi.org/simple").expect_err("it is a URL");
        assert!(near.ends_with("did you mean `pypi.org`?"), "{near}");
    }

    #[test]
    fn words_that_are_no_network_have_a_near_one() {
        for (word, near) in
            [("opne", "`open`"), ("pypi.org", "`[\"pypi.org\"]`"), ("all of them", "`[pypi.org]`")]
        {
            assert!(no_word(word).contains(near), "{}", no_word(word));
        }
    }
}
