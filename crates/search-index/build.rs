//! Lists the emoji, also as they are written with fewer signs than they should have.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("emoji.txt"), emoji().join("\n")).expect("OUT_DIR can be written");
}

/// All emoji, in order, also as they are written with fewer signs than they should have.
fn emoji() -> Vec<String> {
    const SELECTOR: char = '\u{fe0f}';
    let mut all = BTreeSet::new();
    for emoji in emojis::iter().flat_map(|emoji| emoji.skin_tones().into_iter().flatten().chain([emoji])) {
        let parts: Vec<&str> = emoji.as_str().split(SELECTOR).collect();
        // Each of the selectors can be left out.
        for left_out in 0..1_u32 << (parts.len() - 1) {
            let mut written = parts[0].to_owned();
            for (number, part) in parts.iter().enumerate().skip(1) {
                written.extend(Some(SELECTOR).filter(|_| left_out & (1 << (number - 1)) == 0));
                written.push_str(part);
            }
            all.extend(Some(written).filter(|written| emojis::get(written).is_some()));
        }
    }
    all.into_iter().collect()
}
