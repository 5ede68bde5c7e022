//! Where readers can edit the book: on the code host that its repository comes from.
//!
//! [`edit_url`] reads two small files of a repository that is kept in its own `.git` folder: `config` for the address
//! of `origin`, and `HEAD` for the branch. Includes are not followed, and only the host, the path and the branch are
//! taken, each of which is checked, so neither a user's name nor a token comes into the book.

use std::fs;
use std::path::Path;

use super::layout::Layout;
use crate::text::url::encode_path;

/// The hosts whose addresses are known, each with its form: `{repository}`, `{branch}` and `{path}` are filled in.
const HOSTS: &[(&str, &str)] = &[
    ("github.com", "https://github.com/{repository}/edit/{branch}/{path}"),
    ("gitlab.com", "https://gitlab.com/{repository}/-/edit/{branch}/{path}"),
    ("codeberg.org", "https://codeberg.org/{repository}/_edit/{branch}/{path}"),
    ("bitbucket.org", "https://bitbucket.org/{repository}/src/{branch}/{path}?mode=edit"),
];

/// The largest file that is read, in bytes.
const MOST: u64 = 1 << 16;

/// Where a file of the book can be edited, with `{path}` in place of its path.
pub fn edit_url(layout: &Layout) -> Option<String> {
    let top = layout.allowed.first()?;
    let git = top.join(".git");
    let inside = layout.root.strip_prefix(top).ok()?.to_str()?.replace('\\', "/");

    // A link, or a file that names another folder, could lead to any repository of the machine.
    if !fs::symlink_metadata(&git).ok()?.is_dir() {
        return None;
    }

    let (host, repository) = origin(&small_file(&git.join("config"))?)?;
    let branch = branch(&git)?;
    let (_, form) = HOSTS.iter().find(|(known, _)| *known == host)?;
    let below = if inside.is_empty() { inside } else { format!("{}/", encode_path(&inside)) };
    let path = format!("{below}{{path}}");
    Some(form.replace("{repository}", &repository).replace("{branch}", &branch).replace("{path}", &path))
}

fn small_file(path: &Path) -> Option<String> {
    let metadata = fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > MOST {
        return None;
    }
    fs::read_to_string(path).ok()
}

/// The host and the path of `origin`.
fn origin(settings: &str) -> Option<(String, String)> {
    let settings = gix::config::File::try_from(settings).ok()?;
    let url = settings.raw_value("remote.origin.url").ok()?;
    host_and_path(std::str::from_utf8(&url).ok()?)
}

/// The branch that the host shows first, as far as the repository knows it, else the one that is checked out.
fn branch(git: &Path) -> Option<String> {
    let named = |file: &str, prefix: &str| {
        let text = small_file(&git.join(file))?;
        text.trim().strip_prefix(prefix).map(str::to_owned)
    };
    let first = named("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/");
    let branch = first.or_else(|| named("HEAD", "ref: refs/heads/"));
    branch.filter(|branch| is_plain(branch))
}

/// The host and the path of an address such as `git@github.com:owner/name.git` or `https://github.com/owner/name`.
fn host_and_path(url: &str) -> Option<(String, String)> {
    let (server, path) = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => url.split_once(':')?,
    };
    let host = server.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();

    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (path.contains('/') && is_plain(path)).then(|| (host, path.to_owned()))
}

/// Whether all names of a path are plain, and none leads upwards.
fn is_plain(path: &str) -> bool {
    let is_known = |c: char| c.is_ascii_alphanumeric() || "-_.+".contains(c);
    path.split('/').all(|name| !name.is_empty() && !name.starts_with('.') && name.chars().all(is_known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_known_by_its_host_and_path() {
        let expected = Some(("github.com".to_owned(), "owner/name".to_owned()));
        for url in [
            "https://github.com/owner/name.git",
            "https://user:TOKEN@GitHub.com/owner/name/",
            "git@github.com:owner/name.git",
            "ssh://git@github.com:22/owner/name",
        ] {
            assert_eq!(host_and_path(url), expected, "{url}");
        }
        for url in [
            "/srv/git/name.git",
            "https://github.com/name",
            "file:///a/b",
            "https://github.com/a/../b",
            "git@github.com:a/b c",
        ] {
            assert_eq!(host_and_path(url).filter(|(host, _)| host == "github.com"), None, "{url}");
        }
    }
}
