//! The parts of `src/proof/gate.py` that need no network, in Python: `tests/gate/check.py`. Where there is no Python 3, the test
//! is ignored. What the gate lets through is tested in `containers.rs`.

use std::process::Command;

use libtest_mimic::Trial;

use crate::test;

/// The test.
pub fn tests() -> Vec<Trial> {
    let version = Command::new("python3").arg("--version").output();
    let is_ignored = !version.is_ok_and(|output| output.status.success());
    vec![test("gate::its_parts", its_parts).with_ignored_flag(is_ignored)]
}

fn its_parts() {
    let args = ["-I", "-B", "tests/gate/check.py", "src/proof/gate.py"];
    let output = Command::new("python3").args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
