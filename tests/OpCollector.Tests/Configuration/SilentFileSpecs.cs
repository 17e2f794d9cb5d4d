using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>A pipe that nobody writes to, in the place of a file that the configuration names or of the configuration itself.</summary>
[Slow]
public sealed class SilentFileSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task In_place_of_the_configuration_it_ends_the_run()
    {
        var pipe = await PipeAsync("pipe.json");

        var run = await EndedAsync("collect", "--config", pipe);

        run.ExitCode.Should().Be(78, run.Stderr);
        run.Stderr.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain(pipe).And.Contain("pipe that nobody writes to");
    }

    [Theory]
    [InlineData("a secret", 78)]
    [InlineData("a file of rules", 78)]
    [InlineData("a pipe in a folder of rules", 78)]
    [InlineData("a certificate", 78)]
    [InlineData("a list of names", 0)]
    public async Task In_place_of_a_file_it_is_given_up(string what, int exitCode)
    {
        _host.Account.Log(3);
        var pipe = await PipeAsync("rules/pipe.yml");
        using var receiver = new Receiver();
        switch (what)
        {
            case "a secret":
                _host.Configuration["source"]!["op"]!["password"] = new JsonObject { ["file"] = pipe };
                break;
            case "a certificate":
                _host.To(receiver).Configuration["sink"]!["tls"] = new JsonObject { ["ca"] = pipe };
                break;
            case "a list of names":
                _host.Configuration["enrichment"] = new JsonObject { ["lists"] = new JsonArray(pipe) };
                break;
            default:
                var rules = what == "a file of rules" ? pipe : Path.GetDirectoryName(pipe);
                _host.Configuration["detection"] = new JsonObject { ["rules"] = new JsonArray(rules) };
                break;
        }

        using var running = _host.Start("collect");
        var run = await running.ToEndAsync();

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        run.Stderr.Should().Contain(pipe).And.Contain("Nothing came from it");
        _host.Delivered.Length.Should().Be(exitCode == 0 ? 3 : 0);
    }

    [Fact]
    public async Task What_a_shell_puts_in_place_of_a_file_is_read()
    {
        _host.Account.Log(3);
        // A relative path would be relative to the pipe.
        _host.Configuration["state"]!["directory"] = Path.Combine(_host.Root, "state");
        _host.Configuration["sink"]!["path"] = _host.Output;
        var script = $"exec {ShippedFiles.OpCollector} collect --config <(cat '{_host.ConfigurationFile}')";

        using var running = _host.Start("/bin/bash", ["-c", script]);
        var run = await running.ToEndAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().HaveCount(3);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task Where_hardly_a_file_may_be_open_that_is_told(int files)
    {
        using var running = _host.Start("/bin/bash", ["-c", $"ulimit -n {files}; exec {ShippedFiles.OpCollector} \"$@\"", "sh", "collect"]);

        var run = await running.ToEndAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain("ulimit -n");
    }

    async Task<FinishedRun> EndedAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(ShippedFiles.OpCollector, arguments) { WorkingDirectory = _host.Root };
        using var running = new RunningProcess(start);
        return await running.ToEndAsync();
    }

    async Task<string> PipeAsync(string name)
    {
        var path = Path.Combine(_host.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var made = Process.Start("/usr/bin/mkfifo", ["-m", "600", path]);
        await made.WaitForExitAsync();
        return path;
    }
}
