using System.Text;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Cli.Runs;
using OpCollector.Configuration;
using OpCollector.Storage;

namespace OpCollector.Tests.Fuzzing;

/// <summary>A configuration is mutated, and loaded, shown, and made into everything that a run is made of.</summary>
internal static class ConfigurationFiles
{
    static readonly byte[][] Files =
    [
        .. Configurations.All.Select(
            each => Encoding.UTF8.GetBytes(each.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }))),
        .. new[] { ShippedFiles.Sample(""), ShippedFiles.Sample("sinks"), ShippedFiles.Sample("systemd") }
            .SelectMany(directory => Directory.GetFiles(directory, "*.json"))
            .Where(file => !file.EndsWith("schema.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    public static async Task PlayAsync(FuzzCase each)
    {
        await File.WriteAllBytesAsync(each.In("opcollector.json"), each.Mutated("the configuration", each.Any(Files), knowsSecret: false));
        var host = new Host(each.In("opcollector.json"), SettingsScope.Whole, each.Log, terminal: null, each.Time);
        await each.EndAsync(async () =>
        {
            var settings = host.Settings;
            foreach (var (path, value, origin) in ConfigurationSchema.Values(settings.Root, new Dictionary<string, ConfiguredValue>()))
            {
                each.Hear("config show", ForeignText.Printable($"{path}  {value}  {origin.Text}"), isOwn: true);
            }

            await each.EndAsync(() => Task.FromResult(new ConfiguredRules(host).Load().Statuses.Count >= 0 ? ExitCode.Done : ExitCode.Bug));
            await each.EndAsync(() =>
            {
                using var routes = host.Routes();
                each.Hear("the name of the sink", Screen.Cell(routes.Name));
                return Task.FromResult(ExitCode.Done);
            });
            await each.EndAsync(async () =>
            {
                await using var run = SourceRun.Open(new DryKind(new CollectKind(host)));
                return ExitCode.Done;
            });
            return ExitCode.Done;
        });
    }
}
