//! The files that the command names.

use std::path::Path;

use clausal::batch::read::STDIN;
use clausal::batch::write::Amounts as Written;
use clausal::batch::{Format, Packing};

use super::told::note;
use crate::cli::args::{Amounts, Batch, BatchFormat};
use crate::cli::{Status, shared};

/// Where answers go, and how.
pub struct Output {
    /// `None` for standard output.
    pub path: Option<String>,
    pub format: Format,
    pub packing: Packing,
    /// Whether the rows come from files, so that they can be read again.
    from_files: bool,
}

/// The format that an option means.
pub fn format(format: BatchFormat) -> Format {
    match format {
        BatchFormat::Csv => Format::Csv,
        BatchFormat::Tsv => Format::Tsv,
        BatchFormat::Ndjson => Format::Ndjson,
        BatchFormat::Json => Format::Json,
        BatchFormat::Parquet => Format::Parquet,
        BatchFormat::Arrow => Format::Arrow,
        BatchFormat::ArrowStream => Format::ArrowStream,
    }
}

pub fn amounts(args: &Batch) -> Written {
    match args.amounts {
        None => Written::Usual,
        Some(Amounts::Text) => Written::Text,
        Some(Amounts::Number) => Written::Number,
    }
}

/// As many workers as there are cores.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The files of rows: patterns stand for all files that they fit, in the order of their names.
pub fn inputs(args: &Batch) -> Result<Vec<String>, Status> {
    let mut paths = Vec::new();
    for named in &args.input {
        if named == STDIN || Path::new(named).exists() || !named.contains(['*', '?', '[']) {
            paths.push(named.clone());
            continue;
        }
        let found =
            glob::glob(named).map_err(|error| shared::unusable(&format!("`{named}` is no pattern: {error}")))?;
        let mut files: Vec<String> =
            found.flatten().filter(|path| path.is_file()).map(|path| path.to_string_lossy().into_owned()).collect();
        if files.is_empty() {
            return Err(shared::unusable(&format!("no file is called as `{named}` says")));
        }
        files.sort();
        paths.extend(files);
    }
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = paths.iter().find(|path| !seen.insert(path.as_str())) {
        return Err(shared::unusable(&format!("`{twice}` is named twice; its rows would be counted twice")));
    }
    Ok(paths)
}

impl Output {
    pub fn of(args: &Batch, inputs: &[String]) -> Result<Output, Status> {
        let path = args.output.clone().filter(|path| path != "-");
        let known = path.as_deref().map(|path| (Format::of_path(path), Packing::of_path(path)));
        let (format, packing) = match (args.format.map(format), known) {
            (Some(format), known) => (format, known.map_or(Packing::None, |(_, packing)| packing)),
            (None, None) => (Format::Csv, Packing::None),
            (None, Some((Some(known), _))) => known,
            (None, Some((None, _))) => {
                let path = path.unwrap_or_default();
                let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
                let why = format!("the name `{path}` tells no format; say which with --format: {}", names.join(", "));
                return Err(shared::unusable(&why));
            }
        };
        if packing != Packing::None && !format.is_streamed() {
            let why = format!("{} files are not packed as a whole; leave out the ending .gz or .zst", format.name());
            return Err(shared::unusable(&why));
        }
        let rejects = args.rejects.as_deref();
        if let Some(rejects) = rejects.filter(|path| Packing::of_path(path) != Packing::None) {
            return Err(shared::unusable(&format!("`{rejects}`: rejected rows are written as they stood, not packed")));
        }
        let reasons = rejects.map(clausal::batch::rejects::reasons_path);
        let written: Vec<&str> =
            [path.as_deref(), rejects, reasons.as_deref(), args.summary.as_deref()].into_iter().flatten().collect();
        for (place, path) in written.iter().enumerate() {
            let same = |other: &&str| is_same(other, path);
            if inputs.iter().map(String::as_str).any(|input| same(&input)) {
                return Err(shared::unusable(&format!(
                    "`{path}` is read and would be written over; name another file"
                )));
            }
            if written[..place].iter().any(same) {
                return Err(shared::unusable(&format!("`{path}` would be written twice; name another file")));
            }
            let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                let why =
                    format!("`{path}` cannot be written: there is no folder `{}`; make it first", folder.display());
                return Err(shared::unusable(&why));
            }
            if Path::new(path).is_dir() {
                return Err(shared::unusable(&format!("`{path}` is a folder; name a file in it")));
            }
        }
        let output = Output { path, format, packing, from_files: inputs.iter().all(|path| path != STDIN) };
        if let Some(path) = output.path.as_deref().filter(|_| !args.resume && output.can_resume()) {
            if Path::new(&format!("{path}.journal")).exists() {
                note(&format!("`{path}` was cut off before; this run starts anew, and --resume would have gone on"));
            }
        }
        Ok(output)
    }

    /// Whether a run that is cut off can be gone on with: text is written from the start to the end, and rows in files can
    /// be read again.
    pub fn can_resume(&self) -> bool {
        self.path.is_some() && self.format.is_text() && self.from_files
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one == other || matches!((std::fs::canonicalize(one), std::fs::canonicalize(other)), (Ok(a), Ok(b)) if a == b)
}
