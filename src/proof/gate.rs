//! The gate: a container through which the machines reach the hosts that a book allows, and no others. `gate.py` runs in it.

use std::net::Ipv4Addr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::engine::{ContainerEngine, InContainer, LABEL, LIMITS, NAME};
use super::images;
use super::machine_scripts::READ;
use super::shell::NetworkRefusal;
use crate::read::ProofSettings;
use crate::read::proof_network::NetworkHost;

/// What runs in it.
const SCRIPT: &str = include_str!("gate.py");

/// Whether an image has the Python that it needs.
const CHECK: &str = "import asyncio, sys; sys.exit(sys.version_info < (3, 8))";

/// Where the script writes what it refused.
const NOTES: &str = "/gate/notes";

/// How long it may take until it can be used.
const STARTING: Duration = Duration::from_secs(20);

/// The container.
#[derive(Debug)]
pub struct NetworkGate {
    engine: ContainerEngine,
    name: String,
    /// Its address on the network of the machines.
    pub address: Ipv4Addr,
}

/// What a gate is made for.
#[derive(Clone, Copy, Debug)]
pub struct GatePlan<'p> {
    /// The network of the machines, and its addresses.
    pub network: &'p str,
    pub subnet: &'p str,
    /// Its own address there.
    pub address: Ipv4Addr,
    /// The hosts that are allowed.
    pub hosts: &'p [NetworkHost],
}

/// An image with Python 3 for the gate: that of a machine, else that of all tests.
///
/// # Errors
/// There is none.
pub fn image(
    engine: &ContainerEngine,
    of_machines: &[String],
    settings: &ProofSettings,
    root: &Path,
) -> Result<String, String> {
    if let Some(image) = of_machines.iter().find(|image| has_python(engine, image)) {
        return Ok(image.clone());
    }
    let image = images::find(engine, &settings.image, root, settings.network.option())?;
    match has_python(engine, &image) {
        true => Ok(image),
        false => Err(format!(
            "a list of hosts as `network` needs an image with Python 3.8 or newer, and neither those of the machines nor `{}`, \
             the `image` in `proof`, has it",
            settings.image
        )),
    }
}

/// Whether an image has Python 3.
fn has_python(engine: &ContainerEngine, image: &str) -> bool {
    let name = format!("{NAME}{}-python", std::process::id());
    let mut args = vec!["run", "--rm", "--name", &name, "--label", LABEL, "--network", "none"];
    args.extend(LIMITS);
    args.extend(["--entrypoint", "python3", image, "-I", "-c", CHECK]);
    engine.run(&args).is_ok()
}

impl NetworkGate {
    /// Starts it, from an image that has Python 3, and waits until it can be used.
    ///
    /// # Errors
    /// What the engine says.
    pub fn start(engine: &ContainerEngine, image: &str, plan: GatePlan<'_>) -> Result<Self, String> {
        let name = format!("{NAME}{}-gate", std::process::id());
        let hosts: Vec<_> = plan.hosts.iter().map(|host| (&host.name, host.port)).collect();
        let settings = serde_json::json!({"address": plan.address, "network": plan.subnet, "hosts": hosts});
        let settings = settings.to_string();
        let address = plan.address.to_string();

        // It is on the engine's own network first, which leads out.
        let mut args = vec!["create", "--name", &name, "--label", LABEL, "--log-driver", "none"];
        args.extend(["--network", "bridge", "--user", "0", "--read-only", "--tmpfs", "/gate:size=1m"]);
        args.extend(["--cap-drop", "all", "--cap-add", "NET_BIND_SERVICE"]);
        args.extend(["--security-opt", "no-new-privileges", "--stop-signal", "KILL"]);
        // It is the end of each connection: packets of machines that take it for a router go nowhere.
        args.extend(["--sysctl", "net.ipv4.ip_forward=0"]);
        args.extend(LIMITS);
        args.extend(["--entrypoint", "python3", image, "-I", "-c", SCRIPT, &settings]);
        engine.run(&args)?;

        // From here on, it is removed if something fails.
        let gate = NetworkGate { engine: engine.clone(), name, address: plan.address };
        engine.run(&["network", "connect", "--ip", &address, plan.network, &gate.name])?;
        engine.run(&["start", &gate.name])?;
        gate.wait()?;
        Ok(gate)
    }

    /// Waits until it has written its first notes.
    fn wait(&self) -> Result<(), String> {
        let end = Instant::now() + STARTING;
        loop {
            let found = self.read();
            match found {
                Ok(_) => return Ok(()),
                Err(_) if Instant::now() < end && !self.engine.is_stopped() => {
                    thread::sleep(Duration::from_millis(50));
                }
                Err(reason) => return Err(format!("the gate of the network does not start: {reason}")),
            }
        }
    }

    /// What it has written.
    fn read(&self) -> Result<String, String> {
        self.engine.script(&self.name, &InContainer { text: READ, args: &[NOTES], ..InContainer::default() })
    }

    /// What it refused since a time, in seconds since 1970.
    pub fn refused(&self, since: f64) -> Vec<NetworkRefusal> {
        match self.read() {
            Ok(notes) => refusals(&notes, since),
            Err(reason) => vec![NetworkRefusal::Gone(reason)],
        }
    }
}

impl Drop for NetworkGate {
    fn drop(&mut self) {
        // What is left is removed by the next process.
        let _ = self.engine.remove(&self.name);
    }
}

/// Reads notes: lines with a time, a word for what happened, a name, and perhaps why.
fn refusals(notes: &str, since: f64) -> Vec<NetworkRefusal> {
    let refusal = |line: &str| {
        let mut words = line.splitn(4, ' ');
        let (time, kind, name) = (words.next()?, words.next()?, words.next()?.to_owned());
        let why = words.next().unwrap_or_default().to_owned();
        if time.parse::<f64>().ok()? < since {
            return None;
        }
        match kind {
            "refused" => Some(NetworkRefusal::NotAllowed(name)),
            "unreachable" => Some(NetworkRefusal::Unreachable { host: name, why }),
            "unnamed" => Some(NetworkRefusal::Unnamed(name)),
            _ => None,
        }
    };
    notes.lines().filter_map(refusal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_since_a_time_are_read() {
        let notes = "10.500 refused old.example\n12.250 refused example.org\n12.300 unreachable pypi.org it does not answer\n\
                     12.400 unnamed 443\nbroken\n13 other x\n";
        assert_eq!(
            refusals(notes, 12.25),
            [
                NetworkRefusal::NotAllowed("example.org".to_owned()),
                NetworkRefusal::Unreachable {
                    host: "pypi.org".to_owned(),
                    why: "it does not answer".to_owned()
                },
                NetworkRefusal::Unnamed("443".to_owned()),
            ]
        );
        assert_eq!(refusals(notes, 20.0), []);
    }
}
