using System.Diagnostics;
using System.Text.Json;
using OpCollector.Cli;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Tests;

/// <summary>
/// The samples for those who run it: units, jobs and templates are well-formed, and the configurations in them are accepted.
/// </summary>
[Slow]
public sealed class DeploymentSampleSpecs : IDisposable
{
    static readonly JsonDocumentOptions Relaxed = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly Written _written = new();

    public static TheoryData<string> Jsons => Files("*.json");

    public static TheoryData<string> Yamls => Files("*.yaml");

    public void Dispose() => _written.Dispose();

    [Theory]
    [MemberData(nameof(Jsons))]
    public void Every_JSON_file_is_JSON(string name) => JsonDocument.Parse(File.ReadAllText(Shipped.Sample(name)), Relaxed).Dispose();

    [Theory]
    [MemberData(nameof(Yamls))]
    public void Every_YAML_file_is_YAML(string name) => Documents(name).Should().NotBeEmpty();

    [Theory]
    [InlineData("pager.json")]
    [InlineData("systemd/opcollector.json")]
    public void A_configuration_is_read_without_complaint_before_its_secrets_exist(string name) =>
        Settings.Load(Shipped.Sample(name), _ => null).Sink.Type.Should().Be(SinkType.Webhook);

    [Fact]
    public void The_pager_gets_grave_findings_alone_and_has_a_state_of_its_own()
    {
        var pager = Settings.Load(Shipped.Sample("pager.json"), _ => null);

        pager.Sink.OnlyFindings.Should().BeTrue();
        pager.Detection.Level.Should().Be(RuleLevel.High);
        pager.StateDirectory.Should().NotBe(Settings.Load(Shipped.Sample("webhook.json"), _ => null).StateDirectory);
    }

    [Fact]
    public void Each_is_explained_in_a_line()
    {
        var readme = File.ReadAllText(Shipped.Sample("README.md"));

        foreach (var file in new[]
        {
            "systemd/opcollector.service",
            "systemd/opcollector.timer",
            "systemd/op.conf",
            "systemd/opcollector.json",
            "logrotate/opcollector",
            "splunk/props.conf",
            "elasticsearch/index-template.json",
            "kubernetes/cronjob.yaml",
            "pager.json"
        })
        {
            File.Exists(Shipped.Sample(file)).Should().BeTrue();
            readme.Should().Contain($"| `{file}` |");
        }
    }

    [Fact]
    public void The_job_of_Kubernetes_never_runs_twice_keeps_its_state_and_is_accepted_with_its_secrets()
    {
        var documents = Documents("kubernetes/cronjob.yaml");
        var (map, job) = (
            documents.Single(each => Text(each, "kind") == "ConfigMap"), documents.Single(each => Text(each, "kind") == "CronJob"));
        var pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"];

        Text(job["spec"], "concurrencyPolicy").Should().Be("Forbid");
        var volumes = ((YamlSequenceNode)pod["volumes"]).ToDictionary(volume => Text(volume, "name"));
        Text(volumes["secrets"]["secret"], "defaultMode").Should().Be("0440");
        Text(volumes["state"]["persistentVolumeClaim"], "claimName")
            .Should().Be(Text(documents.Single(each => Text(each, "kind") == "PersistentVolumeClaim")["metadata"], "name"));
        var mounted = ((YamlSequenceNode)((YamlSequenceNode)pod["containers"])[0]["volumeMounts"]).ToDictionary(
            mount => Text(mount, "name"), mount => Text(mount, "mountPath"));

        // As a secret is mounted: a link to a file that the group may read.
        var secrets = Directory.CreateDirectory(Path.Combine(_written.Root, "secrets"));
        foreach (var name in new[] { "events-token", "siem-token" })
        {
            var file = Path.Combine(secrets.CreateSubdirectory("..data").FullName, name);
            File.WriteAllText(file, name);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            File.CreateSymbolicLink(Path.Combine(secrets.FullName, name), file);
        }

        var settings = _written.LoadText(
            Text(map["data"], "opcollector.json").Replace(mounted["secrets"], secrets.FullName, StringComparison.Ordinal));
        ((EventsApiSettings)settings.Source).Token.Secret!.Reveal().Should().Be("events-token");
        settings.StateDirectory.Should().StartWith($"{mounted["state"]}/");
    }

    [Fact]
    public async Task The_units_are_right_and_shut_off_from_the_rest_of_the_host()
    {
        var service = await File.ReadAllTextAsync(Shipped.Sample("systemd/opcollector.service"));
        service.Should().ContainAll(
            "\nDynamicUser=yes\n", "\nStateDirectory=opcollector\n", "\nLoadCredential=", "\nProtectSystem=strict\n",
            "\nNoNewPrivileges=yes\n");
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze of systemd reads units");
        await File.WriteAllTextAsync(
            Path.Combine(_written.Root, "opcollector.service"),
            service.Replace("/usr/bin/opcollector", Shipped.OpCollector, StringComparison.Ordinal));
        File.Copy(Shipped.Sample("systemd/opcollector.timer"), Path.Combine(_written.Root, "opcollector.timer"));

        (await AnalyzeAsync("verify --man=no opcollector.service opcollector.timer")).Should().Be(new Finished(0, "", ""));
        // Of ten; what a unit without any protection gets is 9.6.
        (await AnalyzeAsync("security --offline=true --threshold=20 opcollector.service")).ExitCode.Should().Be(0);
    }

    async Task<Finished> AnalyzeAsync(string arguments)
    {
        using var running = new Running(new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { WorkingDirectory = _written.Root });
        return await running.ToEndAsync();
    }

    static TheoryData<string> Files(string pattern) =>
        [.. Directory.EnumerateFiles(Shipped.Sample(""), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Shipped.Sample(""), file))
            .Where(file => !file.StartsWith("state/", StringComparison.Ordinal))];

    static YamlNode[] Documents(string name)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Shipped.Sample(name))));
        return [.. yaml.Documents.Select(document => document.RootNode)];
    }

    static string Text(YamlNode map, string key) => ((YamlScalarNode)map[key]).Value!;
}
