using System.Diagnostics;
using System.Globalization;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>A file system that forgets what was not synced when its power is cut; <c>tests/PowerLoss/forgetful.py</c> says how.</summary>
internal sealed class LossyFileSystem : IDisposable
{
    const string Python = "/usr/bin/python3";
    const string Device = "/dev/fuse";

    // What it says on stderr where something is missing, and not wrong.
    static readonly string[] Missing = ["No module named", "Unable to find libfuse", "fusermount", "not permitted", "Permission denied"];

    readonly Process _process;

    LossyFileSystem(string root, Process process) => (Root, _process) = (root, process);

    /// <summary>Of what is not synced: nothing is left, all names and no content, or what chance takes.</summary>
    public static string[] Ways { get; } = ["forget", "names", "torn", "shuffled"];

    public string Root { get; }

    public static async Task<LossyFileSystem> MountAsync()
    {
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed");
        Assert.SkipUnless(File.Exists(Device), "there is no /dev/fuse");
        var root = Directory.CreateTempSubdirectory("opcollector-disk-").FullName;
        var process = Process.Start(new ProcessStartInfo(Python, [ShippedFiles.Source("tests/PowerLoss/forgetful.py"), root])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var disk = new LossyFileSystem(root, process);
        await Until.IsAsync(() => disk.IsMounted || process.HasExited, "the file system is mounted");
        if (!disk.IsMounted)
        {
            var why = await process.StandardError.ReadToEndAsync();
            disk.Dispose();
            Assert.SkipWhen(
                Missing.Any(why.Contains),
                $"no FUSE file system can be mounted here (python3-fusepy, libfuse2, root): {why.Trim().Split('\n')[^1]}");
            throw new InvalidOperationException(why);
        }

        return disk;
    }

    /// <summary>Makes a directory that survives.</summary>
    public async Task<string> MakeAsync(string name)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await SyncAsync();
        return path;
    }

    public Task SyncAsync() => SayAsync("sync");

    /// <summary>
    /// Cuts the power before the <paramref name="nth"/> change or sync from now on, and kills who asks for it; 0 cuts nothing.
    /// </summary>
    public Task ArmAsync(int nth, string way, int seed) => SayAsync(string.Create(CultureInfo.InvariantCulture, $"arm {nth} {way} {seed}"));

    /// <summary>How many changes and syncs there were since it was armed.</summary>
    public async Task<int> CallbacksAsync() => int.Parse(await SayAsync("callbacks"), CultureInfo.InvariantCulture);

    /// <summary>Cuts the power where that has not happened yet, and starts again with what was durable.</summary>
    public async Task RestartAsync(string way, int seed)
    {
        await SayAsync(string.Create(CultureInfo.InvariantCulture, $"cut {way} {seed}"));
        await SayAsync("boot");
    }

    public void Dispose()
    {
        // The end of its stdin unmounts it.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
            using var unmount = Process.Start("/bin/umount", ["-l", Root]);
            unmount.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(Root);
    }

    bool IsMounted => File.ReadLines("/proc/mounts").Any(line => line.Contains($" {Root} ", StringComparison.Ordinal));

    async Task<string> SayAsync(string command)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.StandardInput.WriteLineAsync(command.AsMemory(), patience.Token);
        await _process.StandardInput.FlushAsync(patience.Token);
        return await _process.StandardOutput.ReadLineAsync(patience.Token)
            ?? throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(patience.Token));
    }
}
