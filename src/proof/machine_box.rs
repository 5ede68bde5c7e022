//! A machine as a container: its name, its address, and what the engine is told when it is made.

use std::net::Ipv4Addr;
use std::path::Path;

use super::container_network::ContainerNetwork;
use super::engine::{LABEL, LIMITS};
use crate::read::Machine;
use crate::read::proof_network::ProofNetwork;

/// What a machine with systemd may do besides: a firewall, `ping`, and `reboot`, which ends the container.
const CAPABILITIES: [&str; 6] = ["--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW", "--cap-add", "SYS_BOOT"];

/// Where old hosts keep what systemd must know of its processes.
const UNIFIED: &str = "/sys/fs/cgroup/unified";

/// A machine as a container.
#[derive(Clone, Debug)]
pub struct MachineBox {
    /// What the book says of it.
    pub machine: Machine,
    /// The name of the container.
    pub name: String,
    /// Its name for itself.
    pub hostname: String,
    /// Its address.
    pub address: Option<Ipv4Addr>,
    /// The image that it has in the beginning.
    pub image: String,
}

impl MachineBox {
    /// Makes one that has no address yet.
    pub fn new(machine: Machine, name: String, image: String) -> Self {
        let hostname = hostname(&machine);
        MachineBox { machine, name, hostname, address: None, image }
    }

    /// The arguments of the engine that make and start the container from an image. With several machines, and with a list of
    /// hosts, they are on a network of their own.
    pub fn arguments(
        &self,
        image: &str,
        is_podman: bool,
        own_network: Option<&ContainerNetwork>,
        network: &ProofNetwork,
    ) -> Vec<String> {
        let MachineBox { name, hostname, .. } = self;
        let mut args = vec!["run", "--detach", "--name", name, "--label", LABEL, "--hostname", hostname];
        args.extend(["--log-driver", "none"]);
        args.extend(LIMITS);

        let (address, mac) = self.address.map(|address| (address.to_string(), mac(address))).unzip();
        let options = own_network.map(ContainerNetwork::options).unwrap_or_default();
        match (&address, &mac) {
            (Some(address), Some(mac)) => {
                args.extend(options.iter().map(String::as_str));
                args.extend(["--ip", address, "--mac-address", mac]);
                // Else the host's own file is copied in.
                args.extend(is_podman.then_some("--no-hosts"));
            }
            _ => args.extend(network.option().iter().flat_map(|network| ["--network", network])),
        }
        // A proxy that the host has cannot be reached.
        args.extend((is_podman && network.is_internal()).then_some("--http-proxy=false"));
        let unified = format!("{UNIFIED}:{UNIFIED}:rw");
        if self.machine.setup.systemd {
            args.extend(CAPABILITIES);
            args.extend(["--stop-signal", "SIGRTMIN+3"]);
            args.extend(match is_podman {
                true => &["--systemd=always"][..],
                false => &["--tmpfs", "/run", "--tmpfs", "/run/lock", "--env", "container=docker"],
            });
            if Path::new(UNIFIED).is_dir() {
                args.extend(["--volume", &unified]);
            }
            args.extend(["--entrypoint", "/sbin/init", image]);
        } else {
            args.extend(["--stop-signal", "KILL", "--entrypoint", "sleep", image, "infinity"]);
        }
        args.into_iter().map(str::to_owned).collect()
    }
}

/// The file with the names of all machines.
pub fn hosts_file(boxes: &[MachineBox]) -> String {
    let mut text = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n".to_owned();
    for machine in boxes {
        let names = std::iter::once(&machine.hostname).chain(&machine.machine.hosts);
        let mut names: Vec<&str> = names.map(String::as_str).filter(|name| is_hostname(name)).collect();
        names.dedup();
        text.extend(machine.address.map(|address| format!("{address} {}\n", names.join(" "))));
    }
    text
}

/// The name of a machine for itself: the first that the book has for it and that is one.
fn hostname(machine: &Machine) -> String {
    let names = std::iter::once(&machine.name).chain(&machine.hosts);
    let own = names.map(|name| name.to_ascii_lowercase()).find(|name| is_hostname(name));
    own.unwrap_or_else(|| "machine".to_owned())
}

/// Whether a machine can have this name.
fn is_hostname(name: &str) -> bool {
    let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    name.len() <= 63 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(is_known)
}

/// A hardware address that stays the same when a machine boots again: else others do not find it for a while.
fn mac(address: Ipv4Addr) -> String {
    let [a, b, c, d] = address.octets();
    format!("02:00:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}
