using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>A file of <c>enrichment.lists</c> as people have it: what can be read is, and what is of no use is told.</summary>
public sealed class NameListFileSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    async Task<FinishedRun> CollectAsync(string list)
    {
        var file = Path.Combine(_host.Root, "names.json");
        await File.WriteAllTextAsync(file, list);
        _host.Configuration["enrichment"] = new JsonObject { ["lists"] = new JsonArray(file) };
        _host.Account.Append(Account.Event(1000));
        return await _host.CollectAsync();
    }

    [Theory]
    [InlineData("\uFEFF[{\"id\":\"U1\",\"name\":\"Alice\"}]")]
    [InlineData("\uFEFF\r\n[\r\n {\"uuid\":\"U1\",\"email\":\"a@acme.example\"}]\r\n")]
    [InlineData("[{\"id\":\"I1\",\"title\":\"no name\"},{\"id\":\"U1\",\"name\":\"Alice\"}]")]
    public async Task A_list_with_a_name_is_taken(string list) =>
        (await CollectAsync(list)).Stderr.Should().NotContain("names.json");

    [Theory]
    [InlineData("[]", "holds no name")]
    [InlineData("null", "holds no name")]
    [InlineData("", "holds no name")]
    [InlineData("[{}]", "holds no name")]
    [InlineData("[{\"id\":\"I1\",\"title\":\"Bank\",\"vault\":{\"id\":\"V1\",\"name\":\"Private\"}}]", "a list of items is of no use")]
    [InlineData("{\"id\":\"U1\",\"name\":\"Alice\"}", "is not a JSON list")]
    [InlineData("{\"users\":[{\"id\":\"U1\",\"name\":\"Alice\"}]}", "is not a JSON list")]
    public async Task A_list_of_no_use_is_told_and_the_events_go_on(string list, string words)
    {
        var run = await CollectAsync(list);
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().ContainAll("enrichment.lists[0]", words, "The events go on without its names");
        _host.Delivered.Should().Equal(1000);
        check.ExitCode.Should().Be(78);
        check.Stdout.Should().Contain(words);
    }
}
