using System.Globalization;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Sources;
using SiemEmulator.Faults;

namespace OpCollector.Tests;

/// <summary>
/// Whatever is printed, answered or written into a file: it is read up to a limit, beyond it there is a sentence and an exit code, and the
/// whole program never takes more than 200 megabytes.
/// </summary>
public sealed class FloodSpecs : IDisposable
{
    const long MostMemory = 200 * 1024;

    readonly Sandbox _host = new();

    public void Dispose()
    {
        _host.Dispose();
        // What a flood leaves would stay in memory until there is much more of it.
        GC.Collect();
    }

    [Theory]
    [InlineData("yes '[{\"a\":1},'", 65, "op list events printed more than 24 MB")]
    [InlineData("yes complaint >&2", 69, "16 MB of complaints")]
    [InlineData("yes | tr -d '\\n'", 65, "op list events printed more than 24 MB")]
    [InlineData("printf '['; yes '{},' | head -c 12000000 | tr -d '\\n'; printf '{}]'", 65, "more than 10,000 items")]
    [InlineData("printf '['; yes '1,' | head -c 22000000 | tr -d '\\n'; printf '1]'", 65, "more than 10,000 items")]
    [InlineData("printf '['; yes '[[]],' | head -c 12000000; printf '1]'", 65, "more than 10,000 items")]
    [InlineData("yes '[' | head -c 12000000 | tr -d '\\n'", 65, "half a page")]
    [InlineData("printf '[{\"eid\":1,\"x\":\"'; yes 'xxxxxxxx' | head -c 40000000 | tr -d '\\n'; printf '\"}]'", 65, "more than 24 MB")]
    public async Task A_flood_of_op_is_cut_off_and_its_processes_end(string listing, int exitCode, string words)
    {
        WriteOp($"echo $$ > \"$HOME/op-pid\"; {listing}");

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        run.LastWords.Should().Contain(words).And.Contain("nothing is skipped");
        peak.Should().BeLessThan(MostMemory);
        Directory.Exists($"/proc/{(await File.ReadAllTextAsync(Path.Combine(_host.Home, "op-pid"))).Trim()}").Should().BeFalse();
    }

