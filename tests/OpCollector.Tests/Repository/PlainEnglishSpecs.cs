using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OpCollector.Tests;

/// <summary>The documents, the help and the samples are read at full speed: riddles may not come back, and links lead somewhere.</summary>
public sealed partial class PlainEnglishSpecs
{
    // Idioms that were here once; beside each, what to write.
    static readonly (string Riddle, string Instead)[] Riddles =
    [
        ("is told", "is reported, is logged"), ("are told", "are reported, are logged"), ("lies in", "is in"), ("lie in", "are in"),
        ("whoever", "anybody who, the user that"), ("of ours", "OpCollector's"), ("in vain", "not found"), ("heals", "recovers"),
        ("graver", "more severe"), ("stands", "is"), ("may stand", "may be given"), ("mend", "fix"),
        ("(?<!there )(is|are|was|were) no(?! longer)", "is not a, are not"), ("(?<!there )(is|are) none", "is not one of"),
    ];

    public static TheoryData<string> Texts =>
    [
        "README.md",
        .. Files("docs", "*.md"),
        .. Files("samples", "*.md"),
        .. Files("samples", "*.json"),
        .. Files("samples/systemd", "*"),
        .. Files("samples/kubernetes", "*"),
        .. Files("src/OpCollector/Detection/Rules", "*.yml"),
        "src/OpCollector/Names/Words/vocabulary.json",
    ];

    public static TheoryData<string> Sources =>
        [.. Files("src/OpCollector", "*.cs").Where(file => !file.Contains("/obj/", StringComparison.Ordinal))];

    public static TheoryData<string> Documents => ["README.md", .. Files("docs", "*.md"), "samples/README.md"];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_says_it_in_the_usual_words(string file)
    {
        // A row that names a spec quotes its name.
        var text = string.Join('\n', File.ReadLines(ShippedFiles.Source(file)).Select(line => Quoted().Replace(line, "")));

        Riddled(text).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void What_the_program_prints_says_it_in_the_usual_words(string file)
    {
        var texts = CSharpSyntaxTree.ParseText(File.ReadAllText(ShippedFiles.Source(file))).GetRoot().DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken))
            .Select(token => token.ValueText);

        texts.SelectMany(text => Riddled(text).Select(riddle => $"{text}: {riddle}")).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_comment_says_it_in_the_usual_words(string file) =>
        Comments(File.ReadAllText(ShippedFiles.Source(file))).SelectMany(Riddled).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_link_leads_to_a_file_and_a_heading_that_exist(string file)
    {
        var folder = Path.GetDirectoryName(ShippedFiles.Source(file))!;

        foreach (var link in Link().Matches(File.ReadAllText(ShippedFiles.Source(file))).Select(match => match.Groups[1].Value))
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
            var target = path.Length == 0 ? ShippedFiles.Source(file) : Path.GetFullPath(path, folder);
            (File.Exists(target) || Directory.Exists(target)).Should().BeTrue($"{file} links to {link}");
            if (anchor.Length > 0)
            {
                Headings(target).Should().Contain(anchor, $"{file} links to {link}");
            }
        }
    }

    [Fact]
    public void The_readme_is_short() => File.ReadLines(ShippedFiles.Source("README.md")).Should().HaveCountLessThan(160);

    [Fact]
    public void The_address_of_the_owner_is_in_one_place() =>
        Directory.EnumerateFiles(ShippedFiles.Source("docs"))
            .Append(ShippedFiles.Source("README.md"))
            .Append(ShippedFiles.Source("src/packaging/build-deb.sh"))
            .Where(file => File.ReadAllText(file).Contains("@opcollector.example", StringComparison.Ordinal))
            .Should().Equal(ShippedFiles.Source("docs/contact.md"));

    static IEnumerable<string> Riddled(string text) => Riddles
        .Where(each => Regex.IsMatch(text, $@"\b{each.Riddle}\b", RegexOptions.IgnoreCase))
        .Select(each => $"\"{each.Riddle}\": write {each.Instead}");

    static IEnumerable<string> Comments(string source) => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTrivia()
        .Where(trivia => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia)
        .Select(trivia => trivia.ToFullString());

    static string[] Files(string folder, string pattern) =>
    [
        .. Directory.EnumerateFiles(ShippedFiles.Source(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/state/", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(ShippedFiles.Source(""), file))
            .Order(StringComparer.Ordinal),
    ];

    // As GitHub makes anchors of headings.
    static string[] Headings(string file) =>
    [
        .. File.ReadLines(file)
            .Where(line => line.StartsWith('#'))
            .Select(line => Punctuation().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?!https?://|mailto:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex Punctuation();
}
