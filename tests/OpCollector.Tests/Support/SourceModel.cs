using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpCollector.Tests.Support;

/// <summary>
/// The sources of the program as the compiler understands them: which file uses which, and what of others' each of them uses.
/// </summary>
internal sealed class SourceModel
{
    // The project's own implicit usings.
    const string Implicit = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    static readonly Lazy<SourceModel> Bound = new(() => new SourceModel());

    static readonly string Root = ShippedFiles.Source("src/OpCollector/");

    readonly Dictionary<string, SourceFile> _byPath;

    SourceModel()
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var trees = Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (path, name: Path.GetRelativePath(Root, path)))
            .Where(file => !file.name.StartsWith("obj/", StringComparison.Ordinal)
                && !file.name.StartsWith("bin/", StringComparison.Ordinal))
            .OrderBy(file => file.name, StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.path), options, file.name))
            .ToArray();
        var compilation = CSharpCompilation.Create(
            "sources",
            [CSharpSyntaxTree.ParseText(Implicit, options), .. trees],
            References(),
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        Files = [.. trees.AsParallel().AsOrdered().Select(tree => new SourceFile(tree, compilation.GetSemanticModel(tree)))];
        _byPath = Files.ToDictionary(file => file.Path);
    }

    /// <summary>Bound once, for all specs that look at the sources.</summary>
    public static SourceModel Current => Bound.Value;

    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>Every type that is declared in the sources, those within others too.</summary>
    public IEnumerable<INamedTypeSymbol> Types => Files.SelectMany(file => file.Types);

    public IEnumerable<SourceFile> UsedBy(SourceFile file) => file.Uses.Select(path => _byPath[path]);

    // The test's own references are the program's too.
    static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':')
        .Where(path => Path.GetFileName(path) is not ("opcollector.dll" or "OpCollector.Tests.dll"))
        .Select(path => MetadataReference.CreateFromFile(path));
}
