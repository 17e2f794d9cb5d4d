using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EventsApiEmulator;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Runs;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Flow;
using OpCollector.Names;
using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using OpCollector.Tests.Support;
using Serilog.Core;

namespace OpCollector.Tests.Fuzzing;

/// <summary>A host of a case on which the real program runs in this process, with a clock that only waiting moves.</summary>
internal sealed class FuzzHost
{
    const int TooLong = 20;

    static readonly TimeSpan RunTime = TimeSpan.FromMinutes(4);

    // Read once: that takes longer than a case.
    static readonly Lazy<InstalledRules> Rules = new(ReadRules);

    readonly FuzzCase _case;

    /// <param name="source">What stands in the configuration as the source.</param>
    /// <param name="sink">The same of the sink.</param>
    public FuzzHost(FuzzCase each, string source, string sink, string more = "")
    {
        _case = each;
        File.WriteAllText(each.In("secret"), OddTexts.Secret);
        File.SetUnixFileMode(each.In("secret"), UnixFileMode.UserRead);
        File.WriteAllText(each.In("opcollector.json"), $$"""
            { "source": {{source}}, "sink": {{sink}}, "start": "oldest", "state": { "directory": "state" }, "metrics": { "file": "metrics.prom" },
              "silence": { "after": "12h" }{{more}} }
            """);
        Host = new Host(each.In("opcollector.json"), SettingsScope.Whole, each.Log, terminal: null, each.Time);
        Host.State.Ensure();
    }

    public Host Host { get; }

    /// <summary>The token of the Events API in every case: whatever is secret is remembered as long as the process lives.</summary>
    public static ApiToken Token { get; } = ApiToken.For("127.0.0.1");

    public static string Op => """{ "type": "op", "op": { "path": "op", "account": "acme", "password": { "env": "OP_PASSWORD" } } }""";

    /// <summary>Every rule there is, and hours in the time zone that is farthest in the east.</summary>
    public static string Detection => """
        , "detection": {
          "level": "informational",
          "lists": { "admins": ["QWTEUDQOG5TTFPUSAOVVFFCCJ4", "jack@acme.example"], "privileged_groups": ["Owners"], "privileged_vaults": ["Payroll"],
            "own_domains": ["acme.example"], "risky_countries": ["RU"] },
          "workingHours": [{ "user": "QWTEUDQOG5TTFPUSAOVVFFCCJ4", "timeZone": "Pacific/Kiritimati", "days": "Mon-Fri", "from": "09:00", "to": "17:00" }]
        }
        """;

    public static string FileSink => """{ "type": "file", "path": "events.ndjson" }""";

    public static string Webhook(string url, string format) => $$"""
        { "type": "webhook", "url": "{{url}}{{Books.Path(format)}}", "format": "{{format}}", "auth": { "header": { "name": "X-Key", "value": { "file": "secret" } } } }
        """;

    /// <summary>A run on a log that is played.</summary>
    /// <returns>How it ended.</returns>
    public async Task<ExitCode> CollectAsync(
        Func<OpQuery, OpPage> log,
        Func<NameKind, IReadOnlyList<ListedEntity>> names,
        TotalRejection totalRejection = TotalRejection.EndsTheRun) => await _case.EndAsync(async () =>
    {
        using var limits = RunLimits.Within(RunTime, _case.Time);
        using var routes = Host.Routes();
        var op = new PlayedOp((query, _) => Task.FromResult(log(query))) { Names = names };
        var walk = new OpWalk(op, Host.Fingerprint, Host.State.PathOf(StateDirectory.Walk), _case.Log);
        await using var source = new OpSource(op, walk, Host.Fingerprint, _case.Time, _case.Log);
        var naming = new NamingStage(
            new NameBookFile(Host.State, Host.Fingerprint),
            op,
            Host.Settings.Enrichment,
            _case.Time,
            _case.Log);
        var detection = DetectionStages.With(Rules.Value, Host.State);
        var collector = new Collector(source, naming, detection, limits, _case.Time, _case.Log);
        var to = new Destination(routes, Host.Quarantine, Host.Checkpoints, limits, _case.Time, totalRejection);
        try
        {
            var checkpoint = await collector.StartAsync(Host.Settings.Start, to.Checkpoints);
            await collector.DeliverAllAsync(checkpoint, to);
        }
        catch (OperationCanceledException) when (limits.Stop.IsCancellationRequested)
        {
            // maxRunTime is over.
        }

        var silence = new SilenceAlarm(Host.Settings.Silence, detection, _case.Time);
        await silence.RaiseAsync(collector.Reading, before: null, to, collector.Counts, limits);
        return collector.Counts.Quarantined > 0 ? ExitCode.Quarantined : ExitCode.Done;
    });

