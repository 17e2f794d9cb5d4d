using System.Diagnostics;

namespace OpCollector.Tests.Support;

/// <summary>
/// A real systemd that starts as the first process of namespaces of its own, with private directories, runs a script, and ends with it. It
/// sees the units it is given and nothing of the host's own.
/// </summary>
internal sealed class Systemd(string root)
{
    static readonly string[] Needed = ["/lib/systemd/systemd", "/usr/bin/systemd-run", "/usr/bin/dbus-daemon", "/usr/bin/unshare"];

    string Units => Path.Combine(root, "units");

    string Output => Path.Combine(root, "script.out");

    public static void SkipUnlessPossible()
    {
        Assert.SkipUnless(Needed.All(File.Exists), "systemd, dbus and unshare are needed to start a systemd (Debian: systemd, dbus)");
        Assert.SkipUnless(Environment.UserName == "root", "only root can start a systemd in namespaces of its own");
        using var probe = Process.Start("/usr/bin/unshare", ["--mount", "--pid", "--cgroup", "--fork", "--mount-proc", "/bin/true"]);
        probe.WaitForExit();
        Assert.SkipUnless(probe.ExitCode == 0, "namespaces for a systemd cannot be made here");
    }

    /// <summary>A file in <c>/opt</c> of that system.</summary>
    public string Put(string name, byte[] content, UnixFileMode mode)
    {
        var file = Path.Combine(root, "opt", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
        File.SetUnixFileMode(file, mode);
        return $"/opt/{name}";
    }

    public void Unit(string name, string text)
    {
        var file = Path.Combine(Units, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Runs a script as root of that system.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string script)
    {
        await File.WriteAllTextAsync(Path.Combine(root, "script.sh"), script);
        PutSystem();
        await File.WriteAllTextAsync(Path.Combine(root, "outer.sh"), Outer);
        await File.WriteAllTextAsync(Path.Combine(root, "inner.sh"), Inner);
        using var running = new RunningProcess(new ProcessStartInfo("/bin/sh", [Path.Combine(root, "outer.sh")]));
        var finished = await running.ToEndAsync();
        return File.Exists(Output) ? await File.ReadAllTextAsync(Output) : throw new InvalidOperationException($"{finished}");
    }

    void PutSystem()
    {
        foreach (var target in new[] { "sysinit", "basic", "shutdown", "umount", "final", "timers", "network-online", "multi-user" })
        {
            Unit($"{target}.target", "[Unit]\nDefaultDependencies=no\n");
        }

        Unit("dbus.socket", "[Unit]\nDefaultDependencies=no\n[Socket]\nListenStream=/run/dbus/system_bus_socket\n");
        Unit(
            "dbus.service",
            "[Unit]\nDefaultDependencies=no\nRequires=dbus.socket\n[Service]\nType=notify\nNotifyAccess=main\n" +
                "ExecStart=@/usr/bin/dbus-daemon @dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation\n");
        Unit(
            "script.service",
            "[Unit]\nDefaultDependencies=no\nAfter=dbus.service\nWants=dbus.service dbus.socket\nSuccessAction=exit-force\n" +
                "FailureAction=exit-force\n[Service]\nType=oneshot\nTimeoutStartSec=45s\n" +
                $"StandardOutput=file:{Output}\nStandardError=inherit\nExecStart=/bin/sh {root}/script.sh\n");
        Unit("script.target", "[Unit]\nDefaultDependencies=no\nWants=script.service\n");
    }

    // A group of processes of its own, so that the host's stay as they are; it is gone with the last of them.
    string Outer => $"""
        cgroup=/sys/fs/cgroup/unified; [ -d $cgroup ] || cgroup=/sys/fs/cgroup
        own=$cgroup/opcollector-test-$$
        mkdir -p $own || exit 77
        (sh -c 'echo $PPID' > {root}/pid; echo "$(cat {root}/pid)" > $own/cgroup.procs
         exec unshare --mount --pid --cgroup --fork --kill-child --mount-proc sh {root}/inner.sh) < /dev/null
        code=$?
        find $own -depth -type d -exec rmdir {"{}"} \; 2> /dev/null
        exit $code
        """;

    string Inner => $"""
        set -eu
        mount --make-rprivate /
        umount -l /sys/fs/cgroup
        for directory in /run /opt /var/tmp /var/lib /var/log; do mount -t tmpfs -o mode=755 tmpfs $directory; done
        chmod 1777 /var/tmp
        cp -a {root}/opt/. /opt
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mkdir -p /run/dbus
        export SYSTEMD_UNIT_PATH={Units} container=test
        exec /lib/systemd/systemd --system --unit=script.target --log-level=warning --show-status=no
        """;
}
