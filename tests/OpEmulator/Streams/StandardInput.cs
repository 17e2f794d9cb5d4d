using System.Globalization;
using System.Text;

namespace OpEmulator.Streams;

/// <summary>File descriptor 0 as op uses it: looked at first, and read a line at a time from pipes only.</summary>
internal sealed class StandardInput
{
    const int Descriptor = 0;
    readonly byte[] _buffer = new byte[4096];
    readonly Lazy<Stream> _stream = new(Console.OpenStandardInput);

    public StandardInputKind Kind { get; } = Detect();

    /// <summary>The next line without the blanks around it, or null at the end of the input.</summary>
    public string? ReadLine()
    {
        var line = new MemoryStream();
        var end = -1;
        int count;
        while (end < 0 && (count = _stream.Value.Read(_buffer)) > 0)
        {
            // What came in the same read behind the newline is lost, as in 0.2.1: its reader is thrown away with its buffer.
            end = _buffer.AsSpan(0, count).IndexOf((byte)'\n');
            line.Write(_buffer, 0, end < 0 ? count : end);
        }

        return end < 0 && line.Length == 0
            ? null
            : Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).Trim(' ', '\t', '\r');
    }

    public void DiscardPending()
    {
        while (Libc.HasInput(Descriptor) && _stream.Value.Read(_buffer) > 0)
        {
        }
    }

    static StandardInputKind Detect() => new FileInfo("/proc/self/fd/0").LinkTarget switch
    {
        null => StandardInputKind.Closed,
        _ when OpenedByTheRuntime() => StandardInputKind.Closed,
        "/dev/null" => StandardInputKind.Null,
        var target when target.StartsWith("pipe:", StringComparison.Ordinal) => StandardInputKind.Pipe,
        var target when target.StartsWith("socket:", StringComparison.Ordinal) => StandardInputKind.Socket,
        var target when target.StartsWith("/dev/pts/", StringComparison.Ordinal) => StandardInputKind.Terminal,
        var target when target.StartsWith("/dev/tty", StringComparison.Ordinal) => StandardInputKind.Terminal,
        _ => StandardInputKind.File,
    };

    // Started with descriptor 0 closed, the runtime takes the number for a file of its own. An inherited one cannot be close-on-exec.
    static bool OpenedByTheRuntime()
    {
        const long closeOnExec = 0x80000;
        const string flags = "flags:";
        foreach (var line in File.ReadLines("/proc/self/fdinfo/0"))
        {
            if (line.StartsWith(flags, StringComparison.Ordinal))
            {
                return (Convert.ToInt64(line[flags.Length..].Trim(), 8) & closeOnExec) != 0;
            }
        }

        return false;
    }
}
