using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests.Fuzzing;

/// <summary>A part of the same through the shipped file: as cron and people start it, with all that it prints.</summary>
internal static class ShippedFuzz
{
    // 200 MB, in the form in which .NET takes it.
    const string MostMemory = "0xC800000";

    static readonly int[] Codes = [0, 1, 2, 64, 65, 69, 73, 74, 75, 76, 77, 78];

    // Whatever has to do with waiting is left out: here time is real.
    static readonly int[] Statuses = [200, 400, 401, 403, 404, 413, 422];

    // A little of each format.
    const string Answer = """{"text":"Success","code":0,"errors":false,"items":[{"create":{"_id":"1000","status":201}}],"error":{"type":"x","reason":"y"}}""";

    static readonly string[] Events = File.ReadAllLines(ShippedFiles.Sample("account/events.ndjson"));

    /// <summary>op prints anything, and all commands that ask it or tell of it are tried.</summary>
    public static async Task OpAsync(FuzzCase each)
    {
        using var host = Begin();
        host.Configuration["source"]!["op"]!["path"] = each.OneIn(3) ? await PrintingAsync(each, host) : Showing(each, host);
        await RunAsync(each, host, "collect", "--dry-run", "--output", "text");
        await RunAsync(each, host, "check");
        await RunAsync(each, host, "collect", "--verbose");
        await LookAsync(each, host);
    }

    /// <summary>A receiver answers anything.</summary>
    public static async Task ReceiverAsync(FuzzCase each)
    {
        using var host = Begin();
        using var server = new RawServer((_, _) => RawAnswer.Of(each.Any(Statuses), each.Mutated("the answer", Answer)));
        var format = each.Any(["json", "splunk-hec", "elasticsearch", "opensearch"]);
        host.Environment["SIEM_TOKEN"] = OddTexts.Secret;
        host.Configuration["sink"] = JsonNode.Parse($$"""
            { "type": "webhook", "url": "{{server.Url}}{{Books.Path(format)}}", "format": "{{format}}", "auth": { "header": { "name": "X-Key", "value": { "env": "SIEM_TOKEN" } } } }
            """);
        host.Account.Log(3);
        await RunAsync(each, host, "collect");
        await RunAsync(each, host, "check");
        await RunAsync(each, host, "replay");
        await LookAsync(each, host);
    }

    /// <summary>The configuration is anything; nothing is done by it that would leave this machine.</summary>
    public static async Task ConfigurationAsync(FuzzCase each)
    {
        using var host = Begin();
        var file = each.In("opcollector.json");
        var sample = each.Any(Directory.GetFiles(ShippedFiles.Sample("sinks")).Order(StringComparer.Ordinal).ToArray());
        await File.WriteAllBytesAsync(file, each.Mutated("the configuration", await File.ReadAllBytesAsync(sample), knowsSecret: false));
        foreach (var command in (string[])["config show", "status", "checkpoint show", "rules list"])
        {
            Judge(each, command, await RunAsync(host, ["-c", $"exec '{ShippedFiles.OpCollector}' {command} --config '{file}'"]));
        }
    }

    /// <summary>Rules are anything, and so are files of events.</summary>
    public static async Task FilesAsync(FuzzCase each)
    {
        using var host = Begin();
        var (rules, events) = (each.In("rule.yml"), each.In("events.ndjson"));
        var builtIn = await File.ReadAllBytesAsync(ShippedFiles.Source("src/OpCollector/Detection/Rules/vault-export.yml"));
        await File.WriteAllBytesAsync(rules, each.Mutated("the rules", builtIn, knowsSecret: false));
        var lines = string.Join('\n', Events.Skip(each.Random.Next(Events.Length - 30)).Take(30));
        await File.WriteAllBytesAsync(events, each.Mutated("the events", each.OneIn(2) ? lines : OpPages.Page(each), knowsSecret: false));
        await RunAsync(each, host, "rules", "check", rules);
        await RunAsync(each, host, "detect", "--rules", rules, events);
        await RunAsync(each, host, "detect", events);
        await RunAsync(each, host, "profile", events);
    }

