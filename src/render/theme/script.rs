//! Makes a script smaller without changing what it does: it is written again without comments and needless white space,
//! and with short names for what is only known inside it.
//!
//! Statements stay as they are. To rewrite them too would leave one percent less after compression.

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions, CommentOptions, LegalComment};
use oxc_mangler::{MangleOptions, Mangler};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// A script in fewer bytes. Comments with a licence stay. A script that cannot be read is returned as it is.
pub fn minify(script: &str) -> String {
    let allocator = Allocator::default();
    // A module if it imports or exports.
    let read = Parser::new(&allocator, script, SourceType::unambiguous()).parse();
    if read.panicked || !read.errors.is_empty() {
        return script.to_owned();
    }

    // Names at the top are known to others: those of a classic script as they are, and those that a module exports.
    let options = MangleOptions { top_level: Some(false), ..MangleOptions::default() };
    let names = Mangler::new().with_options(options).build(&read.program);
    let comments = CommentOptions { legal: LegalComment::Inline, ..CommentOptions::disabled() };
    let options = CodegenOptions { comments, ..CodegenOptions::minify() };
    let codegen = Codegen::new().with_options(options).with_scoping(Some(names.scoping));
    codegen.with_private_member_mappings(Some(names.class_private_mappings)).build(&read.program).code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_become_shorter() {
        for (script, expected) in [
            (
                "// A.\n(() => {\n  const text = `a  b`; // b\n  say(text);\n})();\n",
                "(()=>{const e=`a  b`;say(e)})();",
            ),
            ("/*! Licence */\nfunction known() {}\n", "/*! Licence */\nfunction known(){}"),
            (
                "import { one } from \"./b.js\";\nexport const two = one;\n",
                "import{one}from\"./b.js\";export const two=one;",
            ),
            ("export const { a, b } = c;\n", "export const{a,b}=c;"),
            ("const = 1; // broken", "const = 1; // broken"),
        ] {
            assert_eq!(minify(script), expected, "{script}");
        }
    }
}
