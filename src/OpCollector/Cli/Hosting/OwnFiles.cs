using OpCollector.Configuration;
using OpCollector.Storage;

namespace OpCollector.Cli.Hosting;

/// <summary>
/// The files that are the program's own: the configuration, and all that is in the state directory. Nothing is delivered into them.
/// </summary>
internal static class OwnFiles
{
    /// <param name="root">The configuration.</param>
    /// <param name="state">The state directory; null where the host needs none.</param>
    /// <exception cref="Failure">A file that is written to is one of them (78).</exception>
    public static void RefuseAsOutput(ConfigurationMember root, StateDirectory? state)
    {
        foreach (var output in Outputs(root))
        {
            var path = Path.GetFullPath(output.AsPath());
            if (path == Path.GetFullPath(root.File))
            {
                throw output.Wrong("is the configuration itself");
            }

            if (state is not null && path.StartsWith($"{Path.GetFullPath(state.FullPath)}/", StringComparison.Ordinal))
            {
                throw output.Wrong("is in the state directory, whose files opcollector itself writes; name a file elsewhere");
            }
        }
    }

    static IEnumerable<ConfigurationMember> Outputs(ConfigurationMember root)
    {
        var sink = root.Get("sink");
        var routes = sink.Find("routes")?.Members.Values.Select(route => route.Find("path")) ?? [];
        ConfigurationMember?[] outputs = [root.Find("metrics")?.Find("file"), sink.Find("path"), .. routes];
        return outputs.OfType<ConfigurationMember>();
    }
}
