using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>How files, types and methods look: short, closed, and named after what they are.</summary>
public sealed partial class HouseRuleSpecs
{
    const int LongestFile = 250;
    const int LongestLine = 140;
    const int LongestText = 90;
    const int LongestMethod = 40;

    // What there is. Who finds the noun for one of them makes the number smaller; nobody makes it larger.
    const int MostDelegates = 55;
    const int MostFlags = 27;
    const int MostMissingParts = 29;

    static readonly SourceModel Sources = SourceModel.Current;

    [Fact]
    public void A_file_is_short()
    {
        var offenders = Sources.Files.Where(file => file.Lines > LongestFile);

        offenders.Select(file => file.Name).ShouldBeOnly();
    }

    [Fact]
    public void A_line_fits_beside_another() => LongLinesIn("src").ShouldBeOnly();

    [Fact]
    public void A_line_of_a_test_does_too() => LongLinesIn("tests").ShouldBeOnly();

    // A method that is longer says above it why it is one: "// Long: …". One that no longer is says nothing.
    [Fact]
    public void A_method_is_short_or_says_why_not()
    {
        var offenders =
            from file in Sources.Files
            from method in file.Root
                .DescendantNodes()
                .Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
            let lines = method.SyntaxTree.GetLineSpan(method.Span)
            let isLong = lines.EndLinePosition.Line - lines.StartLinePosition.Line + 1 > LongestMethod
            let saysWhy = method.GetLeadingTrivia().Any(trivia => trivia.ToString().StartsWith("// Long: ", StringComparison.Ordinal))
            where isLong != saysWhy
            select $"{Path.GetFileNameWithoutExtension(file.Path)}.{NameOf(method)}";

        offenders.ShouldBeOnly();
    }

    [Fact]
    public void An_abstract_type_has_two_implementations()
    {
        var types = Sources.Types.ToArray();
        var offenders = types
            .Where(type => type is { IsAbstract: true, IsStatic: false } || type.TypeKind == TypeKind.Interface)
            .Where(type => types.Count(other => !other.IsAbstract && Bases(other).Contains(type, SymbolEqualityComparer.Default)) < 2);

        offenders.Select(type => type.Name).ShouldBeOnly();
    }

    [Fact]
    public void A_type_is_internal_and_closed()
    {
        var offenders = Sources.Types.Where(type => type.ContainingType is null).Where(type =>
            type.DeclaredAccessibility != Accessibility.Internal
            || (type.TypeKind == TypeKind.Class && type is { IsSealed: false, IsStatic: false, IsAbstract: false }));

        offenders.Select(type => type.Name).ShouldBeOnly();
    }

    [Fact]
    public void A_file_is_named_after_its_first_type()
    {
        var offenders = Sources.Files
            .Where(file => file.Name != "GlobalUsings.cs")
            .Where(file => file.Types is not [{ } first, ..] || first.Name != Path.GetFileNameWithoutExtension(file.Path));

        offenders.Select(file => file.Name).ShouldBeOnly();
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var offenders = Sources.Files.Where(file =>
            file.Types.Any(
                type => type.ContainingNamespace.ToDisplayString() != string.Join('.', ["OpCollector", .. file.Path.Split('/')[..^1]])));

        offenders.Select(file => file.Path).ShouldBeOnly();
    }

    [Fact]
    public void A_type_says_what_it_is_for()
    {
        var offenders =
            from file in Sources.Files
            from type in file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            where type.Parent is BaseNamespaceDeclarationSyntax
                && type.BaseList?.ToString().Contains("JsonSerializerContext", StringComparison.Ordinal) != true
            where !type.GetLeadingTrivia()
                .Any(
                    trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
                        && trivia.ToFullString().Contains("<summary>", StringComparison.Ordinal))
            select type.Identifier.Text;

        offenders.ShouldBeOnly();
    }

    [Fact]
    public void No_name_says_only_that_something_is_done_there()
    {
        var offenders = Sources.Types.Where(type => VagueName().IsMatch(type.Name));

        offenders.Select(type => type.Name).ShouldBeOnly();
    }

    // What is told how to do something, and not what it is about, lacks a noun: an abstract type, a record, a second method.
    [Fact]
    public void Few_parameters_say_how() => Parameters()
        .Where(each => each.Type.TypeKind == TypeKind.Delegate)
        .Select(Named)
        .Should().HaveCountLessThanOrEqualTo(MostDelegates);

    // A flag among the members of a record is data; one that a method is given chooses between two methods.
    [Fact]
    public void Few_parameters_say_which_of_two() => Parameters()
        .Where(each => each is { Type.SpecialType: SpecialType.System_Boolean, RefKind: RefKind.None } && !IsMemberOfRecord(each))
        .Select(Named)
        .Should().HaveCountLessThanOrEqualTo(MostFlags);

