//! Cells of a list that are read after the page: each row by one call of a server function, at
//! most eight at a time. The function answers with the markup of the cells, so that nothing of
//! what they show is compiled for the browser.

use std::cell::RefCell;
use std::collections::VecDeque;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, UrlSearchParams};

use super::dom;
use super::local_time::local_times_in;
use super::post::post;

/// The most rows that are read at a time.
const AT_A_TIME: usize = 8;

thread_local! {
    static READS: RefCell<Queue<Read>> = RefCell::default();
}

/// A table whose rows have `data-late`, what is read, and cells with `data-column`.
#[island]
pub fn LateCells(
    /// The address of the server function: `row` and `columns` in, the markup of each column out.
    action: String,
    /// The table as the server wrote it.
    children: Children,
) -> impl IntoView {
    let table = NodeRef::<leptos::html::Div>::new();
    let again = {
        let action = action.clone();
        move |event: web_sys::MouseEvent| {
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok());
            let pressed = target.and_then(|target| target.closest("[data-again]").ok().flatten());
            let cell = pressed.and_then(|pressed| pressed.closest("[data-column]").ok().flatten());
            if let Some(cell) = cell {
                let reading = dom::stamp("late-reading");
                cell.set_text_content(None);
                if let Some(reading) = reading {
                    let _ = cell.append_child(&reading);
                }
                ask(&action, vec![cell]);
            }
        }
    };
    // Runs in the browser only.
    Effect::new(move || {
        if let Some(table) = table.get() {
            for row in dom::all(&table, "[data-late]") {
                ask(&action, dom::all(&row, "[data-column]"));
            }
        }
    });
    view! {
        <div node_ref=table on:click=again>
            {children()}
        </div>
    }
}

/// Cells of one row to be read.
struct Read {
    action: String,
    cells: Vec<Element>,
}

/// What waits, and how many are on their way.
struct Queue<T> {
    waiting: VecDeque<T>,
    begun: usize,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            begun: 0,
        }
    }
}

impl<T> Queue<T> {
    /// What to begin now, if something waits and there is room.
    fn begin(&mut self) -> Option<T> {
        if self.begun >= AT_A_TIME {
            return None;
        }
        let next = self.waiting.pop_front()?;
        self.begun += 1;
        Some(next)
    }

    fn end(&mut self) {
        self.begun -= 1;
    }
}

fn ask(action: &str, cells: Vec<Element>) {
    if !cells.is_empty() {
        let action = action.to_owned();
        READS.with_borrow_mut(|reads| reads.waiting.push_back(Read { action, cells }));
        begin();
    }
}

fn begin() {
    while let Some(read) = READS.with_borrow_mut(Queue::begin) {
        spawn_local(async move {
            let texts = read.send().await.unwrap_or_default();
            for (at, cell) in read.cells.iter().enumerate() {
                match texts.get(at) {
                    Some(markup) => {
                        cell.set_inner_html(markup);
                        local_times_in(cell);
                    }
                    None => fail(cell),
                }
            }
            READS.with_borrow_mut(Queue::end);
            begin();
        });
    }
}

/// Nothing came back: says so, and offers to try again.
fn fail(cell: &Element) {
    cell.set_text_content(None);
    if let Some(failed) = dom::stamp("late-failed") {
        let _ = cell.append_child(&failed);
    }
}

impl Read {
    /// The markup of the cells, in their order.
    async fn send(&self) -> Result<Vec<String>, JsValue> {
        let row = self.cells[0].closest("[data-late]")?;
        let row = row.and_then(|row| row.get_attribute("data-late"));
        let columns = self
            .cells
            .iter()
            .filter_map(|cell| cell.get_attribute("data-column"));
        let body = UrlSearchParams::new()?;
        body.append("row", &row.unwrap_or_default());
        body.append("columns", &columns.collect::<Vec<_>>().join("."));
        let answer = post(&self.action, &String::from(body.to_string())).await?;
        Ok(Array::from(&answer)
            .iter()
            .filter_map(|text| text.as_string())
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_eight_rows_are_read_at_a_time() {
        let mut queue = Queue::default();
        queue.waiting.extend(0..20);
        let begun: Vec<_> = std::iter::from_fn(|| queue.begin()).collect();
        assert_eq!(begun, [0, 1, 2, 3, 4, 5, 6, 7]);
        queue.end();
        assert_eq!(queue.begin(), Some(8));
        assert_eq!(queue.begin(), None);
    }
}
