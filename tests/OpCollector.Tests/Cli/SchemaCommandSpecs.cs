namespace OpCollector.Tests;

/// <summary>What <c>schema</c> prints: the schemas that lie in <c>samples/schemas</c>.</summary>
public sealed class SchemaCommandSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("op")]
    [InlineData("audit")]
    [InlineData("signin")]
    [InlineData("itemusage")]
    [InlineData("finding")]
    public async Task The_program_prints_it(string name)
    {
        var run = await _host.RunAsync("schema", name);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().Be(await File.ReadAllTextAsync(ShippedFiles.Sample($"schemas/{name}.schema.json")));
    }

    [Fact]
    public async Task A_schema_that_there_is_not_is_a_wrong_command()
    {
        var run = await _host.RunAsync("schema", "ecs");

        run.ExitCode.Should().Be(64);
        run.LastWords.Should().ContainAll("ecs", "itemusage");
    }
}
