using System.Net;
using System.Net.Sockets;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>The samples that the README shows do what it says of them.</summary>
public sealed class SampleSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    string Samples => Path.Combine(_host.Root, "samples");

    [Fact]
    public async Task The_demonstration_delivers_exactly_the_events_of_the_account()
    {
        CopySamples();

        var run = await DemonstrateAsync("collect");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stdout = "" });
        var delivered = await File.ReadAllTextAsync(Path.Combine(Samples, "out", "events.ndjson"));
        Explanations.Remove(Events(delivered)).Should().Be(await File.ReadAllTextAsync(ShippedFiles.Sample("account/events.ndjson")));
        delivered.Split('\n')[..^1].Should().OnlyContain(line => line.Contains("\"summary\":\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_demonstration_delivers_what_was_appended()
    {
        CopySamples();
        await DemonstrateAsync("collect");
        await File.AppendAllLinesAsync(Path.Combine(Samples, "account", "events.ndjson"), [Account.Event(9_000_000_000)]);

        var run = await DemonstrateAsync("collect");

        run.Should().Be(new FinishedRun(0, "", ""));
        var delivered = await File.ReadAllTextAsync(Path.Combine(Samples, "out", "events.ndjson"));
        Explanations.Remove(Events(delivered)).Should().Be(await File.ReadAllTextAsync(Path.Combine(Samples, "account", "events.ndjson")));
    }

    [Fact]
    public async Task The_demonstration_can_be_checked_and_looked_at_first()
    {
        CopySamples();

        var check = await DemonstrateAsync("check");
        var dryRun = await DemonstrateAsync("collect --dry-run");

        check.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        dryRun.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        Explanations.Remove(Events(dryRun.Stdout)).Should().Be(await File.ReadAllTextAsync(ShippedFiles.Sample("account/events.ndjson")));
        Directory.Exists(Path.Combine(Samples, "state")).Should().BeFalse();
    }

    [Fact]
    public async Task The_demonstration_can_follow_the_group_of_the_administrators()
    {
        CopySamples();
        var configuration = Path.Combine(Samples, "opcollector.json");
        await File.WriteAllTextAsync(
            configuration,
            (await File.ReadAllTextAsync(configuration)).Replace(
                "\"silence\": \"off\"",
                """ "silence": "off", "detection": { "lists": { "admins": ["group:Administrators"] } } """,
                StringComparison.Ordinal));

        var run = await DemonstrateAsync("collect --dry-run");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines.Where(line => line.Contains("somebody who is not an administrator", StringComparison.Ordinal)).Should().NotBeEmpty()
            .And.OnlyContain(line => !line.Contains("\"actorName\":\"Bob Okonkwo\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_about_working_hours_shows_what_profile_prints_of_the_demonstration()
    {
        CopySamples();
        await DemonstrateAsync("collect");
        var configuration = Path.Combine(Samples, "opcollector.json");
        await File.WriteAllTextAsync(
            configuration,
            (await File.ReadAllTextAsync(configuration)).Replace(
                "\"silence\": \"off\"",
                """
                "silence": "off",
                "detection": {
                  "lists": { "admins": ["bob@acme.example"] },
                  "workingHours": [
                    { "user": "bob@acme.example", "timeZone": "Europe/London", "days": "Mon-Fri", "from": "09:00", "to": "17:00" }
                  ]
                }
                """,
                StringComparison.Ordinal));

        var run = await DemonstrateAsync("profile --chart samples/out/events.ndjson");

        run.ExitCode.Should().Be(0, run.Stderr);
        var page = await File.ReadAllLinesAsync(ShippedFiles.Source("docs/detections.md"));
        run.Stdout.Split('\n').Where(line => line.Trim().Length > 0).Select(line => $"    {line}".TrimEnd()).Should().BeSubsetOf(page);
    }

    [Fact]
    public async Task The_demonstration_of_the_Events_API_delivers_the_three_streams_and_what_is_found_in_them()
    {
        var run = await PlayEventsApiAsync($"{ShippedFiles.OpCollector} collect -c samples/account/events-api.json");

        run.ExitCode.Should().Be(0, run.Stderr);
        var delivered = await File.ReadAllLinesAsync(Path.Combine(Samples, "out", "events-api.ndjson"));
        delivered.Count(line => !line.StartsWith("{\"kind\":\"finding\"", StringComparison.Ordinal)).Should().Be(438 + 189 + 156);
        delivered.Should().Contain(line => line.Contains("\"kind\":\"finding\"", StringComparison.Ordinal)
            && line.Contains("\"stream\":\"signin\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/bin/false", 1, "")]
    [InlineData("/no/such/program", 1, "api.py: /no/such/program cannot be run: No such file or directory")]
    [InlineData("", 1, "api.py: --run wants a command")]
    public async Task What_plays_the_Events_API_ends_with_the_command_that_it_runs(string command, int exitCode, string complaint)
    {
        var run = await PlayEventsApiAsync(command);

        run.ExitCode.Should().Be(exitCode);
        run.Stderr.Trim().Should().Be(complaint);
    }

    [Fact]
    public void The_quick_start_reads_the_Events_API_and_sends_nothing()
    {
        var settings = Settings.Load(ShippedFiles.Sample("quickstart.json"), EnvironmentVariables.None);

        settings.Sink.Should().BeOfType<StdoutSinkSettings>();
        settings.Source.Should().BeOfType<EventsApiSettings>();
    }

    [Theory]
    [InlineData("webhook.json", "events-api")]
    [InlineData("events-api.json", "events-api")]
    [InlineData("op-source.json", "op")]
    public void A_configuration_for_production_is_right_before_its_secrets_exist(string name, string source)
    {
        var settings = Settings.Load(ShippedFiles.Sample(name), EnvironmentVariables.None);

        settings.Source.Should().BeOfType(source == "op" ? typeof(OpSettings) : typeof(EventsApiSettings));
        settings.Sink.Webhook().Url.Reveal().Scheme.Should().Be("https");
        settings.State.Directory.Should().StartWith("/var/lib/opcollector");
    }

    [Fact]
    public void The_sample_page_becomes_the_sample_request()
    {
        var page = OpPage.Parse(File.ReadAllBytes(ShippedFiles.Sample("page.json")));
        var enricher = new Enricher(Dialect.Op, new NameBook(Named("users"), Named("groups"), Named("vaults"), []), Vocabulary.Standard);
        var events = page.Events.Select(each => enricher.Enrich(each, Streams.Audit, [])).ToArray();

        var request = NamedFormat.Of("json").Body(new Batch(Streams.Audit, events));

        request.ToArray().Should().Equal(File.ReadAllBytes(ShippedFiles.Sample("request.json")));
        page.Malformed.Should().BeEmpty();
    }

    // The port is one that is free, and not the one of the sample, which somebody else may use.
    async Task<FinishedRun> PlayEventsApiAsync(string command)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 plays the Events API of the samples");
        CopySamples();
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        foreach (var name in new[] { "account/api.py", "account/events-api.json" })
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Samples, name));
            await File.WriteAllTextAsync(Path.Combine(Samples, name), text.Replace("8799", $"{port}", StringComparison.Ordinal));
        }

        using var running = _host.Start("/bin/sh", ["-c", $"exec /usr/bin/python3 samples/account/api.py --run {command}"]);
        return await running.ToEndAsync();
    }

    // What the source showed, without what was found in it.
    static string Events(string delivered) =>
        string.Concat(
            delivered.Split('\n')[..^1]
                .Where(line => !line.StartsWith("{\"kind\":\"finding\"", StringComparison.Ordinal))
                .Select(line => line + "\n"));

    static NameList Named(string list) =>
        NameList.Empty with
        {
            Names = [.. NameListJson.Read(File.ReadAllBytes(ShippedFiles.Sample($"account/{list}.json"))).Select(NamedEntity.From)],
        };

    async Task<FinishedRun> DemonstrateAsync(string arguments)
    {
        _host.Environment["OP_PASSWORD"] = "correct-horse";
        using var running = _host.Start(
            "/bin/sh", ["-c", $"exec {ShippedFiles.OpCollector} {arguments} --config samples/opcollector.json"]);
        return await running.ToEndAsync();
    }

    void CopySamples()
    {
        foreach (var name in new[]
        {
            "op",
            "opcollector.json",
            "account/events.ndjson",
            "account/users.json",
            "account/members.json",
            "account/groups.json",
            "account/vaults.json",
            "account/api.py",
            "account/events-api.json",
            "account/auditevents.ndjson",
            "account/signinattempts.ndjson",
            "account/itemusages.ndjson",
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Samples, name))!);
            File.Copy(ShippedFiles.Sample(name), Path.Combine(Samples, name));
        }
    }
}
