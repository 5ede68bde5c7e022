//! Diagnostics as [SARIF](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html) 2.1.0, which code hosts and
//! editors read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::diagnostic::{Diagnostic, DiagnosticCode};
use super::url::encode_path;

/// Writes diagnostics as one document. `root` is the path of the book in its repository; it ends in `/` or is empty.
pub fn document(diagnostics: &[Diagnostic], root: &str) -> String {
    let codes: BTreeSet<DiagnosticCode> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = diagnostics.iter().map(|diagnostic| result(diagnostic, root)).collect();

    let driver = json!({ "name": "bindery", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{document}\n")
}

fn rule(code: DiagnosticCode) -> Value {
    json!({
        "id": code.name(),
        "shortDescription": { "text": code.explanation().trim() },
        "defaultConfiguration": { "level": code.severity().name() },
    })
}

fn result(diagnostic: &Diagnostic, root: &str) -> Value {
    let more = diagnostic.notes.iter().chain(&diagnostic.hint);
    let text =
        [&diagnostic.message].into_iter().chain(more).map(String::as_str).collect::<Vec<_>>().join("\n");
    let mut result = json!({
        "ruleId": diagnostic.code.name(),
        "level": diagnostic.severity.name(),
        "message": { "text": text },
    });
    if let Some(file) = diagnostic.file() {
        let uri = encode_path(&format!("{root}{file}")).into_owned();
        let mut place = json!({ "artifactLocation": { "uri": uri } });
        if let Some(region) = region(diagnostic) {
            place["region"] = region;
        }
        result["locations"] = json!([{ "physicalLocation": place }]);
    }
    result
}

/// The lines and columns of a place, from 1; the end is one past it.
fn region(diagnostic: &Diagnostic) -> Option<Value> {
    let place = diagnostic.place.as_ref()?;
    let [start, end] = [place.span.start, place.span.end].map(|at| place.source.position(at));
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}
