//! What a page says, and what an answer says is wrong.

use domain::{Failure, Field, Problem};

use super::{Answer, Browser};

impl Browser {
    /// Opens a page, and answers what it says.
    pub async fn read(&self, path: &str) -> String {
        self.get(path).await.words()
    }
}

impl Answer {
    /// The words of a page, without the tags and with single spaces.
    pub fn words(&self) -> String {
        words(self.text())
    }

    /// What a control of a page holds.
    pub fn value_of(&self, name: &str) -> Option<String> {
        let named = format!(" name=\"{name}\"");
        let tag = self
            .text()
            .split('<')
            .find(|tag| tag.starts_with("input") && tag.contains(&named))?;
        let (_, rest) = tag.split_once(" value=\"")?;
        Some(unescaped(rest.split('"').next()?))
    }
}

/// The words say each of these.
#[track_caller]
pub fn assert_says(words: &str, facts: &[&str]) {
    for fact in facts {
        assert!(words.contains(fact), "{fact} in {words}");
    }
}

/// The field that needs a change, when it is one, and why.
#[track_caller]
pub fn only_problem(failure: &Failure) -> (Field, &Problem) {
    let [found] = failure.field_problems() else {
        panic!("{failure:?}");
    };
    (found.field, &found.problem)
}

fn words(html: &str) -> String {
    let mut text = String::new();
    let mut skipped = "";
    for piece in html.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        // Their texts are for the browser.
        for kind in ["script", "style", "template"] {
            if tag.starts_with(kind) {
                skipped = kind;
            } else if tag.strip_prefix('/') == Some(skipped) {
                skipped = "";
            }
        }
        if skipped.is_empty() {
            // A name stands in one, and a comma may follow it.
            let is_within = tag.starts_with('!') || tag.trim_start_matches('/') == "bdi";
            text.push_str(if is_within { "" } else { " " });
            text.push_str(after);
        }
    }
    unescaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text of a page as a browser reads it.
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
