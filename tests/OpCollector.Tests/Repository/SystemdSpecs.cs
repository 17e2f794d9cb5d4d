namespace OpCollector.Tests;

/// <summary>
/// The units that are shipped, under a real systemd: the service collects as a user of its own, and commands by hand find its state.
/// </summary>
[Slow]
public sealed class SystemdSpecs : IDisposable
{
    static readonly byte[] Configuration =
        """
        {
          "source": { "type": "op", "op": { "path": "/nowhere/op", "account": "acme", "password": { "credential": "events-token" } } },
          "state": { "directory": "/var/lib/opcollector" },
          "sink": { "type": "stdout" }
        }
        """u8.ToArray();

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-systemd-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Commands_by_hand_find_the_state_and_the_secrets_of_the_service()
    {
        Systemd.SkipUnlessPossible();
        var systemd = new Systemd(_root.FullName);
        const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Program = ForAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var program = systemd.Put("opcollector", await File.ReadAllBytesAsync(ShippedFiles.OpCollector), Program);
        var service = systemd.Put(
            "opcollector-service", await File.ReadAllBytesAsync(ShippedFiles.Sample("systemd/opcollector-service")), Program);
        var configuration = systemd.Put("opcollector.json", Configuration, ForAll);
        systemd.Put("events-token", "a secret"u8.ToArray(), UnixFileMode.UserRead);
        systemd.Put("siem-token", "a secret"u8.ToArray(), UnixFileMode.UserRead);
        systemd.Unit(
            "opcollector.service",
            (await File.ReadAllTextAsync(ShippedFiles.Sample("systemd/opcollector.service")))
                .Replace("/usr/bin/", "/opt/", StringComparison.Ordinal)
                .Replace("/etc/opcollector/", "/opt/", StringComparison.Ordinal));

        var told = await systemd.RunAsync($$"""
            exec 2>&1
            by_hand() { echo "== $*"; "$@" < /dev/null; echo "= $?"; }
            export OPCOLLECTOR_CONFIG={{configuration}}
            by_hand {{program}} status
            systemctl start opcollector.service; echo "= $?"
            by_hand {{program}} status
            by_hand {{program}} checkpoint reset
            unset OPCOLLECTOR_CONFIG
            by_hand {{service}} status
            by_hand {{service}} check
            by_hand {{service}} checkpoint reset
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
}
