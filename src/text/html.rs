//! Writing HTML: escaping, and taking the text out of markup that this program wrote.

/// Appends text with `&`, `<`, `>` and `"` escaped, as CommonMark's reference output has them.
pub fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| ENTITIES[usize::from(byte)].is_some()) {
        out.push_str(&rest[..at]);
        out.extend(ENTITIES[usize::from(rest.as_bytes()[at])]);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Takes the escapes of [`escape_into`] off.
pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// By byte, what stands for it.
const ENTITIES: [Option<&str>; 256] = {
    let mut entities = [None; 256];
    entities[b'&' as usize] = Some("&amp;");
    entities[b'<' as usize] = Some("&lt;");
    entities[b'>' as usize] = Some("&gt;");
    entities[b'"' as usize] = Some("&quot;");
    entities
};

/// Escapes text for element content and for attribute values in double quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}
