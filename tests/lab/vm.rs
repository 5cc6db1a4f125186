//! A Debian kernel with wireless, WireGuard and modules, in QEMU without hardware help. Nothing is installed on
//! this machine: kernel and first stage lie in a cache under `target/lab-cache/`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The modules the first stage needs to reach its root, in order.
const FIRST_MODULES: [&str; 5] = ["netfs", "9pnet", "9p", "9pnet_virtio", "overlay"];

/// What page tables and their guards cost an emulator, and no scene needs, is left out: programs start a quarter quicker.
const CPU: &str = "max,la57=off,smap=off,smep=off,pku=off,umip=off";

/// A cable between two network sockets.
const CABLE: [&str; 8] = [
    "-netdev",
    "hubport,id=here,hubid=0",
    "-device",
    "virtio-net-pci,netdev=here,mac=02:00:00:00:50:01",
    "-netdev",
    "hubport,id=there,hubid=0",
    "-device",
    "virtio-net-pci,netdev=there,mac=02:00:00:00:50:02",
];

/// A kernel that can be booted.
pub(crate) struct Vm {
    kernel: PathBuf,
    initramfs: PathBuf,
    /// The folder that holds `modules/VERSION`.
    pub(crate) modules: PathBuf,
}

/// One boot.
pub(crate) struct Boot<'a> {
    /// The folder that becomes the root, read-only under an overlay in memory.
    pub(crate) root: &'a Path,
    /// A folder of this machine that the guest sees, and may write, as `/lab`.
    pub(crate) shared: &'a Path,
    /// The program the guest runs as its first.
    pub(crate) init: &'a str,
    /// Where the serial console goes.
    pub(crate) serial: &'a Path,
    /// Memory in MiB.
    pub(crate) memory: u32,
    /// The boot is ended after this.
    pub(crate) limit: Duration,
}

/// Runs a program and gives what it printed; its complaint if it fails.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// Waits for a program to end, and ends it after `limit`; whether it ended by itself.
pub(crate) fn ended_within(child: &mut Child, limit: Duration) -> Result<bool, String> {
    let deadline = Instant::now() + limit;
    while child.try_wait().map_err(|error| error.to_string())?.is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(true)
}

fn bash(script: &str) -> Result<String, String> {
    run(Command::new("bash").args(["-euo", "pipefail", "-c", script]))
}

impl Vm {
    /// Fetches the kernel with apt and packs the first stage, once.
    pub(crate) fn prepare(cache: &Path) -> Result<Self, String> {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _mine = ONE_AT_A_TIME.lock();
        let done = cache.join("kernel-ready");
        if !done.exists() {
            std::fs::create_dir_all(cache).map_err(|error| error.to_string())?;
            fetch_kernel(cache)?;
            pack_first_stage(cache)?;
            std::fs::write(&done, "").map_err(|error| error.to_string())?;
        }
        Ok(Self {
            kernel: cache.join("vmlinuz"),
            initramfs: cache.join("initramfs.gz"),
            modules: cache.join("tree/lib/modules"),
        })
    }

    /// Boots and waits for the guest to power off.
    pub(crate) fn boot(&self, boot: &Boot) -> Result<(), String> {
        let serial = std::fs::File::create(boot.serial).map_err(|error| error.to_string())?;
        let share = |path: &Path, tag: &str, more: &str| {
            format!("local,path={},mount_tag={tag},security_model=none,multidevs=remap{more}", path.display())
        };
        let mut child = Command::new("qemu-system-x86_64")
            .args(["-accel", "tcg", "-cpu", CPU, "-smp", "1"])
            .args(["-m", &boot.memory.to_string(), "-nographic", "-no-reboot", "-nodefaults", "-serial", "mon:stdio"])
            .arg("-kernel")
            .arg(&self.kernel)
            .arg("-initrd")
            .arg(&self.initramfs)
            .arg("-append")
            .arg(format!(
                "console=ttyS0 quiet panic=-1 mitigations=off init_on_alloc=0 audit=0 net.ifnames=0 lab.init={}",
                boot.init
            ))
            .args(CABLE)
            .args(["-virtfs", &share(boot.root, "host", ",readonly=on")])
            .args(["-virtfs", &share(&self.modules, "modules", ",readonly=on")])
            .args(["-virtfs", &share(boot.shared, "lab", "")])
            .stdin(Stdio::null())
            .stdout(serial.try_clone().map_err(|error| error.to_string())?)
            .stderr(serial)
            .spawn()
            .map_err(|error| format!("not run: cannot start qemu-system-x86_64: {error}"))?;
        if ended_within(&mut child, boot.limit)? {
            Ok(())
        } else {
            Err(format!("the boot was ended after {} seconds", boot.limit.as_secs()))
        }
    }
}

