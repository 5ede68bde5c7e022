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

/// Have the host's side of a network be no way out: it has an address of IPv6 that nobody gave it. The first setting is for
/// what is connected later, the second one for what is connected already; docker does that by itself.
const WITHOUT_IPV6: &str = "net.ipv6.conf.default.disable_ipv6=1";
const WITHOUT_IPV6_NOW: &str = "net.ipv6.conf.eth0.disable_ipv6=1";

/// A network of containers.
#[derive(Debug)]
pub struct ContainerNetwork {
    engine: ContainerEngine,
    /// Its name for the engine.
    pub name: String,
    /// The addresses of the machines.
    pub addresses: Vec<Ipv4Addr>,
    is_internal: bool,
    gate: Option<NetworkGate>,
}

impl ContainerNetwork {
    /// Makes the network of some machines, with a gate from this image to the hosts that are allowed.
    ///
    /// # Errors
    /// Their addresses cannot be used, or what the engine says.
    pub fn make(
        engine: &ContainerEngine,
        machines: &[Machine],
        network: &ProofNetwork,
        gate_image: Option<&str>,
    ) -> Result<Self, String> {
        let plans = MachineNetwork::plans(machines, usize::from(gate_image.is_some()))?;
        let (name, plan) = create_first(engine, plans, network.is_internal())?;
        let mut addresses = plan.addresses;
        let of_others = addresses.split_off(machines.len());

        // From here on, it is removed if something fails.
        let mut made = ContainerNetwork {
            engine: engine.clone(),
            name,
            addresses,
            is_internal: network.is_internal(),
            gate: None,
        };
        if let Some(image) = gate_image {
            let address = of_others[0];
            let plan =
                GatePlan { network: &made.name, subnet: &plan.subnet, address, hosts: network.hosts() };
            made.gate = Some(NetworkGate::start(engine, image, plan)?);
        }
        Ok(made)
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
        if self.is_internal && Path::new(IPV6).is_dir() {
            let now = self.engine.is_podman().then_some(WITHOUT_IPV6_NOW);
            for setting in [WITHOUT_IPV6].into_iter().chain(now) {
                options.extend(["--sysctl".to_owned(), setting.to_owned()]);
            }
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

/// Makes the first of these networks that can be made, and returns its name with its plan.
fn create_first(
    engine: &ContainerEngine,
    plans: Vec<MachineNetwork>,
    is_internal: bool,
) -> Result<(String, MachineNetwork), String> {
    // Where there is no such file, the engine refuses the addresses of other networks alone.
    let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();

    let mut reason = None;
    for plan in plans {
        let made = match plan.conflict(&routes) {
            Some(other) => {
                Err(format!("this computer has a route to the addresses {} already: {other}", plan.subnet))
            }
            None => create(engine, &plan, is_internal),
        };
        match made {
            Ok(name) => return Ok((name, plan)),
            // The next addresses may be free; if none are, the first reason says most.
            Err(why) => {
                reason.get_or_insert_with(|| other_test(engine, &plan).unwrap_or(why));
            }
        }
    }
    Err(reason.unwrap_or_default())
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
