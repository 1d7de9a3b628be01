//! Files that a browser sends with a form.

use axum::http::{Method, StatusCode};

use super::{Answer, Browser};

const BOUNDARY: &str = "----of-a-test";

/// The header of a form with files.
pub const MULTIPART: (&str, &str) = (
    "content-type",
    "multipart/form-data; boundary=----of-a-test",
);

/// The body of a form with these files: their names and bytes.
pub fn multipart(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

impl Browser {
    /// Sends files by the form of a page, as a browser without JavaScript does.
    pub async fn send_files(&self, page: &str, files: &[(&str, &[u8])]) -> Answer {
        let headers = [
            ("accept", "text/html"),
            ("sec-fetch-site", "same-origin"),
            MULTIPART,
        ];
        let path = format!("{page}/file");
        self.send(Method::POST, &path, &headers, multipart(files))
            .await
    }

    /// Sends files as a program does, to the address that takes them.
    pub async fn upload(&self, path: &str, files: &[(&str, &[u8])]) -> StatusCode {
        let headers = [("sec-fetch-site", "same-origin"), MULTIPART];
        let answer = self.send(Method::POST, path, &headers, multipart(files));
        answer.await.status
    }

    /// Uploads a file that is good into an AppInstance, and answers its id.
    pub async fn import(&self, instance: &str, kind: &str, text: &str) -> String {
        let page = format!("{instance}/import-{kind}");
        let answer = self.send_files(&page, &[("a.csv", text.as_bytes())]).await;
        let location = answer.location();
        let id = location.split('/').rev().nth(1).unwrap();
        assert!(location.ends_with("/columns"), "{location}");
        id.to_owned()
    }
}
