using System.Diagnostics;
using System.Text.Json;
using OpCollector.Cli.Hosting;
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

    readonly TestConfiguration _written = new();

    public static TheoryData<string> Jsons => Files("*.json");

    public static TheoryData<string> Yamls => Files("*.yaml");

    public void Dispose() => _written.Dispose();

    [Theory]
    [MemberData(nameof(Jsons))]
    public void Every_JSON_file_is_JSON(string name) => JsonDocument.Parse(File.ReadAllText(ShippedFiles.Sample(name)), Relaxed).Dispose();

    [Theory]
    [MemberData(nameof(Yamls))]
    public void Every_YAML_file_is_YAML(string name) => Documents(name).Should().NotBeEmpty();

    [Theory]
    [InlineData("pager.json")]
    [InlineData("systemd/opcollector.json")]
    [InlineData("containers/opcollector.json")]
    public void A_configuration_is_read_without_complaint_before_its_secrets_exist(string name) =>
        Settings.Load(ShippedFiles.Sample(name), EnvironmentVariables.None).Sink.Should().BeOfType<WebhookSinkSettings>();

    [Fact]
    public void The_pager_gets_grave_findings_alone_and_has_a_state_of_its_own()
    {
        var pager = Settings.Load(ShippedFiles.Sample("pager.json"), EnvironmentVariables.None);

        pager.Sink.OnlyFindings.Should().BeTrue();
        pager.Detection.Level.Should().Be(RuleLevel.High);
        pager.State.Directory.Should().NotBe(Settings.Load(ShippedFiles.Sample("webhook.json"), EnvironmentVariables.None).State.Directory);
    }

    [Fact]
    public void The_lists_of_the_pager_work_with_what_events_of_the_Events_API_hold()
    {
        var pager = Settings.Load(ShippedFiles.Sample("pager.json"), EnvironmentVariables.None);

        var rules = InstalledRules.Load(
            pager.Detection, pager.Silence, new Watchlists(pager.Detection.Lists, []) { EventsSayAddresses = true });

        rules.Warnings.Should().BeEmpty();
        rules.Statuses.Where(rule => rule.Rule.Name == "nonadmin-privileged-activity").Should().OnlyContain(rule => rule.IsActive);
    }

    [Fact]
    public void Each_is_explained_in_a_line()
    {
        var readme = File.ReadAllText(ShippedFiles.Sample("README.md"));

        foreach (var file in new[]
        {
            "systemd/opcollector.service",
            "systemd/opcollector.timer",
            "systemd/opcollector-service",
            "systemd/op.conf",
            "systemd/file.conf",
            "systemd/opcollector.json",
            "logrotate/opcollector",
            "splunk/props.conf",
            "elasticsearch/index-template.json",
            "kubernetes/cronjob.yaml",
            "kubernetes/cronjob-postgres.yaml",
            "containers/compose.yaml",
            "containers/azure-container-apps-job.yaml",
            "containers/cloud-run-job.yaml",
            "containers/opcollector.json",
            "pager.json"
        })
        {
            File.Exists(ShippedFiles.Sample(file)).Should().BeTrue();
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
        settings.State.Directory.Should().StartWith($"{mounted["state"]}/");
    }

    [Theory]
    [InlineData("kubernetes/cronjob-postgres.yaml", "ConfigMap", "data", "opcollector.json")]
    [InlineData("containers/compose.yaml", null, "configs", "opcollector", "content")]
    public void A_job_without_a_volume_keeps_its_state_in_PostgreSQL(string name, string? kind, params string[] path)
    {
        var place = path.Aggregate(Documents(name).First(each => kind is null || Text(each, "kind") == kind), (node, key) => node[key]);

        var settings = _written.LoadText(((YamlScalarNode)place).Value!);

        settings.State.Postgres!.Name.Should().Be("acme");
        settings.State.Directory.Should().BeNull();
    }

    [Theory]
    [InlineData("containers/ecs-task.json")]
    [InlineData("containers/azure-container-apps-job.yaml")]
    [InlineData("containers/cloud-run-job.yaml")]
    [InlineData("containers/compose.yaml")]
    public void A_job_hands_over_every_secret_that_its_configuration_names(string name)
    {
        var job = File.ReadAllText(ShippedFiles.Sample(name));

        job.Should().ContainAll("EVENTS_TOKEN", "SIEM_TOKEN", "OPCOLLECTOR_DATABASE");
        // It says itself where its configuration is, and logs for a shipper.
        job.Should().ContainAll("collect", "--config", "/etc/opcollector/opcollector.json", "--log-format");
    }

    [Fact]
    public void The_units_for_many_accounts_are_those_for_one_with_a_name_in_each_path()
    {
        foreach (var unit in new[] { "service", "timer" })
        {
            var one = Directives(File.ReadAllText(ShippedFiles.Sample($"systemd/opcollector.{unit}")));
            var many = Directives(File.ReadAllText(ShippedFiles.Sample($"systemd/opcollector@.{unit}")));

            many.Except(one).Should().OnlyContain(line =>
                line.Contains("%i", StringComparison.Ordinal) || line.Contains("RandomDelay", StringComparison.Ordinal)
                || line.StartsWith("RandomizedDelaySec=", StringComparison.Ordinal));
            one.Except(many).Count().Should().BeLessThanOrEqualTo(7, "everything else is the same");
        }
    }

    [Fact]
    public async Task The_units_are_right_and_shut_off_from_the_rest_of_the_host()
    {
        var service = await File.ReadAllTextAsync(ShippedFiles.Sample("systemd/opcollector.service"));
        service.Should().ContainAll(
            "\nDynamicUser=yes\n", "\nStateDirectory=opcollector\n", "\nLoadCredential=", "\nProtectSystem=strict\n",
            "\nNoNewPrivileges=yes\n");
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze of systemd reads units");
        await File.WriteAllTextAsync(
            Path.Combine(_written.Root, "opcollector.service"),
            service.Replace("/usr/bin/opcollector", ShippedFiles.OpCollector, StringComparison.Ordinal));
        File.Copy(ShippedFiles.Sample("systemd/opcollector.timer"), Path.Combine(_written.Root, "opcollector.timer"));

        await File.WriteAllTextAsync(
            Path.Combine(_written.Root, "opcollector@.service"),
            (await File.ReadAllTextAsync(ShippedFiles.Sample("systemd/opcollector@.service")))
                .Replace("/usr/bin/opcollector", ShippedFiles.OpCollector, StringComparison.Ordinal));
        File.Copy(ShippedFiles.Sample("systemd/opcollector@.timer"), Path.Combine(_written.Root, "opcollector@.timer"));

        (await AnalyzeAsync("verify --man=no opcollector.service opcollector.timer")).Should().Be(new FinishedRun(0, "", ""));
        (await AnalyzeAsync("verify --man=no ./opcollector@acme.service ./opcollector@acme.timer")).Should().Be(new FinishedRun(0, "", ""));
        // Of ten; what a unit without any protection gets is 9.6.
        (await AnalyzeAsync("security --offline=true --threshold=20 opcollector.service")).ExitCode.Should().Be(0);
    }

    async Task<FinishedRun> AnalyzeAsync(string arguments)
    {
        using var running = new RunningProcess(
            new ProcessStartInfo("/usr/bin/systemd-analyze", arguments) { WorkingDirectory = _written.Root });
        return await running.ToEndAsync();
    }

    static string[] Directives(string unit) =>
        [.. unit.Split('\n').Where(line => line.Length > 0 && line[0] is not ('#' or '['))];

    static TheoryData<string> Files(string pattern) =>
        [.. Directory.EnumerateFiles(ShippedFiles.Sample(""), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(ShippedFiles.Sample(""), file))
            .Where(file => !file.StartsWith("state/", StringComparison.Ordinal))];

    static YamlNode[] Documents(string name)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(ShippedFiles.Sample(name))));
        return [.. yaml.Documents.Select(document => document.RootNode)];
    }

    static string Text(YamlNode map, string key) => ((YamlScalarNode)map[key]).Value!;
}
