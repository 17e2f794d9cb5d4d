using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpCollector.Names.Words;

namespace OpCollector.Tests;

/// <summary>
/// What touches the world, or reads what others wrote, happens in one place: looked for by what names are bound to, however they are
/// written.
/// </summary>
public sealed class EffectSpecs
{
    static readonly SourceModel Sources = SourceModel.Current;

    [Theory]
    [InlineData(@"CliWrap\.Cli|System\.Diagnostics\.ProcessStartInfo|(new )?System\.Diagnostics\.Process(\.Start)?", "OpProcess.cs")]
    [InlineData(
        @"new System\.Net\.Http\.HttpClient|System\.Net\.Http\.(SocketsHttpHandler|HttpRequestMessage)|System\.Net\.Sockets\.(TcpClient|Socket)",
        "HttpConnection.cs", "ShortAnswers.cs")]
    // Amazon's library speaks its protocol on a way that we have made.
    [InlineData(@"System\.Net\.Http\.HttpClient", "HttpConnection.cs", "S3HttpClient.cs", "S3Settings.cs", "S3Sink.cs")]
    [InlineData(@"System\.Runtime\.InteropServices\.(Library|Dll)Import(Attribute)?", "Libc.cs")]
    [InlineData(@"System\.Console\.(?!Is(Error|Output)Redirected).*", "EventFiles.cs", "Screen.cs", "StderrLog.cs", "Terminal.cs")]
    [InlineData(@"System\.Console\.IsErrorRedirected", "StderrLog.cs", "Terminal.cs")]
    [InlineData(@"System\.Environment\.GetEnvironmentVariables?", "EnvironmentVariables.cs")]
    [InlineData(@"System\.TimeProvider\.System", "SharedOptions.cs")]
    [InlineData(@"System\.DateTime(Offset)?\.(Utc)?Now|System\.DateTime\.Today|System\.Environment\.TickCount(64)?")]
    // How long a retry waits is drawn.
    [InlineData(
        @"System\.Random\..*|new System\.Random|System\.Security\.Cryptography\.RandomNumberGenerator\..*|System\.Guid\.NewGuid",
        "Attempts.cs", "EventsApiClient.cs", "HecAcknowledgement.cs", "OpRetry.cs", "PostgresLease.cs", "SinkRetry.cs")]
    [InlineData(@"System\.Threading\.Thread\.Sleep", "Libc.cs")]
    public void Effects_happen_in_one_place(string effect, params string[] places) => Using(effect).Should().Equal(places);

    // Half a character makes .NET's readers throw where nobody expects it. Documents of our own making have none, nor has what SafeJson
    // gives to a converter.
    [Theory]
    [InlineData(
        @"System\.Text\.Json\.(JsonDocument\.Parse|Nodes\.JsonNode\.Parse|JsonSerializer\.Deserialize)",
        "ConfigurationSchema.cs", "KeptGroup.cs", "SafeJson.cs", "Vocabulary.cs")]
    [InlineData(
        @"System\.Text\.Json\.(JsonElement|Utf8JsonReader)\.(GetString|ValueTextEquals|ValueEquals|CopyString)",
        "ConfigurationSchema.cs", "KeptGroup.cs", "QuarantinedItem.cs", "SafeJson.cs", "Vocabulary.cs")]
    [InlineData(@"System\.Text\.Json\.(JsonElement|Utf8JsonReader)\.(TryGet|Get)DateTime(Offset)?", "QuarantinedItem.cs")]
    [InlineData(
        @"System\.Text\.Json\.JsonException",
        "JsonObjects.cs",
        "KeptGroup.cs",
        "NoJsonException.cs",
        "SafeJson.cs")]
    [InlineData(@"YamlDotNet\.RepresentationModel\.YamlStream", "SafeYaml.cs")]
    public void What_others_wrote_is_read_in_one_way(string reading, params string[] places) => Using(reading).Should().Equal(places);

    // Libraries quote what they have read, at any length. These places look for a word in such a message; the program shows it whole to
    // those who ask for it.
    [Fact]
    public void The_message_of_a_library_is_shown_nowhere()
    {
        var found = Sources.Files.Where(file => file.Root.DescendantNodes().Any(node => IsForeignMessage(file, node)));

        found.Select(file => file.Name).Order(StringComparer.Ordinal).Should().Equal(
            "HttpError.cs", "PostgresError.cs", "Program.cs", "SafeYaml.cs");
    }

    [Fact]
    public void Only_the_program_catches_everything()
    {
        var found = Sources.Files.Where(
            file => file.Root.DescendantNodes().OfType<CatchClauseSyntax>().Any(clause => CatchesEverything(file, clause)));

        found.Select(file => file.Name).Order(StringComparer.Ordinal).Should().Equal("Program.cs", "ReadAhead.cs");
        Sources.Files.Single(file => file.Name == "ReadAhead.cs").Text.Should().Contain("#pragma warning disable CA1031 // passed on");
    }

    static IEnumerable<string> Using(string names) => Sources.Files
        .Where(file => file.Foreign.Any(name => Regex.IsMatch(name, $"^({names})$")))
        .Select(file => file.Name)
        .Order(StringComparer.Ordinal);

    // The message of an exception that is not of a type of ours, or an exception written out whole.
    static bool IsForeignMessage(SourceFile file, SyntaxNode node)
    {
        var of = node switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.Text: "Message" or "ToString" } access => access.Expression,
            MemberBindingExpressionSyntax
            {
                Name.Identifier.Text: "Message" or "ToString",
                Parent.Parent: ConditionalAccessExpressionSyntax access
            } => access.Expression,
            InterpolationSyntax { Expression: { } shown } => shown,
            _ => null,
        };
        return of is not null
            && file.Model.GetTypeInfo(of).Type is { } type
            && IsException(type)
            && !type.Locations.Any(location => location.IsInSource);
    }

    static bool CatchesEverything(SourceFile file, CatchClauseSyntax clause) => clause.Filter is null
        && (clause.Declaration is null || file.Model.GetTypeInfo(clause.Declaration.Type).Type?.ToDisplayString() == "System.Exception");

    static bool IsException(ITypeSymbol? type) =>
        type is not null && (type.ToDisplayString() == "System.Exception" || IsException(type.BaseType));
}
