//! Files of a revision, read through the `git` program: `HEAD~3:rules/x`. Paths are as `git` itself takes them: from
//! the root of the repository, or from the working directory with `./` before them.

use std::collections::BTreeMap;
use std::process::Command;

use super::Files;

/// The files of one revision of the repository that the working directory lies in.
#[derive(Debug)]
pub struct Revision {
    name: String,
    /// All files, with the number of their content; paths from the root of the repository.
    files: BTreeMap<String, String>,
}

impl Revision {
    /// A revision and a path, if a name is written `REV:PATH` and no such file exists.
    ///
    /// # Errors
    /// Text for the person who wrote it: git cannot be run, the revision is not known, or it has no such path.
    #[must_use]
    pub fn of(written: &str) -> Option<Result<(Revision, String), String>> {
        let (name, path) = written.split_once(':')?;
        // `C:\rules` is a path of another system, and no revision has a name of one letter with a backslash behind.
        let plain = !name.is_empty() && !name.starts_with('-') && !path.starts_with('\\');
        if !plain || std::path::Path::new(written).exists() {
            return None;
        }
        Some(Revision::open(name, path))
    }

    fn open(name: &str, path: &str) -> Result<(Revision, String), String> {
        let prefix = git(&["rev-parse", "--show-prefix"]).map_err(|why| match why {
            Failed::NotRun(why) => why,
            Failed::Refused(_) => "the working directory lies in no git repository".to_owned(),
        })?;
        let prefix = text(prefix)?;
        let path = within(prefix.trim_end_matches('\n'), path)
            .ok_or_else(|| format!("`{path}` leads out of the git repository"))?;
        let commit = format!("{name}^{{tree}}");
        let known = git(&["rev-parse", "--quiet", "--verify", "--end-of-options", &commit]);
        let tree = match known {
            Ok(tree) => text(tree)?,
            Err(Failed::NotRun(why)) => return Err(why),
            Err(Failed::Refused(_)) => return Err(format!("git knows no revision `{name}` here")),
        };
        let listed = git(&["ls-tree", "-r", "-z", "--full-tree", tree.trim()]).map_err(Failed::told)?;
        let mut files = BTreeMap::new();
        for line in text(listed)?.split('\0').filter(|line| !line.is_empty()) {
            let Some((about, name)) = line.split_once('\t') else { continue };
            let mut about = about.split(' ').skip(1);
            if let (Some("blob"), Some(number)) = (about.next(), about.next()) {
                files.insert(name.to_owned(), number.to_owned());
            }
        }
        let revision = Revision { name: name.to_owned(), files };
        if !path.is_empty() && !revision.files.contains_key(&path) && revision.list(&path).is_none() {
            return Err(format!("revision `{name}` has no `{path}`"));
        }
        Ok((revision, if path.is_empty() { ".".to_owned() } else { path }))
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let number = within("", path).and_then(|path| self.files.get(&path));
        let number = number.ok_or_else(|| format!("revision `{}` has no such file", self.name))?;
        git(&["cat-file", "blob", number]).map_err(Failed::told)
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let path = within("", path)?;
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let below = self.files.keys().filter_map(|file| file.strip_prefix(&prefix));
        let mut names: Vec<String> = below
            .map(|name| name.split_once('/').map_or(name.to_owned(), |(folder, _)| format!("{folder}/")))
            .collect();
        names.sort();
        names.dedup();
        (!names.is_empty()).then_some(names)
    }
}

/// A path from the root of the repository; `None` if it leads out of it.
fn within(prefix: &str, path: &str) -> Option<String> {
    let relative = path.starts_with("./") || path.starts_with("../") || path == "." || path == "..";
    let mut parts: Vec<&str> =
        if relative { prefix.split('/').filter(|p| !p.is_empty()).collect() } else { Vec::new() };
    if path.starts_with('/') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Why git gave nothing.
enum Failed {
    NotRun(String),
    Refused(String),
}

impl Failed {
    fn told(self) -> String {
        match self {
            Failed::NotRun(why) => why,
            Failed::Refused(why) => format!("git refused: {why}"),
        }
    }
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, Failed> {
    match Command::new("git").args(arguments).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr);
            Err(Failed::Refused(why.lines().next().unwrap_or("it says nothing").to_owned()))
        }
        Err(error) => Err(Failed::NotRun(format!("revisions are read with git, which cannot be run: {error}"))),
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "git names files that are not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn paths_lead_from_the_root_or_from_here() {
        assert_eq!(within("rules/", "rules/x").as_deref(), Some("rules/x"));
        assert_eq!(within("rules/", "./x/").as_deref(), Some("rules/x"));
        assert_eq!(within("rules/", "../lib").as_deref(), Some("lib"));
        assert_eq!(within("", "../lib"), None);
        assert_eq!(within("", "/etc"), None);
        assert_eq!(within("", "a/../../b"), None);
        assert_eq!(within("", "").as_deref(), Some(""));
    }
}
