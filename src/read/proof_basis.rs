//! What of the settings decides what becomes of the steps of a book: a record of tests holds as long as this is the same.
//!
//! The values of placeholders and the tabs are in the digests of the blocks that have them, so they are not here.

use super::config::Config;
use super::machine::Machine;
use super::machine_image::MachineImage;
use super::proof::{ProofSettings, Varying};
use crate::text::Digest;

/// What of the settings decides what becomes of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofBasis {
    /// A digest of the machines, their image, their network, and the answers, in its short form; empty where nothing is set.
    /// It is made of texts alone, so that it stays the same from one version of the program to the next.
    pub settings: String,
    /// What may vary in output; without a list, all that can.
    pub varies: Option<Vec<String>>,
}

impl ProofBasis {
    /// That of a book.
    pub fn of(config: &Config) -> Self {
        let ProofSettings { image, network, answers, varies, .. } = &config.proof;
        let usual = ProofSettings::default();
        let mut parts: Vec<String> = Vec::new();
        if *image != usual.image {
            parts.extend(["image".to_owned(), image.to_string()]);
        }
        if *network != usual.network {
            parts.extend(["network".to_owned(), network.to_string()]);
        }
        for (question, answer) in answers {
            parts.extend(["answer".to_owned(), question.clone(), answer.clone()]);
        }
        config.machines.iter().for_each(|machine| add(machine, &mut parts));

        let lengths: String = parts.iter().map(|part| format!("{}\n{part}\n", part.len())).collect();
        let settings = if parts.is_empty() { String::new() } else { Digest::of(lengths.as_bytes()).short() };
        let is_all = Varying::ALL.iter().all(|kind| varies.contains(kind));
        let names = || varies.iter().map(|kind| kind.name().to_owned()).collect();
        ProofBasis { settings, varies: (!is_all).then(names) }
    }

    /// Whether what was found with this still holds with other settings: what may vary there may be more.
    pub fn holds_with(&self, other: &ProofBasis) -> bool {
        let may_vary = match (&self.varies, &other.varies) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(others)) => own.iter().all(|kind| others.contains(kind)),
        };
        self.settings == other.settings && may_vary
    }
}

/// Adds a machine, but not what only pages show of it.
fn add(machine: &Machine, parts: &mut Vec<String>) {
    let setup = &machine.setup;
    parts.extend(["machine".to_owned(), machine.name.clone()]);
    let named = [
        ("image", setup.image.as_ref().map(MachineImage::to_string)),
        ("user", setup.user.clone()),
        ("address", setup.address.map(|address| address.to_string())),
        ("systemd", setup.systemd.then(String::new)),
    ];
    for (name, value) in named {
        parts.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    }
    parts.extend(machine.hosts.iter().flat_map(|host| ["host".to_owned(), host.clone()]));
    for (user, password) in &setup.login {
        parts.extend(["login".to_owned(), user.clone(), password.clone()]);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::read::Overrides;
    use crate::text::Source;

    fn basis(settings: &str) -> ProofBasis {
        let source = Arc::new(Source::new("book.yaml", settings.to_owned()));
        ProofBasis::of(&Config::read(Some(&source), &Overrides::default()).0)
    }

    #[test]
    fn what_decides_counts_and_nothing_else() {
        let known = "machines: {box: {label: Box, user: sam, login: {sam: a}}}\nproof: {answers: {\"a?\": b}, varies: [date, time]}\n";
        for (old, new) in [
            ("label: Box", "label: A box"),
            ("proof: {", "proof: {values: {}, tabs: [Ubuntu], "),
            ("[date, time]", "[time, date, hash]"),
            (", varies: [date, time]", ""),
            ("machines", "title: Other\nmachines"),
        ] {
            assert!(basis(known).holds_with(&basis(&known.replace(old, new))), "{new}");
        }
        for (old, new) in [
            ("box:", "other:"),
            ("user: sam", "user: kim"),
            ("label: Box", "image: debian"),
            ("label: Box", "systemd: true"),
            ("label: Box", "host: name"),
            ("label: Box", "address: 203.0.113.7"),
            ("sam: a", "sam: b"),
            ("a?", "c?"),
            ("proof: {", "proof: {network: none, "),
            ("proof: {", "proof: {image: debian, "),
            ("[date, time]", "[date]"),
        ] {
            assert!(!basis(known).holds_with(&basis(&known.replace(old, new))), "{new}");
        }
        assert_eq!(basis(""), ProofBasis::default());
        assert_eq!(basis("proof: {image: debian}").settings, "0fdce89343", "as in earlier versions");
    }
}
