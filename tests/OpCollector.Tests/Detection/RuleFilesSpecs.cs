using OpCollector.Detection;

namespace OpCollector.Tests;

/// <summary>Which files of a folder hold rules.</summary>
public sealed class RuleFilesSpecs : IDisposable
{
    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-rules-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Files_in_a_folder_and_below_it_are_read()
    {
        Write("a.yml");
        Write("more/b.yaml");
        Write("more/notes.txt");
        Write("more/a.expect.yml");

        Names().Should().Equal("a.yml", "more/b.yaml");
    }

    [Fact]
    public void Hidden_files_and_folders_are_left_alone()
    {
        Write("a.yml");
        Write(".a.yml.swp.yml");
        Write("._a.yml");
        Write(".git/b.yml");
        Write("more/.trash/c.yml");

        Names().Should().Equal("a.yml");
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../more")]
    public void A_link_that_leads_back_is_followed_once(string target)
    {
        Write("a.yml");
        Write("more/b.yml");
        Directory.CreateSymbolicLink(Path.Combine(_root.FullName, "more", "loop"), target);

        Names().Should().Equal("a.yml", "more/b.yml");
    }

    [Fact]
    public void A_folder_that_is_mounted_behind_links_is_read()
    {
        // As Kubernetes mounts a ConfigMap.
        Write("..2026/a.yml");
        Directory.CreateSymbolicLink(Path.Combine(_root.FullName, "..data"), "..2026");
        File.CreateSymbolicLink(Path.Combine(_root.FullName, "a.yml"), "..data/a.yml");

        Names().Should().Equal("a.yml");
    }

    [Fact]
    public void A_link_to_a_folder_somewhere_else_is_followed()
    {
        Write("there/b.yml");
        Directory.CreateDirectory(Path.Combine(_root.FullName, "here"));
        Directory.CreateSymbolicLink(Path.Combine(_root.FullName, "here", "link"), "../there");

        RuleFiles.Read(Path.Combine(_root.FullName, "here")).Should().ContainSingle();
    }

    string[] Names() => [.. RuleFiles.Read(_root.FullName).Select(file => Path.GetRelativePath(_root.FullName, file.Name))];

    void Write(string name)
    {
        var path = Path.Combine(_root.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "title: x\n");
    }
}
