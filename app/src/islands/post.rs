//! Asking a server function from the browser.

use leptos::prelude::window;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

/// Sends a form and reads the answer as JSON, with the browser's own reader: what it costs is
/// here already. Fails when the console does not answer, or refuses.
pub async fn post(action: &str, form: &str) -> Result<JsValue, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&form.into());
    let sent = window().fetch_with_str_and_init(action, &request);
    let answer: Response = JsFuture::from(sent).await?.dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(answer.json()?).await
}
