//! `clausal explain-code`.

use clausal::diag::{Code, Severity, did_you_mean};

use super::args::ExplainCode;
use super::{Status, shared};

pub fn run(args: &ExplainCode) -> Status {
    let Some(name) = &args.code else { return shared::print(&list()) };
    let wanted = name.trim().replace('-', "_").to_lowercase();
    match Code::from_name(&wanted) {
        Some(code) => shared::print(code.explanation()),
        None => {
            let near = did_you_mean(&wanted, Code::ALL.iter().map(|c| c.name()));
            let help = near.unwrap_or_else(|| "`clausal explain-code` lists them all".to_owned());
            shared::unusable(&format!("no problem is called `{name}`; {help}"))
        }
    }
}

/// Every code with its severity and the first sentence of its explanation.
fn list() -> String {
    let width = Code::ALL.iter().map(|c| c.name().len()).max().unwrap_or(0);
    let line = |code: &Code| {
        let severity = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        format!("{:<width$}  {severity:<7}  {}", code.name(), summary(code.explanation())).trim_end().to_owned() + "\n"
    };
    Code::ALL.iter().map(line).collect()
}

/// The first sentence below the heading, on one line.
fn summary(explanation: &str) -> String {
    let paragraph = explanation.split("\n\n").map(str::trim).find(|p| !p.is_empty() && !p.starts_with('#'));
    let text = paragraph.unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    match text.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => text,
    }
}
