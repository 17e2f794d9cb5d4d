using System.Diagnostics;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources;
using SiemEmulator;

namespace OpCollector.Tests.Support;

/// <summary>
/// A host of its own for one test: HOME, configuration, state directory, an account behind op-emulator, and the shipped
/// executable run as cron would run it, with next to no environment.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    /// <summary>A <c>maxRunTime</c> that no run comes to, however busy the machine is: what hangs has not ended by then.</summary>
    public const string EnoughTime = "3m";

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-test-");
    readonly int _lastProcessBefore;

    public Sandbox()
    {
        Directory.CreateDirectory(Home);
        _lastProcessBefore = HostProcesses.WatchFor(Home);
        Directory.CreateDirectory(Temporary);
        Account = new Account(Home);
        Account.With("account", "acme");
        Account.Empty();
        Configuration = JsonNode.Parse($$"""
            {
              "source": { "type": "op", "op": { "path": "{{ShippedFiles.OpEmulator}}", "account": "acme", "password": { "env": "OP_PASSWORD" }, "timeout": "60s" } },
              "start": "oldest",
              "maxRunTime": "{{EnoughTime}}",
              "state": { "directory": "state" },
              "sink": { "type": "file", "path": "out/events.ndjson" },
              "silence": "off"
            }
            """)!.AsObject();
    }

    public Account Account { get; }

    /// <summary>What the configuration file will hold; change it before a run.</summary>
    public JsonObject Configuration { get; }

    public Dictionary<string, string> Environment { get; } = new() { ["PATH"] = "/usr/bin:/bin", ["OP_PASSWORD"] = "correct horse" };

    public string Root => _root.FullName;

    public string Home => Path.Combine(Root, "home");

    public string Temporary => Path.Combine(Root, "tmp");

    public string ConfigurationFile => Path.Combine(Root, "opcollector.json");

    public string State(string name) => Path.Combine(Root, "state", name);

    public string Output => Path.Combine(Root, "out", "events.ndjson");

    /// <summary>The ids in the file sink, in the order in which they were delivered.</summary>
    public long[] Delivered => File.Exists(Output) ? [.. File.ReadAllLines(Output).Select(Eid)] : [];

    /// <summary>The same by uuid, for events of the Events API.</summary>
    public string[] Uuids => File.Exists(Output) ? [.. File.ReadAllLines(Output).Select(Uuid)] : [];

    public JsonNode Checkpoint => JsonNode.Parse(File.ReadAllText(State("checkpoint.json")))!;

    public JsonNode LastRun => JsonNode.Parse(File.ReadAllText(State("last-run.json")))!;

    public string[] Quarantine => File.Exists(State("quarantine.ndjson")) ? File.ReadAllLines(State("quarantine.ndjson")) : [];

    public static long Eid(string line) => (long)JsonNode.Parse(line)!["eid"]!;

    public static string Uuid(string line) => (string)JsonNode.Parse(line)!["uuid"]!;

    /// <summary>Collects from the Events API instead of op. Nothing is looked for: whoever reveals so much would be found.</summary>
    public Sandbox From(EventsApi api, params string[] streams)
    {
        Environment["EVENTS_TOKEN"] = api.Token.Text;
        Configuration["start"] = "1h";
        Configuration["detection"] = new JsonObject { ["deliver"] = "off" };
        Configuration["source"] = new JsonObject
        {
            ["type"] = "events-api",
            ["eventsApi"] = new JsonObject { ["token"] = new JsonObject { ["env"] = "EVENTS_TOKEN" } },
        };
        if (streams.Length > 0)
        {
            Api["streams"] = new JsonArray([.. streams.Select(stream => JsonValue.Create(stream))]);
        }

        return this;
    }

    /// <summary>What the configuration says of the Events API.</summary>
    public JsonNode Api => Configuration["source"]!["eventsApi"]!;

    /// <summary>Delivers to a webhook instead of the file.</summary>
    public Sandbox To(Receiver receiver)
    {
        Configuration["sink"] = new JsonObject { ["type"] = "webhook", ["url"] = receiver.Url, ["timeout"] = "5s" };
        return this;
    }

    /// <summary>Delivers to a strict receiver, in its format.</summary>
    public Sandbox To(Siem receiver, string format = "json")
    {
        Configuration["sink"] = new JsonObject { ["type"] = "webhook", ["url"] = receiver.Url, ["format"] = format, ["timeout"] = "5s" };
        return this;
    }

    public Task<FinishedRun> CollectAsync(params string[] options) => RunAsync(["collect", .. options]);

    public async Task<FinishedRun> RunAsync(params string[] arguments)
    {
        using var running = Start(arguments);
        return await running.ToEndAsync();
    }

    /// <summary>Starts the program and does not wait for it.</summary>
    public RunningProcess Start(params string[] arguments) => Start(ShippedFiles.OpCollector, arguments);

    /// <summary>Starts something else that starts the program, such as strace.</summary>
    public RunningProcess Start(string program, string[] arguments)
    {
        File.WriteAllText(ConfigurationFile, Configuration.ToJsonString());
        var start = new ProcessStartInfo(program, [.. arguments, "--config", ConfigurationFile]) { WorkingDirectory = Root };
        start.Environment.Clear();
        start.Environment["HOME"] = Home;
        start.Environment["TMPDIR"] = Temporary;
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return new RunningProcess(start);
    }

    /// <summary>Ends the run that is at work here at once; not the strace that started it, which would leave it alive.</summary>
    public void KillRun()
    {
        using var kill = Process.Start("/usr/bin/pkill", ["-KILL", "-f", $"^{ShippedFiles.OpCollector} .*{ConfigurationFile}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        HostProcesses.End(Home, _lastProcessBefore);
        _root.Delete(recursive: true);
    }
}
