//! A page of the audit log: its entries, and where the pages beside it begin.

use backend::{Entry, Search, Stop};

/// A page of entries, and where newer and older ones are, if there are.
#[derive(Debug, PartialEq)]
pub(super) struct Entries {
    pub(super) rows: Vec<Entry>,
    /// Newer ones come after this row.
    pub(super) newer: Option<i64>,
    /// Older ones come before this row.
    pub(super) older: Option<i64>,
    /// Where the search for them was given up.
    pub(super) stopped: Option<Stop>,
}

/// The rows above a page. `None` when there are too few to fill a page and the search came to its
/// end.
pub(super) fn page_before(found: Search, size: u32, after: i64) -> Option<Entries> {
    let Search { entries, stopped } = found;
    let (mut rows, size) = (entries, size as usize);
    if rows.len() < size && stopped.is_none() {
        return None;
    }
    let newer = if rows.len() > size {
        rows.remove(0);
        rows.first().map(|entry| entry.seq)
    } else {
        stopped.map(|stop| stop.seq)
    };
    let last = rows.last().map(|entry| entry.seq);
    Some(Entries {
        older: last.or_else(|| after.checked_add(1)),
        rows,
        newer,
        stopped,
    })
}

/// The rows below a place, or the newest.
pub(super) fn page_after(found: Search, size: u32, before: Option<i64>) -> Entries {
    let Search { entries, stopped } = found;
    let (mut rows, size) = (entries, size as usize);
    let has_more = rows.len() > size;
    rows.truncate(size);
    let older = if has_more {
        rows.last().map(|entry| entry.seq)
    } else {
        stopped.map(|stop| stop.seq)
    };
    let first = rows.first().map(|entry| entry.seq);
    Entries {
        newer: before.map(|before| first.unwrap_or_else(|| before.saturating_sub(1))),
        rows,
        older,
        stopped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_full_upwards_is_the_newest() {
        assert_eq!(page_before(Search::default(), 10, 5), None);
    }

    #[test]
    fn a_search_that_was_given_up_goes_on_where_it_stopped() {
        let stopped = |seq| Search {
            entries: Vec::new(),
            stopped: Some(Stop { seq, at: None }),
        };
        let down = page_after(stopped(70), 10, Some(100));
        assert_eq!((down.newer, down.older), (Some(99), Some(70)));
        let up = page_before(stopped(130), 10, 100).unwrap();
        assert_eq!((up.newer, up.older), (Some(130), Some(101)));
    }
}
