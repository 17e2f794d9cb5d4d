using System.Text;

namespace OpCollector.Storage;

/// <summary>
/// Descriptors 0 to 2 belong to the standard streams, also where the parent process has closed them: else the next file that is opened gets
/// such a number, and what is meant for stdout is written into it.
/// </summary>
internal static class StandardStreams
{
    public const int Stdin = 0;
    public const int Stdout = 1;
    public const int Stderr = 2;

    // Log, state, locks, pipes to op or connections, each with room to spare.
    const int FewestFiles = 12;

    /// <summary>
    /// Begins the program anew with all three open, where one was closed. The runtime may have opened something in its place, which cannot
    /// be moved away; but that closes itself when the program begins anew, which is also how it is known.
    /// </summary>
    /// <returns>False where one is missing and the program cannot begin anew.</returns>
    public static bool TryOpenMissing()
    {
        int[] missing = [.. new[] { Stdin, Stdout, Stderr }.Where(stream => !Libc.IsInherited(stream))];
        Array.ForEach(missing, Libc.OpenNothing);
        return missing is [] || BeginAnew();
    }

    /// <summary>Whether as many files may be open as a run needs.</summary>
    public static bool CanOpenEnough => Libc.CanOpen(FewestFiles);

    /// <summary>Reports that a run may have too few files open; without the log, which could not open stderr either.</summary>
    public static void ReportTooFewFiles() =>
        Complain($"opcollector may have too few files open (ulimit -n): it needs {FewestFiles} at once; allow 64 or more");

    static void Complain(string line)
    {
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes($"{line}\n");
        _ = Libc.WritePiece(Stderr, ref bytes, TimeSpan.Zero);
    }

    static bool BeginAnew()
    {
        var error = Libc.Execute("/proc/self/exe", Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1]);
        Complain(
            $"stdin, stdout or stderr is closed, and opcollector cannot begin anew with all three: {Libc.Describe(error)}; leave them " +
                "open, or send them to /dev/null");
        return false;
    }
}
