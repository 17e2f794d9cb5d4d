using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpCollector.Tests.Support;

/// <summary>A file of the sources and what it uses, as the compiler binds its names.</summary>
internal sealed class SourceFile
{
    public SourceFile(SyntaxTree tree, SemanticModel model)
    {
        Root = tree.GetCompilationUnitRoot();
        Path = tree.FilePath;
        Lines = tree.GetText().Lines.Count - 1;
        Text = tree.ToString();
        Model = model;
        Types = [.. Root.DescendantNodes()
            .OfType<BaseTypeDeclarationSyntax>()
            .Select(type => (INamedTypeSymbol)model.GetDeclaredSymbol(type)!)];
        foreach (var node in Root.DescendantNodes().Where(IsName))
        {
            if (Symbol(node) is { } symbol)
            {
                Add(symbol);
            }
            else if (!IsOfOthers(node))
            {
                Unknown.Add(node.ToString());
            }
        }
    }

    /// <summary>Relative to src/OpCollector.</summary>
    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The first folder of its path; none for what stands at the root.</summary>
    public string? Stage => Path.Contains('/', StringComparison.Ordinal) ? Path.Split('/')[0] : null;

    public int Lines { get; }

    public string Text { get; }

    public CompilationUnitSyntax Root { get; }

    public SemanticModel Model { get; }

    public IReadOnlyList<INamedTypeSymbol> Types { get; }

    /// <summary>The files of the program that this one uses.</summary>
    public HashSet<string> Uses { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that the compiler knows nothing of; not those of members that generators write into the build.</summary>
    public HashSet<string> Unknown { get; } = new(StringComparer.Ordinal);

    /// <summary>What is used of the runtime and of libraries: <c>System.Console</c>, <c>System.Console.Error</c>.</summary>
    public HashSet<string> Foreign { get; } = new(StringComparer.Ordinal);

    static bool IsName(SyntaxNode node) =>
        node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax or AttributeSyntax or ConstructorInitializerSyntax
            && node.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null;

    // A member of what a generator makes, or a word of the language that looks like a name.
    static bool IsOfOthers(SyntaxNode node) => node is SimpleNameSyntax { Identifier.Text: "var" or "nameof" }
        || node.Parent is NameColonSyntax
        || (node.Parent is MemberAccessExpressionSyntax access && access.Name == node);

    ISymbol? Symbol(SyntaxNode node) => Model.GetSymbolInfo(node) switch
    {
        { Symbol: { } symbol } => symbol,
        { CandidateSymbols: [var candidate, ..] } => candidate,
        _ => null,
    };

    void Add(ISymbol symbol)
    {
        var member = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol.OriginalDefinition;
        if (member is not INamedTypeSymbol && member.ContainingType is null)
        {
            return;
        }

        var type = member as INamedTypeSymbol ?? member.ContainingType.OriginalDefinition;
        var places = type.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath).ToArray();
        if (places.Length > 0)
        {
            Uses.UnionWith(places.Where(place => place != Path));
            return;
        }

        var name = type.ToDisplayString(Plain);
        Foreign.Add(name);
        if (!SymbolEqualityComparer.Default.Equals(type, member))
        {
            Foreign.Add(member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? $"new {name}" : $"{name}.{member.Name}");
        }
    }

    static readonly SymbolDisplayFormat Plain = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);
}
