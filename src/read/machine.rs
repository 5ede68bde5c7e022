//! Machines: the computers of the tutorial, as `book.yaml` declares them.
//!
//! A console session says by its prompt on which of them it runs: `keeper@server:~$ ` on the machine called `server`,
//! or on the one that has `server` among its hosts. A prompt without a name (`$ `) is that of the chapter's machine,
//! else of the first one. [`Machine::of_session`] is that rule.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::machine_image::MachineImage;
use super::placeholder::OneOrMore;
use crate::text::yaml::{YamlReader, YamlTable};

/// A computer of the tutorial.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Machine {
    /// What chapters and code blocks call it.
    pub name: String,
    /// What readers call it.
    pub label: String,
    /// The names that its prompts can have besides its own.
    pub hosts: Vec<String>,
    /// What tests make it of.
    pub setup: MachineSetup,
}

/// What tests make a machine of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MachineSetup {
    /// The image; without one, that of all tests.
    pub image: Option<MachineImage>,
    /// Who types where a prompt names nobody, or only `you`.
    pub user: Option<String>,
    /// Whether it boots with systemd.
    pub systemd: bool,
    /// Its address.
    pub address: Option<Ipv4Addr>,
    /// The passwords of the users that it has from the beginning, by their names.
    pub login: BTreeMap<String, String>,
}

/// Names for the reader, which prompts have in the place of a user's own.
const READER: [&str; 3] = ["you", "user", "username"];

/// Whether a prompt's user is a name, and not a placeholder or a word for the reader.
pub fn is_user_name(user: &str) -> bool {
    !user.contains('<') && !READER.contains(&user)
}

impl Machine {
    /// Reads the settings of a machine.
    pub(super) fn read(reader: &mut YamlReader<'_>, name: String, mut table: YamlTable) -> Self {
        let label = reader.take_text(&mut table, "label").filter(|label| !label.trim().is_empty());
        let hosts =
            reader.take::<OneOrMore>(&mut table, "host").map(OneOrMore::into_list).unwrap_or_default();
        let setup = MachineSetup::read(reader, &mut table);
        reader.deny_rest(table);
        Machine { label: label.unwrap_or_else(|| name.clone()), name, hosts, setup }
    }

    /// Whether a prompt with this host is one of it.
    pub fn is_host(&self, host: &str) -> bool {
        self.name.eq_ignore_ascii_case(host) || self.hosts.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// The machine of a session, as its place in the list: the one that the block names, else the one of the prompt, which
    /// need not be one of the book's; else the chapter's, else the first.
    pub fn of_session(
        all: &[Machine],
        of_block: Option<&str>,
        host: Option<&str>,
        of_chapter: Option<&str>,
    ) -> Option<usize> {
        let named = |name: &str| all.iter().position(|machine| machine.name == name);
        match (of_block.and_then(named), host) {
            (Some(at), _) => Some(at),
            (None, Some(host)) => all.iter().position(|machine| machine.is_host(host)),
            (None, None) => of_chapter.and_then(named).or((!all.is_empty()).then_some(0)),
        }
    }
}

impl MachineSetup {
    fn read(reader: &mut YamlReader<'_>, table: &mut YamlTable) -> Self {
        let image = reader.take_with(table, "image", MachineImage::read);
        let user = reader.take_with(table, "user", user_name);
        let systemd = reader.take(table, "systemd").unwrap_or_default();
        let address = reader.take_with(table, "address", address);

        let mut login = BTreeMap::new();
        let mut given = reader.table(table, "login");
        for (name, mut settings) in reader.named(&mut given, "password") {
            let password = reader.take_with(&mut settings, "password", password);
            reader.deny_rest(settings);
            match user_name(name) {
                Ok(name) => login.extend(password.map(|password| (name, password))),
                Err(message) => reader.report(table, "login", message),
            }
        }
        MachineSetup { image, user, systemd, address, login }
    }
}

fn user_name(name: String) -> Result<String, String> {
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.len() <= 32
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c));
    if is_name { Ok(name) } else { Err(format!("`{name}` is not the name of a user such as `keeper`")) }
}

fn password(password: String) -> Result<String, String> {
    match password.is_empty() || password.contains(char::is_control) {
        true => Err("a password is one line of text".to_owned()),
        false => Ok(password),
    }
}

/// The networks of addresses for examples: RFC 5737.
const DOCUMENTATION: [Ipv4Addr; 3] =
    [Ipv4Addr::new(192, 0, 2, 0), Ipv4Addr::new(198, 51, 100, 0), Ipv4Addr::new(203, 0, 113, 0)];

fn address(text: String) -> Result<Ipv4Addr, String> {
    let is_for_examples = |address: &Ipv4Addr| {
        let [.., last] = address.octets();
        let of = |net: &Ipv4Addr| net.octets()[..3] == address.octets()[..3];
        DOCUMENTATION.iter().any(of) && (1..=254).contains(&last)
    };
    text.parse().ok().filter(is_for_examples).ok_or_else(|| {
        format!("`{text}` is not an address for examples: 192.0.2.1 to 192.0.2.254, or such in 198.51.100 or 203.0.113")
    })
}
