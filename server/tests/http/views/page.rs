//! A page as a browser reads it: its words, its links, its forms, and what in it is markup.

use axum::http::StatusCode;

use crate::support::{Browser, unescaped};

/// An element of a page, or the end of one, and the text until the next.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| &**value)
    }
}

/// A page as a browser reads it.
pub struct Page {
    /// Its address.
    pub at: String,
    status: StatusCode,
    /// What a person reads.
    pub words: String,
    elements: Vec<Element>,
}

impl Page {
    /// Opens one.
    pub async fn open(browser: &Browser, path: &str) -> Self {
        let answer = browser.get(path).await;
        Self {
            at: path.to_owned(),
            status: answer.status,
            words: answer.words(),
            elements: elements(answer.text()),
        }
    }

    /// It is answered with this, and a person reads all of these.
    #[track_caller]
    pub fn assert_says(&self, status: StatusCode, texts: &[&str]) {
        assert_eq!(self.status, status, "{}: {}", self.at, self.words);
        for text in texts {
            assert!(
                self.words.contains(text),
                "{}: “{text}” is not in {}",
                self.at,
                self.words
            );
        }
    }

    /// Nobody reads any of these.
    #[track_caller]
    pub fn assert_silent(&self, texts: &[&str]) {
        for text in texts {
            assert!(
                !self.words.contains(text),
                "{}: “{text}” is in {}",
                self.at,
                self.words
            );
        }
    }

    /// How many links lead somewhere.
    pub fn links_to(&self, path: &str) -> usize {
        let leads =
            |element: &&Element| element.name == "a" && element.attribute("href") == Some(path);
        self.elements.iter().filter(leads).count()
    }

    /// Where the link with a text leads.
    pub fn link(&self, text: &str) -> Option<&str> {
        let is_it = |at: &usize| {
            let inside = self.elements[*at..].iter();
            let inside = inside.take_while(|element| element.name != "/a");
            let read: String = inside.map(|element| &*element.text).collect();
            self.elements[*at].name == "a" && read.trim() == text
        };
        let at = (0..self.elements.len()).find(is_it)?;
        self.elements[at].attribute("href")
    }

    /// Where the link to the next page leads, or to the one before.
    pub fn beside(&self, rel: &str) -> Option<&str> {
        let is_it =
            |element: &&Element| element.name == "a" && element.attribute("rel") == Some(rel);
        self.elements.iter().find(is_it)?.attribute("href")
    }

    /// The elements of the form that is sent to a function.
    fn form(&self, function: &str) -> impl Iterator<Item = &Element> {
        let is_it = move |element: &&Element| {
            element.name == "form" && element.attribute("action") == Some(function)
        };
        let inside = self
            .elements
            .iter()
            .skip_while(move |element| !is_it(element));
        inside.take_while(|element| element.name != "/form")
    }

    /// Whether there is a button that sends it.
    pub fn sends(&self, function: &str) -> bool {
        self.form(function).any(|element| {
            let has = |name| element.attribute(name).is_some();
            let is_other = has("hidden") || has("aria-disabled") || has("name");
            element.name == "button" && !is_other && element.attribute("type") != Some("button")
        })
    }

    /// What would be sent with it, as it stands.
    pub fn fields(&self, function: &str) -> Vec<(&str, &str)> {
        controls(self.form(function))
    }

    /// What the controls of a name would send.
    pub fn held(&self, name: &str) -> Vec<&str> {
        let all = controls(self.elements.iter()).into_iter();
        all.filter(|(known, _)| *known == name)
            .map(|(_, value)| value)
            .collect()
    }

    /// Nothing that somebody chose became markup, and nothing of it turns text round.
    #[track_caller]
    pub fn assert_harmless(&self) {
        for element in &self.elements {
            let Element { name, text, .. } = element;
            let is_script = matches!(&**name, "script" | "style");
            assert!(
                !(is_script && text.contains("alert")),
                "{}: {name}: {text}",
                self.at
            );
            for (attribute, value) in &element.attributes {
                let at = format!("{}: {name} has {attribute}=\"{value}\"", self.at);
                assert!(!attribute.starts_with("on"), "{at}");
                assert!(
                    attribute != "evil" && (attribute != "src" || is_script),
                    "{at}"
                );
                let is_read = matches!(&**attribute, "title" | "aria-label" | "placeholder");
                assert!(!is_read || !value.contains(turns), "{at}");
            }
            // What is typed stays as it is.
            let is_typed = is_script || name == "textarea";
            assert!(
                is_typed || !text.contains(turns),
                "{}: {name}: {text:?}",
                self.at
            );
        }
    }
}

