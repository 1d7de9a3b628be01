//! Requests that are wrong in one way or several, made from a seed.

use std::fmt::Write as _;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use crate::access::Address;

/// The names of all controls of all forms, and of some that there are not.
const FIELDS: &[&str] = &[
    "allow",
    "allow_messages",
    "another",
    "arn",
    "base",
    "code",
    "columns",
    "confirm",
    "confirm_user_id",
    "current_password",
    "device_token",
    "expiration_days",
    "form",
    "id",
    "instance",
    "key",
    "kind",
    "lex_bot_alias_arn",
    "limits",
    "locale_id",
    "member",
    "metadata",
    "name",
    "new_password",
    "next",
    "page",
    "password",
    "provider",
    "region",
    "resource_arn",
    "retention_days",
    "role",
    "row",
    "scope",
    "standard_messages",
    "tag_key[0]",
    "tag_value[0]",
    "targeted_messages",
    "theme",
    "token",
    "user",
    "user_id",
    "username",
    "voip_device_token",
    "welcome_intent",
    "add_row",
    "remove_row",
    "no_such_field",
    "name[]",
    "tag_key[99999999999]",
    "tag_key[-1]",
    "tag_key",
    "tag_key[0][1]",
    "__proto__",
    "",
];
/// The names of all values of all addresses.
const QUERIES: &[&str] = &[
    "page",
    "size",
    "q",
    "draft",
    "next",
    "token",
    "code",
    "state",
    "error",
    "iss",
    "arn",
    "name",
    "since",
    "resource",
    "operator",
    "operation",
    "outcome",
    "before",
    "after",
    "__err",
    "",
];
const HEADERS: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "max-forwards",
    "origin",
    "range",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-site",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-http-method-override",
    "x-original-url",
    "x-request-id",
    "x-none",
];
const METHODS: &[&str] = &[
    "GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND",
    "get", "G-T", "BREW",
];
const ACCEPTED: &[&str] = &[
    "text/html",
    "application/json",
    "*/*",
    "",
    "text/html;q=x",
    "\u{ff}",
];
const TYPES: &[&str] = &[
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/json",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/plain",
    "application/cbor",
    "application/x-www-form-urlencodedx",
    "",
    "/",
    "\u{ff}",
];
const FORM: &str = "application/x-www-form-urlencoded";

/// Values of a header, or of a form before it is encoded.
const VALUES: &[&str] = &[
    "",
    "0",
    "-1",
    "1",
    "18446744073709551616",
    "1e309",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    " ",
    "a",
    "A b",
    "..",
    "../../etc/passwd",
    "/",
    "//evil.example",
    "/\\evil.example",
    "\\",
    "%",
    "%00",
    "%zz",
    "\0",
    "\r\nset-cookie: a=b",
    "\u{feff}",
    "\u{202e}",
    "\u{1F514}",
    "ä",
    "'",
    "\"",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "=1+1",
    "javascript:alert(1)",
    "embedded",
    "us-east-1",
    "eu-central-1",
    "mars-north-1",
    "Admin",
    "admin",
    "user",
    "APNS",
    "ALL",
    "arn:aws:chime:us-east-1:123456789012:app-instance/",
    "arn:aws:chime::::",
    "arn:",
    "bytes=0-1",
    "bytes=-1",
    "bytes=9-1,5-",
    "*",
    "W/\"a\"",
    "\"",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "gzip",
    "chunked",
    "100-continue",
    "close",
    "websocket",
    "keep-alive, x",
    "cross-site",
    "same-origin",
    "none",
    "evil.example",
    "localhost",
    "127.0.0.1, ::1, x",
    "unknown",
    "dark",
];

/// What requests are made of.
pub struct Material {
    pub addresses: Vec<Address>,
    /// The ARNs and ids of things that there are.
    pub known: Vec<String>,
    pub host: String,
}

/// A request, as bytes.
pub struct Made {
    pub bytes: Vec<u8>,
    /// Whether the session that it was sent with may have ended by it.
    pub ends_session: bool,
    /// Whether its end can be told from its bytes: otherwise it may get no answer at all.
    pub is_whole: bool,
}

