//! Durations as people read them.

use std::time::Duration;

/// `0.3 s`, `41.0 s`, `9 min 58 s`.
pub fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_where_tenths_stop_mattering() {
        assert_eq!(shown(Duration::from_millis(340)), "0.3 s");
        assert_eq!(shown(Duration::from_mins(1)), "1 min 00 s");
        assert_eq!(shown(Duration::from_secs(598)), "9 min 58 s");
    }
}