    /// <summary>A file of the state is anything.</summary>
    public static async Task StateAsync(FuzzCase each)
    {
        using var host = Begin();
        host.Account.Log(3);
        await host.CollectAsync();
        await File.AppendAllTextAsync(host.State("quarantine.ndjson"), """
            {"when":"2026-11-29T10:00:00+00:00","stream":"audit","id":"5","why":"is refused","status":400,"answer":"no","event":{"eid":5}}

            """);
        var name = each.Any(["checkpoint.json", "checkpoint.prev.json", "last-run.json", "names.json", "op.json", "quarantine.ndjson"]);
        if (File.Exists(host.State(name)))
        {
            await File.WriteAllBytesAsync(
                host.State(name), each.Mutated(name, await File.ReadAllBytesAsync(host.State(name)), knowsSecret: false));
        }

        await LookAsync(each, host);
        await RunAsync(each, host, "checkpoint", "show");
        await RunAsync(each, host, "collect", "--verbose");
        await RunAsync(each, host, "replay");
        await LookAsync(each, host);
    }

    // An op that prints the same whatever it is asked.
    static async Task<string> PrintingAsync(FuzzCase each, Sandbox host)
    {
        var (page, names, op) = (Path.Combine(host.Root, "page"), Path.Combine(host.Root, "names"), Path.Combine(host.Root, "op"));
        await File.WriteAllBytesAsync(page, each.Mutated("op's page", OpPages.Page(each), knowsSecret: false));
        var users = await File.ReadAllBytesAsync(ShippedFiles.Sample("account/users.json"));
        await File.WriteAllBytesAsync(names, each.Mutated("op's lists of names", users, knowsSecret: false));
        await File.WriteAllTextAsync(op, $$"""
            #!/bin/sh
            case "$1 $2" in
              --version*) echo 1.12.9 ;;
              signin*) cat >/dev/null; echo AGnZ0607njffhrEOak8P6jjyUV4TU3sn9jjARc4svHW ;;
              "list events") cat '{{page}}' ;;
              list*) cat '{{names}}' ;;
            esac

            """);
        File.SetUnixFileMode(op, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return op;
    }

    // An op with a log, in which odd items lie.
    static string Showing(FuzzCase each, Sandbox host)
    {
        var shown = Shown.ByOp(each.Mutated("op's log", OpPages.Page(each), knowsSecret: false));
        foreach (var (item, at) in (shown.Items ?? []).Reverse().Select((item, at) => (item, at)))
        {
            host.Account.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"@eid={Shown.Eid(item) ?? at}\t{Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(item))}"));
        }

        return ShippedFiles.OpEmulator;
    }

    static Sandbox Begin()
    {
        var host = new Sandbox();
        host.Configuration["maxRunTime"] = "2s";
        host.Environment["DOTNET_GCHeapHardLimit"] = MostMemory;
        return host;
    }

    static async Task LookAsync(FuzzCase each, Sandbox host)
    {
        await RunAsync(each, host, "status");
        await RunAsync(each, host, "status", "--max-age", "1h");
        await RunAsync(each, host, "status", "--output", "json");
    }

    static async Task RunAsync(FuzzCase each, Sandbox host, params string[] arguments) =>
        Judge(each, string.Join(' ', arguments), await host.RunAsync(arguments));

    static async Task<FinishedRun> RunAsync(Sandbox host, string[] arguments)
    {
        using var running = host.Start("/bin/sh", arguments);
        return await running.ToEndAsync();
    }

    static void Judge(FuzzCase each, string command, FinishedRun run)
    {
        each.Outcomes.Add($"{(ExitCode)run.ExitCode}");
        if (!Codes.Contains(run.ExitCode))
        {
            each.Complain(string.Create(CultureInfo.InvariantCulture, $"{command} ended with {run.ExitCode}: {run.LastWords}"));
        }

        foreach (var line in run.Stderr.Split('\n'))
        {
            each.Hear(command, line);
        }

        // What was asked to be shown is shown whole; findings are data, and their bytes their own.
        // Between the columns of a list there is a TAB where a program reads it.
        char[] ends = command == "rules list" ? ['\n', '\t'] : ['\n'];
        foreach (var line in command.StartsWith("detect", StringComparison.Ordinal) ? [] : run.Stdout.Split(ends))
        {
            each.Hear(command, line, isOwn: true);
        }
    }
}
