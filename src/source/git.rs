//! Files of a revision, read through the `git` program: `HEAD~3:rules/x`.

use std::process::Command;

use super::Files;

/// The files of one revision of the repository that the working directory lies in.
pub struct Revision {
    name: String,
}

impl Revision {
    /// A revision and a path, if a name is written `REV:PATH` and no such file exists.
    #[must_use]
    pub fn of(written: &str) -> Option<(Revision, String)> {
        let (name, path) = written.split_once(':')?;
        let plain = !name.is_empty() && !name.starts_with('-') && !path.is_empty();
        if !plain || std::path::Path::new(written).exists() {
            return None;
        }
        Some((Revision { name: name.to_owned() }, path.trim_start_matches("./").to_owned()))
    }

    fn object(&self, path: &str) -> String {
        format!("{}:./{path}", self.name)
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let run = Command::new("git").args(["cat-file", "blob", &self.object(path)]).output();
        match run {
            Ok(output) if output.status.success() => Ok(output.stdout),
            Ok(_) => Err(format!("revision `{}` has no such file", self.name)),
            Err(error) => Err(format!("git cannot be run: {error}")),
        }
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let run = Command::new("git").args(["-c", "core.quotePath=false", "ls-tree", &self.object(path)]).output();
        let output = run.ok().filter(|output| output.status.success())?;
        let text = String::from_utf8(output.stdout).ok()?;
        let mut names: Vec<String> = text
            .lines()
            .filter_map(|line| {
                let (about, name) = line.split_once('\t')?;
                let folder = about.split(' ').nth(1) == Some("tree");
                Some(if folder { format!("{name}/") } else { name.to_owned() })
            })
            .collect();
        names.sort();
        Some(names)
    }
}
