//! What a terminal shows of the bytes that programs print.

/// The size of the terminal: wide enough that programs do not cut their lines off.
pub const COLUMNS: u16 = 120;
/// Its height.
pub const ROWS: u16 = 40;

/// How much of some output is looked at for its last line, in bytes.
const LAST: usize = 4096;

/// What a terminal shows of some output, line by line, whatever moved its cursor.
pub fn as_shown(output: &[u8]) -> String {
    let Ok(mut screen) = avt::Terminal::with_scrollback(COLUMNS.into(), ROWS.into(), None) else {
        return String::new();
    };
    screen.feed(&*String::from_utf8_lossy(output));
    let lines = screen.primary_screen().text();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n").trim_end().to_owned()
}

/// The line that has not ended yet: where a program waits for an answer.
pub fn last_line(output: &[u8]) -> String {
    let output = &output[output.len().saturating_sub(LAST)..];
    let start = output.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    as_shown(&output[start..]).lines().last().unwrap_or_default().to_owned()
}

/// Whether a text has been printed lately.
pub fn has_printed(output: &[u8], text: &str) -> bool {
    let output = &output[output.len().saturating_sub(16 * LAST)..];
    String::from_utf8_lossy(output).contains(text)
}

/// Whether a program has said lately that Ctrl+C stops it, as servers do.
pub fn says_how_to_stop(output: &[u8]) -> bool {
    let lately = &output[output.len().saturating_sub(LAST)..];
    let text = String::from_utf8_lossy(lately).to_lowercase();
    ["ctrl+c", "ctrl-c", "control-c", "control+c"].iter().any(|keys| text.contains(keys))
}

/// Whether a program has the whole screen for itself.
pub fn has_screen(output: &[u8]) -> bool {
    let output = String::from_utf8_lossy(output);
    let last =
        |end: &str| SCREENS.iter().filter_map(|mode| output.rfind(&format!("\u{1b}[?{mode}{end}"))).max();
    last("h").is_some_and(|shown| last("l").is_none_or(|left| left < shown))
}

/// The modes of terminals in which programs have a screen for themselves.
const SCREENS: [&str; 3] = ["1049", "1047", "47"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_shown_until_it_is_left() {
        assert!(has_screen(b"\x1b[?1049h\x1b[2J nano"));
        assert!(!has_screen(b"\x1b[?1049h nano \x1b[?1049l\r\n"));
        assert!(!has_screen(b"one\r\n"));
    }

    #[test]
    fn servers_say_how_they_are_stopped() {
        assert!(says_how_to_stop(b"Quit the server with CONTROL-C.\r\n"));
        assert!(says_how_to_stop(b" * Running on http://127.0.0.1:5000\r\nPress CTRL+C to quit\r\n"));
        assert!(!says_how_to_stop(b"Control is c\r\n"));
    }

    #[test]
    fn the_last_line_is_where_a_program_waits() {
        for (output, line) in [
            ("one\r\nGo on? [Y/n] ", "Go on? [Y/n]"),
            ("one\r\n\x1b[1mName:\x1b[0m ", "Name:"),
            ("10%\rName: ", "Name:"),
            ("one\r\n", ""),
            ("", ""),
        ] {
            assert_eq!(last_line(output.as_bytes()), line, "{output:?}");
        }
    }
}