    [Theory]
    [InlineData("yes '[{\"uuid\":\"A\",\"name\":\"B\"},'", "more than 16 MB")]
    [InlineData("printf '['; yes '{\"uuid\":\"A\"},' | head -c 120000000; printf '{}]'", "more than 16 MB")]
    [InlineData("printf '['; yes '{},' | head -c 9000000; printf '{}]'", "more than 40,000 items")]
    [InlineData(
        "awk 'BEGIN { printf \"[\"; for (i = 0; i < 30000; i++) printf \"{\\\"uuid\\\":\\\"U%022d\\\",\\\"name\\\":\\\"%0200d\\\"},\", i, i; print \"{}]\" }'",
        "longer than 4,000,000 letters")]
    public async Task Events_go_on_without_the_names_of_a_list_without_measure(string listing, string words)
    {
        WriteOp(
            "case \"$*\" in *--eventid*) echo '[]' ;; *) echo '[{\"eid\":7,\"actorUuid\":\"A\",\"action\":\"join\",\"objectType\":\"gm\",\"objectUuid\":\"B\"}]' ;; esac",
            listing);

        var (run, peak) = await MeasuredAsync("collect");

        run.Stderr.Should().Contain(words).And.Contain("The events go on without these names").And.NotContain("bug in opcollector");
        peak.Should().BeLessThan(MostMemory);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_of_very_large_events_arrives(bool isPretty)
    {
        var text = new string('x', 240_000);
        for (var eid = 1; eid <= 110; eid++)
        {
            var space = isPretty ? " " : "";
            _host.Account.Append(
                $$"""{"eid":{{space}}{{eid}},{{space}}"time":"2026-11-01T10:00:00Z","actorUuid":"A","action":"join","objectType":"gm","objectUuid":"B","auxInfo":"{{text}}"}""");
        }

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(Enumerable.Range(1, 110).Select(eid => (long)eid));
        peak.Should().BeLessThan(MostMemory);
    }

    // A case has a name: what is written here is kept several times over by everything that runs the tests.
    [Theory]
    [InlineData("60 MB of events", "longer than 16 MB")]
    [InlineData("7 million numbers", "more than 10,000 items")]
    [InlineData("5 million empty objects", "more than 10,000 items")]
    [InlineData("a cursor of 15 MB", "longer than any that can be kept")]
    public async Task Answers_of_the_Events_API_without_measure_are_no_pages(string what, string words)
    {
        const string Page = "{\"cursor\":\"c\",\"has_more\":false,\"items\":[";
        var body = what switch
        {
            "60 MB of events" => Page + Many("{\"uuid\":\"A\",\"x\":\"" + new string('x', 60_000) + "\"},", 1000) + "{}]}",
            "7 million numbers" => Page + Many("1,", 7_000_000) + "1]}",
            "5 million empty objects" => Page + Many("{},", 5_000_000) + "1]}",
            _ => "{\"cursor\":\"" + new string('c', 15_000_000) + "\",\"has_more\":false,\"items\":[]}",
        };
        using var api = new EventsApi();
        foreach (var feature in ApiToken.All)
        {
            api.With(Trouble.Answer(200, body, "Content-Type: application/json").Of(feature).Always());
        }

        _host.From(api);

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(65, run.Stderr);
        run.LastWords.Should().ContainAll("audit events, sign-in attempts, item usages", words);
        peak.Should().BeLessThan(MostMemory);
    }

    [Fact]
    public async Task Large_pages_in_each_stream_arrive()
    {
        using var api = new EventsApi();
        _host.From(api).Configuration["start"] = "2h";
        var all = ApiToken.All.SelectMany(feature => Enumerable.Range(0, 60).Select(number => api.Add(
            feature,
            DateTimeOffset.UtcNow.AddMinutes(-number - 1),
            $"{feature[..1].ToUpperInvariant()}{number:D25}",
            $$"""{"uuid":"{{feature[..1].ToUpperInvariant()}}{{number:D25}}", "timestamp":"2026-11-01T10:00:00Z", "x":"{{new string('x', 240_000)}}"}"""))).ToArray();

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Uuids.Should().BeEquivalentTo(all);
        peak.Should().BeLessThan(MostMemory);
    }

    [Theory]
    [InlineData(1, 13_000_000, "")]
    [InlineData(1000, 15_000, "")]
    [InlineData(16, 980_000, "")]
    [InlineData(1, 100, "15000000")]
    public async Task However_large_the_pages_of_all_streams_are_they_are_held_one_at_a_time(int count, int size, string junk)
    {
        using var api = new EventsApi();
        _host.From(api).Configuration["start"] = "2h";
        var more = junk.Length == 0 ? "" : $",\"x\":\"{new string('x', int.Parse(junk, CultureInfo.InvariantCulture))}\"";
        foreach (var feature in ApiToken.All)
        {
            foreach (var page in Enumerable.Range(1, 3))
            {
                var text = $"\"timestamp\":\"2026-11-01T10:00:00Z\",\"x\":\"{new string('x', size)}\"";
                var items = Enumerable.Range(0, count).Select(number => $"{{\"uuid\":\"{feature[0]}{page}{number:D24}\",{text}}}");
                var hasMore = page < 3 ? "true" : "false";
                var body = $"{{\"cursor\":\"{page}\",\"has_more\":{hasMore},\"items\":[{string.Join(',', items)}]{more}}}";
                api.With(Trouble.Answer(200, body, "Content-Type: application/json").Of(feature));
            }
        }

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Uuids.Should().HaveCount(9 * count);
        peak.Should().BeLessThan(MostMemory);
    }

    [Theory]
    [InlineData(100, 150_000)]
    [InlineData(100, 240_000)]
    [InlineData(2, 12_000_000)]
    public async Task A_page_of_very_large_events_arrives_with_a_finding_for_each(int count, int size)
    {
        const string found = "\"time\":\"2026-11-01T10:00:00Z\",\"actorUuid\":\"A\",\"action\":\"disblduo\",\"objectType\":\"account\"";
        for (var eid = 1; eid <= count; eid++)
        {
            _host.Account.Append($"{{\"eid\":{eid},{found},\"auxInfo\":\"{new string('x', size)}\"}}");
        }

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(0, run.Stderr);
        var (findings, events) = (0, new List<long>());
        await foreach (var line in File.ReadLinesAsync(_host.Output, TestContext.Current.CancellationToken))
        {
            findings += line.StartsWith("{\"kind\":\"finding\"", StringComparison.Ordinal) ? 1 : 0;
            events.AddRange(line.StartsWith("{\"eid\"", StringComparison.Ordinal) ? [Sandbox.Eid(line)] : []);
        }

        events.Should().Equal(Enumerable.Range(1, count).Select(eid => (long)eid));
        findings.Should().Be(count);
        peak.Should().BeLessThan(MostMemory);
    }

    [Theory]
    [InlineData("numbers in no field, then a name of escapes")]
    [InlineData("numbers in a field that rules ask for")]
    [InlineData("a text")]
    [InlineData("a summary")]
    [InlineData("an actor of escapes")]
    [InlineData("an id")]
    public async Task A_line_with_very_much_in_one_place_is_looked_at(string where)
    {
        const string found = "\"action\":\"disblduo\",\"objectType\":\"account\"";
        var members = where switch
        {
            "a text" => $"{found},\"auxInfo\":\"{new string('x', 30_000_000)}\"",
            "a summary" => $"{found},\"summary\":\"{new string('x', 15_000_000)}\"",
            "an actor of escapes" => $"{found},\"actorUuid\":\"{Many("\\u0061", 5_000_000)}\"",
            "an id" => $"{found},\"eid\":\"{new string('x', 15_000_000)}\"",
            "numbers in a field that rules ask for" => $"\"action\":[{Many("1,", 15_000_000)}1]",
            _ => $"\"y\":[{Many("1,", 15_000_000)}1]}}\n{{\"eid\":2,\"{Many("\\u0061", 5_000_000)}\":1",
        };
        var file = Path.Combine(_host.Root, "events");
        var line = $"{{\"eid\":1,\"time\":\"2026-11-01T10:00:00Z\",{members}}}";
        await File.WriteAllLinesAsync(file, [line, line]);

        foreach (var command in new[] { "detect", "report" })
        {
            var (run, peak) = await MeasuredAsync(command, file);

            run.ExitCode.Should().Be(0, run.Stderr);
            peak.Should().BeLessThan(MostMemory, command);
        }
    }

    // Each of them another name, person, client, country, group and vault, and each found by a rule.
    [Fact]
    public async Task A_report_of_events_that_have_nothing_in_common_has_a_bound()
    {
        var file = Path.Combine(_host.Root, "events");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 40_000).Select(at =>
        {
            var name = $"{at}-{new string('x', 150)}";
            var action = at % 2 == 0 ? "disblmfa" : "join";
            return $$$"""{"uuid":"A{{{at}}}","timestamp":"{{{1990 + (at % 100)}}}-09-01T00:00:00Z","actor_uuid":"{{{name}}}","actor_details":{"uuid":"{{{name}}}","name":"{{{name}}}","email":"{{{name}}}"},"action":"{{{action}}}","object_type":"gm","object_uuid":"o-{{{name[..60]}}}","object_name":"{{{name}}}","aux_uuid":"a-{{{name[..60]}}}","aux_name":"{{{name}}}","client":{"app_name":"{{{name}}}"},"location":{"country":"{{{name}}}"},"summary":"{{{name}}}"}""";
        }));

