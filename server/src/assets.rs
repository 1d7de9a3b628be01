//! The files of the front end, compressed beforehand. The program says which files there are.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Cause;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::answer::refuse;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// A set of files. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    file: fn(&str) -> Option<EmbeddedFile>,
    names: fn() -> Vec<String>,
    found: app::shell::Assets,
}

impl Site {
    /// The set of the files that the program carries.
    pub fn of<Files: RustEmbed>() -> Self {
        let names = || Files::iter().map(std::borrow::Cow::into_owned).collect();
        let mut site = Self {
            file: Files::get,
            names,
            found: app::shell::Assets::default(),
        };
        site.found = site.find();
        site
    }

    /// Whether the front end is there at all.
    pub fn is_built(&self) -> bool {
        (self.file)(self.front_end().js.trim_start_matches('/')).is_some()
    }

    /// The addresses of the front end.
    pub fn front_end(&self) -> app::shell::Assets {
        // While it is being developed the names change under a running server.
        if cfg!(debug_assertions) {
            self.find()
        } else {
            self.found.clone()
        }
    }

    fn find(&self) -> app::shell::Assets {
        let names = (self.names)();
        let newest = |kind: &str| {
            let ours = |name: &&String| {
                let rest = name
                    .strip_prefix("pkg/carillon")
                    .and_then(|rest| rest.strip_suffix(kind));
                rest.is_some_and(|middle| matches!(middle, "" | "_bg") || middle.starts_with('.'))
            };
            let age = |name: &&String| {
                let built = (self.file)(name).and_then(|file| file.metadata.last_modified());
                (is_hashed(name), built)
            };
            let name = names.iter().filter(ours).max_by_key(age);
            name.map_or_else(|| format!("/pkg/carillon{kind}"), |name| format!("/{name}"))
        };
        app::shell::Assets {
            js: newest(".js"),
            wasm: newest(".wasm"),
            css: newest(".css"),
        }
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        // A compressed file beside another one is for this server only, and is no file of the site.
        let is_sibling = matches!(path.rsplit('.').next(), Some("br" | "gz"));
        let Some(plain) = (self.file)(path).filter(|_| !is_sibling) else {
            return refuse(StatusCode::NOT_FOUND, Cause::NoSuchPage);
        };
        let kind = plain.metadata.mimetype().to_owned();
        let mut encodings = [("br", "br"), ("gzip", "gz")].into_iter();
        let compressed = encodings.find_map(|(encoding, ending)| {
            let file = || (self.file)(&format!("{path}.{ending}"));
            accepts(headers, encoding)
                .then(file)
                .flatten()
                .map(|file| (encoding, file))
        });
        let (encoding, file) = compressed.map_or((None, plain), |(name, file)| (Some(name), file));
        let tag = tag_of(&file);
        let mut response = if is_known(headers, &tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(file.data).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::CACHE_CONTROL, caching(path));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if response.status() == StatusCode::OK {
            let headers = response.headers_mut();
            if let Ok(kind) = HeaderValue::from_str(&with_charset(kind)) {
                headers.insert(header::CONTENT_TYPE, kind);
            }
            if let Some(encoding) = encoding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        response
    }
}

/// Answers with the file of the request's path.
pub async fn serve(State(site): State<Site>, request: Request) -> Response {
    site.answer(
        request.uri().path().trim_start_matches('/'),
        request.headers(),
    )
}

/// Nothing here is for search engines.
pub async fn robots() -> Response {
    let mut response = "User-agent: *\nDisallow: /\n".into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, SHORT);
    response
}

/// Whether the name holds the hash of the content, as `carillon.Ab3x….js` does.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts: Vec<_> = name.split('.').collect();
    matches!(parts[..], [_, hash, _] if hash.len() >= 16)
}

fn caching(path: &str) -> HeaderValue {
    match path.starts_with("pkg/") {
        true if is_hashed(path) => IMMUTABLE,
        true => REVALIDATE,
        false => SHORT,
    }
}

fn with_charset(kind: String) -> String {
    if kind.starts_with("text/") {
        format!("{kind}; charset=utf-8")
    } else {
        kind
    }
}

fn tag_of(file: &EmbeddedFile) -> String {
    let hash = &file.metadata.sha256_hash()[..12];
    let hex = hash
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    format!("\"{hex}\"")
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .and_then(|q| q.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}
