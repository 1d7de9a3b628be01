//! Tables as data: what the columns are, and what each row has in them.

use leptos::prelude::*;

use super::bidi::label;
use super::late::{reading_cell, templates};
use super::menu;
use super::parts::missing;
use crate::islands::LateCells;

/// A column, with the classes of its width and of its cells.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The heading, which a narrow screen shows beside each cell.
    pub head: &'static str,
    /// The class of its width; empty for what is left.
    pub width: &'static str,
    /// The class of its cells: `mono`, `num`, and `lo` for what narrow screens leave out.
    pub class: &'static str,
    /// How the address names it, when its cells are read after the page.
    pub late: Option<&'static str>,
}

impl Column {
    /// A column whose cells come with the page.
    pub const fn new(head: &'static str, width: &'static str, class: &'static str) -> Self {
        Self {
            head,
            width,
            class,
            late: None,
        }
    }

    /// A column whose cells are read after the page, row by row.
    pub const fn late(
        slug: &'static str,
        head: &'static str,
        width: &'static str,
        class: &'static str,
    ) -> Self {
        Self {
            late: Some(slug),
            ..Self::new(head, width, class)
        }
    }
}

/// The box of a row that can be ticked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// What is sent when it is ticked.
    pub value: String,
    /// Whether it is.
    pub ticked: bool,
}

/// The form that the boxes of a table belong to.
pub const PICKS: &str = "selection";

/// A row.
pub struct Row {
    /// Its box; none where it cannot be ticked.
    pub pick: Option<Pick>,
    /// What it is called by the menu.
    pub name: String,
    /// The address of its page; without one it has no menu, and nothing of it is read later.
    pub to: Option<String>,
    /// By what its late cells are asked for.
    pub target: Option<String>,
    /// The first cell, which heads the row.
    pub head: AnyView,
    /// The cells after it that come with the page.
    pub cells: Vec<AnyView>,
    /// What can be done with it ([`menu::items`]).
    pub menu: Option<AnyView>,
}

/// A table.
pub struct Table {
    /// What it shows, for people who do not see it.
    pub caption: String,
    /// Its classes.
    pub class: &'static str,
    /// The columns. The first one heads the rows; those that are read late come last.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// The server function that gives late cells.
    pub late: Option<&'static str>,
}

impl Table {
    /// What its boxes send, in the order of the rows.
    pub fn picks(&self) -> Vec<String> {
        let picks = self.rows.iter().filter_map(|row| row.pick.as_ref());
        picks.map(|pick| pick.value.clone()).collect()
    }

    /// The table as markup.
    pub fn view(self) -> AnyView {
        let Self {
            caption,
            class,
            columns,
            rows,
            late,
        } = self;
        let widths = columns
            .iter()
            .map(|column| view! { <col class=class_of(column.width) /> })
            .collect_view();
        let heads = columns
            .iter()
            .map(|column| {
                view! {
                    <th scope="col" class=head_class(column.class)>
                        {column.head}
                    </th>
                }
            })
            .collect_view();
        let has_picks = rows.iter().any(|row| row.pick.is_some());
        let picked = |(at, row)| row_view(&columns, has_picks.then_some(at), row);
        let rows = rows.into_iter().enumerate().map(picked);
        let above = view! {
            <caption class="sr-only">{caption}</caption>
            <colgroup>
                {has_picks.then(|| view! { <col class="col-check" /> })} {widths}
                <col class="col-menu" />
            </colgroup>
        };
        let heads = view! {
            {has_picks.then(pick_all)}
            {heads}
            <th scope="col">
                <span class="sr-only">"Actions"</span>
            </th>
        };
        let table = frame(class, above, heads, rows.collect_view());
        let Some(late) = late else {
            return table;
        };
        view! { <LateCells action=format!("/api/{late}")>{table} {templates()}</LateCells> }
            .into_any()
    }
}

