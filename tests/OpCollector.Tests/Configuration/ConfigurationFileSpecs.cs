using System.Text;
using OpCollector.Cli.Hosting;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>Where the configuration is looked for, and what a file must be to be read as one.</summary>
public sealed class ConfigurationFileSpecs : IDisposable
{
    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Comments_and_trailing_commas_are_allowed()
    {
        var settings = _written
            .Line(1, "// a comment\n/* another\none */ {")
            .Line(22, "\"allowInsecureHttp\": false, // the last one")
            .Load();

        ((OpSettings)settings.Source).Account.Should().Be("acme");
    }

    [Fact]
    public void Lines_are_counted_over_comments_and_texts_with_breaks_in_them()
    {
        var complaint = _written.Line(1, "// {\n/* \"start\":\n\n*/ {").Line(12, "\"start\": \"soon\",").Complaint();

        complaint.Should().StartWith("15: start: ");
    }

    [Fact]
    public void Windows_line_ends_count_once()
    {
        var complaint = _written.Line(12, "\"start\": \"soon\",").Complaint(lineEnd: "\r\n");

        complaint.Should().StartWith("12: start: ");
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        var text = """{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"stdout"}}""";

        var settings = _written.LoadBytes([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);

        settings.Sink.Should().BeOfType<StdoutSinkSettings>();
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("\n\n", 3)]
    [InlineData("// nothing\n", 2)]
    [InlineData("source = op", 1)]
    [InlineData("{\n  \"start\": \"24h\"\n  \"sink\": {}\n}", 3)]
    [InlineData("{\n  'start': \"24h\"\n}", 2)]
    [InlineData("{\n  \"start\": \"24h\",,\n}", 2)]
    [InlineData("{\n  \"start\": \"24\nh\"\n}", 2)]
    [InlineData("{\r\n  \"start\":\r\n", 3)]
    [InlineData("{\n  \"source\": {\n", 3)]
    [InlineData("{}\n}", 2)]
    [InlineData("{}\n{}", 2)]
    [InlineData("{} start", 1)]
    public void What_is_no_json_is_refused_at_its_line(string text, int line)
    {
        var complaint = _written.ComplaintOf(() => _written.LoadText(text));

        complaint.Should().StartWith($"{line}: is not JSON: ").And.NotContain("LineNumber");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"source\"")]
    [InlineData("null")]
    [InlineData("5")]
    public void Json_that_is_no_object_is_refused(string text)
    {
        var complaint = _written.ComplaintOf(() => _written.LoadText(text));

        complaint.Should().StartWith("1: ").And.Contain("object");
    }

    [Theory]
    [InlineData("iso-8859-1", "not valid JSON: a text here is not in UTF-8")]
    [InlineData("utf-16", "is not JSON: it is UTF-16, and UTF-8 is wanted")]
    [InlineData("utf-16BE", "is not JSON: it is UTF-16, and UTF-8 is wanted")]
    public void A_file_in_another_encoding_is_refused_as_wrong_and_is_no_bug(string encoding, string words)
    {
        var text = """{"source":{"type":"op","op":{"account":"acme","password":{"file":"/etc/Schlüssel"}}},"sink":{"type":"stdout"}}""";

        var complaint = _written.ComplaintOf(
            () => _written.LoadBytes([.. Encoding.GetEncoding(encoding).Preamble, .. Encoding.GetEncoding(encoding).GetBytes(text)]));

        complaint.Should().StartWith($"1: {words}");
    }

    [Theory]
    [InlineData("\"start\": \"\\ud800\",")]
    [InlineData("\"st\\udfffart\": \"24h\",")]
    public void A_text_that_is_none_is_refused_as_wrong_and_is_no_bug(string member)
    {
        var complaint = _written.Line(12, member).Complaint();

        complaint.Should().StartWith("12: ");
    }

    [Fact]
    public void The_option_comes_before_the_environment()
    {
        var environment = EnvironmentVariables.None.With("OPCOLLECTOR_CONFIG", "/from/environment.json");

        ConfigurationFile.Find("/from/option.json", environment).Should().Be("/from/option.json");
        ConfigurationFile.Find(null, environment).Should().Be("/from/environment.json");
    }

    [Theory]
    [InlineData("XDG_CONFIG_HOME", "opcollector/opcollector.json")]
    [InlineData("HOME", ".config/opcollector/opcollector.json")]
    public void Without_a_name_the_usual_places_are_looked_at(string variable, string place)
    {
        var file = _written.Put(place, "{}");

        ConfigurationFile.Find(null, EnvironmentVariables.None.With(variable, _written.Root)).Should().Be(file);
    }

    [Fact]
    public void Where_there_is_no_file_the_complaint_says_where_one_was_looked_for()
    {
        var complaint = _written.ComplaintOf(() => ConfigurationFile.Find(null, EnvironmentVariables.None.With("HOME", _written.Root)));

        complaint.Should().ContainAll(
            $"{_written.Root}/.config/opcollector/opcollector.json", "/etc/opcollector/opcollector.json", "--config");
    }

    [Theory]
    [InlineData("nowhere.json")]
    [InlineData(".")]
    public void A_file_that_cannot_be_read_is_named(string name)
    {
        var path = Path.GetFullPath(name, _written.Root);

        var complaint = _written.ComplaintOf(() => Settings.Load(path, EnvironmentVariables.None));

        complaint.Should().StartWith(path).And.Contain("cannot be read");
    }
}
