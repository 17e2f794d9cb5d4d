using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Storage;

/// <summary>
/// What kind of file system a path lies on, as the kernel tells it. Whether a lock there keeps other hosts out cannot be tried from one
/// host, but read from how it is mounted.
/// </summary>
/// <param name="Type">Such as <c>ext4</c> or <c>nfs4</c>.</param>
/// <param name="Options">How it is mounted.</param>
internal sealed partial record MountedFileSystem(string Type, IReadOnlyList<string> Options)
{
    const string Mounts = "/proc/self/mountinfo";
    const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Why two hosts that share it would not keep each other out; null where they would, or where it cannot be shared.</summary>
    public string? WhyUnshared => Type switch
    {
        "nfs" or "nfs4" when Options.Contains("nolock") || Options.Any(each => each is "local_lock=flock" or "local_lock=all") =>
            "it is NFS, mounted so that locks hold on this host alone; mount it without nolock and local_lock",
        "cifs" or "smb3" when Options.Contains("nobrl") =>
            "it is SMB, mounted so that locks hold on this host alone; mount it without nobrl",
        _ when Options.Any(each => each is "localflock" or "localflocks") =>
            $"it is {ForeignText.Clean(Type)}, mounted so that locks hold on this host alone; mount it without localflock",
        "9p" or "virtiofs" or "vboxsf" => $"it is {Type}, whose locks hold in this machine alone",
        _ when Type == "fuse" || Type.StartsWith("fuse.", StringComparison.Ordinal) =>
            $"it is {ForeignText.Clean(Type)}, whose locks and writes nobody vouches for",
        _ => null,
    };

    /// <summary>Whether it is gone with the next start of the host or the container.</summary>
    public bool IsPassing => Type is "tmpfs" or "ramfs" or "overlay";

    /// <summary>The file system of a path; null where the kernel does not tell.</summary>
    public static MountedFileSystem? Find(string path)
    {
        try
        {
            return FindIn(Encoding.UTF8.GetString(BoundedFile.Read(Mounts, MostBytes)), path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or TooLargeException)
        {
            return null;
        }
    }

    /// <summary>Pure: the innermost mount above a path; of several at one place the last.</summary>
    /// <param name="mounts">As in <c>/proc/self/mountinfo</c>: proc(5).</param>
    public static MountedFileSystem? FindIn(string mounts, string path) => mounts.Split('\n')
        .Select(line => line.Split(' '))
        .Where(fields => fields.Length > 9)
        .Select(fields => (Place: Unescaped(fields[4]), Fields: fields, Dash: Array.IndexOf(fields, "-", 6)))
        .Where(mount => mount.Dash > 0 && mount.Dash + 3 < mount.Fields.Length && IsAbove(mount.Place, path))
        .OrderBy(mount => mount.Place.Length)
        .Select(mount => new MountedFileSystem(mount.Fields[mount.Dash + 1], mount.Fields[mount.Dash + 3].Split(',')))
        .LastOrDefault();

    static bool IsAbove(string place, string path) =>
        place == "/" || path == place || path.StartsWith($"{place}/", StringComparison.Ordinal);

    // A space in a path is written \040.
    static string Unescaped(string place) => Octal().Replace(place, match => $"{(char)Convert.ToInt32(match.Value[1..], 8)}");

    [GeneratedRegex(@"\\[0-7]{3}")]
    private static partial Regex Octal();
}