/// The newest 6.12 kernel of Debian 12's backport line, unpacked beside the cache, never installed.
fn fetch_kernel(cache: &Path) -> Result<(), String> {
    let script = format!(
        "cd '{0}'\n\
         name=$(apt-cache search '^linux-image-6.12.*deb12-amd64$' | cut -d' ' -f1 | sort -V | tail -1)\n\
         [ -n \"$name\" ] || {{ echo 'apt lists no linux-image-6.12.*deb12-amd64: run apt-get update' >&2; exit 1; }}\n\
         rm -rf tree ./*.deb\n\
         apt-get -o APT::Sandbox::User=root download \"$name\" >/dev/null\n\
         dpkg -x ./*.deb tree\n\
         rm ./*.deb\n\
         version=$(ls tree/lib/modules)\n\
         mv tree/boot/vmlinuz-* vmlinuz\n\
         depmod -b tree \"$version\"\n\
         echo \"$version\" > version",
        cache.display()
    );
    bash(&script).map(drop)
}

/// An initramfs of busybox and five modules that mounts the folders and hands over.
fn pack_first_stage(cache: &Path) -> Result<(), String> {
    let stage = cache.join("first-stage");
    let _ = std::fs::remove_dir_all(&stage);
    std::fs::create_dir_all(&stage).map_err(|error| error.to_string())?;
    let mut init = String::from(
        "#!/bin/busybox sh\nset -e\nbusybox=/bin/busybox\n\
         $busybox mkdir -p /proc /sys /dev /lower /over /new\n\
         $busybox mount -t proc proc /proc\n$busybox mount -t devtmpfs dev /dev\n",
    );
    for module in FIRST_MODULES {
        let _ = writeln!(init, "$busybox insmod /modules/{module}.ko");
    }
    init.push_str(
        "options=trans=virtio,version=9p2000.L,msize=262144\n\
         $busybox mount -t 9p -o $options,ro,cache=loose host /lower\n\
         $busybox mount -t tmpfs tmpfs /over\n$busybox mkdir /over/upper /over/work\n\
         $busybox mount -t overlay -o lowerdir=/lower,upperdir=/over/upper,workdir=/over/work overlay /new\n\
         $busybox mkdir -p /new/lab /new/usr/lib/modules /new/proc /new/sys /new/dev\n\
         $busybox mount -t 9p -o $options lab /new/lab\n\
         $busybox mount -t 9p -o $options,ro,cache=loose modules /new/usr/lib/modules\n\
         $busybox mount --move /dev /new/dev\n\
         for word in $($busybox cat /proc/cmdline); do case $word in lab.init=*) init=${word#lab.init=};; esac; done\n\
         $busybox umount /proc\n\
         exec $busybox switch_root /new $init\n",
    );
    std::fs::File::create(stage.join("init"))
        .and_then(|mut file| file.write_all(init.as_bytes()))
        .map_err(|error| error.to_string())?;
    let script = format!(
        "cd '{stage}'\nmkdir bin modules\ncp \"$(command -v busybox)\" bin/busybox\nchmod 755 init bin/busybox\n\
         for module in {modules}; do\n\
           file=$(find ../tree/lib/modules -name \"$module.ko.xz\" | head -1)\n\
           [ -n \"$file\" ] || {{ echo \"the kernel has no module $module\" >&2; exit 1; }}\n\
           xz -dc \"$file\" > \"modules/$module.ko\"\n\
         done\n\
         find . | cpio --quiet -o -H newc | gzip > ../initramfs.gz",
        stage = stage.display(),
        modules = FIRST_MODULES.join(" "),
    );
    bash(&script).map(drop)
}
