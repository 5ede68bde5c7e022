//! The contexts of a grammar, which syntect reads when they are first needed and keeps to itself.
//!
//! They are part of what syntect writes of a grammar, and its own function reads them: into the same types, declared
//! once more here, with scopes and patterns as text. The order of fields and variants is the format.

use std::io::Write;

use flate2::write::ZlibDecoder;
use serde::{Deserialize, Serialize};
use serde_json::Serializer;
use serde_json::ser::Formatter;
use syntect::parsing::SyntaxReference;

/// Keeps the bytes of what is written. A grammar's only bytes are its contexts, compressed.
#[derive(Default)]
struct WrittenBytes(Vec<u8>);

impl Formatter for &mut WrittenBytes {
    fn write_u8<W: ?Sized + Write>(&mut self, _: &mut W, byte: u8) -> std::io::Result<()> {
        self.0.push(byte);
        Ok(())
    }
}

/// The contexts of a grammar.
#[derive(Deserialize)]
pub struct PackedContexts {
    /// The names of contexts. It was written as a map.
    pub names: Vec<(String, PackedContextId)>,
    /// All contexts.
    pub contexts: Vec<PackedContext>,
}

/// The place of a context.
#[derive(Clone, Copy, Deserialize)]
pub struct PackedContextId {
    /// The number of the grammar.
    pub grammar: usize,
    /// The number of the context in it.
    pub context: usize,
}

/// What can come at some place in a text.
#[derive(Deserialize)]
pub struct PackedContext {
    /// Scopes of the context and of what opens and closes it.
    pub meta_scope: Vec<String>,
    /// Scopes of the context alone.
    pub meta_content_scope: Vec<String>,
    /// Whether the grammar's prototype is included; `prototype` says so too.
    _meta_include_prototype: bool,
    /// The scopes around it that do not apply.
    pub clear_scopes: Option<PackedClearAmount>,
    /// A context whose rules come before its own.
    pub prototype: Option<PackedContextId>,
    /// Whether a pattern refers to what opened the context.
    pub uses_backrefs: bool,
    /// Rules, and contexts that are included.
    pub patterns: Vec<PackedPattern>,
}

/// How many scopes are set aside.
#[derive(Clone, Copy, Deserialize)]
pub enum PackedClearAmount {
    /// So many.
    TopN(usize),
    /// All.
    All,
}

/// An entry of a context.
#[derive(Deserialize)]
pub enum PackedPattern {
    /// A rule.
    Match(PackedMatch),
    /// The rules of another context.
    Include(PackedReference),
}

/// A rule.
#[derive(Deserialize)]
pub struct PackedMatch {
    /// Whether the pattern refers to what opened the context.
    pub has_captures: bool,
    /// The pattern.
    pub regex: String,
    /// The scopes of what matches.
    pub scope: Vec<String>,
    /// The scopes of groups.
    pub captures: Option<Vec<(usize, Vec<String>)>>,
    /// What happens to the contexts that are open.
    pub operation: PackedOperation,
    /// A context whose rules come first in all contexts that are opened.
    pub with_prototype: Option<PackedReference>,
}

/// A reference to a context. Only direct ones are left when grammars have been linked.
#[derive(Deserialize)]
pub enum PackedReference {
    /// By name.
    Named {
        /// The name.
        _name: String,
    },
    /// In the grammar with a scope.
    ByScope {
        /// The scope.
        _scope: String,
        /// The name of the context.
        _sub_context: Option<String>,
        /// Whether it is part of an embedding.
        _with_escape: bool,
    },
    /// In the grammar of a file.
    File {
        /// The name of the file.
        _name: String,
        /// The name of the context.
        _sub_context: Option<String>,
        /// Whether it is part of an embedding.
        _with_escape: bool,
    },
    /// Without a name.
    Inline {
        /// A name that was made for it.
        _name: String,
    },
    /// By its place.
    Direct(PackedContextId),
}

/// What a rule does.
#[derive(Deserialize)]
pub enum PackedOperation {
    /// Opens contexts.
    Push(Vec<PackedReference>),
    /// Opens contexts in place of the innermost.
    Set(Vec<PackedReference>),
    /// Closes the innermost context.
    Pop,
    /// Nothing.
    None,
}

/// Reads the contexts of a grammar; `None` if they are not as this version of syntect writes them.
pub fn unpack(grammar: &SyntaxReference) -> Option<PackedContexts> {
    let mut written = WrittenBytes::default();
    grammar.serialize(&mut Serializer::with_formatter(Vec::new(), &mut written)).ok()?;

    let mut decoder = ZlibDecoder::new(Vec::with_capacity(8 * written.0.len()));
    decoder.write_all(&written.0).ok()?;
    syntect::dumps::from_uncompressed_data(&decoder.finish().ok()?).ok()
}
