using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>The modifiers behind a field's name (<c>actor_uuid|contains|all</c>), checked against each other.</summary>
internal sealed class Modifiers
{
    static readonly string[] Texts = ["contains", "startswith", "endswith"];

    static readonly string[] Numbers = ["lt", "lte", "gt", "gte"];

    static readonly string[] Kinds = [.. Texts, "re", "cidr", .. Numbers, "exists"];

    static readonly string[] OfExpressions = ["i", "m", "s"];

    static readonly string[] Others = ["all", "cased", "neq", "expand", "fieldref"];

    static readonly string[] Known = [.. Kinds, .. Others, .. OfExpressions, .. Encodings.Names, .. TimePartTest.Parts];

    readonly HashSet<string> _names;

    Modifiers(IReadOnlyList<string> names)
    {
        _names = [.. names];
        Kind = Kinds.FirstOrDefault(_names.Contains);
        TimePart = TimePartTest.Parts.FirstOrDefault(_names.Contains);
        Encoded = [.. names.Where(Encodings.Names.Contains)];
    }

    /// <summary>How a value is compared; null for whole values.</summary>
    public string? Kind { get; }

    /// <summary>Which part of a time is compared; null where the value itself is.</summary>
    public string? TimePart { get; }

    /// <summary>In which other spellings a value is looked for, in the order of their work.</summary>
    public IReadOnlyList<string> Encoded { get; }

    /// <summary>Whether texts are compared, by their characters.</summary>
    public bool IsText => TimePart is null && Kind is null or "contains" or "startswith" or "endswith";

    public bool Has(string name) => _names.Contains(name);

    /// <exception cref="InvalidRuleException">They are unknown, or do not go together; the message says why.</exception>
    public static Modifiers Parse(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            throw new InvalidRuleException(
                $"the modifier {(unknown.Length == 0 ? "(nothing)" : unknown)} is unknown; there are {string.Join(", ", Known)}");
        }

        if (names.Distinct().Count() != names.Count)
        {
            throw new InvalidRuleException("a modifier is here twice");
        }

        var modifiers = new Modifiers(names);
        foreach (var group in (string[][])[Kinds, TimePartTest.Parts])
        {
            if (names.Where(group.Contains).ToArray() is { Length: > 1 } both)
            {
                throw new InvalidRuleException($"the modifiers {string.Join(" and ", both)} do not go together");
            }
        }

        return modifiers.WhyWrong() is { } why ? throw new InvalidRuleException(why) : modifiers;
    }

    string? WhyWrong() =>
        OfExpressions.Any(Has) && Kind != "re" ? "the modifiers i, m and s go with re only"
        : Has("fieldref") && (!IsText || Has("expand") || Encoded.Count > 0)
            ? "fieldref goes with contains, startswith, endswith, cased, neq and all only"
        : Kind == "exists" && _names.Count > 1 ? "exists goes with no other modifier"
        : Has("cased") && !IsText ? $"cased does not go with {Kind ?? TimePart}"
        : Encoded.Count > 0 && !IsText ? $"{Encoded[0]} does not go with {Kind ?? TimePart}"
        : TimePart is not null && Kind is not null && !Numbers.Contains(Kind) ? $"{TimePart} does not go with {Kind}"
        : null;
}
