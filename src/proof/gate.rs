//! The gate: a container through which the machines reach the hosts that a book allows, and no others. `gate.py` runs in it.
//!
//! The engine's program stays connected with it: it says what it has refused when it is asked, and why it ends, if it does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::Ipv4Addr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::engine::{ContainerEngine, LABEL, LIMITS, NAME, last_reason};
use super::images;
use super::shell::NetworkRefusal;
use crate::read::ProofSettings;
use crate::read::proof_network::NetworkHost;

/// What runs in it.
const SCRIPT: &str = include_str!("gate.py");

/// Whether an image has the Python that it needs: it says why not.
const CHECK: &str = "import asyncio, ipaddress, json, os, re, socket, struct, sys, time; \
                     sys.exit(sys.version_info < (3, 8) and 'it has Python ' + sys.version.split()[0])";

/// How long it may take until it can be used, and until it answers.
const STARTING: Duration = Duration::from_secs(20);
const ANSWERING: Duration = Duration::from_secs(20);

/// The container.
#[derive(Debug)]
pub struct NetworkGate {
    engine: ContainerEngine,
    name: String,
    /// Its address on the network of the machines.
    pub address: Ipv4Addr,
    /// Only one thread asks. The mutex lets others see the machines meanwhile.
    connection: Mutex<GateConnection>,
    /// It is removed after the container.
    _outward: OutwardNetwork,
}

/// The network by which the gate reaches the hosts. Nothing else is on it: where several containers share a bridge, its hardware
/// address can change with each that comes or goes, and connections of the others hang until they notice.
#[derive(Debug)]
struct OutwardNetwork {
    engine: ContainerEngine,
    name: String,
}

impl OutwardNetwork {
    fn make(engine: &ContainerEngine) -> Result<Self, String> {
        let name = format!("{NAME}{}-out", std::process::id());
        let mut args = vec!["network", "create", "--label", LABEL];
        args.extend(engine.is_podman().then_some("--disable-dns"));
        args.push(&name);
        engine.run(&args)?;
        Ok(OutwardNetwork { engine: engine.clone(), name })
    }
}

impl Drop for OutwardNetwork {
    fn drop(&mut self) {
        let _ = self.engine.run(&["network", "rm", &self.name]);
    }
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
    if let Some(image) = of_machines.iter().find(|image| check_python(engine, image).is_ok()) {
        return Ok(image.clone());
    }
    let image = images::find(engine, &settings.image, root, settings.network.option())
        .map_err(|missing| missing.reason)?;
    match check_python(engine, &image) {
        Ok(()) => Ok(image),
        Err(reason) => Err(format!(
            "a list of hosts as `network` needs an image with Python 3.8 or newer, and neither those of the machines nor `{}`, \
             the `image` in `proof`, has it: {reason}",
            settings.image
        )),
    }
}

/// Checks that an image has Python 3, with the modules that the gate needs.
fn check_python(engine: &ContainerEngine, image: &str) -> Result<(), String> {
    let name = format!("{NAME}{}-python", std::process::id());
    let mut args = vec!["run", "--rm", "--name", &name, "--label", LABEL, "--network", "none"];
    args.extend(LIMITS);
    args.extend(["--entrypoint", "python3", image, "-I", "-c", CHECK]);
    engine.run(&args).map(drop)
}

impl NetworkGate {
    /// Starts it, from an image that has Python 3, and waits until it can be used.
    ///
    /// # Errors
    /// What the engine says, or Python.
    pub fn start(engine: &ContainerEngine, image: &str, plan: GatePlan<'_>) -> Result<Self, String> {
        let name = format!("{NAME}{}-gate", std::process::id());
        let hosts: Vec<_> = plan.hosts.iter().map(|host| (&host.name, host.port)).collect();
        let settings = serde_json::json!({"address": plan.address, "network": plan.subnet, "hosts": hosts});
        let settings = settings.to_string();
        let address = plan.address.to_string();

        // It is on the network that leads out first.
        let outward = OutwardNetwork::make(engine)?;
        let mut args = vec!["create", "--name", &name, "--label", LABEL, "--log-driver", "none"];
        args.extend(["--network", &outward.name, "--user", "0", "--read-only", "--interactive"]);
        args.extend(["--cap-drop", "all", "--cap-add", "NET_BIND_SERVICE"]);
        args.extend(["--security-opt", "no-new-privileges", "--stop-signal", "KILL"]);
        // It is the end of each connection: packets of machines that take it for a router go nowhere.
        args.extend(["--sysctl", "net.ipv4.ip_forward=0"]);
        args.extend(LIMITS);
        args.extend(["--entrypoint", "python3", image, "-I", "-c", SCRIPT, &settings]);
        engine.run(&args)?;

        let connected = engine
            .run(&["network", "connect", "--ip", &address, plan.network, &name])
            .and_then(|_| GateConnection::open(engine, &name));
        match connected {
            Ok(connection) => {
                let connection = Mutex::new(connection);
                Ok(NetworkGate {
                    engine: engine.clone(),
                    name,
                    address: plan.address,
                    connection,
                    _outward: outward,
                })
            }
            Err(reason) => {
                let _ = engine.remove(&name);
                Err(reason)
            }
        }
    }