impl Material {
    /// A request of nobody, or with a cookie.
    pub fn make(&self, random: &mut StdRng, cookie: Option<&str>) -> Made {
        let address = self.addresses.choose(random).unwrap();
        let method = match random.random_range(0..10) {
            0..7 => &*address.method,
            7 => "POST",
            _ => METHODS.choose(random).unwrap(),
        };
        let path = self.path(random, &address.path);
        let mut head = format!("{method} {path} HTTP/1.1\r\n").into_bytes();
        let host = if random.random_bool(0.97) {
            &*self.host
        } else {
            VALUES.choose(random).unwrap()
        };
        add(&mut head, "host", host.as_bytes());
        add(&mut head, "connection", b"close");
        if let Some(cookie) = cookie {
            let cookie = odd_cookie(random, cookie);
            add(&mut head, "cookie", cookie.as_bytes());
        }
        if random.random_bool(0.9) {
            add(&mut head, "sec-fetch-site", b"same-origin");
        }
        let accepted = if random.random_bool(0.8) {
            &ACCEPTED[..2]
        } else {
            ACCEPTED
        };
        add(
            &mut head,
            "accept",
            &latin(accepted.choose(random).unwrap()),
        );
        let mut is_whole = true;
        while random.random_bool(0.3) {
            let name = HEADERS.choose(random).unwrap();
            is_whole &= !matches!(*name, "content-length" | "transfer-encoding" | "upgrade");
            add(&mut head, name, &self.value(random, 2000));
        }
        let has_body = method != "GET" && method != "HEAD" || random.random_bool(0.05);
        let body = if has_body {
            self.body(random, &mut head)
        } else {
            Vec::new()
        };
        if !body.is_empty() || has_body {
            if random.random_bool(0.9) {
                add(
                    &mut head,
                    "content-length",
                    body.len().to_string().as_bytes(),
                );
                head.extend(b"\r\n");
                head.extend(body);
            } else {
                add(&mut head, "transfer-encoding", b"chunked");
                head.extend(b"\r\n");
                chunk(random, &body, &mut head);
            }
        } else {
            head.extend(b"\r\n");
        }
        let ends_session = ["session", "account", "operators"]
            .iter()
            .any(|part| path.contains(part));
        Made {
            bytes: head,
            ends_session,
            is_whole: is_whole && method != "CONNECT",
        }
    }

    fn path(&self, random: &mut StdRng, pattern: &str) -> String {
        let mut segments: Vec<_> = pattern
            .split('/')
            .map(|segment| {
                if segment.starts_with('{') {
                    self.segment(random)
                } else {
                    segment.to_owned()
                }
            })
            .collect();
        if random.random_bool(0.1) {
            let at = random.random_range(0..segments.len());
            match random.random_range(0..5) {
                0 => segments.insert(at, self.segment(random)),
                1 => drop(segments.remove(at)),
                2 => segments[at] = segments[at].to_uppercase(),
                3 => segments.push(String::new()),
                _ => segments[at] = self.segment(random),
            }
        }
        let mut path = segments.join("/");
        if random.random_bool(0.02) {
            path = format!("http://{}{path}", VALUES.choose(random).unwrap());
        }
        let mut joint = '?';
        while random.random_bool(0.3) {
            let name = QUERIES.choose(random).unwrap();
            let value = self.text(random, 300);
            let _ = write!(path, "{joint}{name}={}", encoded(random, &value));
            joint = '&';
        }
        if random.random_bool(0.01) {
            let length = random.random_range(1000..20_000);
            let _ = write!(path, "{joint}q={}", "%41".repeat(length / 3));
        }
        if random.random_bool(0.99) {
            // What the request line cannot hold makes no request at all.
            path.retain(|c| !c.is_ascii_whitespace() && !c.is_control());
        }
        path
    }

    fn segment(&self, random: &mut StdRng) -> String {
        if random.random_bool(0.3) {
            return (*["embedded", "us-east-1", "users", "1"]
                .choose(random)
                .unwrap())
            .to_owned();
        }
        if random.random_bool(0.5) {
            let known = self.known.choose(random).unwrap();
            return known.rsplit('/').next().unwrap().to_owned();
        }
        let value = self.text(random, 100);
        encoded(random, &value)
    }

    fn text(&self, random: &mut StdRng, longest: usize) -> String {
        match random.random_range(0..20) {
            0 => "a".repeat(random.random_range(0..longest)),
            1 => "\u{1F514}".repeat(random.random_range(0..longest / 4)),
            2..8 => self.known.choose(random).unwrap().clone(),
            _ => (*VALUES.choose(random).unwrap()).to_owned(),
        }
    }

    /// The value of a header: anything but the end of a line.
    fn value(&self, random: &mut StdRng, longest: usize) -> Vec<u8> {
        if random.random_bool(0.05) {
            let length = random.random_range(0..40_000);
            return vec![b'a'; length];
        }
        if random.random_bool(0.1) {
            return (0..20).map(|_| random.random_range(0x80..=0xff)).collect();
        }
        let mut value = self.text(random, longest).into_bytes();
        value.retain(|byte| *byte >= b' ' || *byte == b'\t');
        value
    }

