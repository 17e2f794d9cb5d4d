using System.Text;
using OpCollector.Cli.Input;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OpCollector.Tests;

/// <summary>Events from files: however they lie there, each is read once, and what is none is told.</summary>
public sealed class EventFilesSpecs : IDisposable
{
    const string One = """{"uuid":"U1","timestamp":"2026-11-01T10:00:00Z","actor_uuid":"A","action":"join","note":"a \"}]\\"}""";
    const string Two = """{"uuid":"U2","timestamp":"2026-11-01T10:00:01Z","actor_uuid":"A","action":"join"}""";
    const string Op = """{"eid":3,"time":"2026-11-01T10:00:02Z","actorUuid":"A","action":"join"}""";

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-files-");
    readonly Told _told = new();

    public void Dispose() => _root.Delete(recursive: true);

    public static TheoryData<string, string> Forms() => new()
    {
        { "lines", $"{One}\n\n{Two}\r\n{Op}" },
        { "lines behind a mark", $"\uFEFF{One}\n{Two}\n{Op}\n" },
        { "a page on one line", $$"""{"cursor":"c","has_more":false,"items":[{{One}},{{Two}},{{Op}}]}""" },
        { "a page whose list comes first", $$"""{"items":[{{One}},{{Two}},{{Op}}],"cursor":"c","has_more":false}""" },
        {
            "a page over several lines",
            $"{{\n  \"cursor\": \"c\",\n  \"has_more\": true,\n  \"items\": [\n    {Pretty(One)},\n    {Pretty(Two)},\n {Op}\n  ]\n}}\n"
        },
        {
            "pages behind one another",
            $$"""{"cursor":"c","items":[{{One}}]}{"cursor":"d","items":[]} {"cursor":"e","items":[{{Two}},{{Op}}]}"""
        },
        {
            "pages on lines, each behind a mark",
            $$"""{{"\uFEFF"}}{"cursor":"c","items":[{{One}}]}{{"\n\uFEFF"}}{"cursor":"e","items":[{{Two}},{{Op}}]}"""
        },
        { "op's array", $"[{One},{Two},{Op}]\n" },
        { "op's arrays over several lines", $"[\n{Pretty(One)}\n]\n[]\nnull\n[{Pretty(Two)},\n{Op}]" },
        { "events over several lines", $"{Pretty(One)}\n{Pretty(Two)}\n{Pretty(Op)}\n" },
        { "events one behind the other", $"{One}{Two} {Op}" },
        { "jq --slurp of pages", $$"""[{"items":[{{One}},{{Two}}]},[{{Op}}]]""" },
        { "pages in a page", $$"""{"pages":[{"items":[{{One}}]},{"items":[]},{"items":null},{"items":[ {{Two}} , {{Op}} ]}]}""" },
        { "a list under another name", $$"""{"audit_events":[{{One}},{{Two}},{{Op}}],"has_more":false}""" },
        { "jq --seq", $"\u001e{Pretty(One)}\n\u001e{Two}\n\u001e{Op}\n" },
    };

    [Fact]
    public void A_file_that_the_disk_does_not_give_is_named()
    {
        var reading = () => new EventFiles(null, Logger.None).Read(["/proc/self/mem"]).Count();

        reading.Should().Throw<Failure>().WithMessage("/proc/self/mem: cannot be read: Input/output error")
            .Which.Code.Should().Be(ExitCode.Disk);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_of_input_gives_the_same_events(string form, string text)
    {
        form.Should().NotBeEmpty();

        Read(text, null).Should().Equal(One, Two, Op);
        Read(text, "audit").Should().Equal(One, Two, Op);
        _told.Lines.Should().BeEmpty();
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"uuid\":\"U0\",\"ti")]
    [InlineData("{\"uuid\":\"U0\",\"client\":")]
    [InlineData("{\"uuid\":\"U0\",\"a\":flase}")]
    [InlineData("{\"uuid\":\"\ud800")]
    [InlineData("17")]
    [InlineData("\"{\"")]
    [InlineData("]")]
    [InlineData("{\"cursor\":\"c\"}")]
    [InlineData("{\"data\":{\"items\":[]}}")]
    public void What_is_no_event_is_told_and_those_around_it_are_read(string wrong)
    {
        foreach (var stream in new[] { null, "audit" })
        {
            _told.Lines.Clear();

            Read($"{One}\n{wrong}\n{Two}\n{Pretty(Op)}\n", stream).Should().Equal(One, Two, Op);
            _told.Lines.Should().ContainSingle().Which.Should().Contain("e.json:2: ").And.EndWith(", and left out");
        }
    }

