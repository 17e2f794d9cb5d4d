using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary>
/// <c>opcollector config</c>: what the program goes by and where each value comes from, and what a configuration may hold.
/// </summary>
internal static class ConfigCommand
{
    const int WidestValue = 24;

    // In the order in which .NET asks them.
    static readonly string[] ProxyVariables = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

    public static Command Create(SharedOptions shared)
    {
        var changed = new Option<bool>("--changed") { Description = "Only what differs from the defaults" };
        var output = JsonOutput.Option();
        var show = new Command("show", "Print each value and where it comes from; secrets are neither read nor shown") { changed, output };
        var schema = new Command("schema", "Print what a configuration may hold, as JSON Schema, for editors");
        show.SetAction((parsed, _) => Task.FromResult((int)Show(
            shared.Host(parsed),
            parsed.GetValue(changed) ? ShownValues.Changed : ShownValues.All,
            JsonOutput.Chosen(parsed, output))));
        schema.SetAction((_, _) => Task.FromResult((int)PrintSchema()));
        return new Command("config", "Show the configuration, or what it may hold") { show, schema };
    }

    static ExitCode Show(Host host, ShownValues shown, OutputFormat format)
    {
        var root = host.Settings.Root;
        ConfiguredValue[] values =
        [
            .. ConfigurationSchema.Values(root, DefaultsOf(host).ToDictionary(each => each.Path))
                .Where(each => shown == ShownValues.All || each.Origin is not DefaultOrigin),
        ];
        if (format == OutputFormat.Json)
        {
            Screen.Print(JsonOutput.List(values.Select(each => JsonOutput.Object(
                ("setting", JsonOutput.Quoted(each.Path)), ("value", each.Value), ("from", JsonOutput.Quoted(each.Origin.Text))))));
            return ExitCode.Done;
        }

        Screen.PrintRow("configuration  ", $"{host.Settings.File} ({host.NamedBy})");
        var (names, texts) = (values.Max(each => each.Path.Length), Math.Min(WidestValue, values.Max(each => each.Value.Length)));
        foreach (var (path, value, origin) in values)
        {
            if (value.Length <= texts)
            {
                Screen.PrintRow($"{path.PadRight(names)}  {value.PadRight(texts)}  ", origin.TextBelowFile);
            }
            else
            {
                Screen.PrintRow($"{path.PadRight(names)}  ", $"{value} {origin.TextBelowFile}");
            }
        }

        return ExitCode.Done;
    }

    static ExitCode PrintSchema()
    {
        StdoutSink.TryPrint(ConfigurationSchema.Bytes.Span);
        return ExitCode.Done;
    }

    // What depends on more than the file.
    static IEnumerable<ConfiguredValue> DefaultsOf(Host host)
    {
        if (StateDirectory.Usual(Host.Variables) is var (place, variable))
        {
            yield return FromVariable("state.directory", place, variable);
        }

        if (Array.Find(ProxyVariables, name => Host.Variables[name] is { Length: > 0 }) is { } proxy)
        {
            // It may hold a password.
            yield return FromVariable("sink.proxy", "***", proxy);
        }

        if (host.Settings.Sink is WebhookSinkSettings { Webhook: var webhook })
        {
            var format = webhook.MakeFormat(host.Time);
            yield return new("sink.success", $"[{string.Join(", ", format.Success)}]", new DefaultOrigin());
            yield return new("sink.limits.events", $"{format.MostEvents}", new DefaultOrigin());
            yield return new("sink.limits.bytes", $"{format.MostBytes}", new DefaultOrigin());
        }
    }

    static ConfiguredValue FromVariable(string path, string value, string variable) =>
        new(path, JsonText.Quoted(value), new VariableOrigin(variable));

    /// <summary>Which values are shown.</summary>
    enum ShownValues
    {
        All,

        /// <summary>Those that differ from their defaults.</summary>
        Changed,
    }
}
