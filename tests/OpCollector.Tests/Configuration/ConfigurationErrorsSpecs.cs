using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>All mistakes of a configuration are told at once, each with file, line and column, and nothing that is right.</summary>
public sealed class ConfigurationErrorsSpecs : IDisposable
{
    const string Source = """{ "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }""";

    readonly TestConfiguration _written = new();

    public static TheoryData<string> Variants => [.. Configurations.Named.Keys];

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Several_mistakes_are_several_lines_in_the_order_of_the_file()
    {
        var complaints = Complaints($$"""
            {
              "maxRuntime": "4m",
              "source": {{Source}},
              "start": "yesterday",
              "sink": {
                "type": "webhook",
                "url": "http://siem.example/hook",
                "gzip": "yes", "format": "splunk",
                "auth": { "bearer": { "env": "T", "file": "t" } }
              }
            }
            """);

        complaints.Should().HaveCount(6);
        complaints[0].Should().StartWith("2:17: maxRuntime: unknown setting; did you mean maxRunTime? (the file knows ");
        complaints[1].Should().StartWith("4:12: start: \"yesterday\" is not");
        complaints[2].Should().StartWith("7:12: sink.url: is plain http://");
        complaints[3].Should().StartWith("8:13: sink.gzip: must be true or false");
        complaints[4].Should().StartWith("8:30: sink.format: \"splunk\" is unknown");
        complaints[5].Should().StartWith("9:25: sink.auth.bearer: a secret has exactly one of env, file, credential");
    }

    [Fact]
    public void What_is_missing_hides_nothing_else()
    {
        var complaints = Complaints("""
            { "source": { "type": "op", "op": { "timeout": 5 } },
              "sink": { "type": "webhook", "timeout": "soon" } }
            """);

        complaints.Select(line => line.Split(';')[0]).Should().BeEquivalentTo(
            "1:35: source.op: \"account\" is missing",
            "1:35: source.op: \"password\" is missing",
            "1:48: source.op.timeout: must be a text in quotes, and not empty",
            "2:11: sink: \"url\" is missing",
            "2:43: sink.timeout: \"soon\" is not a duration such as \"90s\", \"15m\", \"24h\" or \"7d\"");
    }

    [Fact]
    public void What_is_too_large_is_called_so()
    {
        var complaints = Complaints($$"""
            { "source": {{Source}},
              "sink": { "type": "webhook", "url": "https://siem.example/hook", "timeout": "9999d", "limits": { "bytes": 1000000000000 } } }
            """);

        complaints.Should().HaveCount(2);
        complaints[0].Should().Contain("sink.timeout: \"9999d\" is longer than ten years");
        complaints[1].Should().Contain("sink.limits.bytes: must be at most 2147483647");
    }

    [Fact]
    public void A_kind_that_is_unknown_brings_no_complaints_about_what_belongs_to_it()
    {
        var complaints = Complaints($$"""
            { "source": {{Source}},
              "sink": { "type": "splunk", "token": "x", "index": "y" }, "silnce": "off" }
            """);

        complaints.Should().HaveCount(2);
        complaints[0].Should().StartWith("2:21: sink.type: \"splunk\" is unknown");
        complaints[1].Should().Contain("silnce: unknown setting; did you mean silence?");
    }

    [Fact]
    public void A_source_that_is_missing_does_not_hide_a_sink_that_is_wrong()
    {
        var complaints = Complaints("""{ "sink": { "type": "file", "path": 7 } }""");

        complaints.Should().HaveCount(2);
        complaints[0].Should().Be("1:1: \"source\" is missing");
        complaints[1].Should().StartWith("1:37: sink.path: must be a text");
    }

    [Fact]
    public void Working_hours_have_all_their_mistakes_told()
    {
        var complaints = Complaints($$"""
            { "source": {{Source}}, "sink": { "type": "stdout" }, "detection": { "workingHours": [
              { "user": "a", "timeZone": "Europe/Stokholm", "days": "Mon-Fry", "from": "25:00", "to": "9", "holidays": ["2026-02-30"] },
              { "user": "b", "timeZone": "Mars", "days": "Mon", "from": "09:00", "to": "09:00" } ] } }
            """);

        string.Join(' ', complaints.Select(each => each.Split(": ")[1].Split("Hours")[1])).Should().Be(
            "[0].timeZone [0].days [0].from [0].to [0].holidays[0] [1].timeZone [1].to");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_is_wrong_beside_each_other_is_told_at_once(string name)
    {
        var pairs = Objects(Configurations.Named[name]).SelectMany(each => Texts(each).Zip(Texts(each).Skip(1))).ToArray();

        pairs.Should().NotBeEmpty();
        foreach (var (one, other) in pairs)
        {
            var expected = Complaints(With(name, one)).Length + Complaints(With(name, other)).Length;
            Complaints(With(name, one, other)).Should().HaveCount(expected, $"{one} and {other} are wrong");
        }
    }

    [Fact]
    public void A_column_counts_characters()
    {
        var text = $$"""{ "source": {{Source}}, "$schema": "åäö", "start": 1.5, "sink": { "type": "stdout" } }""";

        var complaints = Complaints(text);

        complaints.Should().ContainSingle().Which.Should().StartWith($"1:{text.IndexOf("1.5", StringComparison.Ordinal) + 1}: start: ");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    [InlineData("null")]
    public void A_file_that_is_no_object_is_told(string text) =>
        Complaints(text).Should().Equal("1:1: must be an object in braces");

    [Fact]
    public void At_most_twenty_are_told()
    {
        var members = string.Join(", ", Enumerable.Range(0, 500).Select(number => $"\"unknown{number}\": 1"));

        Complaints($$"""{ "source": {{Source}}, "sink": { "type": "stdout" }, {{members}} }""").Should().HaveCount(20);
    }

    static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject inner => inner.SelectMany(member => Objects(member.Value)).Prepend(inner),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };

    // What else is right depends on a type, a format or a method.
    static IEnumerable<string> Texts(JsonObject of) => of
        .Where(member => member is { Key: not ("type" or "format" or "method" or "$schema"), Value: JsonValue value }
            && value.GetValueKind() == JsonValueKind.String)
        .Select(member => member.Value!.GetPath());

    // With a value that no reader takes in these places.
    static string With(string name, params string[] places)
    {
        var root = Configurations.Named[name].DeepClone();
        foreach (var (holder, key) in Objects(root).SelectMany(each => each.Select(member => (each, member.Key)).ToArray()).ToArray())
        {
            if (holder[key] is { } value && places.Contains(value.GetPath()))
            {
                holder[key] = new JsonArray(new JsonArray());
            }
        }

        return root.ToJsonString();
    }

    string[] Complaints(string text)
    {
        try
        {
            _written.LoadText(text);
        }
        catch (Failure failure)
        {
            return [.. failure.Lines.Select(line => line.Replace(_written.File + ":", "", StringComparison.Ordinal))];
        }

        return [];
    }
}