        var (run, peak) = await MeasuredAsync("report", file);

        run.ExitCode.Should().Be(0, run.Stderr);
        peak.Should().BeLessThan(MostMemory);
        run.Stdout.Length.Should().BeLessThan(5_000_000);
    }

    [Theory]
    [InlineData("json", 60_000_000, "1,")]
    [InlineData("elasticsearch", 8_000_000, "{},")]
    [InlineData("splunk-hec", 8_000_000, "1,")]
    public async Task An_answer_of_a_receiver_is_kept_to_a_limit(string format, int length, string item)
    {
        using var receiver = new Receiver();
        _host.Account.Log(3);
        _host.To(receiver).Configuration["sink"]!["format"] = format;
        _host.Configuration["sink"]!["url"] = receiver.Url[..^new Uri(receiver.Url).AbsolutePath.Length]
            + format switch { "elasticsearch" => "/_bulk", "json" => "/hook", _ => "/services/collector/event" };
        _host.Configuration["maxRunTime"] = "4s";
        var (open, close) = format == "elasticsearch" ? ("{\"errors\":true,\"items\":[", "{}]}") : ("{\"x\":[", "1]}");
        receiver.Otherwise = Receiver.Answer.Of(200, open + Many(item, length / item.Length) + close);

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().BeOneOf([0, 75, 76], run.Stderr);
        run.Stderr.Should().NotContain("bug in opcollector");
        peak.Should().BeLessThan(MostMemory);
    }

    [Fact]
    public async Task A_configuration_without_measure_is_refused()
    {
        var file = Path.Combine(_host.Root, "big.json");
        await File.WriteAllTextAsync(file, "{\"detection\":{\"lists\":{\"x\":[" + Many("1,", 900_000) + "1]}}}");
        await File.WriteAllTextAsync(file + "2", Many(" ", 30_000_000));

        var many = await RunWithAsync(file);
        var large = await RunWithAsync(file + "2");

        many.Run.ExitCode.Should().Be(78);
        many.Run.LastWords.Should().Contain("more than 100,000 values");
        large.Run.ExitCode.Should().Be(78);
        large.Run.LastWords.Should().Contain("larger than 4 MB");
        Math.Max(many.Peak, large.Peak).Should().BeLessThan(MostMemory);
    }

    [Theory]
    [InlineData("source.op.password", "64 kB")]
    [InlineData("sink.tls.ca", "1 MB")]
    [InlineData("detection.rules", "1 MB")]
    [InlineData("enrichment.lists", "16 MB")]
    public async Task A_file_that_the_configuration_names_is_read_to_a_limit(string member, string limit)
    {
        using var receiver = new Receiver();
        _host.Account.Log(3);
        _host.To(receiver);
        var file = Path.Combine(_host.Root, "large.yml");
        await File.WriteAllTextAsync(file, Many("- a\n", 12_000_000));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        switch (member)
        {
            case "source.op.password":
                _host.Configuration["source"]!["op"]!["password"] = new JsonObject { ["file"] = file };
                break;
            case "sink.tls.ca":
                _host.Configuration["sink"]!["tls"] = new JsonObject { ["ca"] = file };
                break;
            case "detection.rules":
                _host.Configuration["detection"] = new JsonObject { ["rules"] = new JsonArray(file) };
                break;
            default:
                _host.Configuration["enrichment"] = new JsonObject { ["lists"] = new JsonArray(file) };
                break;
        }

        var (run, peak) = await MeasuredAsync("collect");

        run.ExitCode.Should().Be(member == "enrichment.lists" ? 0 : 78, run.Stderr);
        run.Stderr.Should().Contain($"larger than {limit}");
        peak.Should().BeLessThan(MostMemory);
    }

    static string Many(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    void WriteOp(string events, string names = "echo '[]'")
    {
        var op = Path.Combine(_host.Root, "op");
        File.WriteAllText(op, $$"""
            #!/bin/sh
            case "$*" in
              --version*) echo 1.12.9 ;;
              signin*) cat >/dev/null; echo AGnZ0607njffhrEOak8P6jjyUV4TU3sn9jjARc4svHW ;;
              signout*) ;;
              "list events"*) {{events}} ;;
              *) {{names}} ;;
            esac

            """);
        File.SetUnixFileMode(op, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _host.Configuration["source"]!["op"]!["path"] = op;
    }

    static async Task<(FinishedRun Run, long Peak)> RunWithAsync(string configuration)
    {
        var start = new System.Diagnostics.ProcessStartInfo(ShippedFiles.OpCollector, ["collect", "--config", configuration]);
        using var run = new RunningProcess(start);
        return await MeasuredAsync(run);
    }

    async Task<(FinishedRun Run, long Peak)> MeasuredAsync(params string[] arguments)
    {
        using var run = _host.Start(arguments);
        return await MeasuredAsync(run);
    }

    static async Task<(FinishedRun Run, long Peak)> MeasuredAsync(RunningProcess run)
    {
        var peak = 0L;
        var watching = Until.IsAsync(
            () =>
            {
                peak = Math.Max(peak, Peak(run.Id));
                return run.HasExited;
            },
            "the run ends");
        var end = await run.ToEndAsync();
        await watching;
        return (end, peak);
    }

    /// <summary>The most memory a process has had so far, in kilobytes; nothing where it has ended.</summary>
    static long Peak(int pid)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status")
                .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Select(line => long.Parse(line[6..^2].AsSpan().Trim(), CultureInfo.InvariantCulture))
                .FirstOrDefault();
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
