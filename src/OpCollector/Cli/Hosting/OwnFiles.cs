using OpCollector.Configuration;
using OpCollector.Storage;

namespace OpCollector.Cli.Hosting;

/// <summary>
/// The files that are not to be written over: the configuration, all that is in the state directory, and what the configuration names.
/// </summary>
internal static class OwnFiles
{
    /// <param name="root">The configuration.</param>
    /// <param name="state">The state directory; null where the host needs none.</param>
    /// <exception cref="Failure">A file that is written to is one of them (78).</exception>
    public static void RefuseAsOutput(ConfigurationMember root, StateDirectory? state)
    {
        if (root.Find("metrics")?.Find("file") is { } metrics)
        {
            Refuse(metrics, root, state, Texts(root).Where(other => other != metrics));
        }

        ConfigurationMember[] deliveries = [.. Deliveries(root)];
        foreach (var output in deliveries)
        {
            // Several routes may write into one file.
            Refuse(output, root, state, Texts(root).Except(deliveries));
        }
    }

    /// <summary>Why a file is not to be replaced, as the end of a sentence; null where nothing speaks against it.</summary>
    public static string? WhyNotReplace(string path, ConfigurationMember root, StateDirectory? state) =>
        WhyNot(path, root, state, Texts(root));

    static void Refuse(ConfigurationMember output, ConfigurationMember root, StateDirectory? state, IEnumerable<ConfigurationMember> others)
    {
        if (WhyNot(output.AsPath(), root, state, others) is { } why)
        {
            throw output.Wrong(why);
        }
    }

    static string? WhyNot(string path, ConfigurationMember root, StateDirectory? state, IEnumerable<ConfigurationMember> others) =>
        RegularFile.AreSame(path, root.File) ? "is the configuration itself"
        : state is not null && IsIn(path, state.FullPath)
            ? "is in the state directory, whose files opcollector itself writes; name a file elsewhere"
        : others.FirstOrDefault(other => IsPath(other, out var named) && RegularFile.AreSame(path, named)) is { } taken
            ? $"is the file of {taken.Path}; name another"
        : null;

    // By its path, and by where links lead.
    static bool IsIn(string path, string directory)
    {
        for (var above = Path.GetDirectoryName(Target(path)); above is not null; above = Path.GetDirectoryName(above))
        {
            if (RegularFile.AreSame(above, directory))
            {
                return true;
            }
        }

        return path.StartsWith($"{Path.GetFullPath(directory)}/", StringComparison.Ordinal);
    }

    static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Links in a circle, for instance: what is to be written there will say so.
            return path;
        }
    }

    // Any text of the configuration may name a file; one that means something else will hardly be the path of one that exists.
    static bool IsPath(ConfigurationMember text, out string path)
    {
        path = text.Text.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(text.Text, Path.GetDirectoryName(text.File)!);
        return path.Length > 0;
    }

    static IEnumerable<ConfigurationMember> Deliveries(ConfigurationMember root)
    {
        var sink = root.Get("sink");
        var routes = sink.Find("routes")?.Members.Values.Select(route => route.Find("path")) ?? [];
        return routes.Prepend(sink.Find("path")).OfType<ConfigurationMember>();
    }

    static IEnumerable<ConfigurationMember> Texts(ConfigurationMember member) => member.IsText
        ? [member]
        : member.Members.Values.Concat(member.Items).SelectMany(Texts);
}
