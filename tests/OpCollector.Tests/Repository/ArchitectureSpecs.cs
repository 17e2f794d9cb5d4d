namespace OpCollector.Tests;

/// <summary>Who uses whom, as the compiler binds the sources: arrows go down only, and none comes back.</summary>
public sealed class ArchitectureSpecs
{
    // A stage uses itself and what stands before it. The types at the root are used by all.
    static readonly string[] Stages =
    [
        "Messages", "Timing", "Events", "Storage", "Configuration", "Http", "Sources", "Names", "Detection", "Access", "Delivery",
        "Checkpoints", "Reporting", "Flow", "Report", "Cli",
    ];

    static readonly SourceModel Sources = SourceModel.Current;

    [Fact]
    public void The_compiler_understands_the_sources()
    {
        Sources.Files.Count.Should().BeGreaterThan(50);
        Sources.Files.Select(file => file.Stage).OfType<string>().Distinct().Should().BeSubsetOf(Stages);
        Sources.Files.SelectMany(file => file.Unknown.Select(name => $"{name} in {file.Path}")).ShouldBeOnly();
    }

    [Fact]
    public void A_stage_uses_only_the_stages_before_it()
    {
        var offenders =
            from file in Sources.Files
            where file.Stage is not null
            from used in Sources.UsedBy(file)
            where used.Stage is { } stage && Array.IndexOf(Stages, stage) > Array.IndexOf(Stages, file.Stage)
            select $"{file.Path} uses {used.Path}";

        offenders.ShouldBeOnly();
    }

    [Fact]
    public void What_all_stages_use_uses_none()
    {
        var offenders =
            from file in Sources.Files
            where file.Stage is null
            from used in Sources.UsedBy(file)
            where used.Stage is not null
            select $"{file.Path} uses {used.Path}";

        offenders.ShouldBeOnly();
    }

    [Fact]
    public void The_flow_uses_stages_but_not_the_command_line()
    {
        var used = Sources.UsedBy(Sources.Files.Single(file => file.Path == "Flow/Collector.cs")).Select(file => file.Stage).ToArray();

        used.Should().Contain(["Sources", "Checkpoints", "Delivery"]).And.NotContain("Cli");
    }

    [Fact]
    public void The_sources_do_not_use_each_other()
    {
        var offenders =
            from file in Sources.Files
            where file.Stage == "Sources" && file.Folder != "Sources"
            from used in Sources.UsedBy(file)
            where used.Stage == "Sources" && used.Folder != "Sources" && used.Folder != file.Folder
            select $"{used.Name} (used by {file.Path})";

        offenders.ShouldBeOnly();
    }

    [Fact]
    public void No_folder_is_used_by_what_it_uses()
    {
        var folders = Sources.Files.GroupBy(FolderOf).ToDictionary(
            folder => folder.Key,
            folder => folder.SelectMany(Sources.UsedBy).Select(FolderOf).Where(used => used != folder.Key).ToHashSet());

        Knots.In(folders).ShouldBeOnly();
    }

    [Fact]
    public void No_file_is_used_by_what_it_uses()
    {
        var files = Sources.Files.ToDictionary(file => file.Path, file => file.Uses);

        Knots.In(files).ShouldBeOnly();
    }

    // A library, or a part of the runtime that deserves care, and who may use it: folders, or files.
    [Theory]
    [InlineData("CliWrap", "OpProcess.cs")]
    [InlineData("OtpNet", "OneTimeCode.cs")]
    [InlineData("Amazon", "Delivery/S3")]
    [InlineData("Npgsql", "Storage")]
    [InlineData("Polly", "PostgresDatabase.cs")]
    [InlineData("YamlDotNet", "Detection")]
    [InlineData("NodaTime", "Detection", "Report", "Cli")]
    [InlineData("Spectre.Console", "Cli", "Reporting")]
    [InlineData("System.CommandLine", "Cli")]
    [InlineData("System.Net.Http", "Http", "Sources", "Delivery", "Reporting")]
    [InlineData("System.Text.Json.Nodes")]
    public void A_library_is_used_where_it_belongs(string library, params string[] places)
    {
        var offenders = Sources.Files
            .Where(file => file.Foreign.Any(name => name.StartsWith(library + '.', StringComparison.Ordinal)))
            .Where(file => !places.Contains(file.Name) && !places.Contains(file.Folder) && !places.Contains(file.Stage));

        offenders.Select(file => file.Path).ShouldBeOnly();
    }

    static string FolderOf(SourceFile file) => file.Stage is not null ? file.Folder : "(root)";
}
