//! Which symbols a pattern can begin and end with.

use super::symbols::SymbolSet;
use crate::pattern::tree::Expr;

/// An edge of what a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchEdge {
    /// Its beginning.
    First,
    /// Its end.
    Last,
}

/// The symbols that can be at an edge of what a pattern matches.
#[derive(Clone, Copy, Debug)]
pub struct EdgeSymbols {
    /// The symbols.
    pub set: SymbolSet,
    /// Whether it can match without any, so that nothing is known of its neighbour.
    pub is_optional: bool,
}

impl EdgeSymbols {
    /// The symbols at an edge of what a pattern matches.
    pub fn of(expr: &Expr, edge: MatchEdge) -> EdgeSymbols {
        let certain = |set| EdgeSymbols { set, is_optional: false };
        match expr {
            Expr::Chars(set) => certain(SymbolSet::of(*set)),
            Expr::Sequence(parts) if edge == MatchEdge::First => EdgeSymbols::of_sequence(parts.iter(), edge),
            Expr::Sequence(parts) => EdgeSymbols::of_sequence(parts.iter().rev(), edge),
            Expr::Choice(ways) => {
                let none = EdgeSymbols { set: SymbolSet::NONE, is_optional: false };
                ways.iter().map(|way| EdgeSymbols::of(way, edge)).fold(none, |all, way| EdgeSymbols {
                    set: all.set.or(way.set),
                    is_optional: all.is_optional || way.is_optional,
                })
            }
            Expr::Group(expr, _) | Expr::Atomic(expr) => EdgeSymbols::of(expr, edge),
            Expr::Repeat { expr, least, .. } => {
                let one = EdgeSymbols::of(expr, edge);
                EdgeSymbols { is_optional: one.is_optional || *least == 0, ..one }
            }
            Expr::LineEnd if edge == MatchEdge::First => certain(SymbolSet::LINE_EDGE),
            Expr::TextEnd if edge == MatchEdge::First => certain(SymbolSet::TEXT_EDGE),
            Expr::LineStart if edge == MatchEdge::Last => certain(SymbolSet::LINE_EDGE),
            Expr::TextStart if edge == MatchEdge::Last => certain(SymbolSet::TEXT_EDGE),
            Expr::Look { ahead: true, negative: false, expr } if edge == MatchEdge::First => {
                EdgeSymbols::of(expr, edge)
            }
            Expr::Anything | Expr::BackReference(_) => EdgeSymbols { set: SymbolSet::ALL, is_optional: true },
            _ => EdgeSymbols { set: SymbolSet::NONE, is_optional: true },
        }
    }

    fn of_sequence<'e>(parts: impl Iterator<Item = &'e Expr>, edge: MatchEdge) -> EdgeSymbols {
        let mut set = SymbolSet::NONE;
        for part in parts {
            let symbols = EdgeSymbols::of(part, edge);
            set = set.or(symbols.set);
            if !symbols.is_optional {
                return EdgeSymbols { set, is_optional: false };
            }
        }
        EdgeSymbols { set, is_optional: true }
    }
}

/// The neighbours with which a pattern may fail to match at an edge; for a pattern of one character, those with which
/// it does.
pub fn may_fail(expr: &Expr, edge: MatchEdge) -> SymbolSet {
    match expr {
        Expr::Chars(set) if !(set.folds && set.loose) => SymbolSet::outside(*set),
        Expr::LineEnd if edge == MatchEdge::First => SymbolSet::LINE_EDGE.complement(),
        Expr::TextEnd if edge == MatchEdge::First => SymbolSet::TEXT_EDGE.complement(),
        // All alternatives must fail.
        Expr::Choice(ways) => ways.iter().map(|way| may_fail(way, edge)).fold(SymbolSet::ALL, SymbolSet::and),
        Expr::Group(expr, _) | Expr::Atomic(expr) => may_fail(expr, edge),
        Expr::Sequence(parts) if parts.len() == 1 => may_fail(&parts[0], edge),
        _ => SymbolSet::ALL,
    }
}
