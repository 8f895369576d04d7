//! The formats of files of many cases, and how they are packed.

/// A format of files of many cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Fields apart by commas, or by what the first line has.
    Csv,
    /// Fields apart by tabs.
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// A JSON array of objects.
    Json,
    Parquet,
    /// An Arrow IPC file, as `.feather` files are of version 2.
    Arrow,
    /// A stream of Arrow IPC messages.
    ArrowStream,
}

/// How a file is packed as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Packing {
    #[default]
    None,
    Gzip,
    Zstd,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 7] =
        [Format::Csv, Format::Tsv, Format::Ndjson, Format::Json, Format::Parquet, Format::Arrow, Format::ArrowStream];

    /// What it is called in options.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Ndjson => "ndjson",
            Format::Json => "json",
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
            Format::ArrowStream => "arrow-stream",
        }
    }

    /// The format and packing of files whose names end so: `orders.csv.gz`, in capitals or not.
    #[must_use]
    pub fn of_path(path: &str) -> Option<(Format, Packing)> {
        let lower = path.to_ascii_lowercase();
        let (stem, packing) = Packing::of_lower(&lower);
        let name = stem.rsplit(['/', '\\']).next().unwrap_or(stem);
        let format = match name.rsplit_once('.')?.1 {
            "csv" => Format::Csv,
            "tsv" | "tab" => Format::Tsv,
            "ndjson" | "jsonl" => Format::Ndjson,
            "json" => Format::Json,
            "parquet" => Format::Parquet,
            "arrow" | "feather" | "ipc" => Format::Arrow,
            "arrows" => Format::ArrowStream,
            _ => return None,
        };
        Some((format, packing))
    }

    /// Whether its files are text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Format::Csv | Format::Tsv | Format::Ndjson | Format::Json)
    }

    /// Whether its files are read from the start to the end, so that they may come from a pipe or be packed.
    #[must_use]
    pub fn is_streamed(self) -> bool {
        self.is_text() || self == Format::ArrowStream
    }
}

impl Packing {
    /// How a file whose name ends so is packed, whatever its format.
    #[must_use]
    pub fn of_path(path: &str) -> Packing {
        Packing::of_lower(&path.to_ascii_lowercase()).1
    }

    fn of_lower(lower: &str) -> (&str, Packing) {
        if let Some(stem) = lower.strip_suffix(".gz") {
            (stem, Packing::Gzip)
        } else if let Some(stem) = lower.strip_suffix(".zst") {
            (stem, Packing::Zstd)
        } else {
            (lower, Packing::None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_format_and_packing() {
        let of = Format::of_path;
        assert_eq!(of("a/b.c/orders.CSV.gz"), Some((Format::Csv, Packing::Gzip)));
        assert_eq!(of("orders.jsonl.zst"), Some((Format::Ndjson, Packing::Zstd)));
        assert_eq!(of("orders.feather"), Some((Format::Arrow, Packing::None)));
        assert_eq!(of("orders.csv/x"), None);
        assert_eq!(of("orders"), None);
    }
}
