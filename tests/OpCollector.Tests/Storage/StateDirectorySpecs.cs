using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>Where the state lies, and that nobody else can read or change it.</summary>
public sealed class StateDirectorySpecs : IDisposable
{
    const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(null, "/var/lib/opcollector", "/x/state", "/home/cron", "/var/lib/opcollector")]
    [InlineData(null, "/var/lib/one:/var/lib/two", null, "/home/cron", "/var/lib/one")]
    [InlineData(null, null, "/x/state", "/home/cron", "/x/state/opcollector")]
    [InlineData(null, "", "", "/home/cron", "/home/cron/.local/state/opcollector")]
    [InlineData("/srv/state", "/var/lib/opcollector", "/x/state", "/home/cron", "/srv/state")]
    public void It_is_the_configured_place_or_the_usual_one(string? configured, string? systemd, string? xdg, string? home, string expected)
    {
        var environment = new Dictionary<string, string?> { ["STATE_DIRECTORY"] = systemd, ["XDG_STATE_HOME"] = xdg, ["HOME"] = home };
        var set = environment.Where(each => each.Value is not null).ToDictionary(each => each.Key, each => each.Value!);

        var state = StateDirectory.Locate(configured, new EnvironmentVariables(set));

        state.FullPath.Should().Be(expected);
    }

    [Theory]
    [InlineData("STATE_DIRECTORY", "state-of-systemd", "")]
    [InlineData("XDG_STATE_HOME", "xdg", "/opcollector")]
    [InlineData("HOME", "home", "/.local/state/opcollector")]
    public async Task A_run_without_a_configured_place_leaves_its_state_in_the_usual_one(string variable, string directory, string below)
    {
        _host.Configuration.Remove("state");
        _host.Environment[variable] = Path.Combine(_host.Root, directory);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        File.Exists(_host.Root + "/" + directory + below + "/checkpoint.json").Should().BeTrue();
    }

    [Fact]
    public void Without_any_place_it_says_what_to_set()
    {
        var nowhere = () => StateDirectory.Locate(null, EnvironmentVariables.None);

        nowhere.Should().Throw<Failure>().Where(
            failure => failure.Code == ExitCode.StateNotCreated && failure.Message.Contains("state.directory"));
    }

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    [InlineData("077")]
    public async Task All_of_it_belongs_to_its_owner_alone_whatever_the_umask(string umask)
    {
        _host.Account.Log(150);
        _host.Account.Append("@eid=5000\t{\"no\":\"eid\"}");

        using var running = _host.Start("/bin/sh", ["-c", $"umask {umask}; exec \"$0\" \"$@\"", ShippedFiles.OpCollector, "collect"]);
        await running.ToEndAsync();

        var files = Directory.GetFiles(_host.State("")).ToDictionary(file => Path.GetFileName(file), File.GetUnixFileMode);
        files.Keys.Should().Contain(["checkpoint.json", "checkpoint.prev.json", "quarantine.ndjson", "op.json", "last-run.json"]);
        files.Keys.Should().Contain(["collect.lock", "quarantine.lock"]);
        files.Values.Should().AllBeEquivalentTo(OwnerFile);
        File.GetUnixFileMode(_host.State("")).Should().Be(OwnerDirectory);
    }

    [Fact]
    public async Task A_walk_that_is_kept_belongs_to_its_owner_alone()
    {
        _host.Account.Log(350).Should().NotBeEmpty();
        _host.Account.WithFault("""{"command":"list events","call":3,"do":"http","status":403}""");

        using var running = _host.Start("/bin/sh", ["-c", "umask 000; exec \"$0\" \"$@\"", ShippedFiles.OpCollector, "collect"]);
        await running.ToEndAsync();

        File.GetUnixFileMode(_host.State("walk.ndjson")).Should().Be(OwnerFile);
    }

    [Fact]
    public async Task Missing_parents_are_made()
    {
        _host.Configuration["state"]!["directory"] = "a/b/c";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        File.GetUnixFileMode(Path.Combine(_host.Root, "a/b/c")).Should().Be(OwnerDirectory);
    }

    [Fact]
    public async Task A_link_to_a_directory_is_followed()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_host.Root, "elsewhere"), OwnerDirectory).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_host.Root, "state"), elsewhere);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        File.Exists(Path.Combine(elsewhere, "checkpoint.json")).Should().BeTrue();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("/proc/opcollector")]
    public async Task A_place_that_cannot_be_made_is_named(string place)
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "file"), "");
        _host.Configuration["state"]!["directory"] = place;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(73);
        run.Complaint.Should().Contain(place).And.Contain("state.directory");
        _host.Account.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("checkpoint reset")]
    [InlineData("backfill --from 1")]
    public async Task A_place_that_others_can_write_to_is_refused(string command)
    {
        foreach (var others in new[] { UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            Directory.CreateDirectory(_host.State(""));
            File.SetUnixFileMode(_host.State(""), OwnerDirectory | others);

            var run = await _host.RunAsync(command.Split(' '));

            run.ExitCode.Should().Be(78);
            run.Complaint.Should().Contain("state").And.Contain("chmod");
        }
    }
}
