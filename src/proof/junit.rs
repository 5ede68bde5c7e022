//! A report in the form of JUnit, which services for continuous integration read: a suite for each chapter, a case for each
//! step. [`report`] is the entry point.

use super::summary::{ReportedChapter, VerdictCounts, name};
use super::verdict::Verdict;
use crate::text::html::escape;
use crate::text::report::{Colour, human};

/// Writes the report.
pub fn report(chapters: &[ReportedChapter<'_>]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for chapter in chapters {
        suite(&mut text, chapter);
    }
    text + "</testsuites>\n"
}

fn suite(out: &mut String, reported: &ReportedChapter<'_>) {
    let counts = VerdictCounts::of([reported]);
    let failures = counts.get(Verdict::Failed) + counts.get(Verdict::Differing);
    let skipped = counts.all() - failures - counts.get(Verdict::Proven);
    let path = attribute(&reported.plan.source.path);
    let time: f64 = reported.seconds.iter().sum();
    out.push_str(&format!(
        "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\" time=\"{time:.3}\">\n",
        counts.all()
    ));

    let diagnostics = reported.chapter.diagnostics(reported.plan);
    for (number, (step, outcome)) in reported.plan.steps.iter().zip(&reported.chapter.outcomes).enumerate() {
        let line = reported.plan.source.position(step.span.start).line;
        let time = reported.seconds.get(number).copied().unwrap_or_default();
        let title = attribute(&format!("{line}: {}", name(step)));
        out.push_str(&format!(
            "    <testcase classname=\"{path}\" name=\"{title}\" file=\"{path}\" line=\"{line}\" time=\"{time:.3}\""
        ));

        match outcome.verdict {
            Verdict::Proven => out.push_str(" />\n"),
            Verdict::Failed | Verdict::Differing => {
                out.push_str(">\n");
                let of_step = reported.chapter.faults.iter().zip(&diagnostics);
                for (_, diagnostic) in of_step.filter(|(fault, _)| fault.step == number) {
                    let (message, text) = (attribute(&diagnostic.message), human(diagnostic, Colour::Plain));
                    let code = diagnostic.code.name();
                    out.push_str(&format!(
                        "      <failure type=\"{code}\" message=\"{message}\">{}</failure>\n",
                        escape(&printable(text.trim_end()))
                    ));
                }
                out.push_str("    </testcase>\n");
            }
            verdict => {
                let reason = step.fate.reason().unwrap_or(verdict.name());
                out.push_str(&format!(
                    ">\n      <skipped message=\"{}\" />\n    </testcase>\n",
                    attribute(reason)
                ));
            }
        }
    }
    out.push_str("  </testsuite>\n");
}

/// A text in an attribute.
fn attribute(text: &str) -> String {
    escape(&printable(text)).replace('\n', "&#10;")
}

/// A text without the signs that XML does not know.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || ['\n', '\t'].contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::parse::Options;
    use crate::proof::code::CodeReading;
    use crate::proof::plan;
    use crate::proof::verdict::{ProvenChapter, StepFault};
    use crate::read::Config;
    use crate::text::{Diagnostic, DiagnosticCode, Source};

    #[test]
    fn steps_are_cases() {
        let config = Config::default();
        let options = Options::new(&config);
        let with = CodeReading { options: &options, settings: &config.proof };
        let text = "```console\n$ a \"<b>\"\n$ c\n$ d\n```\n\n```console skip=\"no & yes\"\n$ e\n```\n";
        let source = Arc::new(Source::new("content/a.md", text.to_owned()));
        let plan = plan::of_source(&source, &config, with);
        let verdicts = [Verdict::Proven, Verdict::Failed, Verdict::NotReached, Verdict::Skipped];
        let diagnostic = Diagnostic::new(DiagnosticCode::FailedStep, "it is <wrong>\u{1b}");
        let fault = StepFault { step: 1, diagnostic, place: None, after: None, printed: None };
        let chapter = ProvenChapter { outcomes: verdicts.map(Into::into).to_vec(), faults: vec![fault] };
        let reported = ReportedChapter {
            plan: &plan,
            chapter,
            seconds: vec![0.5, 1.25],
            age: None,
            time: 0,
            systems: Vec::new(),
        };

        let name = |line: usize, name: &str| {
            format!(
                "    <testcase classname=\"content/a.md\" name=\"{line}: {name}\" file=\"content/a.md\" line=\"{line}\""
            )
        };
        let expected = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
            "<testsuites>".to_owned(),
            "  <testsuite name=\"content/a.md\" tests=\"4\" failures=\"1\" skipped=\"2\" time=\"1.750\">".to_owned(),
            format!("{} time=\"0.500\" />", name(2, "a &quot;&lt;b&gt;&quot;")),
            format!("{} time=\"1.250\">", name(3, "c")),
            "      <failure type=\"failed-step\" message=\"it is &lt;wrong&gt;\">error[failed-step]: it is &lt;wrong&gt;\u{fffd}</failure>".to_owned(),
            "    </testcase>".to_owned(),
            format!("{} time=\"0.000\">", name(4, "d")),
            "      <skipped message=\"not reached\" />".to_owned(),
            "    </testcase>".to_owned(),
            format!("{} time=\"0.000\">", name(8, "e")),
            "      <skipped message=\"no &amp; yes\" />".to_owned(),
            "    </testcase>".to_owned(),
            "  </testsuite>".to_owned(),
            "</testsuites>\n".to_owned(),
        ];
        assert_eq!(report(&[reported]), expected.join("\n"));
    }
}
