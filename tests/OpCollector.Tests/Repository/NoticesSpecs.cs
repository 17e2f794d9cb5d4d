using System.Text.Json;

namespace OpCollector.Tests;

/// <summary>What others have made and is shipped is told, each package with its version and its licence.</summary>
public sealed class NoticesSpecs
{
    static readonly string Notices = File.ReadAllText(ShippedFiles.Source("docs/third-party-notices.md"));

    [Fact]
    public void Every_package_that_is_shipped_is_told_and_no_other()
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(ShippedFiles.Source("src/OpCollector/packages.lock.json")));
        var shipped = locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => $"{package.Name} {package.Value.GetProperty("resolved").GetString()}")
            .Distinct()
            .Order(StringComparer.OrdinalIgnoreCase);

        var told = Rows.Select(cells => $"{cells[1].Split('[', ']')[1]} {cells[2].Trim()}");

        told.Should().Equal(shipped, "src/packaging/notices.sh > docs/third-party-notices.md makes it anew");
    }

    [Fact]
    public void Every_licence_is_there_in_full()
    {
        foreach (var licence in Rows.Select(cells => cells[3].Trim()).Distinct())
        {
            Notices.Should().Contain($"\n## {licence}\n\n```\n");
        }
    }

    static IEnumerable<string[]> Rows => Notices.Split('\n')
        .Where(line => line.StartsWith("| [", StringComparison.Ordinal))
        .Select(line => line.Split('|'));
}
