using OpCollector.Cli;

namespace OpCollector.Tests;

/// <summary>A script whose variable is not set names no file.</summary>
public sealed class EmptyPathSpecs
{
    [Theory]
    [InlineData("detect", "")]
    [InlineData("detect", "events.ndjson", "")]
    [InlineData("detect", "--rules", "")]
    [InlineData("profile", "")]
    [InlineData("rules", "check", "")]
    public async Task It_is_a_wrong_command_line(params string[] arguments)
    {
        var run = () => new CommandLine(arguments).RunAsync();

        (await run.Should().ThrowAsync<Failure>()).Which.Should()
            .Match<Failure>(
                failure => failure.Code == ExitCode.Usage && failure.Message.Contains("names no file", StringComparison.Ordinal));
    }
}
