using System.Reflection;
using System.Text;
using OpCollector.Detection.Sigma;
using OpCollector.Storage;

namespace OpCollector.Detection;

/// <summary>Where rules come from: the ones built in, and files and directories of one's own.</summary>
internal static class RuleFiles
{
    /// <summary>What the expectations beside a file of rules are called: <c>name.expect.yml</c>.</summary>
    public const string Expectations = ".expect.yml";

    // A rule has a kilobyte or two.
    const int MostBytes = 1024 * 1024;

    static readonly string[] Endings = [".yml", ".yaml"];

    public static IEnumerable<RuleFile> BuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(IsRules).Order(StringComparer.Ordinal))
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            var text = new byte[resource.Length];
            resource.ReadExactly(text);
            yield return new RuleFile($"(built in) {name}", Encoding.UTF8.GetString(text));
        }
    }

    /// <summary>The rules of a file, or of all files in a directory and below it that are not hidden.</summary>
    /// <exception cref="Failure">It does not exist, cannot be read, or has no rules (78).</exception>
    public static IReadOnlyList<RuleFile> Read(string path)
    {
        try
        {
            string[] files = Directory.Exists(path)
                ? [.. FilesIn(path, []).Order(StringComparer.Ordinal)]
                : [path];
            return files.Length > 0
                ? [.. files.Select(file => new RuleFile(file, TextOf(file)))]
                : throw new Failure(ExitCode.Configuration, $"{path}: no rules there; rules are files that end in .yml");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Configuration, $"{path}: cannot be read: {SystemError.Describe(ex, path)}", ex);
        }
    }

    /// <exception cref="Failure">It cannot be read (78).</exception>
    public static string TextOf(string file)
    {
        try
        {
            using var text = new StreamReader(new MemoryStream(BoundedFile.Read(file, MostBytes)));
            return text.ReadToEnd();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Configuration, $"{file}: cannot be read: {SystemError.Describe(ex, file)}", ex);
        }
    }

    /// <param name="read">The directories that were read already: a link may lead back to one of them.</param>
    static IEnumerable<string> FilesIn(string directory, HashSet<string> read)
    {
        var target = Directory.ResolveLinkTarget(directory, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(directory);
        if (!read.Add(target))
        {
            return [];
        }

        // Hidden is what editors and version control keep for themselves.
        return Directory.EnumerateFileSystemEntries(target)
            .Where(entry => !Path.GetFileName(entry).StartsWith('.'))
            .SelectMany(entry => Directory.Exists(entry) ? FilesIn(entry, read) : IsRules(entry) ? [entry] : []);
    }

    static bool IsRules(string name) =>
        Endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) && !name.EndsWith(Expectations, StringComparison.Ordinal);
}
