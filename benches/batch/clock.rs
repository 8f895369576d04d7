//! Time, where other programs share the machine: that of this thread alone.

use std::time::Duration;

/// How long this thread has worked so far.
pub fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}