/// The frame of a table: what stands above its headings, which is its caption and the widths; the headings;
/// the rows.
pub fn frame(
    class: &'static str,
    above: impl IntoView + 'static,
    heads: impl IntoView + 'static,
    rows: impl IntoView + 'static,
) -> AnyView {
    view! {
        <div class="table-wrap">
            <table class=class>
                {above} <thead>
                    <tr>{heads}</tr>
                </thead> <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A table with a few headings. The last one is for people who do not see the table: what is in its column
/// speaks for itself.
pub fn plain<const N: usize>(
    caption: &'static str,
    heads: [&'static str; N],
    last: &'static str,
    rows: impl IntoView + 'static,
) -> AnyView {
    let above = view! { <caption class="sr-only">{caption}</caption> };
    let heads = view! {
        {heads.map(head)}
        <th scope="col">
            <span class="sr-only">{last}</span>
        </th>
    };
    frame("table", above, heads, rows)
}

/// A table of fields before and after a change: the headings of the columns after "Field", and the rows.
pub fn differences<const N: usize>(
    caption: &'static str,
    heads: [&'static str; N],
    rows: impl IntoView + 'static,
) -> AnyView {
    view! {
        <table class="diff">
            <caption class="sr-only">{caption}</caption>
            <thead>
                <tr>{head("Field")} {heads.map(head)}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn head(text: &'static str) -> AnyView {
    view! { <th scope="col">{text}</th> }.into_any()
}

/// The heading above the boxes: one that ticks all of the page, which needs the script.
fn pick_all() -> AnyView {
    view! {
        <td class="pick-cell">
            <input
                class="pick-all js-only"
                type="checkbox"
                autocomplete="off"
                aria-label="Select all rows on this page"
            />
        </td>
    }
    .into_any()
}

/// The cell with the box of a row, which has a number of its own.
fn pick_cell(at: usize, name: &str, pick: Option<Pick>) -> AnyView {
    let pick = pick.map(|Pick { value, ticked }| {
        view! {
            <input
                class="pick"
                type="checkbox"
                form=PICKS
                name=format!("row[{at}]")
                value=value
                checked=ticked
                autocomplete="off"
                aria-label=label("Select", name)
            />
        }
    });
    view! { <td class="pick-cell">{pick}</td> }.into_any()
}

fn row_view(columns: &[Column], at: Option<usize>, row: Row) -> AnyView {
    let Row {
        pick,
        name,
        to,
        target,
        head,
        cells,
        menu,
    } = row;
    let Some((first, others)) = columns.split_first() else {
        return ().into_any();
    };
    let mut cells = cells.into_iter();
    let cells = others
        .iter()
        .map(|column| {
            let inside = match column.late {
                None => cells.next().unwrap_or_else(missing),
                Some(_) => to.as_deref().map_or_else(missing, reading_cell),
            };
            view! {
                <td class=class_of(column.class) data-label=column.head data-column=column.late>
                    {inside}
                </td>
            }
        })
        .collect_view();
    let late = target.filter(|_| to.is_some());
    let pick = at.map(|at| pick_cell(at, &name, pick));
    let menu = to
        .zip(menu)
        .map(|(to, menu)| menu::of_row(&to, &name, menu));
    view! {
        <tr data-late=late>
            {pick} <th scope="row" class=class_of(first.class)>
                {head}
            </th> {cells} <td class="row-menu">{menu}</td>
        </tr>
    }
    .into_any()
}

/// A class attribute, which is left out when there is no class.
fn class_of(class: &'static str) -> Option<&'static str> {
    (!class.is_empty()).then_some(class)
}

/// The classes that a heading shares with the cells below it: where it stands, and when it is left out.
fn head_class(class: &'static str) -> Option<String> {
    let shared = class
        .split(' ')
        .filter(|word| matches!(*word, "num" | "lo"));
    let shared: Vec<_> = shared.collect();
    (!shared.is_empty()).then(|| shared.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(to: Option<&str>) -> String {
        let row = Row {
            pick: to.map(|to| Pick {
                value: format!("\"{to}\""),
                ticked: true,
            }),
            name: "<Ann>".to_owned(),
            to: to.map(str::to_owned),
            target: Some("main arn:1".to_owned()),
            head: "Ann".into_any(),
            cells: vec!["a&b".into_any()],
            menu: Some("View".into_any()),
        };
        let table = Table {
            caption: "People".to_owned(),
            class: "table",
            columns: vec![
                Column::new("Name", "", ""),
                Column::new("Metadata", "col-l lo", "mono lo"),
                Column::late("since", "Since", "col-m", ""),
            ],
            rows: vec![row],
            late: None,
        };
        table.view().to_html()
    }

    #[test]
    fn a_row_has_its_cells_under_their_headings_and_a_menu() {
        let html = table(Some("/people/1"));
        assert!(html.contains("data-label=\"Metadata\""), "{html}");
        assert!(html.contains("a&amp;b"), "{html}");
        assert!(html.contains("data-late=\"main arn:1\""), "{html}");
        assert!(html.contains("data-column=\"since\""), "{html}");
        assert!(html.contains("Actions for &lt;Ann&gt;"), "{html}");
        assert_eq!(html.matches("<th scope=\"col\"").count(), 4, "{html}");
    }

    #[test]
    fn a_row_without_a_page_has_no_menu_and_reads_nothing() {
        let html = table(None);
        assert!(!html.contains("data-late="), "{html}");
        assert!(!html.contains("Actions for"), "{html}");
    }

    #[test]
    fn a_row_that_can_be_ticked_has_a_box_that_says_what_it_selects() {
        let html = table(Some("/people/1"));
        let is_box = |tag: &&str| tag.contains("form=\"selection\"");
        let picked = html.split('<').find(is_box).unwrap();
        assert!(picked.contains("name=\"row[0]\""), "{picked}");
        assert!(
            picked.contains("value=\"&quot;/people/1&quot;\""),
            "{picked}"
        );
        assert!(picked.contains(" checked"), "{picked}");
        assert!(picked.contains("Select &lt;Ann&gt;"), "{picked}");
        assert!(!table(None).contains("pick"), "no column without a box");
    }
}
