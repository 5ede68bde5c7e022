//! Sessions whose author wrote commands alone, without prompts and without output.
//!
//! Such text looks like output to the reader of sessions. Each of its commands must begin with a program that is known
//! to be one, or with a path: what somebody's program prints hardly ever does so line by line.

/// Programs with which the commands of tutorials begin.
const PROGRAMS: &str = "adb adduser alembic ansible ansible-playbook apk apt apt-get aptitude awk aws az bash brew bun bundle bzip2 \
    caddy cargo cat cd certbot chgrp chmod chown clang cmake code composer conda cp createdb createuser curl deno df diff dig \
    django-admin dnf docker docker-compose dotnet dpkg dropdb dropuser du echo env exec exit export ffmpeg find flask flatpak flyctl fzf g++ gawk gcc \
    gcloud gdb gem gh git go gpg gradle grep groupadd gunicorn gunzip gzip head helm heroku hostnamectl htop hugo ifconfig \
    install ip javac java jekyll journalctl jq kill kubectl less ln ls lsof make man mariadb mdbook meson mkdir mount mv mvn mysql \
    nano netlify netstat nginx ninja nix nix-shell node npm npx nslookup openssl pacman passwd pdm perl pg_dump pg_restore php ping pip pip3 pipenv \
    pipx pm2 pnpm podman poetry popd ps psql pushd pwd py python python3 rails rake redis-cli rm rmdir rsync ruby rustc rustup sass scp \
    sed service set sh sha256sum snap sort source sqlite3 ssh ssh-add ssh-copy-id ssh-keygen su sudo swift systemctl tail tar tee \
    terraform tmux touch tree ufw uname uniq unzip useradd usermod uv uvicorn vagrant vi vim visudo virtualenv wc wget which whoami xargs \
    yarn yum zip zola zypper";

/// Whether a command begins with a program that is known, or with the path of one.
pub fn is_known(script: &str) -> bool {
    // Before the program, there can be variables, and `sudo` with its options.
    let mut has_sudo = false;
    let is_before = |word: &&str| {
        has_sudo |= *word == "sudo";
        let is_option = word.starts_with('-');
        *word == "sudo" || if is_option { has_sudo } else { word.contains('=') }
    };
    let mut words = script.split_whitespace().skip_while(is_before);

    words.next().is_some_and(|word| {
        let is_path =
            ["./", "../", "~/", "/usr/", "/opt/", "/bin/"].iter().any(|root| word.starts_with(root));
        is_path && !word.ends_with(':') || PROGRAMS.split_ascii_whitespace().any(|program| program == word)
    })
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn commands_begin_with_programs() {
        for script in
            ["git pull", "./x test", "sudo -E make", "RUST_LOG=info cargo run", "sudo apt install x"]
        {
            assert!(is_known(script), "{script}");
        }
        for script in [
            "error[E0308]: mismatched types",
            "Hello, world!",
            "git: not found",
            "./a.sh: line 1",
            "- git",
            "",
        ] {
            assert!(!is_known(script), "{script}");
        }
    }
}
