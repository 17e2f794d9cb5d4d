using System.Text;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>The memory of a long walk, measured where no other spec takes any.</summary>
[Collection(SerialCollection.Name)]
[Trait(Fast.Trait, Fast.Name)]
public sealed class LongWalkSpecs : IDisposable
{
    const string Source = "op:acme";

    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-test-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void A_long_walk_is_not_held_in_memory()
    {
        var path = Path.Combine(_root.FullName, "walk.ndjson");
        using (var first = WalkFile.Create(path, Source))
        {
            for (var page = 2000; page > 0; page--)
            {
                first.Append(Page([.. Enumerable.Range(page * 100, 100).Select(eid => (long)eid)]));
            }
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var walk = WalkFile.Open(path, Source)!;
        var pages = walk.Ascending().Select(page => page.Events[0].Eid).ToArray();
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        pages.Should().HaveCount(2000).And.BeInAscendingOrder();
        new FileInfo(path).Length.Should().BeGreaterThan(20_000_000);
        grown.Should().BeLessThan(10_000_000);
        walk.Pages.Should().Be(2000);
    }

    static OpPage Page(long[] eids) =>
        OpPage.Parse(Encoding.UTF8.GetBytes($"[{string.Join(',', eids.Select(eid => Account.Event(eid, DateTimeOffset.UnixEpoch)))}]"));
}
