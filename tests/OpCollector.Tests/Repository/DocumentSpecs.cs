using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using OpCollector.Delivery;
using OpCollector.Http;

namespace OpCollector.Tests;

/// <summary>
/// What <c>docs/delivery.md</c> says is so: its outcomes, its configurations, the specs it names, the members that the reference
/// lists, the messages that are explained.
/// </summary>
public sealed partial class DocumentSpecs : IDisposable
{
    const string Before = """{"source":{"type":"op","op":{"account":"acme","password":{"env":"OP_PASSWORD"}}},""";

    static readonly string Delivery = File.ReadAllText(ShippedFiles.Source("docs/delivery.md"));

    readonly TestConfiguration _written = new();

    public static TheoryData<string> Configurations => [.. Sinks()];

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Every_status_has_the_verdict_that_the_table_gives_it()
    {
        var rows = StatusRow().Matches(Delivery).Select(row => (Statuses: row.Groups[1].Value, Verdict: row.Groups[2].Value)).ToArray();
        var named = rows.SelectMany(row => Numbers(row.Statuses).Select(status => (status, row.Verdict))).ToDictionary();
        var others = rows.SelectMany(row => Other()
            .Matches(row.Statuses)
            .Select(other => (Hundred: other.Groups[1].Value[0] - '0', row.Verdict)))
            .ToDictionary();

        foreach (var status in Enumerable.Range(200, 400))
        {
            var outcome = NamedFormat.Of("json").Judge(new HttpAnswer(status, null, null, default), [], DateTimeOffset.UtcNow);

            outcome.Verdict.ToString().Should().BeEquivalentTo(
                (named.TryGetValue(status, out var verdict) ? verdict : others[status / 100]).Replace(" ", "", StringComparison.Ordinal),
                $"{status}");
        }
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Each_configuration_is_read_without_complaint(string sink)
    {
        var load = () => _written.LoadText($"{Before}{sink}}}");

        load.Should().NotThrow();
    }

    [Fact]
    public void Each_spec_that_is_named_exists()
    {
        var named =
            Spec().Matches(Delivery).Select(spec => (Class: spec.Groups[1].Value, Method: spec.Groups[2].Value)).Distinct().ToArray();

        named.Length.Should().BeGreaterThan(80);
        named.Where(spec => Assembly.GetExecutingAssembly().GetType($"OpCollector.Tests.{spec.Class}")?.GetMethod(spec.Method) is null)
            .Should().BeEmpty();
    }

    [Fact]
    public void Each_group_of_failures_has_a_row()
    {
        var rows = Group().Matches(Delivery).Select(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture));

        rows.Should().Equal(Enumerable.Range(1, 89));
    }

    [Fact]
    public void The_reference_names_every_member_of_a_sink()
    {
        var reference = File.ReadAllText(ShippedFiles.Source("docs/reference.md"));
        var complaint = "";
        try
        {
            _written.LoadText($$"""{{Before}}"sink":{"type":"webhook","url":"https://siem.example","nonsense":1} }""");
        }
        catch (Failure failure)
        {
            complaint = failure.Message;
        }

        var members = complaint.Split("sink knows ")[1].Split(", ");
        members.Should().Contain(["url", "gzip"]).And.OnlyContain(member => reference.Contains($"sink.{member}", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_message_that_the_page_about_troubles_explains_is_one_of_the_program()
    {
        var program = string.Concat(Directory.EnumerateFiles(ShippedFiles.Source("src/OpCollector"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        var table = File.ReadAllText(ShippedFiles.Source("docs/troubleshooting.md")).Split("## By message")[1];

        var words = Message().Matches(table)
            .SelectMany(row => Quoted().Matches(row.Groups[1].Value))
            .SelectMany(message => Gap().Split(message.Groups[1].Value))
            .Where(part => part.Length > 0)
            .ToArray();

        words.Length.Should().BeGreaterThan(15);
        words.Where(part => !program.Contains(part, StringComparison.Ordinal)).Should().BeEmpty();
    }

    static List<string> Sinks() => [.. Fence().Matches(Delivery).Select(fence => fence.Groups[1].Value)];

    static IEnumerable<int> Numbers(string statuses) =>
        Number().Matches(statuses).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"^\| ((?:\d|other)[^|]*) \| (accepted|rejected|too big|unauthorized|throttled|transient|misconfigured) \|", RegexOptions.Multiline)]
    private static partial Regex StatusRow();

    [GeneratedRegex(@"\b[2-5]\d\d\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"\b([2-5])xx\b")]
    private static partial Regex Other();

    [GeneratedRegex("```jsonc\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\| (`[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Message();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    // What differs each time, and what is made of parts.
    [GeneratedRegex(@"\s*(?:…|[;:]|\b\d{3}\b)\s*")]
    private static partial Regex Gap();

    [GeneratedRegex(@"`(\w+Specs)\.(\w+)`")]
    private static partial Regex Spec();

    [GeneratedRegex(@"^\| (\d{1,2}) \|", RegexOptions.Multiline)]
    private static partial Regex Group();
}
