using System.Text;

namespace OpCollector.Tests;

/// <summary>The file that is shipped.</summary>
[Slow]
public sealed class ShippedFileSpecs
{
    [Fact]
    public void It_is_smaller_than_30_megabytes_with_everything_in_it() =>
        new FileInfo(ShippedFiles.OpCollector).Length.Should().BeLessThan(30_000_000);

    [Fact]
    public void It_does_not_know_the_folder_in_which_it_was_built_so_every_folder_gives_the_same_file()
    {
        var file = File.ReadAllBytes(ShippedFiles.OpCollector);

        file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(ShippedFiles.Source("src"))).Should().Be(-1);
        file.AsSpan().IndexOf(Encoding.Unicode.GetBytes(ShippedFiles.Source("src"))).Should().Be(-1);
    }
}
