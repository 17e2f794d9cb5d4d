using System.Text.RegularExpressions;

namespace OpCollector.Tests;

/// <summary>What docs/developing.md tells is so.</summary>
public sealed partial class DevelopingSpecs
{
    static readonly string Page = File.ReadAllText(ShippedFiles.Source("docs/developing.md"));

    static readonly string[] Names =
    [
        .. new[] { "src", "tests", "docs", "samples" }
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(ShippedFiles.Source(folder), "*", SearchOption.AllDirectories))
            .Where(path => !Output().IsMatch(path))
            .Select(path => Path.GetRelativePath(ShippedFiles.Source(""), path)),
    ];

    [Fact]
    public void Each_file_and_folder_that_it_names_exists()
    {
        var named = Path_().Matches(Page).Select(match => match.Value.TrimEnd('/')).Distinct().ToArray();

        named.Length.Should().BeGreaterThan(30);
        named.Where(name => !Names.Any(each => each == name || each.EndsWith($"/{name}", StringComparison.Ordinal))).Should().BeEmpty();
    }

    [Fact]
    public void Each_spec_that_it_names_exists()
    {
        var named = Spec().Matches(Page).Select(match => $"{match.Value}.cs").Distinct().ToArray();

        named.Length.Should().BeGreaterThan(10);
        named.Where(name => !Names.Any(each => Path.GetFileName(each) == name)).Should().BeEmpty();
    }

    [Fact]
    public void Each_stage_is_in_the_drawing()
    {
        var stages = Directory.EnumerateDirectories(ShippedFiles.Source("src/OpCollector")).Select(path => Path.GetFileName(path)!);

        stages
            .Except(["bin", "obj", "Events", "Configuration", "Http", "Reporting"])
            .Where(stage => !Page.Contains($"{stage}/", StringComparison.Ordinal))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void The_readme_leads_to_it_before_it_tells_anything_else_of_the_code() =>
        File.ReadAllText(ShippedFiles.Source("README.md")).IndexOf("(docs/developing.md)", StringComparison.Ordinal)
            .Should().BeInRange(0, 2000);

    [GeneratedRegex(@"(?<![\w/.(`]\.|[\w/.(])(?:[\w.-]+/)*\w[\w.-]*\.(?:cs|json|md|yml)\b|(?:src|tests|samples)/[\w./-]*\w/?")]
    private static partial Regex Path_();

    [GeneratedRegex(@"\b\w+Specs\b")]
    private static partial Regex Spec();

    [GeneratedRegex("/(bin|obj|artifacts)/")]
    private static partial Regex Output();
}