    [Fact]
    public void A_file_that_was_cut_off_is_read_up_to_there()
    {
        Read($"[{One},\n{Two},\n{Pretty(Op)[..30]}", null).Should().Equal(One, Two);

        _told.Lines.Should().Contain(line => line.Contains("e.json:3: is not a JSON object"));
    }

    [Fact]
    public void An_object_without_end_is_held_up_to_a_limit()
    {
        var megabyte = string.Concat(Enumerable.Repeat("1,", 1 << 19));

        Read([$"{One}\n", "{\"a\":[", .. Enumerable.Repeat(megabyte, 2 * JsonObjects.LongestObject >> 20), $"\n{Two}"], null)
            .Should().Equal(One, Two);

        _told.Lines.Should().ContainSingle().Which.Should().Contain("e.json:2: is longer than 32 MB");
    }

    [Fact]
    public void Ever_more_openings_take_no_more_than_their_time()
    {
        Read(string.Concat(Enumerable.Repeat("{\"a\":\n", 90_000)) + Op, null);

        _told.Lines.Should().HaveCount(2);
    }

    [Fact]
    public void Many_wrong_lines_are_counted_rather_than_told()
    {
        Read(string.Concat(Enumerable.Repeat("nonsense\n", 1000)) + Op, null).Should().Equal(Op);

        _told.Lines.Should().HaveCount(2);
        _told.Lines[^1].Should().Be("1000 in all were left out; 1 events were looked at");
    }

    [Fact]
    public void A_page_of_very_many_is_read_one_after_the_other()
    {
        File.WriteAllText(
            Path.Combine(_root.FullName, "e.json"),
            $$"""{"items":[{{One}}{{string.Concat(Enumerable.Repeat(",{}", 200_000))}},{{Two}}]}""");
        var files = new EventFiles(null, Logger.None);
        using var events = files.Read([Path.Combine(_root.FullName, "e.json")]).GetEnumerator();
        var before = GC.GetAllocatedBytesForCurrentThread();

        events.MoveNext().Should().BeTrue();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4 << 20);
        events.MoveNext().Should().BeTrue();
        files.Events.Should().Be(2);
    }

    [Theory]
    [InlineData("1", 200_000)]
    [InlineData("[[]]", 1_000)]
    [InlineData("null", 1_000)]
    public void What_a_page_holds_besides_objects_is_counted(string item, int times)
    {
        Read($$"""{"items":[{{One}},{{string.Concat(Enumerable.Repeat(item + ", ", times))}}{{Two}}]}""", null).Should().Equal(One, Two);

        _told.Lines[0].Should().EndWith("holds in its list what is not a JSON object, and left out");
        _told.Lines[^1].Should().Be($"{times} in all were left out; 2 events were looked at");
    }

    [Fact]
    public void Pages_in_ever_more_pages_take_no_more_than_their_time()
    {
        const int Deep = 40_000;

        Read(string.Concat(Enumerable.Repeat("{\"items\":[", Deep)) + One + string.Concat(Enumerable.Repeat("]}", Deep)) + "\n" + Two, null)
            .Should().Equal(Two);

        _told.Lines.Should().ContainSingle().Which.Should().Contain("e.json:1: is a page in more than 8 others");
    }

    [Fact]
    public void Utf16_is_called_by_its_name()
    {
        File.WriteAllText(Path.Combine(_root.FullName, "e.json"), One, Encoding.Unicode);

        ReadFile(null).Should().BeEmpty();
        _told.Lines.Should().ContainSingle().Which.Should().Contain("is UTF-16");
    }

    static string Pretty(string json) =>
        json.Replace("{\"", "{\n  \"", StringComparison.Ordinal)
            .Replace(",\"", ",\n  \"", StringComparison.Ordinal)
            .Replace("\":", "\": ", StringComparison.Ordinal)
            .TrimEnd('}')
            + "\n}";

    string[] Read(string text, string? stream) => Read([text], stream);

    string[] Read(IEnumerable<string> parts, string? stream)
    {
        using (var file = File.CreateText(Path.Combine(_root.FullName, "e.json")))
        {
            foreach (var part in parts)
            {
                file.Write(part);
            }
        }

        return ReadFile(stream);
    }

    string[] ReadFile(string? stream)
    {
        var files = new EventFiles(stream, new LoggerConfiguration().WriteTo.Sink(_told).CreateLogger());
        string[] events = [.. files.Read([Path.Combine(_root.FullName, "e.json")])
            .Select(each => Encoding.UTF8.GetString(each.Bytes.Span))];
        files.Finish();
        files.Code.Should().Be(_told.Lines.Count == 0 ? ExitCode.Done : ExitCode.SourceData);
        return events;
    }

    sealed class Told : ILogEventSink
    {
        public List<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent) => Lines.Add(logEvent.RenderMessage());
    }
}
