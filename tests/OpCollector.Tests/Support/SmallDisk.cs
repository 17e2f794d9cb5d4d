using System.Diagnostics;
using System.Globalization;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>A file system in memory that holds as much as a test wants.</summary>
internal sealed class SmallDisk : IDisposable
{
    public SmallDisk(string place, string size = "size=64k")
    {
        Place = place;
        Directory.CreateDirectory(place);
        Assert.SkipUnless(
            Mount("-t", "tmpfs", "-o", $"{size},mode=0700", "tmpfs", place), "no file system can be mounted here (needs root)");
    }

    public string Place { get; }

    public string Filler => Path.Combine(Place, "filler");

    public void Fill()
    {
        using var filler = File.Create(Filler);
        try
        {
            while (true)
            {
                filler.Write(new byte[4096]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Lets it hold so many bytes, or files, more than it does.</summary>
    /// <param name="bytes">Null for as many as ever are needed.</param>
    public void Leave(int? bytes, int? files)
    {
        // A size of 0 is none at all, and cannot be changed any more.
        var room = bytes is { } wanted ? Math.Max(UsedOf("--output=used", "-B1") + wanted, 4096) : 64 << 20;
        var inodes = files is { } more ? UsedOf("--output=iused") + more : 10_000;
        if (!Mount("-o", string.Create(CultureInfo.InvariantCulture, $"remount,size={room},nr_inodes={inodes}"), Place))
        {
            throw new InvalidOperationException($"{Place} cannot be made to hold {room} bytes and {inodes} files");
        }
    }

    public void Dispose()
    {
        using var unmount = Process.Start("/bin/umount", ["-l", Place]);
        unmount.WaitForExit();
    }

    long UsedOf(params string[] options)
    {
        using var df = Process.Start(new ProcessStartInfo("/bin/df", [.. options, Place]) { RedirectStandardOutput = true })!;
        return long.Parse(
            df.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    static bool Mount(params string[] arguments)
    {
        using var mount = Process.Start("/bin/mount", arguments);
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }
}
