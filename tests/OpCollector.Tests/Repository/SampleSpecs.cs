using System.Diagnostics;
using OpCollector.Cli;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;
using OpCollector.Sources;
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
        Bare.Of(Events(delivered)).Should().Be(await File.ReadAllTextAsync(Shipped.Sample("account/events.ndjson")));
        delivered.Split('\n')[..^1].Should().OnlyContain(line => line.Contains("\"summary\":\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_demonstration_delivers_what_was_appended()
    {
        CopySamples();
        await DemonstrateAsync("collect");
        await File.AppendAllLinesAsync(Path.Combine(Samples, "account", "events.ndjson"), [Account.Event(9_000_000_000)]);

        var run = await DemonstrateAsync("collect");

        run.Should().Be(new Finished(0, "", ""));
        var delivered = await File.ReadAllTextAsync(Path.Combine(Samples, "out", "events.ndjson"));
        Bare.Of(Events(delivered)).Should().Be(await File.ReadAllTextAsync(Path.Combine(Samples, "account", "events.ndjson")));
    }

    [Fact]
    public async Task The_demonstration_can_be_checked_and_looked_at_first()
    {
        CopySamples();

        var check = await DemonstrateAsync("check");
        var dryRun = await DemonstrateAsync("collect --dry-run");

        check.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        dryRun.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        Bare.Of(Events(dryRun.Stdout)).Should().Be(await File.ReadAllTextAsync(Shipped.Sample("account/events.ndjson")));
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
        run.Lines.Where(line => line.Contains("somebody who is no administrator", StringComparison.Ordinal)).Should().NotBeEmpty()
            .And.OnlyContain(line => !line.Contains("\"actorName\":\"Bob Okonkwo\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demonstration_of_the_Events_API_delivers_the_three_streams_and_what_is_found_in_them()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 plays the Events API of the samples");
        using var api = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", [Shipped.Sample("account/api.py"), "0"]) { RedirectStandardOutput = true })!;
        try
        {
            var address = await api.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var sample = await File.ReadAllTextAsync(Shipped.Sample("account/events-api.json"));
            var configuration = Path.Combine(Samples, "account", "events-api.json");
            CopySamples();
            await File.WriteAllTextAsync(configuration, sample.Replace("http://127.0.0.1:8799", address, StringComparison.Ordinal));
            _host.Environment["EVENTS_TOKEN"] = "invented";

            using var collecting = _host.Start("/bin/sh", ["-c", $"exec {Shipped.OpCollector} collect -c samples/account/events-api.json"]);
            var run = await collecting.ToEndAsync();

            run.ExitCode.Should().Be(0, run.Stderr);
            var delivered = await File.ReadAllLinesAsync(Path.Combine(Samples, "out", "events-api.ndjson"));
            delivered.Count(line => !line.StartsWith("{\"kind\":\"finding\"", StringComparison.Ordinal)).Should().Be(438 + 189 + 156);
            delivered.Should().Contain(line => line.Contains("\"kind\":\"finding\"", StringComparison.Ordinal)
                && line.Contains("\"stream\":\"signin\"", StringComparison.Ordinal));
        }
        finally
        {
            api.Kill();
        }
    }

    [Fact]
    public void The_quick_start_reads_the_Events_API_and_sends_nothing()
    {
        var settings = Settings.Load(Shipped.Sample("quickstart.json"), _ => null);

        settings.Sink.Type.Should().Be(SinkType.Stdout);
        settings.Source.Should().BeOfType<OpCollector.Sources.EventsApi.EventsApiSettings>();
    }

    [Fact]
    public void The_configuration_for_production_is_right_before_its_secrets_exist()
    {
        var settings = Settings.Load(Shipped.Sample("webhook.json"), _ => null);

        settings.Source.Should().BeEquivalentTo(new { Path = "/usr/local/bin/op", Account = "acme" });
        settings.Sink.Webhook!.Url().Scheme.Should().Be("https");
        settings.State.Directory.Should().Be("/var/lib/opcollector");
    }

    [Fact]
    public void The_sample_page_becomes_the_sample_request()
    {
        var page = OpPage.Of(File.ReadAllBytes(Shipped.Sample("page.json")));
        var enricher = new Enricher(Dialect.Op, new NameBook(Named("users"), Named("groups"), Named("vaults"), []), Vocabulary.Standard);
        var events = page.Events.Select(each => enricher.Enrich(each, Streams.Audit, [])).ToArray();

        var request = NamedFormat.Of("json").Body(new Batch(Streams.Audit, events));

        request.ToArray().Should().Equal(File.ReadAllBytes(Shipped.Sample("request.json")));
        page.Malformed.Should().BeEmpty();
    }

    // What the source showed, without what was found in it.
    static string Events(string delivered) =>
        string.Concat(
            delivered.Split('\n')[..^1]
                .Where(line => !line.StartsWith("{\"kind\":\"finding\"", StringComparison.Ordinal))
                .Select(line => line + "\n"));

    static NameList Named(string list) =>
        NameList.Empty with { Names = NameListJson.Read(File.ReadAllBytes(Shipped.Sample($"account/{list}.json"))) };

    async Task<Finished> DemonstrateAsync(string arguments)
    {
        _host.Environment["OP_PASSWORD"] = "correct-horse";
        using var running = _host.Start("/bin/sh", ["-c", $"exec {Shipped.OpCollector} {arguments} --config samples/opcollector.json"]);
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
            "account/vaults.json"
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Samples, name))!);
            File.Copy(Shipped.Sample(name), Path.Combine(Samples, name));
        }
    }
}
