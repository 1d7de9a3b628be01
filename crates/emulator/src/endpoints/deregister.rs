//! `DeregisterAppInstanceUserEndpoint`.

use crate::call::{Answer, Call};
use crate::endpoints;
use crate::error::ApiError;

pub(crate) async fn run(call: Call) -> Result<Answer, ApiError> {
    let user = call.user()?;
    let endpoint_id = endpoints::id_in_path(&call)?;
    let statement = sqlx::query("DELETE FROM endpoint WHERE user = $1 AND endpoint_id = $2");
    endpoints::change(&call, user, endpoint_id, statement).await?;
    Ok(Answer::no_content())
}
