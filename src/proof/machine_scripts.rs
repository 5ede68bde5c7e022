//! The scripts that are run in machines, by `sh`.

/// The exit status of [`READ`] if there is no file.
pub const NO_FILE: i32 = 44;

/// Reads the file that is named.
pub const READ: &str = r#"[ -e "$1" ] || exit 44; cat -- "$1""#;

/// Writes its input into the file that is named, and makes its folders.
pub const WRITE: &str = r#"mkdir -p -- "$(dirname -- "$1")" && cat > "$1""#;

/// Gets a page with a program that is there.
pub const GET: &str = r#"
if command -v curl > /dev/null; then exec curl --silent --show-error --location --max-time 10 -- "$1"; fi
if command -v wget > /dev/null; then exec wget --quiet --timeout 10 --output-document - -- "$1"; fi
exec python3 -c 'import sys, urllib.request as r; sys.stdout.buffer.write(r.urlopen(sys.argv[1], timeout=10).read())' "$1"
"#;

/// Has the shells of logins print marks, by the script that it reads, and writes the names of all machines.
pub const MARKS: &str = r#"
cat > /etc/bindery-test.sh || exit
for file in /etc/bash.bashrc /etc/bashrc; do
  if [ -f "$file" ] && ! grep -q bindery-test "$file"; then echo '. /etc/bindery-test.sh' >> "$file"; fi
done
if [ -d /etc/profile.d ]; then echo '. /etc/bindery-test.sh' > /etc/profile.d/bindery-test.sh; fi
if [ -n "$1" ]; then printf '%s' "$1" > /etc/hosts; fi
"#;

/// Prints what system it is.
pub const RELEASE: &str = "cat /etc/os-release 2> /dev/null || cat /usr/lib/os-release";

/// Adds users. It reads lines `NAME:PASSWORD`. The user that is named has no password, and needs none for `sudo`.
pub const ACCOUNTS: &str = r#"
add() { id -u "$1" > /dev/null 2>&1 || useradd --create-home --shell /bin/bash "$1" || exit; }
while IFS= read -r line; do
  name=${line%%:*}
  add "$name"
  printf '%s\n' "$line" | chpasswd || exit
  if [ "$name" != root ]; then
    if getent group sudo > /dev/null; then usermod -aG sudo "$name" || exit; fi
  elif [ -f /etc/ssh/sshd_config ]; then
    # As providers do who hand out the password of root.
    sed -i 's/^#*PermitRootLogin.*/PermitRootLogin yes/' /etc/ssh/sshd_config
    if [ -d /run/systemd/system ]; then systemctl try-reload-or-restart ssh; fi
  fi
done
if [ -n "$1" ]; then
  add "$1"
  if [ -d /etc/sudoers.d ]; then echo "$1 ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/bindery-test; fi
fi
"#;
