using System.Text.RegularExpressions;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>The rules of the house, read from the sources: who knows whom, and what happens in one place only.</summary>
public sealed partial class ArchitectureSpecs
{
    // A stage knows itself and what stands before it. The types at the root are known to all.
    static readonly string[] Stages = ["Events", "Storage", "Configuration", "Http", "Checkpoints", "Sources", "Enrichment", "Detection", "Delivery", "Reporting"];

    static readonly string[] KnowAll = ["Collector.cs", "Program.cs"];

    static readonly string Root = Shipped.Source("src/OpCollector/");

    static readonly Dictionary<string, string> Sources = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(name => !name.StartsWith("obj/", StringComparison.Ordinal) && !name.StartsWith("bin/", StringComparison.Ordinal))
        .ToDictionary(name => name, name => File.ReadAllText(Path.Combine(Root, name)));

    [Fact]
    public void There_are_sources_to_look_at()
    {
        Sources.Count.Should().BeGreaterThan(50);
        Sources.Keys.Select(StageOf).OfType<string>().Distinct().Should().BeSubsetOf([.. Stages, "Cli"]);
    }

    [Fact]
    public void A_stage_knows_only_the_stages_before_it()
    {
        var offenders = Sources
            .Where(source => StageOf(source.Key) is { } stage && stage != "Cli")
            .SelectMany(source => Known(source.Value).Where(known => Array.IndexOf(Stages, known) is var at && (at < 0 || at > Array.IndexOf(Stages, StageOf(source.Key)))).Select(known => $"{source.Key} knows {known}"));

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void The_first_stage_knows_no_other_and_is_known_to_all()
    {
        var offenders = Sources.Where(source => StageOf(source.Key) == Stages[0]).SelectMany(source => Known(source.Value).Where(known => known != Stages[0]).Select(known => $"{source.Key} knows {known}"));

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Of_the_types_at_the_root_only_the_flow_and_the_program_know_stages()
    {
        var offenders = Sources.Where(source => StageOf(source.Key) is null && !KnowAll.Contains(source.Key) && Known(source.Value).Any());

        offenders.Select(source => source.Key).Should().BeEmpty();
    }

    [Fact]
    public void The_flow_does_not_know_the_command_line()
    {
        Known(Sources["Collector.cs"]).Should().NotContain("Cli").And.Contain(["Sources", "Checkpoints", "Delivery"]);
    }

    [Theory]
    [InlineData(@"\bCliWrap\b|\bProcess\.Start\b|\bnew Process\b|\bProcessStartInfo\b", "Sources/Op/OpProcess.cs")]
    [InlineData(@"\bHttpClient\b|\bSocketsHttpHandler\b|\bHttpRequestMessage\b|\bTcpClient\b|\bSocket\b", "Http/HttpConnection.cs")]
    [InlineData(@"\bLibraryImport\b|\bDllImport\b", "Storage/Libc.cs")]
    [InlineData(@"\bConsole\.(?!IsErrorRedirected|IsOutputRedirected)", "Cli/EventFiles.cs", "Cli/Screen.cs", "Reporting/Terminal.cs")]
    [InlineData(@"\bConsole\.IsErrorRedirected", "Reporting/Log.cs", "Reporting/Terminal.cs")]
    [InlineData(@"\bGetEnvironmentVariables?\b", "Cli/Setup.cs")]
    [InlineData(@"\bTimeProvider\.System\b", "Cli/CommandLine.cs")]
    [InlineData(@"\bDateTime(Offset)?\.(Utc)?Now\b")]
    [InlineData(@"\bRandomNumberGenerator\b|\bnew Random\b")]
    [InlineData(@"\bThread\.Sleep\b", "Storage/Libc.cs")]
    public void Effects_happen_in_one_place(string effect, params string[] places)
    {
        var found = Sources.Where(source => Regex.IsMatch(Comment().Replace(source.Value, ""), effect)).Select(source => source.Key);

        found.Order().Should().Equal(places);
    }

    // Half a character makes .NET's readers throw where nobody expects it. Documents of our own making have none, nor has what SafeJson
    // gives to a converter.
    [Theory]
    [InlineData(@"\bJsonDocument\.Parse\b|\bJsonNode\.Parse\b|\bJsonSerializer\.Deserialize\b", "Checkpoints/KeptGroupJson.cs", "Checkpoints/KeptMatchJson.cs", "Configuration/ConfigurationSchema.cs", "Events/SafeJson.cs", "Events/Vocabulary.cs")]
    [InlineData(@"\.GetString\(\)|\bValueTextEquals\b|\.ValueEquals\(", "Checkpoints/KeptMatchJson.cs", "Configuration/ConfigurationSchema.cs", "Delivery/QuarantinedItem.cs", "Events/SafeJson.cs", "Events/Vocabulary.cs", "Events/VocabularyObject.cs")]
    [InlineData(@"\bTryGetDateTimeOffset\b|\.GetDateTime", "Delivery/QuarantinedItem.cs")]
    [InlineData(@"\bcatch \(JsonException|is JsonException\b", "Cli/JsonObjects.cs", "Events/SafeJson.cs")]
    [InlineData(@"\bYamlStream\b", "Detection/Sigma/SafeYaml.cs")]
    public void What_others_wrote_is_read_in_one_way(string reading, params string[] places) => Effects_happen_in_one_place(reading, places);

    // Libraries quote what they have read, at any length. These places show messages of our own exceptions, or look for a word in others.
    [Fact]
    public void The_message_of_a_library_is_shown_nowhere() => Effects_happen_in_one_place(
        @"\b(ex|inner|cause|error|exception)\??\.Message\b|\bInnerException\?\.Message\b|\b(ex|cause)\.ToString\(\)",
        "Cli/CommandLine.cs", "Configuration/ConfigurationFile.cs", "Detection/Expectations.cs", "Detection/Sigma/RulesReader.cs", "Detection/Sigma/SafeYaml.cs", "Detection/Sigma/SelectionReader.cs", "Http/HttpConnection.cs", "Http/HttpTrouble.cs", "Program.cs", "Sources/EventsApi/EventsApiClient.cs");

    [Fact]
    public void Only_the_program_catches_everything()
    {
        var found = Sources.Where(source => CatchAll().IsMatch(source.Value)).Select(source => source.Key);

        found.Order().Should().Equal("Program.cs", "ReadAhead.cs");
        Sources["ReadAhead.cs"].Should().Contain("#pragma warning disable CA1031 // passed on");
    }

    [Fact]
    public void Types_are_internal_and_closed()
    {
        var offenders = Sources.SelectMany(source => TopType().Matches(source.Value).Select(match => (source.Key, Declaration: match.Value)))
            .Where(type => !Closed().IsMatch(type.Declaration));

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Each_file_is_named_after_its_first_type()
    {
        var offenders = Sources.Where(source => TopType().Match(source.Value).Groups["name"].Value != Path.GetFileNameWithoutExtension(source.Key));

        offenders.Select(source => source.Key).Should().BeEmpty();
    }

    [Fact]
    public void Each_type_says_what_it_is_for()
    {
        var offenders = Sources.Where(source => !Summary().IsMatch(source.Value));

        offenders.Select(source => source.Key).Should().BeEmpty();
    }

    [Fact]
    public void Files_are_short()
    {
        var lengths = Sources.Values.Select(text => text.Count(c => c == '\n')).Order().ToArray();

        lengths[lengths.Length / 2].Should().BeLessThan(60);
    }

    [Fact]
    public void No_name_says_only_that_something_is_done_there()
    {
        var offenders = Sources.Keys.Where(name => VagueName().IsMatch(Path.GetFileNameWithoutExtension(name)));

        offenders.Should().BeEmpty();
    }

    [Fact]
    public void Each_namespace_is_its_folder()
    {
        var offenders = Sources.Where(source => !source.Value.Contains(
            $"\nnamespace {string.Join('.', ["OpCollector", .. source.Key.Split('/')[..^1]])};\n".TrimStart('\n'), StringComparison.Ordinal));

        offenders.Select(source => source.Key).Should().BeEmpty();
    }

    static string? StageOf(string name) => name.Contains('/', StringComparison.Ordinal) ? name.Split('/')[0] : null;

    // Also where a type is reached by its full name.
    static IEnumerable<string> Known(string text) => OurNamespace().Matches(NamespaceLine().Replace(text, "")).Select(match => match.Groups["stage"].Value).Distinct();

    [GeneratedRegex(@"\bOpCollector\.(?<stage>[A-Z]\w+)")]
    private static partial Regex OurNamespace();

    [GeneratedRegex(@"^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"catch(?! \()|catch \(Exception( \w+)?\)(?! when)")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"^(?!using|namespace|///|//|\[)[^\s{}(#][^\n]*?\b(class|record struct|record|struct|enum|interface|delegate)\b +(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopType();

    [GeneratedRegex(@"^internal (sealed (partial )?(class|record)|static (partial )?class|abstract (class|record)|(readonly )?(record |ref )?struct|enum) ")]
    private static partial Regex Closed();

    [GeneratedRegex(@"/// <summary>(?s:.*?)</summary>\n(?:///[^\n]*\n|\[(?s:.*?)\]\n)*internal ")]
    private static partial Regex Summary();

    [GeneratedRegex("(Manager|Service|Helpers?|Utils?|Utilities|Impl)$")]
    private static partial Regex VagueName();
}
