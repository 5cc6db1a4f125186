//! The system calls that a confined process may make. What the program was seen to need, by strace on a tokio runtime
//! of one thread and glibc's memory; on other architectures the same calls by the names they have there.

use std::collections::BTreeMap;

use seccompiler::{BackendError, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompRule};

use super::Calls;

/// What each call may be given; no rule: anything.
type Allowed = BTreeMap<i64, Vec<SeccompRule>>;

/// What every process may call.
const ALWAYS: &[i64] = &[
    // descriptors that are open
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_shutdown,
    libc::SYS_getsockopt,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_lseek,
    libc::SYS_fcntl,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_ppoll,
    // files, as far as Landlock lets it
    libc::SYS_openat,
    // memory; none that can be run
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    // time, chance, signals, the end
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// The older names, where the architecture has them.
#[cfg(target_arch = "x86_64")]
const OLDER: &[i64] = &[libc::SYS_epoll_wait, libc::SYS_poll];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[i64] = &[];

/// What may be called, and with which arguments.
pub(super) fn allowed(groups: &[Calls]) -> Result<Allowed, BackendError> {
    let mut calls: Allowed = ALWAYS.iter().chain(OLDER).map(|call| (*call, Vec::new())).collect();
    // Memory that is written is not run.
    let not_run = || only(2, SeccompCmpOp::MaskedEq(u64::from(libc::PROT_EXEC.unsigned_abs())), 0);
    calls.insert(libc::SYS_mmap, not_run()?);
    calls.insert(libc::SYS_mprotect, not_run()?);
    for group in groups {
        match group {
            Calls::Accept => {
                calls.insert(libc::SYS_accept4, Vec::new());
                calls.insert(libc::SYS_unlinkat, Vec::new());
                #[cfg(target_arch = "x86_64")]
                calls.insert(libc::SYS_unlink, Vec::new());
            }
            Calls::Bind => drop(calls.insert(libc::SYS_bind, Vec::new())),
            Calls::Netlink => {
                let netlink = u64::from(libc::AF_NETLINK.unsigned_abs());
                calls.insert(libc::SYS_socket, only(0, SeccompCmpOp::Eq, netlink)?);
                // To make them not wait: no other ioctl.
                calls.insert(libc::SYS_ioctl, only(1, SeccompCmpOp::Eq, libc::FIONBIO)?);
                calls.insert(libc::SYS_bind, Vec::new());
                calls.insert(libc::SYS_getsockname, Vec::new());
            }
        }
    }
    Ok(calls)
}

/// Only where an argument compares so.
fn only(argument: u8, compare: SeccompCmpOp, value: u64) -> Result<Vec<SeccompRule>, BackendError> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, compare, value)?;
    Ok(vec![SeccompRule::new(vec![condition])?])
}
