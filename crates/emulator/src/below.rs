//! Refusals that the HTTP library writes by itself, before a request is one: a line that it cannot read, too many
//! headers. They have no body; here they get the form of every other refusal, since an SDK shows anything else as an
//! unknown error.
//!
//! Nothing here decides what is refused.

use axum::http::StatusCode;

use crate::error::ApiError;

/// Every answer of ours has this header, and those of the library lack it.
const OURS: &str = "x-amzn-requestid";

/// What to write in place of these bytes, if they are a refusal by the library.
pub(crate) fn in_our_form(written: &[u8]) -> Option<Vec<u8>> {
    let head = str::from_utf8(written).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let status = StatusCode::from_bytes(status.as_bytes()).ok()?;
    let is_whole = head.find("\r\n\r\n")? + 4 == head.len();
    let head = head.to_ascii_lowercase();
    let is_empty = head.contains("\r\ncontent-length: 0\r\n");
    if !status.is_client_error() || !is_whole || !is_empty || head.contains(OURS) {
        return None;
    }
    let error = ApiError::unreadable(status);
    let (exception, body) = (&error.exception, error.body());
    let id = uuid::Uuid::new_v4();
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nx-amzn-errortype: {exception}\r\n{OURS}: {id}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    Some(answer.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_by_the_library_gets_our_form() {
        let theirs = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

        let ours = String::from_utf8(in_our_form(theirs).unwrap()).unwrap();

        let (head, body) = ours.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
        assert!(head.contains("x-amzn-errortype: RequestEntityTooLargeException"));
        assert!(head.contains(&format!("content-length: {}", body.len())));
        assert!(serde_json::from_str::<serde_json::Value>(body).unwrap()["Message"].is_string());
    }

    #[test]
    fn everything_else_is_left_alone() {
        for written in [
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nx-amzn-requestid: a\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n",
            r#"{"Name":"HTTP/1.1 400 Bad Request"}"#,
        ] {
            assert_eq!(in_our_form(written.as_bytes()), None, "{written}");
        }
    }
}
