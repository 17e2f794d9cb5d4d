namespace OpCollector.Checkpoints;

/// <summary>A directory of our own for as long as a dry run lasts, readable by nobody else.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-");

    public string Walk => Path.Combine(_directory.FullName, "walk.ndjson");

    public void Dispose() => _directory.Delete(recursive: true);
}
