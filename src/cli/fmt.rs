//! `clausal fmt`.

use std::io::Read;

use clausal::format::format;
use clausal::source::Files;
use clausal::source::disk::Disk;

use super::args::Fmt;
use super::{Status, shared};

pub fn run(args: &Fmt) -> Status {
    if args.rules == "-" {
        let mut text = String::new();
        return match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => shared::print(&format(&text)),
            Err(error) => shared::unusable(&format!("standard input cannot be read: {error}")),
        };
    }
    let mut files = Vec::new();
    if Disk.list(&args.rules).is_some() {
        collect(args.rules.trim_end_matches('/'), &mut files);
        if files.is_empty() {
            return shared::unusable(&format!("no `.clause` file lies in `{}`", args.rules));
        }
    } else {
        files.push(args.rules.clone());
    }
    let mut changed = Vec::new();
    for file in &files {
        let text = match Disk
            .read(file)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()))
        {
            Ok(text) => text,
            Err(why) => return shared::unusable(&format!("`{file}` cannot be read: {why}")),
        };
        let formatted = format(&text);
        if formatted == text {
            continue;
        }
        changed.push(file.clone());
        if !args.check {
            if let Err(error) = shared::replace(file, &formatted) {
                return shared::unusable(&format!("`{file}` cannot be written: {error}"));
            }
        }
    }
    let mut report = String::new();
    for file in &changed {
        report.push_str(&format!("{} {file}\n", if args.check { "would change" } else { "formatted" }));
    }
    match shared::print(&report) {
        Status::Done if args.check && !changed.is_empty() => Status::Findings,
        status => status,
    }
}

fn collect(folder: &str, files: &mut Vec<String>) {
    for name in Disk.list(folder).unwrap_or_default() {
        match name.strip_suffix('/') {
            Some(inner) if !inner.starts_with('.') => collect(&format!("{folder}/{inner}"), files),
            Some(_) => {}
            None if name.ends_with(".clause") => files.push(format!("{folder}/{name}")),
            None => {}
        }
    }
}
