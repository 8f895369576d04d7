//! The one place where the library's text is read from disk.

use super::Files;

/// Files of this machine; paths are taken relative to the working directory.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let size = std::fs::metadata(path).map_err(|e| reason(&e))?.len();
        if size > 4 * super::MAX_FILE_BYTES as u64 {
            return Err(format!("the file has {size} bytes; at most {} are read", 4 * super::MAX_FILE_BYTES));
        }
        std::fs::read(path).map_err(|e| reason(&e))
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path).ok()?.flatten() {
            let folder = entry.path().is_dir();
            let name = entry.file_name().to_string_lossy().into_owned();
            names.push(if folder { format!("{name}/") } else { name });
        }
        names.sort();
        Some(names)
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}
