//! The share of a CPU that Lambda gives to a function of some memory.
//!
//! A start runs unthrottled; from the first event on, a function of 1,769 MB has one CPU and others have in
//! proportion (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>), in periods of 20
//! ms. Linux does the same with a control group.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, io};

/// Megabytes that buy one whole CPU.
const MEGABYTES_OF_A_CPU: u64 = 1_769;
/// Length of a period in microseconds.
const PERIOD_US: u64 = 20_000;
/// The least quota that Linux accepts, in microseconds.
const MIN_QUOTA_US: u64 = 1_000;
/// Where the two versions of control groups keep CPU quotas.
const VERSION_1: &str = "/sys/fs/cgroup/cpu";
const VERSION_2: &str = "/sys/fs/cgroup";

/// A control group of its own for one process. Gone with this value, which must outlive the process.
#[derive(Debug)]
pub(crate) struct Quota {
    folder: PathBuf,
}

impl Quota {
    /// Puts a process under the quota of a function with so much memory.
    pub(crate) fn apply(process: u32, megabytes: u32) -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("runtime-api-{}-{number}", std::process::id());
        let first = Path::new(VERSION_1);
        let parent = if first.join("cpu.cfs_quota_us").exists() {
            first
        } else {
            Path::new(VERSION_2)
        };
        let folder = parent.join(name);
        fs::create_dir(&folder)?;
        let quota = Self { folder };
        quota.limit(quota_us(megabytes))?;
        quota.write("cgroup.procs", &process.to_string())?;
        Ok(quota)
    }

    fn limit(&self, quota_us: u64) -> io::Result<()> {
        if self.folder.join("cpu.cfs_quota_us").exists() {
            self.write("cpu.cfs_period_us", &PERIOD_US.to_string())?;
            self.write("cpu.cfs_quota_us", &quota_us.to_string())
        } else {
            self.write("cpu.max", &format!("{quota_us} {PERIOD_US}"))
        }
    }

    /// Only to a file that is there: the kernel makes them.
    fn write(&self, file: &str, value: &str) -> io::Result<()> {
        use io::Write as _;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .open(self.folder.join(file))?;
        file.write_all(value.as_bytes())
    }
}

impl Drop for Quota {
    fn drop(&mut self) {
        // An empty folder left behind harms nobody.
        let _ = fs::remove_dir(&self.folder);
    }
}

fn quota_us(megabytes: u32) -> u64 {
    (PERIOD_US * u64::from(megabytes) / MEGABYTES_OF_A_CPU).max(MIN_QUOTA_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_buys_its_share_of_a_cpu() {
        for (megabytes, expected) in [(1, 1_000), (128, 1_447), (256, 2_894), (1_769, 20_000)] {
            assert_eq!(quota_us(megabytes), expected, "{megabytes} MB");
        }
    }
}