    /// <summary>A run as cron starts it, with its report and everything that is said of it later.</summary>
    public Task<ExitCode> CollectAsync() => _case.EndAsync(() => new CollectRun(Host).RunAsync(TotalRejection.EndsTheRun));

    /// <summary>What <c>check</c> asks of the source, one after the other.</summary>
    public async Task CheckAsync() => await _case.EndAsync(async () =>
    {
        await using var run = SourceRun.Open(new DryKind(new CheckKind(Host)));
        foreach (var check in run.Source.Checks(Host.Checkpoints.Read()?.Position))
        {
            await _case.EndAsync(async () =>
            {
                _case.Hear($"check, {check.Name}", await check.TryAsync(default));
                return ExitCode.Done;
            });
        }

        return ExitCode.Done;
    });

    /// <summary>What lies in the quarantine, as the source showed it.</summary>
    public IReadOnlyList<string> Quarantined
    {
        get
        {
            var items = new List<string>();
            foreach (var line in File.Exists(Host.Quarantine.Location) ? File.ReadAllLines(Host.Quarantine.Location, Encoding.Latin1) : [])
            {
                using var json = JsonDocument.Parse(Encoding.Latin1.GetBytes(line), new JsonDocumentOptions { MaxDepth = 100_000 });
                items.Add(Books.Bare(json.RootElement.TryGetProperty("bytes", out var bytes)
                    ? bytes.GetBytesFromBase64()
                    : JsonMarshal.GetRawUtf8Value(json.RootElement.GetProperty("event"))));
            }

            return items;
        }
    }

    /// <summary>What a person reads afterwards: status in each form, the report, the metrics, the reasons in the quarantine.</summary>
    /// <param name="ownReasons">Whether it was the program that wrote these reasons.</param>
    public async Task LookAsync(bool ownReasons = true) => await _case.EndAsync(() =>
    {
        var status = Host.Status(_case.Log);
        foreach (var (what, text) in StatusText.Lines(
            status, Host.State.Location, Host.Settings.Start, Host.Quarantine.Location)
            .Concat(StatusText.Verdict(status, Host.Settings.Start).Select(line => ("verdict", line))))
        {
            _case.Hear($"status, {what}", Redaction.Redact(text));
        }

        _case.Hear("status --max-age", Redaction.Redact(StatusText.Line(status, Host.State.Location, TimeSpan.FromHours(1))));
        _case.Hear("status --output json", Text(StatusJson.Line(status, isStale: true).Span));
        foreach (var line in Metrics.Render(status).Split('\n'))
        {
            _case.Hear("metrics", line);
        }

        if (Host.State.Read("last-run.json", StateStore.Small) is { Length: < TooLong * 1000 } report)
        {
            _case.Hear("last-run.json", Text(report));
            _case.Hear("last-run.json", LastRunFile.Read(Host.State, _case.Time.GetUtcNow())?.Message);
        }

        foreach (var item in Host.Quarantine.Items().Where(_ => ownReasons))
        {
            _case.Hear("quarantine, why", item.Why);
            _case.Hear("quarantine, answer", item.Answer);
        }

        return status.Damage is { } damage ? throw damage : Task.FromResult(ExitCode.Done);
    });

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).TrimEnd('\n');

    static InstalledRules ReadRules()
    {
        using var each = new FuzzCase(seed: 0);
        var settings = new FuzzHost(each, Op, FileSink, Detection).Host.Settings;
        return InstalledRules.Load(settings.Detection, settings.Silence, new Watchlists(settings.Detection.Lists, []));
    }
}