    // A class that may be made without one of its parts is two classes.
    [Fact]
    public void Few_classes_may_lack_a_part() => Parameters()
        .Where(each => each.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && !IsMemberOfRecord(each))
        .Where(each => each.NullableAnnotation == NullableAnnotation.Annotated)
        .Select(Named)
        .Should().HaveCountLessThanOrEqualTo(MostMissingParts);

    // Not of a lambda, and not of an override, which has no choice.
    static IEnumerable<IParameterSymbol> Parameters() =>
        from file in Sources.Files
        from node in file.Root.DescendantNodes().OfType<ParameterSyntax>()
        let parameter = file.Model.GetDeclaredSymbol(node)
        where parameter is { ContainingSymbol: IMethodSymbol { IsOverride: false, MethodKind: not MethodKind.AnonymousFunction } }
        select parameter;

    static bool IsMemberOfRecord(IParameterSymbol parameter) =>
        parameter is { ContainingType.IsRecord: true, ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } };

    static string Named(IParameterSymbol parameter) =>
        $"{parameter.ContainingType.Name}.{parameter.ContainingSymbol.Name}({parameter.Name})";

    // Whoever reads "Log" or "Match" thinks of theirs. 1Password calls its log the Activity Log, and its events are named after that.
    [Fact]
    public void No_type_is_called_as_one_that_is_used_beside_it()
    {
        var offenders =
            from file in Sources.Files
            from used in file.Root.Usings
            where used.Name is not null && file.Model.GetSymbolInfo(used.Name).Symbol is INamespaceSymbol
            let theirs = (INamespaceSymbol)file.Model.GetSymbolInfo(used.Name!).Symbol!
            where theirs.ToDisplayString().Split('.')[0] != nameof(OpCollector)
            from type in Sources.UsedBy(file).Append(file).SelectMany(each => each.Types).Select(type => type.Name).Distinct()
            where type != nameof(ActivityEvent)
            where theirs.GetTypeMembers(type).Any(each => each.DeclaredAccessibility == Accessibility.Public)
            select $"{type} ({theirs.ToDisplayString()} in {file.Path})";

        offenders.ShouldBeOnly();
    }

    [Fact]
    public void Specs_are_in_the_folder_of_what_they_are_named_after()
    {
        var folders = FoldersIn("src/OpCollector", ".cs");
        var offenders =
            from spec in FoldersIn("tests/OpCollector.Tests", "Specs.cs")
            where folders.Contains(spec.Key) && !folders[spec.Key].Any(folder => folder.StartsWith(spec.First(), StringComparison.Ordinal))
            select spec.Key;

        offenders.ShouldBeOnly();
    }

    // By the name of the file without its end; each with a slash behind it.
    static ILookup<string, string> FoldersIn(string root, string end) =>
        Directory.EnumerateFiles(ShippedFiles.Source(root), $"*{end}", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(ShippedFiles.Source(root), path))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal))
            .ToLookup(path => Path.GetFileName(path)[..^end.Length], path => path[..(path.LastIndexOf('/') + 1)]);

    static IEnumerable<string> LongLinesIn(string folder) =>
        from path in Directory.EnumerateFiles(ShippedFiles.Source(folder), "*.cs", SearchOption.AllDirectories)
        where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
        let text = SourceText.From(File.ReadAllText(path))
        let longLines = text.Lines.Where(line => line.Span.Length > LongestLine).ToArray()
        where longLines.Length > 0
        let root = CSharpSyntaxTree.ParseText(text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)).GetRoot()
        from line in longLines
        where !IsText(root, line.Span)
        select $"{Path.GetFileName(path)}:{line.LineNumber + 1}";

    // A text that is long itself stands on a line of its own, for whoever looks for it.
    static bool IsText(SyntaxNode root, TextSpan line) => root.DescendantNodes(line)
        .Where(node => node is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { Token.Value: string })
        .Any(node => node.Span.Intersection(line)?.Length > LongestText);

    static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var each = type.BaseType; each is not null; each = each.BaseType)
        {
            yield return each.OriginalDefinition;
        }

        foreach (var each in type.AllInterfaces)
        {
            yield return each.OriginalDefinition;
        }
    }

    static string NameOf(SyntaxNode method) => method switch
    {
        MethodDeclarationSyntax named => named.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => $"{accessor.FirstAncestorOrSelf<BasePropertyDeclarationSyntax>()}",
        _ => "(constructor)",
    };

    [GeneratedRegex("(Manager|Service|Helpers?|Utils?|Utilities|Impl)$")]
    private static partial Regex VagueName();
}
