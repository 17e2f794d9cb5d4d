using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>A directory of our own for as long as a dry run lasts, readable by nobody else.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    readonly DirectoryInfo _directory = Create();

    public string Walk => Path.Combine(_directory.FullName, "walk.ndjson");

    static DirectoryInfo Create()
    {
        try
        {
            return Directory.CreateTempSubdirectory("opcollector-");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(
                ExitCode.StateNotCreated,
                $"No directory can be made in {Path.GetTempPath()}: {SystemError.Describe(ex)}; check TMPDIR",
                ex);
        }
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
