namespace OpCollector.Detection.Sigma;

/// <summary>The modifiers behind a field's name (<c>actor_uuid|contains|all</c>), checked against each other.</summary>
internal sealed class Modifiers
{
    static readonly string[] Kinds = ["contains", "startswith", "endswith", "re", "cidr", "lt", "lte", "gt", "gte", "exists"];

    static readonly string[] OtherKnown = ["all", "cased", "neq", "i", "m", "s", "expand", "fieldref"];

    // Of Sigma's own: there is nothing they could be needed for here.
    static readonly string[] Unsupported =
        ["windash", "base64", "base64offset", "wide", "utf16le", "utf16be", "utf16", "minute", "hour", "day", "week", "month", "year"];

    readonly HashSet<string> _names;

    Modifiers(IEnumerable<string> names)
    {
        _names = [.. names];
        Kind = Kinds.FirstOrDefault(_names.Contains);
    }

    /// <summary>How a value is compared; null for whole values.</summary>
    public string? Kind { get; }

    public bool Has(string name) => _names.Contains(name);

    /// <exception cref="WrittenWrongException">They are unknown, or do not go together; the message says why.</exception>
    // Long: a table of the modifiers, one after the other.
    public static Modifiers Of(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (Unsupported.Contains(name))
            {
                throw new WrittenWrongException(name is "hour" or "minute" or "day" or "week" or "month" or "year"
                    ? $"the modifier {name} knows no time zone and is not supported; for hours of work there is detection.workingHours"
                    : $"the modifier {name} is not supported");
            }

            if (!Kinds.Contains(name) && !OtherKnown.Contains(name))
            {
                throw new WrittenWrongException(
                    $"the modifier {(name.Length == 0 ? "(nothing)" : name)} is unknown; there are " +
                        $"{string.Join(", ", Kinds.Concat(OtherKnown))}");
            }
        }

        if (names.Distinct().Count() != names.Count)
        {
            throw new WrittenWrongException("a modifier stands here twice");
        }

        string[] kinds = [.. names.Where(Kinds.Contains)];
        if (kinds.Length > 1)
        {
            throw new WrittenWrongException($"the modifiers {string.Join(" and ", kinds)} do not go together");
        }

        var modifiers = new Modifiers(names);
        if (names.Any(name => name is "i" or "m" or "s") && modifiers.Kind != "re")
        {
            throw new WrittenWrongException("the modifiers i, m and s go with re only");
        }

        if (modifiers.Has("fieldref")
            && (modifiers.Kind is not (null or "contains" or "startswith" or "endswith") || modifiers.Has("expand")))
        {
            throw new WrittenWrongException("fieldref goes with contains, startswith, endswith, cased, neq and all only");
        }

        if (modifiers.Kind == "exists" && names.Count > 1)
        {
            throw new WrittenWrongException("exists goes with no other modifier");
        }

        if (modifiers.Has("cased") && modifiers.Kind is not (null or "contains" or "startswith" or "endswith"))
        {
            throw new WrittenWrongException($"cased does not go with {modifiers.Kind}");
        }

        return modifiers;
    }
}
