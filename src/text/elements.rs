//! The names of the elements of HTML.

use std::sync::LazyLock;

use foldhash::HashSet;

/// Elements that have no end tag, and those that need none (HTML, "Optional tags").
const WITHOUT_END: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rb",
    "rp", "rt", "rtc", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// All other elements of HTML, those of old too, and the roots of SVG and MathML, in which there can be any.
const KNOWN: &str = "a abbr acronym address applet article aside audio b bdi bdo big blink blockquote button canvas \
    center cite code data datalist del details dfn dialog dir div dl em fieldset figcaption figure font footer form \
    frameset h1 h2 h3 h4 h5 h6 header hgroup i iframe ins kbd label legend main map mark marquee math menu meter nav \
    nobr noembed noframes noscript object ol output picture plaintext pre progress q ruby s samp script search section \
    select slot small span strike strong style sub summary sup svg table template textarea time title tt u ul var video \
    xmp";

/// Whether HTML has an element of this name, in upper or lower case.
pub fn is_element(name: &str) -> bool {
    static ELEMENTS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| KNOWN.split(' ').chain(WITHOUT_END.iter().copied()).collect());
    let is_lower = !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_lower { ELEMENTS.contains(name) } else { ELEMENTS.contains(name.to_ascii_lowercase().as_str()) }
}

/// Whether an element of this name needs no end tag.
pub fn needs_no_end(name: &str) -> bool {
    WITHOUT_END.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a name is that of a component: `Tabs`.
pub fn is_component(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && !is_element(name)
}
