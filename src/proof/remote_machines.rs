//! Several machines of the author's own, each by its number in the book.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::remote::RemoteMachine;
use super::shell::{Login, PowerState, ProofMachines, ProofShell};

/// The machines on which a book is followed.
#[derive(Debug)]
pub struct RemoteMachines(Vec<RemoteMachine>);

impl RemoteMachines {
    /// Connects to machines by what `ssh` calls them, in the order in which the book has them.
    ///
    /// # Errors
    /// One of them cannot be used, or is another one too.
    pub fn connect(destinations: &[&str], stop: &Arc<AtomicBool>) -> Result<Self, String> {
        let mut machines: Vec<RemoteMachine> = Vec::new();
        for destination in destinations {
            let machine = RemoteMachine::connect(destination, stop)
                .map_err(|reason| format!("the book cannot be followed on `{destination}`: {reason}"))?;
            if let Some(other) = machines.iter().find(|other| other.is_same(&machine)) {
                return Err(format!("`{}` and `{destination}` are one machine", other.destination()));
            }
            machines.push(machine);
        }
        Ok(RemoteMachines(machines))
    }

    /// Their systems.
    pub fn systems(&self) -> Vec<String> {
        self.0.iter().map(RemoteMachine::system).collect()
    }
}

impl ProofMachines for RemoteMachines {
    fn shell(&mut self, at: &Login<'_>) -> Result<Box<dyn ProofShell>, String> {
        self.0[at.machine].shell(at)
    }

    fn read(&mut self, machine: usize, path: &str) -> Result<Option<String>, String> {
        self.0[machine].read(machine, path)
    }

    fn write(&mut self, at: &Login<'_>, path: &str, text: &str) -> Result<(), String> {
        self.0[at.machine].write(at, path, text)
    }

    fn get(&mut self, machine: usize, url: &str) -> Result<String, String> {
        self.0[machine].get(machine, url)
    }

    fn settle(&mut self, machine: usize) -> Result<PowerState, String> {
        self.0[machine].settle(machine)
    }

    fn pause(&mut self) {
        self.0[0].pause();
    }

    fn is_stopped(&self) -> bool {
        self.0[0].is_stopped()
    }
}
