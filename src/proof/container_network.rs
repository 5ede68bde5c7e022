//! The network of the containers of a book: small, with addresses for examples, and with a [gate](NetworkGate) if only some
//! hosts can be reached. It is removed when the value is dropped.

use std::net::Ipv4Addr;
use std::path::Path;

use super::addresses::MachineNetwork;
use super::engine::{ContainerEngine, LABEL, NAME};
use super::gate::{GatePlan, NetworkGate};
use super::shell::NetworkRefusal;
use crate::read::Machine;
use crate::read::proof_network::ProofNetwork;

/// The settings of IPv6 of this computer; without IPv6 there are none.
const IPV6: &str = "/proc/sys/net/ipv6";

/// Has docker give its own side of a network no address.
const WITHOUT_IPV4: &str = "com.docker.network.bridge.inhibit_ipv4=true";

/// Have the host's side of a network be no way out: it has an address of IPv6 that nobody gave it.
const WITHOUT_IPV6: [&str; 2] = ["net.ipv6.conf.default.disable_ipv6=1", "net.ipv6.conf.eth0.disable_ipv6=1"];

/// A network of containers.
#[derive(Debug)]
pub struct ContainerNetwork {
    engine: ContainerEngine,
    /// Its name for the engine.
    pub name: String,
    /// The addresses of the machines.
    pub addresses: Vec<Ipv4Addr>,
    plan: MachineNetwork,
    is_internal: bool,
    gate: Option<NetworkGate>,
}

impl ContainerNetwork {
    /// Makes the network of some machines.
    ///
    /// # Errors
    /// Their addresses cannot be used, or what the engine says.
    pub fn make(
        engine: &ContainerEngine,
        machines: &[Machine],
        network: &ProofNetwork,
    ) -> Result<Self, String> {
        // Where there is no such file, the engine refuses the addresses of other networks alone.
        let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();

        let mut reason = None;
        for plan in MachineNetwork::plans(machines, usize::from(!network.hosts().is_empty()))? {
            let made = match plan.conflict(&routes) {
                Some(other) => Err(format!(
                    "this computer has a route to the addresses {} already: {other}",
                    plan.subnet
                )),
                None => create(engine, &plan, network.is_internal()),
            };

            match made {
                Ok(name) => {
                    return Ok(ContainerNetwork {
                        engine: engine.clone(),
                        name,
                        addresses: plan.addresses[..machines.len()].to_vec(),
                        plan,
                        is_internal: network.is_internal(),
                        gate: None,
                    });
                }
                // The next addresses may be free; if none are, the first reason says most.
                Err(why) => {
                    reason.get_or_insert_with(|| other_test(engine, &plan).unwrap_or(why));
                }
            }
        }
        Err(reason.unwrap_or_default())
    }

    /// Opens a gate to the hosts that are allowed, from an image that has Python 3.
    ///
    /// # Errors
    /// What the engine says.
    pub fn open_gate(&mut self, image: &str, network: &ProofNetwork) -> Result<(), String> {
        let Some(address) = self.plan.addresses.get(self.addresses.len()) else { return Ok(()) };
        let (name, subnet, hosts) = (&*self.name, &*self.plan.subnet, network.hosts());
        let plan = GatePlan { network: name, subnet, address: *address, hosts };
        self.gate = Some(NetworkGate::start(&self.engine, image, plan)?);
        Ok(())
    }

    /// What the gate has refused since this was asked last.
    pub fn refused(&mut self) -> Vec<NetworkRefusal> {
        self.gate.as_mut().map(NetworkGate::refused).unwrap_or_default()
    }

    /// What the engine is told for each machine: where it asks for names, and that the network is its only way.
    pub fn options(&self) -> Vec<String> {
        let mut options = vec!["--network".to_owned(), self.name.clone()];
        if let Some(gate) = &self.gate {
            options.extend(["--dns".to_owned(), gate.address.to_string()]);
            // Else names are also asked for below the domain of the host.
            options.extend(["--dns-search", "."].map(str::to_owned));
        }
        if self.is_internal && self.engine.is_podman() {
            // A proxy that the host has cannot be reached.
            options.push("--http-proxy=false".to_owned());
        }
        if self.is_internal && Path::new(IPV6).is_dir() {
            // Docker does the second by itself.
            let settings = if self.engine.is_podman() { &WITHOUT_IPV6[..] } else { &WITHOUT_IPV6[..1] };
            options
                .extend(settings.iter().flat_map(|setting| ["--sysctl".to_owned(), (*setting).to_owned()]));
        }
        options
    }
}

/// That another test uses the addresses of a network, if it does.
fn other_test(engine: &ContainerEngine, plan: &MachineNetwork) -> Option<String> {
    let subnets = match engine.is_podman() {
        true => "{{range .Subnets}}{{.Subnet}} {{end}}",
        false => "{{range .IPAM.Config}}{{.Subnet}} {{end}}",
    };
    let filter = format!("label={LABEL}");
    let listed = engine.run(&["network", "ls", "--filter", &filter, "--format", "{{.Name}}"]).ok()?;
    let uses = |name: &&str| {
        let found = engine.run(&["network", "inspect", "--format", subnets, name]);
        found.is_ok_and(|found| found.split_whitespace().any(|subnet| subnet == plan.subnet))
    };

    let process = listed.lines().map(str::trim).find(uses)?.strip_prefix(NAME)?;
    Some(format!(
        "another test, process {process}, uses the addresses {} that this book needs; run this one when that has ended",
        plan.subnet
    ))
}

/// Makes a network, and returns its name.
fn create(engine: &ContainerEngine, plan: &MachineNetwork, is_internal: bool) -> Result<String, String> {
    let (name, gateway) = (format!("{NAME}{}", std::process::id()), plan.gateway.to_string());
    let mut args = vec!["network", "create", "--label", LABEL, "--subnet", &plan.subnet];
    // The host's side of an internal network has no address: nothing of the host can be reached there. With podman it has one
    // only if the gateway is named; docker must be told.
    if !is_internal || !engine.is_podman() {
        args.extend(["--gateway", &gateway]);
    }
    if is_internal {
        args.push("--internal");
        args.extend((!engine.is_podman()).then_some(["--opt", WITHOUT_IPV4]).into_iter().flatten());
    }
    args.extend(engine.is_podman().then_some("--disable-dns"));
    args.push(&name);
    engine.run(&args)?;
    Ok(name)
}

impl Drop for ContainerNetwork {
    fn drop(&mut self) {
        self.gate = None;
        let _ = self.engine.run(&["network", "rm", &self.name]);
    }
}
