using System.Globalization;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Cli.Printing;

/// <summary>Where a report goes: a file that is replaced at once, or stdout.</summary>
internal sealed class ReportPlace
{
    const string Stdout = "-";
    const string Usual = "report.html";

    readonly string? _path;

    /// <param name="chosen">What <c>--out</c> says; null where it says nothing, and a file is made where nobody reads stdout.</param>
    /// <exception cref="Failure">There can be no file of that name (64).</exception>
    public ReportPlace(string? chosen)
    {
        var wanted = chosen ?? (Console.IsOutputRedirected ? Stdout : Usual);
        _path = wanted == Stdout ? null : Path.GetFullPath(wanted);
        if (_path is null)
        {
            return;
        }

        // Before anything is read, which may take its time.
        var folder = Path.GetDirectoryName(_path);
        if (Directory.Exists(_path))
        {
            throw new Failure(ExitCode.Usage, $"--out {wanted} is a directory; name a file, such as {Path.Combine(wanted, Usual)}");
        }

        if (!Directory.Exists(folder))
        {
            throw new Failure(ExitCode.Usage, $"--out {wanted}: the directory {folder} does not exist; make it first");
        }
    }

    /// <exception cref="Failure">It would replace a file that is read, or one that the program needs (64).</exception>
    public void RefuseInPlaceOf(IEnumerable<string> read, Host host)
    {
        if (_path is not null && read.Any(file => RegularFile.AreSame(file, _path)))
        {
            throw new Failure(ExitCode.Usage, $"--out {_path} is a file that is read; name another");
        }

        if (_path is not null && host.IsConfigured && OwnFiles.WhyNotReplace(_path, host.Settings.Root, host.Walks) is { } why)
        {
            throw new Failure(ExitCode.Usage, $"--out {_path} {why}");
        }
    }

    public void Write(byte[] page, ILogger log)
    {
        if (_path is null)
        {
            StdoutSink.TryPrint(page);
            return;
        }

        DurableFile.Replace(_path, page);
        log.Information(
            "Wrote {Path:l} ({Size:l}). It holds names of people and vaults, and only you can read it",
            _path,
            string.Create(CultureInfo.InvariantCulture, $"{page.Length / 1000.0:N0} kB"));
    }
}
