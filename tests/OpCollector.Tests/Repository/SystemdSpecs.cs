using System.Text;

namespace OpCollector.Tests;

/// <summary>
/// The units that are shipped, under a real systemd: the service collects as a user of its own, and commands by hand find its state.
/// </summary>
[Slow]
public sealed class SystemdSpecs : IDisposable
{
    const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Program = ForAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // What a command by hand prints, and how it ends.
    const string ByHand = """
        exec 2>&1
        by_hand() { echo "== $*"; "$@" < /dev/null; echo "= $?"; }

        """;

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-systemd-");
    readonly Systemd _systemd;

    public SystemdSpecs() => _systemd = new Systemd(_root.FullName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Commands_by_hand_find_the_state_and_the_secrets_of_the_service()
    {
        Systemd.SkipUnlessPossible();
        await InstallAsync("opcollector.service");
        PutAccount("opcollector", "/var/lib/opcollector", """{ "type": "stdout" }""", secrets: "");

        var told = await _systemd.RunAsync($$"""
            {{ByHand}}
            export OPCOLLECTOR_CONFIG=/opt/opcollector.json
            by_hand /opt/opcollector status
            systemctl start opcollector.service; echo "= $?"
            by_hand /opt/opcollector status
            by_hand /opt/opcollector checkpoint reset
            unset OPCOLLECTOR_CONFIG
            by_hand /opt/opcollector-service status
            by_hand /opt/opcollector-service check
            by_hand /opt/opcollector-service checkpoint reset
            ls -ld /var/lib/opcollector/.
            """);

        var answers = told.Split("== ");
        answers[1].Should().Contain("/var/lib/opcollector (no run has used it yet)");
        // The state that the service has made is found by root, who cannot write into what belongs to the service,
        answers[2].Should().Contain("✗ FAILED").And.Contain("/nowhere/op").And.Contain("/var/lib/opcollector\n");
        answers[3].Should().Contain("opcollector-service").And.Contain("= 78");
        // but can by the service's own user, with its secrets.
        answers[4].Should().Contain("✗ FAILED");
        answers[5].Should().Contain("✓ state").And.Contain("writable").And.NotContain("CREDENTIALS_DIRECTORY").And.Contain("✗ sign-in");
        answers[6].Should().Contain("forgotten:").And.Contain("= 0").And.MatchRegex(@"drwx------ \d+ [1-9]\d* ");
    }

    [Fact]
    public async Task One_account_of_many_has_a_user_of_its_own_and_commands_by_hand_find_its_state_and_secrets()
    {
        Systemd.SkipUnlessPossible();
        await InstallAsync("opcollector@.service");
        PutAccount("acme", "/var/lib/opcollector-acme", """{ "type": "stdout" }""", secrets: "acme/");
        PutAccount("globex", "/var/lib/opcollector-globex", """{ "type": "stdout" }""", secrets: "globex/");

        var told = await _systemd.RunAsync($$"""
            {{ByHand}}
            systemctl start opcollector@acme.service; systemctl start opcollector@globex.service
            by_hand /opt/opcollector status --config /opt/acme.json
            export UNIT=opcollector@acme
            by_hand /opt/opcollector-service status
            by_hand /opt/opcollector-service check
            by_hand /opt/opcollector-service checkpoint reset
            by_hand env UNIT=opcollector@ /opt/opcollector-service check
            by_hand stat -c "owner %u" /var/lib/opcollector-acme/. /var/lib/opcollector-globex/.
            """);

        var answers = told.Split("== ");
        answers[1].Should().Contain("✗ FAILED").And.Contain("/var/lib/opcollector-acme\n");
        answers[2].Should().Contain("✗ FAILED").And.Contain("/var/lib/opcollector-acme");
        answers[3].Should().Contain("✓ state").And.NotContain("CREDENTIALS_DIRECTORY").And.Contain("✗ sign-in");
        answers[4].Should().Contain("forgotten:").And.Contain("= 0");
        answers[5].Should().Contain("UNIT=opcollector@acme").And.Contain("= 64");
        answers[6].Split('\n').Where(line => line.StartsWith("owner ", StringComparison.Ordinal))
            .Should().HaveCount(2).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task The_file_sink_writes_where_agents_may_read_with_its_drop_in()
    {
        Systemd.SkipUnlessPossible();
        await InstallAsync("opcollector.service");
        PutAccount(
            "opcollector", "/var/lib/opcollector", """{ "type": "file", "path": "/var/log/opcollector/events.ndjson" }""", secrets: "");
        var dropIn = (await File.ReadAllTextAsync(ShippedFiles.Sample("systemd/file.conf")))
            .Replace("User=collector", "User=daemon", StringComparison.Ordinal);
        _systemd.Unit("opcollector.service.d/file.conf", dropIn);

        var told = await _systemd.RunAsync($$"""
            {{ByHand}}
            by_hand /opt/opcollector-service check --send-test
            by_hand stat -c "%a %U %G %n" /var/log/opcollector /var/log/opcollector/events.ndjson
            """);

        told.Should().Contain("750 daemon daemon /var/log/opcollector\n")
            .And.Contain("640 daemon daemon /var/log/opcollector/events.ndjson");
    }

    async Task InstallAsync(string unit)
    {
        _systemd.Put("opcollector", await File.ReadAllBytesAsync(ShippedFiles.OpCollector), Program);
        _systemd.Put("opcollector-service", await File.ReadAllBytesAsync(ShippedFiles.Sample("systemd/opcollector-service")), Program);
        _systemd.Unit(
            unit,
            (await File.ReadAllTextAsync(ShippedFiles.Sample($"systemd/{unit}")))
                .Replace("/usr/bin/", "/opt/", StringComparison.Ordinal)
                .Replace("/etc/opcollector/", "/opt/", StringComparison.Ordinal));
    }

    void PutAccount(string name, string state, string sink, string secrets)
    {
        _systemd.Put(
            $"{name}.json",
            Encoding.UTF8.GetBytes($$"""
                {
                  "source": { "type": "op", "op": { "path": "/nowhere/op", "account": "acme", "password": { "credential": "events-token" } } },
                  "state": { "directory": "{{state}}" },
                  "sink": {{sink}}
                }
                """),
            ForAll);
        _systemd.Put($"{secrets}events-token", "a secret"u8.ToArray(), UnixFileMode.UserRead);
        _systemd.Put($"{secrets}siem-token", "a secret"u8.ToArray(), UnixFileMode.UserRead);
    }
}