/// The names of controls, and what each would send.
fn controls<'a>(elements: impl Iterator<Item = &'a Element>) -> Vec<(&'a str, &'a str)> {
    let (mut in_template, mut select) = (false, None);
    let mut held = Vec::new();
    for element in elements {
        let value = element.attribute("value").unwrap_or_default();
        let has = |name| element.attribute(name).is_some();
        let name = element.attribute("name");
        let found = match &*element.name {
            "template" | "/template" => {
                in_template = element.name == "template";
                None
            }
            _ if in_template => None,
            "select" => {
                select = name;
                None
            }
            "option" if has("selected") => select.zip(Some(value)),
            "textarea" => name.zip(Some(&*element.text)),
            "input" => {
                let is_box = matches!(element.attribute("type"), Some("radio" | "checkbox"));
                name.zip((!is_box || has("checked")).then_some(value))
            }
            _ => None,
        };
        held.extend(found);
    }
    held
}

/// Whether a mark turns round the text behind it.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The elements of a page by the rules of HTML, as far as pages of this console need them: a quotation
/// mark ends an attribute, and a text area, a title and a script end with their own tag only.
fn elements(html: &str) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    let mut rest = html;
    while let Some((text, tag)) = rest.split_once('<') {
        read_text(&mut elements, text);
        if tag.starts_with('!') {
            let end = if tag.starts_with("!--") { "-->" } else { ">" };
            rest = tag.split_once(end).map_or("", |(_, rest)| rest);
            continue;
        }
        if !tag.starts_with(|first: char| first == '/' || first.is_ascii_alphabetic()) {
            read_text(&mut elements, "<");
            rest = tag;
            continue;
        }
        let end = tag.find(|letter: char| letter.is_ascii_whitespace() || letter == '>');
        let (name, after) = tag.split_at(end.unwrap_or(tag.len()));
        let (attributes, after) = attributes(after);
        rest = after;
        let name = name.trim_end_matches('/').to_ascii_lowercase();
        let mut text = String::new();
        if matches!(&*name, "script" | "style" | "textarea" | "title") {
            let (content, after) = rest.split_at(rest.find(&format!("</{name}")).unwrap());
            rest = after;
            text = if matches!(&*name, "textarea" | "title") {
                unescaped(content.strip_prefix('\n').unwrap_or(content))
            } else {
                content.to_owned()
            };
        }
        elements.push(Element {
            name,
            attributes,
            text,
        });
    }
    read_text(&mut elements, rest);
    elements
}

fn read_text(elements: &mut [Element], text: &str) {
    if let Some(last) = elements.last_mut() {
        last.text.push_str(&unescaped(text));
    }
}

/// The attributes of a tag, and what stands behind it.
fn attributes(tag: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    let mut rest = tag;
    loop {
        rest =
            rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        if rest.is_empty() {
            return (found, rest);
        }
        let is_end = |letter: char| letter.is_ascii_whitespace() || "=>/".contains(letter);
        let (name, after) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        let (value, after) = match after.trim_start().strip_prefix('=') {
            None => ("", after),
            Some(value) => value_of(value),
        };
        found.push((name.to_ascii_lowercase(), unescaped(value)));
        rest = after;
    }
}

/// A value, and what stands behind it.
fn value_of(text: &str) -> (&str, &str) {
    if let Some(quote @ ('"' | '\'')) = text.chars().next() {
        return text[1..].split_once(quote).unwrap();
    }
    let is_end = |letter: char| letter.is_ascii_whitespace() || letter == '>';
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

/// What nobody could put there by a name, a browser would read from this.
#[test]
fn a_page_is_read_as_a_browser_reads_it() {
    let html =
        "<p title=\"a\" b=\"c\">x &lt;i&gt;<!>y<textarea>\n\n</p>\"</textarea><input checked>";
    let read: Vec<_> = elements(html)
        .into_iter()
        .map(|element| (element.name, element.attributes.len(), element.text))
        .collect();
    let wanted = [
        ("p", 2, "x <i>y"),
        ("textarea", 0, "\n</p>\""),
        ("/textarea", 0, ""),
        ("input", 1, ""),
    ];
    let wanted = wanted.map(|(name, count, text)| (name.to_owned(), count, text.to_owned()));
    assert_eq!(read, wanted);
}
