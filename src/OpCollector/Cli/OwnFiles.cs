using OpCollector.Configuration;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary>
/// The files that are the program's own: the configuration, and all that is in the state directory. Nothing is delivered into them.
/// </summary>
internal static class OwnFiles
{
    /// <param name="root">The configuration.</param>
    /// <exception cref="Failure">A file that is written to is one of them (78).</exception>
    public static void RefuseAsOutput(ConfigurationMember root, StateSettings state, Variables environment)
    {
        foreach (var output in Outputs(root))
        {
            var directory = Path.GetFullPath(StateDirectory.For(state.Directory, environment).FullPath);
            var path = Path.GetFullPath(output.AsPath());
            if (path == Path.GetFullPath(root.File))
            {
                throw output.Wrong("is the configuration itself");
            }

            if (path.StartsWith($"{directory}/", StringComparison.Ordinal))
            {
                throw output.Wrong("lies in the state directory, whose files are written by opcollector itself; take another directory");
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