    /// What it has refused since it was asked last.
    pub fn refused(&mut self) -> Vec<NetworkRefusal> {
        let connection = self.connection.get_mut().unwrap_or_else(PoisonError::into_inner);
        connection.ask().unwrap_or_else(|why| vec![NetworkRefusal::Gone { why }])
    }
}

impl Drop for NetworkGate {
    fn drop(&mut self) {
        // What is left is removed by the next process.
        let _ = self.engine.remove(&self.name);
    }
}

/// The engine's program that has started the gate, and passes on what it says.
#[derive(Debug)]
struct GateConnection {
    program: Child,
    /// What the gate prints.
    lines: Receiver<String>,
    /// Reads what it prints as errors, to the end.
    errors: Option<JoinHandle<String>>,
}

impl GateConnection {
    /// Starts the gate, and waits until it can be used.
    fn open(engine: &ContainerEngine, name: &str) -> Result<Self, String> {
        let failed = |reason: String| {
            format!(
                "the gate of the network does not start: {reason}; it needs an image with Python 3.8 or newer, that of a machine or \
                 the `image` in `proof`"
            )
        };
        let mut program = Command::new(engine.name());
        program.args(["start", "--attach", "--interactive", name]);
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl+C is for bindery alone, which still asks what was refused.
        let mut program = program.process_group(0).spawn().map_err(|error| failed(error.to_string()))?;

        let (sender, lines) = channel();
        let (printed, errors) = (program.stdout.take(), program.stderr.take());
        thread::spawn(move || {
            let printed = printed.into_iter().flat_map(|printed| BufReader::new(printed).lines());
            printed.map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let errors = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = errors.map(|mut errors| errors.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });

        let mut connection = GateConnection { program, lines, errors: Some(errors) };
        connection.answer(STARTING, &|| engine.is_stopped()).map_err(failed)?;
        Ok(connection)
    }

    /// Asks what the gate has refused since it was asked last.
    fn ask(&mut self) -> Result<Vec<NetworkRefusal>, String> {
        // If it has ended, the answer is why.
        let _ = self.program.stdin.as_mut().map(|questions| questions.write_all(b"\n"));
        self.answer(ANSWERING, &|| false)
    }

    /// Waits for an answer, which ends with an empty line.
    fn answer(
        &mut self,
        patience: Duration,
        is_stopped: &dyn Fn() -> bool,
    ) -> Result<Vec<NetworkRefusal>, String> {
        let end = Instant::now() + patience;
        let mut refused = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) if line.is_empty() => return Ok(refused),
                Ok(line) => refused.extend(serde_json::from_str::<NetworkRefusal>(&line)),
                Err(RecvTimeoutError::Disconnected) => return Err(self.last_words()),
                Err(RecvTimeoutError::Timeout) if Instant::now() < end && !is_stopped() => {}
                Err(RecvTimeoutError::Timeout) => {
                    // A later answer would be taken for that to another question.
                    let _ = self.program.kill();
                    return Err("it does not answer".to_owned());
                }
            }
        }
    }

    /// What it said when it ended.
    fn last_words(&mut self) -> String {
        let _ = self.program.wait();
        let errors = self.errors.take().and_then(|errors| errors.join().ok());
        errors.map_or_else(|| "it has ended".to_owned(), |errors| last_reason(&errors))
    }
}

impl Drop for GateConnection {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_gate_prints_is_read() {
        let read = |line| serde_json::from_str::<NetworkRefusal>(line).expect("it is one");
        let (host, why) = ("pypi.org".to_owned(), "it does not answer".to_owned());
        for (line, refusal) in [
            (
                r#"{"kind": "not-allowed", "host": "pypi.org"}"#,
                NetworkRefusal::NotAllowed { host: host.clone() },
            ),
            (
                r#"{"kind": "unreachable", "host": "pypi.org", "why": "it does not answer"}"#,
                NetworkRefusal::Unreachable { host: host.clone(), why: why.clone() },
            ),
            (
                r#"{"kind": "faulty", "port": 443, "host": null, "why": "it does not answer"}"#,
                NetworkRefusal::Faulty { port: 443, host: None, why },
            ),
            (
                r#"{"kind": "protocol", "port": 22, "host": "pypi.org", "protocol": "SSH"}"#,
                NetworkRefusal::Protocol { port: 22, host: Some(host), protocol: "SSH".to_owned() },
            ),
        ] {
            assert_eq!(read(line), refusal);
        }
    }
}