    /// A body, and its type in the head.
    fn body(&self, random: &mut StdRng, head: &mut Vec<u8>) -> Vec<u8> {
        if random.random_bool(0.85) {
            add(head, "content-type", FORM.as_bytes());
            if random.random_bool(0.03) {
                add(head, "content-encoding", b"gzip");
            }
        } else {
            add(head, "content-type", &latin(TYPES.choose(random).unwrap()));
        }
        match random.random_range(0..100) {
            0 => b"a=&".repeat(random.random_range(1..100_000)),
            1 => "[".repeat(random.random_range(1..200_000)).into_bytes(),
            2 => r#"{"a":"#.repeat(random.random_range(1..60_000)).into_bytes(),
            3 => format!("name{}=a", "[a]".repeat(random.random_range(1..80_000))).into_bytes(),
            4 => format!(
                "username=ann&password={}",
                "p".repeat(1 << random.random_range(10..21))
            )
            .into_bytes(),
            5 => (0..random.random_range(0..3000))
                .map(|_| random.random())
                .collect(),
            6 => b"--b\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nx\r\n--b--\r\n"
                .to_vec(),
            7 => b"{\"name\": 1, \"arn\": [], \"metadata\": {}}".to_vec(),
            8 => Vec::new(),
            _ => self.form(random),
        }
    }

    /// Most fields of most forms, and then some mistakes.
    fn form(&self, random: &mut StdRng) -> Vec<u8> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for name in &FIELDS[..FIELDS.len() - 11] {
            if random.random_bool(0.9) {
                fields.push(((*name).to_owned(), self.fitting(random, name)));
            }
        }
        while random.random_bool(0.6) {
            let name = (*FIELDS.choose(random).unwrap()).to_owned();
            let value = self.text(random, 6000);
            match fields.iter_mut().find(|(known, _)| *known == name) {
                Some(known) if random.random_bool(0.7) => known.1 = value,
                _ => fields.push((name, value)),
            }
        }
        let mut body = String::new();
        for (name, value) in &fields {
            let joint = if random.random_bool(0.99) { "=" } else { "" };
            let value = encoded(random, value);
            let _ = write!(body, "{name}{joint}{value}&");
        }
        let mut body = body.into_bytes();
        if random.random_bool(0.05) {
            let at = random.random_range(0..body.len());
            body[at] = random.random();
        }
        body
    }

    /// A value that the field would take, as far as it can be told.
    fn fitting(&self, random: &mut StdRng, name: &str) -> String {
        let fixed = match name {
            "region" => "us-east-1",
            "kind" => "GCM",
            "role" => "Operator",
            "locale_id" => "en_US",
            "allow_messages" | "targeted_messages" | "allow" => "ALL",
            "standard_messages" => "AUTO",
            "page" | "next" => "/",
            "columns" => "created",
            "base" | "limits" | "scope" | "metadata" | "welcome_intent" | "form" => "",
            "arn" | "instance" | "user" | "member" | "row" | "id" => {
                return self.known.choose(random).unwrap().clone();
            }
            "expiration_days" | "retention_days" => "30",
            "resource_arn" => crate::support::PINPOINT,
            "lex_bot_alias_arn" => crate::support::LEX,
            _ => return format!("n{}", random.random_range(0..1_000_000)),
        };
        fixed.to_owned()
    }
}

fn odd_cookie(random: &mut StdRng, cookie: &str) -> String {
    let name = cookie.split('=').next().unwrap();
    match random.random_range(0..20) {
        0 => format!("{cookie}; {name}=AAAAAAAAAAAAAAAAAAAAAA"),
        1 => format!("{name}=AAAAAAAAAAAAAAAAAAAAAA; {cookie}"),
        2 => format!("{name}=; {cookie}; {name}"),
        3 => format!("{cookie}{cookie}"),
        4 => "; ; =; \"".to_owned(),
        5 => format!(
            "theme={}; {cookie}",
            VALUES[random.random_range(0..20)].replace(['\r', '\n', '\0'], "")
        ),
        _ => cookie.to_owned(),
    }
}

/// Encodes a value as forms and addresses do, and at times wrongly or not at all.
fn encoded(random: &mut StdRng, value: &str) -> String {
    match random.random_range(0..20) {
        0 => value.replace(['\r', '\n'], ""),
        1 => value.bytes().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "%{byte:02x}");
            text
        }),
        2 => format!("%{value}"),
        3 => format!("{value}%C3%28%FF").replace(['\r', '\n'], ""),
        _ => form_urlencoded::byte_serialize(value.as_bytes()).collect(),
    }
}

fn chunk(random: &mut StdRng, body: &[u8], into: &mut Vec<u8>) {
    for part in body.chunks(random.random_range(1000..50_000)) {
        into.extend(format!("{:x}\r\n", part.len()).bytes());
        into.extend(part);
        into.extend(b"\r\n");
    }
    into.extend(b"0\r\n\r\n");
}

fn add(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend(name.bytes());
    head.extend(b": ");
    head.extend(value);
    head.extend(b"\r\n");
}

/// Bytes of one character each, so that a text of this file can hold what is no UTF-8.
fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(c).unwrap_or(b'?'))
        .collect()
}
